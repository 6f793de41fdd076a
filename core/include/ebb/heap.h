/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * ebb: a heap on one contiguous region whose end moves.
 *
 * The heap takes memory from a backing store (ebb/store.h) only as it is needed and gives it back when it is not.
 * Several heaps can live side by side; none shares anything with another. No function here locks: calls on one heap
 * must not overlap. Store callbacks and handlers must not call functions on the heap that is calling them.
 *
 * `heap` is what ebb_create(), ebb_create_default(), or ebb_create_fixed() of ebb/fixed.h returned; it is never NULL,
 * and neither is another pointer unless its function says what that means. A function whose comment names no failure
 * cannot fail.
 *
 * Costs: "constant" is a fixed bound on instructions, whatever the heap holds. Store calls, copying and clearing are
 * named apart. All sizes are in bytes unless they say otherwise.
 */
#ifndef EBB_HEAP_H
#define EBB_HEAP_H

#include <ebb/store.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A heap. The handle is the start of its region: the control block is the first thing in it. */
struct ebb_heap;

/* ---- Policy: when the end of the region moves ---- */

/* Which way the end of the region may move, and when. */
enum ebb_strategy {
    EBB_GROW_AND_RETURN = 0, /* grow when needed, give back what stays idle at the end */
    EBB_GROW_ONLY = 1,       /* grow when needed, give back only on ebb_trim() */
    EBB_FIXED = 2            /* take everything at the start, never move the end again, not on ebb_trim() either */
};

/* All zero is the default policy, and so is a null pointer where a policy is expected. */
struct ebb_policy {
    /* One of enum ebb_strategy; an integer, so that no compiler option changes the size of this structure. */
    uint32_t strategy;

    /*
     * The region never exceeds this many bytes, control block included. 0: only the store and the geometry limit it.
     * EBB_FIXED reserves this much, or with 0 what the store gives when it is asked for all.
     */
    size_t maximum;

    /*
     * The region grows by this many bytes at a time, or by what is needed if that is more, or by less if the store has
     * no more. Rounded up to whole granules of the heap. 0: the heap chooses, and adapts to what the program does.
     */
    size_t quantum;

    /*
     * Used if `quantum` is not 0, by EBB_GROW_AND_RETURN: when memory freed at the end leaves more than this many bytes
     * idle there, all but at most one quantum is given back, up to where the store likes the end. If so much is idle
     * for another reason, as the store gave more than was asked for, or refused, that goes back after the wait that
     * `move_price` says. Taken as `quantum` if that is larger: with less, the region would shrink after every growth.
     */
    size_t return_above;

    /*
     * Used by EBB_GROW_AND_RETURN, with a quantum only as said above: the price of one move of the end, in bytes idle
     * for one call. Where a move costs 2600 instructions and an idle byte is worth 0.1 instructions per call to the
     * rest of the system, that is 26000, the default (0). A higher price means fewer moves, a lower one less memory
     * held. Where addresses have at most 32 bits, more than 2^26 - 1 counts as that. What goes back has to be cleared
     * when it comes again: so the heap waits for that price once more for each 8 KiB that are idle, up to 128 KiB. For
     * this, the price is rounded down to a multiple of 8192; one below that adds no wait.
     */
    uint32_t move_price;
};

/* ---- Faults: mistakes of the heap's user or its store ---- */

/* What was done wrong. */
enum ebb_fault {
    EBB_FAULT_FOREIGN = 1, /* the pointer is misaligned, or outside the blocks of this heap */
    EBB_FAULT_FREED = 2,   /* the block is not in use: a double free, or a use after free */
    EBB_FAULT_SIZE = 3,    /* ebb_free_sized() was told a size that the block does not have */
    EBB_FAULT_CORRUPT = 4, /* the header contradicts its surroundings: overwritten, or no block starts there; at
                              hardening level 2, a free neighbour, or a block about to be handed out, is damaged */
    EBB_FAULT_STORE = 5    /* the store claims to have done what it was not asked for; see ebb/store.h */
};

/*
 * Told of a fault as it is found: what kind, and the address concerned. The faulty call then changes nothing, though it
 * may have moved the end before, and returns, if the handler does. A handler may use the heap, as printf() does that
 * allocates, and may be told of another fault then. Or it may leave by longjmp(): the heap is then as sound as before
 * the call. Neither at EBB_FAULT_STORE: the store's answer is not written down yet, and whoever leaves must not use the
 * heap any more.
 */
