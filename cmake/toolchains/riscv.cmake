# SPDX-License-Identifier: Apache-2.0 OR MIT

# Common to the RISC-V targets. Including files set EBB_TARGET to the architecture. One compiler serves both widths.
set(EBB_TOOL_PREFIX riscv64-unknown-elf-)
if(EBB_TARGET MATCHES "^rv64")
    set(CMAKE_SYSTEM_PROCESSOR riscv64)
    set(EBB_PROCESSOR_FLAGS "-march=${EBB_TARGET} -mabi=lp64 -mcmodel=medany")
else()
    set(CMAKE_SYSTEM_PROCESSOR riscv32)
    set(EBB_PROCESSOR_FLAGS "-march=${EBB_TARGET} -mabi=ilp32 -mcmodel=medlow")
endif()
include("${CMAKE_CURRENT_LIST_DIR}/bare.cmake")
