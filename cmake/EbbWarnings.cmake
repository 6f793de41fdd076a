# SPDX-License-Identifier: Apache-2.0 OR MIT

# ebb_warnings(<target>): our warning set for the C sources of a target of ours, as errors unless EBB_WERROR is off.
function(ebb_warnings target)
    set(warnings
        -Wall
        -Wextra
        -Wbad-function-cast
        -Wconversion
        -Wdate-time
        -Wfloat-equal
        -Wformat-nonliteral
        -Wformat-security
        -Winit-self
        -Wmissing-declarations
        -Wmissing-field-initializers
        -Wmissing-format-attribute
        -Wmissing-noreturn
        -Wmissing-prototypes
        -Wmultichar
        -Wnested-externs
        -Wold-style-definition
        -Wpointer-arith
        -Wredundant-decls
        -Wshadow
        -Wstrict-prototypes
        -Wunused-macros
        -Wunused-parameter
        -Wvla
        -Wwrite-strings
    )
    if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
        list(APPEND warnings -Wformat-y2k -Wjump-misses-init -Wlogical-op -Wtrampolines)
        if(EBB_CROSS)
            # The whole stack of a Tock app, as libtock-c sizes it, unless the app says otherwise.
            list(APPEND warnings -Wstack-usage=2048)
        endif()
    endif()
    if(EBB_WERROR)
        list(APPEND warnings -Werror)
    endif()
    target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:C>:${warnings}>")
endfunction()
