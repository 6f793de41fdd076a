# SPDX-License-Identifier: Apache-2.0 OR MIT

# Linux on another machine, for the unit tests only: a preset names the machine first, and how to run its programs.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${EBB_MACHINE})
set(EBB_FOREIGN ON)

set(CMAKE_C_COMPILER ${EBB_MACHINE}-linux-gnu-gcc)
# Without a loader and libraries of that machine to be found.
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
