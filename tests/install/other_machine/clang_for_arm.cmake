# SPDX-License-Identifier: Apache-2.0 OR MIT

# A compiler for Cortex-M that may not know how apps of Tock find their data there, as GCC does.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER clang)
set(CMAKE_C_COMPILER_TARGET arm-none-eabi)
set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m4 -ffreestanding")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
