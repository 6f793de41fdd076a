# SPDX-License-Identifier: Apache-2.0 OR MIT

# Apps on the emulated boards: what README.md in this folder describes.

set(EBB_BOARD_DIRECTORY "${CMAKE_CURRENT_LIST_DIR}")

# The machine that a preset's programs run on, or nothing if there is none; where its memory is; which of the kernel's
# sources are for machines like it; and where that layout has the app, for one that is linked by itself.
set(EBB_BOARD_MACHINE)
if(EBB_TARGET STREQUAL "cortex-m0")
    set(EBB_BOARD_MACHINE microbit)
    set(EBB_BOARD_LAYOUT arm/microbit.ld)
    set(EBB_BOARD_APP_FLASH 0x8000)
    set(EBB_BOARD_APP_RAM 0x20002000)
    set(EBB_BOARD_PARTS arm/microbit.c arm/protection_none.c arm/sixteenths.c)
elseif(EBB_TARGET STREQUAL "cortex-m3")
    set(EBB_BOARD_MACHINE mps2-an385)
    set(EBB_BOARD_LAYOUT arm/mps2.ld)
    set(EBB_BOARD_APP_FLASH 0x80000)
    set(EBB_BOARD_APP_RAM 0x21000000)
    set(EBB_BOARD_PARTS arm/mps2.c arm/protection_v7m.c arm/sixteenths.c)
elseif(EBB_TARGET STREQUAL "cortex-m4")
    set(EBB_BOARD_MACHINE mps2-an386)
    set(EBB_BOARD_LAYOUT arm/mps2.ld)
    set(EBB_BOARD_APP_FLASH 0x80000)
    set(EBB_BOARD_APP_RAM 0x21000000)
    set(EBB_BOARD_PARTS arm/mps2.c arm/protection_v7m.c arm/sixteenths.c)
elseif(EBB_TARGET STREQUAL "cortex-m7")
    set(EBB_BOARD_MACHINE mps2-an500)
    set(EBB_BOARD_LAYOUT arm/mps2-an500.ld)
    set(EBB_BOARD_APP_FLASH 0x80000)
    set(EBB_BOARD_APP_RAM 0x60000000)
    set(EBB_BOARD_PARTS arm/mps2.c arm/protection_v7m.c arm/sixteenths.c)
elseif(EBB_TARGET STREQUAL "cortex-m33")
    set(EBB_BOARD_MACHINE mps2-an505)
    set(EBB_BOARD_LAYOUT arm/mps2-an505.ld)
    set(EBB_BOARD_APP_FLASH 0x10080000)
    set(EBB_BOARD_APP_RAM 0x80000000)
    set(EBB_BOARD_PARTS arm/mps2.c arm/protection_v8m.c)
elseif(EBB_TARGET MATCHES "^rv(32|64)ima?c$")
    set(EBB_BOARD_MACHINE virt${CMAKE_MATCH_1})
    set(EBB_BOARD_LAYOUT riscv/virt.ld)
    set(EBB_BOARD_APP_FLASH 0x80080000)
    set(EBB_BOARD_APP_RAM 0x81000000)
    set(EBB_BOARD_PARTS riscv/protection.c)
endif()
# What an app's block and its stack have if nothing is said. The micro:bit has 16 KiB in all.
set(EBB_BOARD_RAM 65536)
set(EBB_BOARD_STACK 4096)
if(EBB_BOARD_MACHINE STREQUAL "microbit")
    set(EBB_BOARD_RAM 8192)
    set(EBB_BOARD_STACK 1536)
endif()
if(EBB_BOARD_MACHINE)
    get_filename_component(EBB_BOARD_ARCHITECTURE "${EBB_BOARD_LAYOUT}" DIRECTORY)
endif()