typedef void (*ebb_fault_handler)(void *context, enum ebb_fault fault, const void *address);

/* ---- Life of a heap ---- */

/*
 * Creates a heap on `store` under `policy` (NULL: the default). `store` itself must outlive the heap; `policy` is
 * copied.
 *
 * Returns NULL if and only if
 *  - what the store gave first is too little for the control block, which may need up to a granule more for its
 *    alignment, or begins at address 0;
 *  - for EBB_FIXED with a maximum, the region with all of use that the store gave, gaps included, is less than that or,
 *    if that is less, than ebb_get_geometry().largest_region;
 *  - the maximum is too small for the control block and one block;
 *  - or the policy or the store is malformed: unknown strategy, no grow callback, a store's granule that is no power
 *    of two.
 * What the store had given then goes back to it. Where somebody else's memory lies in between, only what is above that
 * goes back, without the two headers and up to a granule that the gap takes there.
 *
 * Constant, and at most two store calls. For EBB_FIXED at most seven: more than three only if the store gives less or
 * more than it was asked for, or memory that cannot be used.
 */
struct ebb_heap *ebb_create(const struct ebb_store *store, const struct ebb_policy *policy);

/*
 * As ebb_create(store, NULL), for programs that name no policy: where the linker drops what nobody calls, these have no
 * code for others.
 */
struct ebb_heap *ebb_create_default(const struct ebb_store *store);

/*
 * Ends the heap, whatever is still allocated, and offers its region to the store: all of it, or what lies above the
 * last gap; or nothing if a header is damaged, or while nothing can go back, as grow() of ebb/store.h says. Returns how
 * many bytes from the start of the region, gaps included, the store did not take. They are the caller's again, and so
 * is what lies below the handle for its alignment. The handle is then invalid. Linear in the number of blocks, and one
 * store call.
 */
size_t ebb_destroy(struct ebb_heap *heap);

/*
 * Hardening level 2 only; else does nothing and returns true. Makes what seals the headers of `heap` depend on
 * `secret`, which nobody should be able to guess: entropy, as good as there is. Until then it depends on addresses
 * alone.
 *
 * Returns false, and changes nothing, if and only if a header is damaged: EBB_FAULT_CORRUPT tells which. Linear in the
 * number of blocks.
 */
bool ebb_set_secret(struct ebb_heap *heap, uint64_t secret);

/*
 * From now on, each fault is told to `handler`, with `context`, which the heap does not look at. With NULL, as after
 * ebb_create(), faults pass in silence. Constant.
 */
void ebb_set_fault_handler(struct ebb_heap *heap, ebb_fault_handler handler, void *context);

/*
 * Replaces the policy (NULL: the default). Returns false and keeps the old one if and only if
 *  - the new one is malformed;
 *  - the region exceeds its maximum even after what is idle above that was given back, as far as the store takes it;
 *  - it is EBB_FIXED, and the store does not give what the maximum says. What the store gave for that and does not
 *    take back stays with the heap, even beyond the old maximum;
 *  - or, at hardening level 2, it is EBB_FIXED and top is damaged, which is reported.
 *
 * Constant, or at level 2, if it is EBB_FIXED, linear in the idle bytes; and at most eight store calls.
 */
bool ebb_set_policy(struct ebb_heap *heap, const struct ebb_policy *policy);

/*
 * Copies the policy in force to `policy`, as the heap took it: with defaults filled in, numbers rounded, or cut down to
 * what it can have, and for EBB_FIXED the bytes of the region as the maximum. Constant.
 */
void ebb_get_policy(const struct ebb_heap *heap, struct ebb_policy *policy);

/* ---- Allocation ---- */

