/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What the boards' CMocka wants, on Linux on a machine for which there is no other. */
#include <board.h>

#include <stdio.h>

void board_print_list(const char *format, va_list arguments) {
    (void)vprintf(format, arguments);
}
