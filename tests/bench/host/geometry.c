/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What a block takes beside its payload: "HEADER; SMALLEST", in bytes. */
#include <ebb/heap.h>

#include <stdio.h>

int main(void) {
    const struct ebb_geometry geometry = ebb_get_geometry();
    return printf("%zu; %zu\n", geometry.header, geometry.smallest_block) > 0 ? 0 : 1;
}
