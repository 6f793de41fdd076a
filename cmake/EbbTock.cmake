# SPDX-License-Identifier: Apache-2.0 OR MIT

include(CheckCSourceCompiles)

# By which code for Arm finds its data where an app of Tock has it. GCC knows all of them; clang may not.
set(ebb_tock_arm_flags -fPIC -msingle-pic-base -mpic-register=r9 -mno-pic-data-is-text-relative)

# ebb_find_tock_architecture(): sets EBB_TOCK_ARCHITECTURE to arm or riscv, or to nothing where Tock does not run or the
# compiler cannot make apps for it. The compiler is asked, because a toolchain file may call the processor anything, or
# nothing.
function(ebb_find_tock_architecture)
    set(architecture)
    if(EBB_CROSS)
        list(JOIN ebb_tock_arm_flags " " CMAKE_REQUIRED_FLAGS)
        check_c_source_compiles("#ifndef __arm__\n#error\n#endif\nint main(void) { return 0; }" EBB_IS_ARM)
        set(CMAKE_REQUIRED_FLAGS)
        check_c_source_compiles("#ifndef __riscv\n#error\n#endif\nint main(void) { return 0; }" EBB_IS_RISCV)
        if(EBB_IS_ARM)
            set(architecture arm)
        elseif(EBB_IS_RISCV)
            set(architecture riscv)
        endif()
    endif()
    set(EBB_TOCK_ARCHITECTURE "${architecture}" PARENT_SCOPE)
endfunction()

# ebb_tock_flags(<target>): compiles, and if it is a program links, `target` as code of a Tock app.
#
# Not part of the toolchain files, because only an app has what this code takes for granted: on ARM, the address of its
# data in r9, put there by the app's start-up code. A kernel, a bare-metal program or a benchmark has not.
function(ebb_tock_flags target)
    if(EBB_TOCK_ARCHITECTURE STREQUAL "arm")
        set(compile ${ebb_tock_arm_flags})
        set(link LINKER:--emit-relocs)
    elseif(EBB_TOCK_ARCHITECTURE STREQUAL "riscv")
        set(compile)
        # A relaxed program expects its global pointer to be set up.
        set(link LINKER:--no-relax)
    else()
        message(FATAL_ERROR "ebb: ${target} cannot be code of a Tock app: that is for Cortex-M and RISC-V")
    endif()
    target_compile_options(${target} PRIVATE ${compile} -fno-builtin-malloc -fno-builtin-calloc)
    target_link_options(${target} PRIVATE ${link})
endfunction()
