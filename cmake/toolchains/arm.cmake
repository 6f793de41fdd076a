# SPDX-License-Identifier: Apache-2.0 OR MIT

# Common to the Cortex-M targets. Including files set EBB_TARGET to what GCC calls the processor.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)

set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_ASM_COMPILER arm-none-eabi-gcc)
set(EBB_TOOL_PREFIX arm-none-eabi-)

set(CMAKE_C_FLAGS_INIT "-mthumb -mfloat-abi=soft -mcpu=${EBB_TARGET} -fdata-sections -ffunction-sections")
set(CMAKE_ASM_FLAGS_INIT "-mthumb -mfloat-abi=soft -mcpu=${EBB_TARGET}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--gc-sections")

# No program can be linked before somebody says where its memory is.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
