/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The heap is to be larger than the geometry reaches: the application learns of it at the first allocation. */
#include "FreeRTOS.h"

#include <stdio.h>

int main(void) {
    puts(pvPortMalloc(1) != NULL ? "Allocated." : "Not allocated.");
    return 0;
}
