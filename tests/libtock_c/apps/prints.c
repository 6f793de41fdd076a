/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Allocates only through the C library. */
#include <stdio.h>

int main(void) {
    printf("%d\n", 42);
    return 0;
}
