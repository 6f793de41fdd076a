/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Every public header that a host has, in C++, and a call that only links if the names are C's. */
#include <ebb/buffer_store.h>
#include <ebb/heap.h>
#include <ebb/host_store.h>
#include <ebb/store.h>

int main() {
    return ebb_get_geometry().granule >= 8 ? 0 : 1;
}
