/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The recorder: tells what a program asks of a heap, as it happens and in a few bytes for each call, through a function
 * that the user gives: a console, a UART, a debugger's channel, a file. `ebb-decode` makes a trace of it on the host.
 *
 * Nothing of it is in the heap: the recorder stands between the program and the functions of ebb/heap.h, and a program
 * that is not linked with it pays nothing. There are two ways to put it there:
 *  - call the functions ebb_recorded_...() below instead of those of ebb/heap.h;
 *  - or change no call, link with `--wrap=ebb_alloc` and so on (CMake: ebb::recorder_wrap), and call
 *    ebb_recorder_wrap(): for a malloc that is built on the heap, such as that of a Tock app.
 *
 * As with the heap, nothing here locks: calls on one recorder, and calls on its heap, must not overlap.
 */
#ifndef EBB_RECORDER_H
#define EBB_RECORDER_H

#include <ebb/heap.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Takes `size` bytes (1 to EBB_RECORDER_FRAME) of the recording away. It may drop any of them, as a full buffer would
 * have to: the host notices, and says how many calls it does not know of. Must not call functions on the recorder, nor
 * change the heap within ebb_recorder_start() and ebb_recorder_snapshot(), which go from block to block; what it does
 * with the heap at other times is not recorded.
 */
typedef void (*ebb_recorder_output)(void *context, const void *bytes, size_t size);

/*
 * Bytes are put out in frames of at most so many: one for some 30 calls. Each frame begins and ends with a byte 0, and
 * has no other, so text that has none may share the channel.
 */
enum { EBB_RECORDER_FRAME = 96 };

/* A recorder. The caller owns it, and keeps it from ebb_recorder_start() to ebb_recorder_stop(). */
struct ebb_recorder {
    struct ebb_heap *heap;      /* whose calls are told of */
    ebb_recorder_output output; /* where to */
    void *context;              /* handed to it */
    size_t previous;            /* number, in granules from the heap's start, of the block that was told of last */
    uint32_t events;            /* before those in `frame`, since the start */
    uint8_t pending;            /* events in `frame` */
    uint8_t length;             /* bytes in `frame` */
    uint8_t granule_shift;      /* binary logarithm of the granule */
    bool busy;                  /* a call is under way: what it calls itself is not recorded */
    unsigned char frame[EBB_RECORDER_FRAME]; /* what is next to be put out */
};

/* ---- The recording ---- */

/*
 * Starts to record `heap`, and tells of the blocks that are already in use; their sizes are told as what may be used of
 * them. Linear in the number of blocks.
 */
void ebb_recorder_start(struct ebb_recorder *self, struct ebb_heap *heap, ebb_recorder_output output, void *context);

/*
 * Tells of all blocks in use once more: whatever was lost before, the host knows again what there is. Linear in the
 * number of blocks.
 */
void ebb_recorder_snapshot(struct ebb_recorder *self);

/*
 * Puts out what is kept until a frame is full: before the program sleeps, or in a fault handler. Costs a few
 * instructions for each byte, and the output.
 */
void ebb_recorder_flush(struct ebb_recorder *self);

/*
 * Ends the recording, so that the host knows that nothing is missing at the end, and puts out the rest. Costs what
 * ebb_recorder_flush() does.
 */
void ebb_recorder_stop(struct ebb_recorder *self);

/* ---- Calls that are recorded ---- */

/*
 * The functions of the same names in ebb/heap.h, on the recorder's heap. They do and return what those do. Constant
 * beside what those cost, and at times, when a frame is full, the output.
 *
 * A size of 0 is told as 1. A call that fails is told as such, and no more.
 */

/* As ebb_alloc(). */
void *ebb_recorded_alloc(struct ebb_recorder *self, size_t size);

/* As ebb_calloc(). */
void *ebb_recorded_calloc(struct ebb_recorder *self, size_t count, size_t size);

/* As ebb_aligned_alloc(). */
void *ebb_recorded_aligned_alloc(struct ebb_recorder *self, size_t alignment, size_t size);

/* As ebb_realloc(). */
void *ebb_recorded_realloc(struct ebb_recorder *self, void *block, size_t size);

/* As ebb_free(). What is no block in use is told of all the same, so that ebb-decode can report a double free. */
void ebb_recorded_free(struct ebb_recorder *self, void *block);

/* As ebb_free_sized(). Told of if the block was freed. */
void ebb_recorded_free_sized(struct ebb_recorder *self, void *block, size_t size);

/* ---- Calls that the linker has recorded ---- */

/*
 * In a program that is linked with `--wrap` of the six functions above: from now on, calls of them on the heap of
 * `self` are recorded, until NULL or another recorder is given. Calls on other heaps never are. Until the first call,
 * and after NULL, each wrapped call costs ten to twenty instructions more than it would without.
 *
 * Only what is called from another source file than it is defined in can be wrapped. Not for programs whose compiler
 * inlines across files (link-time optimisation).
 */
void ebb_recorder_wrap(struct ebb_recorder *self);

#ifdef __cplusplus
}
#endif

#endif