/*
 * All functions of this part:
 *  - Blocks are aligned to the heap's granule (8 or 16 bytes; see ebb_get_geometry()).
 *  - A size of 0 is served as 1: the block is its own, and is to be freed.
 *  - A request that cannot be met returns NULL, is counted as failed, and leaves every block as it was.
 *  - A request fails if and only if it exceeds ebb_get_geometry().largest_request, or no free block is found for it
 *    and the region cannot grow far enough. A free block of at least the size of the request, rounded up to the next
 *    size class, is always found. After somebody else has moved the end, one request may fail if the store gives no
 *    more than it needs: only the store's answer tells of the move. Until the region has grown beyond their memory, a
 *    request may need two headers and a granule more of the store than otherwise, rounded up to granules; and what is
 *    idle below does not count.
 *  - A `block` that is not a block in use of this heap is reported to the fault handler, if it is found out. Then the
 *    call changes nothing and returns NULL, false or 0. From hardening level 1 on, a pointer that is misaligned,
 *    outside the region or at a block already free always is found out, unless the block's place was handed out again,
 *    or was given back, is within the region again, and holds something else. Nothing outside the region is read for
 *    that; but if `block` lies in a gap, somebody else's memory there is.
 *  - At hardening level 2, a request also fails, and is reported, if the free memory that would serve it is damaged;
 *    ebb_realloc() may for any that is damaged beside the block, and ebb_aligned_alloc() goes on to look elsewhere. All
 *    costs are then linear in the bytes that are freed or handed out; those of ebb_aligned_alloc() in all of the free
 *    block that serves it, too, those of ebb_realloc() in the free ones beside the block, and growth over somebody
 *    else's memory in what was idle below it.
 *  - NULL is a fine argument to free, and realloc of NULL allocates.
 */

/*
 * Allocates `size` bytes with undefined content. Constant, and at most four store calls: two to grow, and after each,
 * one that gives back what cannot be used; or three to grow, of which two are refused. For EBB_GROW_AND_RETURN, one
 * more, which gives back what has long been idle. Most often there is none, or one.
 * Segregated lists in constant time: Ogasawara, "An algorithm with constant execution time for dynamic storage
 * allocation", 1995; classes that cut each doubling: Masmano et al., "TLSF", 2004.
 */
void *ebb_alloc(struct ebb_heap *heap, size_t size);

/*
 * Allocates `count` times `size` bytes, all zero; fails also if the product overflows. Constant, and at most five store
 * calls, and clearing: memory that the store promised to be zero and that was never used is not cleared again.
 */
void *ebb_calloc(struct ebb_heap *heap, size_t count, size_t size);

/*
 * Allocates `size` bytes at a multiple of `alignment`, a power of two; 0 or a power of two up to the granule is as
 * ebb_alloc(). Fails also if `alignment` is no power of two or exceeds ebb_get_geometry().largest_request, and may fail
 * if somebody else moves the end of the region twice during the call, as each time another place may need more.
 *
 * A free block that has room for the request, `alignment` and a smallest block, rounded up to the next size class, is
 * always found; a smaller one that happens to lie well is found if it is among the first few of its size class.
 *
 * Constant, and at most eight store calls.
 */
void *ebb_aligned_alloc(struct ebb_heap *heap, size_t alignment, size_t size);

/*
 * Changes the size of `block` to `size` and keeps the content up to the smaller of both. Returns the block's address,
 * new or old, or NULL if it failed: then the block is unchanged. A size of 0 is served as 1.
 *
 * In place where possible: a smaller size always; a larger one if the free space to the right or the end of the region
 * suffices. Else moves into free space to the left, else allocates anew and copies.
 * Constant, and at most ten store calls, as growing in place and elsewhere may both be tried, and copying once.
 */
void *ebb_realloc(struct ebb_heap *heap, void *block, size_t size);

/*
 * Frees `block`. Constant, and for EBB_GROW_AND_RETURN, now and then, one store call.
 * Boundary tags: Knuth, "The Art of Computer Programming", volume 1, section 2.5.
 */
void ebb_free(struct ebb_heap *heap, void *block);

/*
 * Frees `block`, whose size the caller knows: that of the request it was last allocated or reallocated with. Another
 * size is EBB_FAULT_SIZE, and the block stays allocated, if the block is too small for it, or so large that it would
 * have been cut. (What would be left is not cut off if it is smaller than the smallest block, nor always if it is a
 * sixteenth of what is needed, or less.) Costs as ebb_free().
 */
void ebb_free_sized(struct ebb_heap *heap, void *block, size_t size);

/* The bytes of `block` that may be used: at least the size requested. 0 for NULL. Constant. */
size_t ebb_usable_size(const struct ebb_heap *heap, const void *block);

/*
 * Gives back, at once, all memory at the end of the region that is not in use, up to where the store likes the end,
 * and returns how many bytes the store took; 0 under EBB_FIXED, and while nothing can go back, as grow() of ebb/store.h
 * says. Constant, and at most one store call.
 */
size_t ebb_trim(struct ebb_heap *heap);

/* ---- Figures and inspection ---- */

