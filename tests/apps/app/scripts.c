/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Expects from the build: SCRIPT_DIRECTORY, a string; SCRIPT_SUFFIX, a string; and SCRIPTS, a list such as
 * SCRIPT(json) SCRIPT(text).
 */
#include "scripts.h"

#define SCRIPT(name)                                                                                                   \
    __asm__(".section .rodata.script." #name ",\"a\"\n"                                                                \
            ".global script_start_" #name "\n"                                                                         \
            ".global script_end_" #name "\n"                                                                           \
            "script_start_" #name ":\n"                                                                                \
            ".incbin \"" SCRIPT_DIRECTORY "/" #name SCRIPT_SUFFIX "\"\n"                                               \
            "script_end_" #name ":\n"                                                                                  \
            ".byte 0\n"                                                                                                \
            ".balign 8\n"                                                                                              \
            ".text\n");                                                                                                \
    extern const char script_start_##name[];                                                                           \
    extern const char script_end_##name[];
SCRIPTS
#undef SCRIPT

#define SCRIPT(name) {script_start_##name, script_end_##name},
const struct script scripts[] = {SCRIPTS};
#undef SCRIPT

const size_t script_count = sizeof scripts / sizeof scripts[0];
