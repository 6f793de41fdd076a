/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Asks the C library about its own malloc, which has to come in for that. Does not link. */
#include <malloc.h>
#include <stdlib.h>

int main(void) {
    struct mallinfo info = mallinfo();
    free(malloc(10));
    return (int)info.arena;
}