/* What the library was built with. */
struct ebb_geometry {
    size_t granule;         /* alignment of blocks, and unit of their sizes */
    size_t header;          /* bytes that a block in use takes beside its usable bytes */
    size_t smallest_block;  /* bytes of the smallest block, header included */
    size_t largest_request; /* bytes; larger requests always fail */
    size_t largest_region;  /* bytes that one heap can span */
    size_t control_block;   /* at the start of the region, kept by the heap; the least region is this and one header */
    unsigned hardening;     /* how much is checked before it is believed: 0, 1 or 2; see docs/hardening.md */
};

/* The same for all heaps of a program. Constant. */
struct ebb_geometry ebb_get_geometry(void);

/* What a heap holds, and what it has done since it was created. */
struct ebb_statistics {
    size_t live_bytes;        /* in blocks in use, headers and rounding included */
    size_t peak_live_bytes;   /* the most that was ever live */
    size_t region_bytes;      /* from the start to the end of the region */
    size_t peak_region_bytes; /* the largest it ever was */
    size_t largest_request;   /* the largest ever, met or not; without those above ebb_get_geometry().largest_request */
    uint32_t failed_requests; /* requests that returned NULL, but for those with a wrong `block` */
    uint32_t grows;           /* store calls that added memory to the region */
    uint32_t shrinks;         /* store calls that took memory back */
    uint32_t refusals;        /* store calls, of both kinds, that did nothing, or gave what is of no use */
};

/* Copies the figures to `statistics`. Counters start again from 0 after their largest value. Constant. */
void ebb_get_statistics(const struct ebb_heap *heap, struct ebb_statistics *statistics);

/*
 * Free bytes of the region, the idle end included, control block and gaps not. In a heap that is too damaged for
 * ebb_walk() to go on, those that it comes to. Linear in the number of blocks.
 */
size_t ebb_free_bytes(const struct ebb_heap *heap);

/*
 * The largest request that free space could hold without growing the region, or 0; in a damaged heap, of the same part.
 * Linear in the number of blocks.
 */
size_t ebb_largest_free(const struct ebb_heap *heap);

/* What a part of the region is. */
enum ebb_block_kind {
    EBB_BLOCK_USED = 0,
    EBB_BLOCK_FREE = 1,
    EBB_BLOCK_TOP = 2, /* the idle end of the region; always the last, and there even if empty */
    EBB_BLOCK_GAP = 3  /* somebody else's memory inside the region; never written to */
};

/* A part of the region, as ebb_walk() shows it. */
struct ebb_block {
    void *address; /* what ebb_alloc() returned, or would return, for this block */
    size_t size;   /* bytes up to the next block's `address`, or from top's to the end of the region */
    uint32_t kind; /* what it is: one of enum ebb_block_kind, as wide with every compiler */
};

/* Returns false to end the walk. Must not change the heap. */
typedef bool (*ebb_visitor)(void *context, const struct ebb_block *block);

/*
 * Shows every block of the heap to `visitor`, in order of addresses. Returns false if and only if the visitor ended
 * the walk or the heap is too damaged to go on. Linear in the number of blocks.
 */
bool ebb_walk(const struct ebb_heap *heap, ebb_visitor visitor, void *context);

/* What ebb_check() may find. */
enum ebb_damage {
    EBB_SOUND = 0,
    EBB_DAMAGED_CONTROL = 1,   /* the control block contradicts itself */
    EBB_DAMAGED_HEADER = 2,    /* a block's size or flags do not fit its surroundings */
    EBB_DAMAGED_FOOTER = 3,    /* a free block's two sizes differ */
    EBB_UNMERGED = 4,          /* two free blocks lie side by side */
    EBB_DAMAGED_LIST = 5,      /* a free list leads to what is not a free block, does not lead back, or has it twice */
    EBB_WRONG_CLASS = 6,       /* a free block is in the list of another size class */
    EBB_LOST_BLOCK = 7,        /* a free block is in no list */
    EBB_DAMAGED_FIGURES = 8,   /* statistics contradict the blocks */
    EBB_WRITTEN_AFTER_FREE = 9 /* free memory does not hold what it was filled with when it was freed; level 2 only */
};

/* A damage, and where it is. */
struct ebb_finding {
    uint32_t damage;     /* what kind: one of enum ebb_damage, as wide with every compiler */
    const void *address; /* of the block, as ebb_alloc() returned it, or of the control block; NULL if sound */
};

/*
 * Examines the whole heap and returns the first damage found, EBB_SOUND if none. Always comes to an end, and never
 * leaves the region, whose size it takes from the control block. Linear in the number of blocks.
 */
struct ebb_finding ebb_check(const struct ebb_heap *heap);

#ifdef __cplusplus
}
#endif

#endif
