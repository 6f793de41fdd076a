/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The hash that seals are made with: of a header and the link to where it lies, with as many bits as a cell.
 *
 * With a random key, it is strongly universal: who knows one header with its seal knows nothing of another's. It is no
 * MAC: who can read several can compute the key. Dietzfelbinger, "Universal hashing and k-wise independent random
 * variables via integer arithmetic without primes", 1996.
 */
#ifndef EBB_SOURCE_KEY_H
#define EBB_SOURCE_KEY_H

#include "geometry.h"

#if EBB_HARDENING == 2

/* Twice as wide as what is hashed. */
#if EBB_NUMBER_BITS == 16
typedef uint32_t ebb_key_part;
#else
typedef uint64_t ebb_key_part;
#endif

struct ebb_key {
    ebb_key_part of_header;
    ebb_key_part of_link;
    ebb_key_part offset;
};

static inline ebb_number ebb_hash(const struct ebb_key *key, size_t header, size_t link) {
    ebb_key_part sum = key->of_header * (ebb_key_part)header + key->of_link * (ebb_key_part)link + key->offset;
    return (ebb_number)(sum >> EBB_NUMBER_BITS);
}

#endif

#endif
