/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Expects from the build: EBB_TRACE_DIRECTORY, a string, and EBB_TRACES, a list such as TRACE(lua_json) TRACE(syn_iot).
 * The assembler reads the files; a megabyte of array initialisers would take the compiler minutes.
 */
#include "embedded.h"

#define TRACE(name)                                                                                                    \
    __asm__(".section .rodata.trace." #name ",\"a\"\n"                                                                 \
            ".global trace_start_" #name "\n"                                                                          \
            ".global trace_end_" #name "\n"                                                                            \
            "trace_start_" #name ":\n"                                                                                 \
            ".incbin \"" EBB_TRACE_DIRECTORY "/" #name ".mtr\"\n"                                                      \
            "trace_end_" #name ":\n"                                                                                   \
            ".byte 0\n"                                                                                                \
            ".balign 8\n"                                                                                              \
            ".text\n");                                                                                                \
    extern const unsigned char trace_start_##name[];                                                                   \
    extern const unsigned char trace_end_##name[];
EBB_TRACES
#undef TRACE

#define TRACE(name) {#name, trace_start_##name, trace_end_##name},
const struct embedded_trace embedded_traces[] = {EBB_TRACES};
#undef TRACE

const size_t embedded_trace_count = sizeof embedded_traces / sizeof embedded_traces[0];
