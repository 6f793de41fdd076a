/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The crate has the store's record a second time, in Rust: this is to fail when only one of them is changed. */
#include <ebb/tock_store.h>

#include <stddef.h>

_Static_assert(offsetof(struct ebb_tock_store, end) == sizeof(struct ebb_store) &&
                   offsetof(struct ebb_tock_store, lowest) == sizeof(struct ebb_store) + sizeof(uintptr_t) &&
                   offsetof(struct ebb_tock_store, highest) == sizeof(struct ebb_store) + 2 * sizeof(uintptr_t) &&
                   sizeof(struct ebb_tock_store) == sizeof(struct ebb_store) + 3 * sizeof(uintptr_t),
               "port-tock/rust/src/tock_break.rs has the same record");
