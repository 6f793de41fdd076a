/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "place.h"

#include <stdarg.h>
#include <stdio.h>

void place_say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    fflush(stdout);
}
