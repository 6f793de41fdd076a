# SPDX-License-Identifier: Apache-2.0 OR MIT

# This machine's compiler, as if for one that has no operating system.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR other)
set(CMAKE_C_COMPILER gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
