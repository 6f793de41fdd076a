/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "place.h"

#include <board.h>

void place_say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    board_print_list(format, arguments);
    va_end(arguments);
}
