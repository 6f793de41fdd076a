# SPDX-License-Identifier: Apache-2.0 OR MIT

# Common to the targets without an operating system. Including files set EBB_TOOL_PREFIX, which the names of the tools
# begin with, and EBB_PROCESSOR_FLAGS, what the compiler is told of the processor.
set(CMAKE_SYSTEM_NAME Generic)

set(CMAKE_C_COMPILER ${EBB_TOOL_PREFIX}gcc)
set(CMAKE_ASM_COMPILER ${EBB_TOOL_PREFIX}gcc)

set(CMAKE_C_FLAGS_INIT "${EBB_PROCESSOR_FLAGS} -fdata-sections -ffunction-sections")
set(CMAKE_ASM_FLAGS_INIT "${EBB_PROCESSOR_FLAGS}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--gc-sections")

# No program can be linked before somebody says where its memory is.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
