/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The backing store: where a heap gets its memory from, and where it gives it back to.
 *
 * A heap lives in one contiguous region of addresses. Only the end of the region moves, and only a store can move it.
 * A store never has to say yes: a heap takes every answer below as normal and loses nothing by it.
 */
#ifndef EBB_STORE_H
#define EBB_STORE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Memory that a store has added: `size` bytes from `start`. A refusal is a size of 0; `start` is then ignored. */
struct ebb_span {
    void *start; /* the lowest address of it */
    size_t size; /* bytes */
};

/*
 * What a store does when it is asked, and what its memory is like. Neither callback may call a function on the heap
 * that calls it: that is about to write down the answer.
 */
struct ebb_store {
    /*
     * Adds at least `size` bytes (1 or more) at the end of the region and returns what was really added:
     *  - size 0: refused, nothing changed;
     *  - fewer or more bytes than asked for: the heap keeps them all, and asks again only if it has to. What exceeds
     *    its maximum is offered back at once. As long as the store keeps some of that, as one of whole pages does with
     *    a maximum inside a page, nothing below it can go back either, not even when the heap ends; if the region grows
     *    later, what the store kept becomes a gap;
     *  - a start above the old end, because somebody else moved it: the heap never writes to the gap in between, and
     *    reads from there only what a wrong pointer leads to, such as one given to ebb_free(). If the gap is so large,
     *    or what came so little, that nothing of it is of use, it is offered back; and until the region has grown
     *    again, nothing below the gap is, not on ebb_trim() or when the heap ends either: it would be theirs;
     *  - a start below the old end is a lie: the heap reports EBB_FAULT_STORE and leaves that memory alone.
     * The first call, made by ebb_create(), says where the region starts. A heap that is to have all there is,
     * EBB_FIXED without a maximum, asks for ebb_get_geometry().largest_region; no other request is as large. On a store
     * that refuses what it cannot give in full, such a heap has no room for blocks: give it a maximum.
     */
    struct ebb_span (*grow)(void *context, size_t size);

    /*
     * Takes back at most `size` bytes (1 or more) from the end of the region and returns how many it took: 0 if
     * refused. The heap does not try again with less, so a store that cannot take all should take what it can. Each
     * time that it takes almost nothing, the heap waits twice as long before it asks again, under any policy.
     * ebb_trim() does not wait, and its refusals do not lengthen the wait. More than `size` is a lie: the heap takes it
     * for `size` and, unless it is about to end, reports EBB_FAULT_STORE.
     * May be NULL: nothing can be given back.
     */
    size_t (*shrink)(void *context, size_t size);

    /* Handed to both callbacks. */
    void *context;

    /*
     * Bytes, a power of two, or 0 for 1: the end of the region is best moved to multiples of this address. The heap
     * aims its moves there and goes to any other address only when it could not have the memory otherwise.
     */
    size_t granule;

    /* Whether all memory that grow() adds is zero, also where the region had been before. */
    bool fresh_is_zero;
};

#ifdef __cplusplus
}
#endif

#endif