# ebb_add_board_app(<target> SOURCES ... [RAM bytes] [STACK bytes] [LIBRARIES ...] [DEFINITIONS ...])
# makes an app, linked with the kernel into one image. RAM is the app's whole block: stack, data, heap and grants. It
# becomes what the machine can protect, a power of two on most Cortex-M.
function(ebb_add_board_app target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "RAM;STACK" "SOURCES;LIBRARIES;DEFINITIONS")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
        message(FATAL_ERROR "ebb: ${target} needs SOURCES, and there is no argument '${arg_UNPARSED_ARGUMENTS}'")
    endif()
    if(NOT arg_RAM)
        set(arg_RAM ${EBB_BOARD_RAM})
    endif()
    if(NOT arg_STACK)
        set(arg_STACK ${EBB_BOARD_STACK})
    endif()

    set(scripts "${EBB_BOARD_DIRECTORY}/kernel")
    file(GLOB link_scripts "${scripts}/*.ld" "${scripts}/${EBB_BOARD_ARCHITECTURE}/*.ld")
    add_executable(${target} ${arg_SOURCES})
    ebb_warnings(${target})
    ebb_board_app_flags(${target})
    target_compile_definitions(${target} PRIVATE ${arg_DEFINITIONS})
    target_link_libraries(${target} PRIVATE board_app ${arg_LIBRARIES} board_kernel board_runtime)
    target_link_options(
        ${target}
        PRIVATE
            -nostartfiles
            "-L${scripts}"
            "-T${scripts}/${EBB_BOARD_LAYOUT}"
            LINKER:--defsym=board_ram_size=${arg_RAM}
            LINKER:--defsym=board_stack_size=${arg_STACK}
            # What else is in the image is the kernel's and is called by nobody in the app.
            LINKER:-u,app_start
            LINKER:-u,main
    )
    set_target_properties(
        ${target}
        PROPERTIES
            SUFFIX ".elf"
            LINK_DEPENDS "${link_scripts}"
    )
endfunction()

# ebb_board_app_flags(<target>): compiles what is linked into an app. memcpy, setjmp and the like come from the C
# library that the distribution has. On Cortex-M, register 9 belongs to position-independent code, such as that of the
# Tock port: code that called it with something else there would break it.
function(ebb_board_app_flags target)
    if(EBB_BOARD_ARCHITECTURE STREQUAL "arm")
        target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:-ffixed-r9>)
    else()
        target_compile_options(${target} PRIVATE --specs=picolibc.specs)
        get_target_property(type ${target} TYPE)
        if(type STREQUAL "EXECUTABLE")
            target_link_options(${target} PRIVATE --specs=picolibc.specs)
        endif()
    endif()
endfunction()

# ebb_add_board_test(<name> [APP target] [ARGUMENT number] [TIMEOUT seconds] [UNCOUNTED] [EXPECT_FAULT]
#                    [EXPECT_EXIT code] [BESIDE target] [LABELS ...])
# runs an app, by default that of the same name, under QEMU. It passes if the app's exit code is 0; or with EXPECT_FAULT
# if it faults at the address that it has announced as "touching ADDRESS". UNCOUNTED is faster, for apps that do not ask
# for the number of instructions. BESIDE names an app that is loaded as well, from its file of the same name with .bin
# behind it.
function(ebb_add_board_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "EXPECT_FAULT;UNCOUNTED" "APP;ARGUMENT;TIMEOUT;EXPECT_EXIT;BESIDE" "LABELS")
    if(NOT arg_APP)
        set(arg_APP ${name})
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 60)
    endif()
    if(NOT arg_LABELS)
        set(arg_LABELS board)
    endif()
    set(options --machine ${EBB_BOARD_MACHINE} --timeout ${arg_TIMEOUT})
    if(arg_EXPECT_FAULT)
        list(APPEND options --expect-fault)
    endif()
    if(arg_ARGUMENT)
        list(APPEND options --argument ${arg_ARGUMENT})
    endif()
    if(arg_BESIDE)
        list(APPEND options --beside "$<TARGET_FILE:${arg_BESIDE}>.bin@${EBB_BOARD_APP_FLASH}")
    endif()
    if(arg_UNCOUNTED)
        list(APPEND options --uncounted)
    endif()
    if(DEFINED arg_EXPECT_EXIT)
        list(APPEND options --expect-exit ${arg_EXPECT_EXIT})
    endif()
    add_test(
        NAME ${name}
        COMMAND ${Python3_EXECUTABLE} "${EBB_BOARD_DIRECTORY}/run.py" ${options} $<TARGET_FILE:${arg_APP}>
    )
    # The script ends the emulator first; this is for the case that the script hangs.
    math(EXPR limit "${arg_TIMEOUT} + 10")
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${limit})
endfunction()
