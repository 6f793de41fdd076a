# SPDX-License-Identifier: Apache-2.0 OR MIT

# Common to the Cortex-M targets. Including files set EBB_TARGET to what GCC calls the processor.
set(CMAKE_SYSTEM_PROCESSOR arm)
set(EBB_TOOL_PREFIX arm-none-eabi-)
set(EBB_PROCESSOR_FLAGS "-mthumb -mfloat-abi=soft -mcpu=${EBB_TARGET}")
include("${CMAKE_CURRENT_LIST_DIR}/bare.cmake")
