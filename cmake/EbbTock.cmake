# SPDX-License-Identifier: Apache-2.0 OR MIT

# ebb_tock_flags(<target>): compiles, and if it is a program links, `target` as code of a Tock app.
#
# Not part of the toolchain files, because only an app has what this code takes for granted: on ARM, the address of its
# data in r9, put there by the app's start-up code. A kernel, a bare-metal program or a benchmark has not.
function(ebb_tock_flags target)
    if(CMAKE_SYSTEM_PROCESSOR STREQUAL "arm")
        set(compile -fPIC -msingle-pic-base -mpic-register=r9 -mno-pic-data-is-text-relative)
        set(link LINKER:--emit-relocs)
    elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^riscv")
        set(compile)
        # A relaxed program expects its global pointer to be set up.
        set(link LINKER:--no-relax)
    else()
        message(FATAL_ERROR "ebb: no Tock app can be built for '${CMAKE_SYSTEM_PROCESSOR}'")
    endif()
    target_compile_options(${target} PRIVATE ${compile} -fno-builtin-malloc -fno-builtin-calloc)
    target_link_options(${target} PRIVATE ${link})
endfunction()
