# SPDX-License-Identifier: Apache-2.0 OR MIT

# Common to the RISC-V targets. Including files set EBB_TARGET to the architecture.
set(CMAKE_SYSTEM_NAME Generic)
if(EBB_TARGET MATCHES "^rv64")
    set(CMAKE_SYSTEM_PROCESSOR riscv64)
    set(machine "-march=${EBB_TARGET} -mabi=lp64 -mcmodel=medany")
else()
    set(CMAKE_SYSTEM_PROCESSOR riscv32)
    set(machine "-march=${EBB_TARGET} -mabi=ilp32 -mcmodel=medlow")
endif()

# One compiler serves both widths.
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_ASM_COMPILER riscv64-unknown-elf-gcc)
set(EBB_TOOL_PREFIX riscv64-unknown-elf-)

set(CMAKE_C_FLAGS_INIT "${machine} -fdata-sections -ffunction-sections")
set(CMAKE_ASM_FLAGS_INIT "${machine}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--gc-sections")

# No program can be linked before somebody says where its memory is.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
