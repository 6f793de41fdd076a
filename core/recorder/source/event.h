/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Events: what is told of a call. An event is a head, that is a number whose low three bits are the kind, and operands,
 * which are numbers too. Frames say how numbers are written.
 *
 *   kind                 head >> 3     operands
 *   0 allocated          block         size
 *   1 freed              block
 *   2 resized in place   block         new size
 *   3 allocated zeroed   block         size
 *   4 allocated aligned  block         size, binary logarithm of the alignment
 *   5 resized and moved  old block     distance to the new block, new size
 *   6 failed             0             size
 *   7 mark               enum ebb_mark operands of the mark
 *
 * A block is told by its distance from the block of the event before, in granules, or in a frame's first event from the
 * start of the heap. A distance d is written as 2 d if it is not negative, and as -2 d - 1 if it is: so numbers are
 * small. What a block is known by is what ebb_alloc() returned.
 *
 * Kinds 0 to 4 are numbered as in the traces that the host makes of them.
 */
#ifndef EBB_SOURCE_EVENT_H
#define EBB_SOURCE_EVENT_H

enum ebb_event {
    EBB_EVENT_ALLOCATED = 0,
    EBB_EVENT_FREED = 1,
    EBB_EVENT_RESIZED = 2,
    EBB_EVENT_ZEROED = 3,
    EBB_EVENT_ALIGNED = 4,
    EBB_EVENT_MOVED = 5,
    EBB_EVENT_FAILED = 6,
    EBB_EVENT_MARK = 7
};

enum ebb_mark {
    EBB_MARK_START = 0,        /* operands: version of this format, granule, header, and size of a pointer, in bytes */
    EBB_MARK_END = 1,          /* nothing comes after it */
    EBB_MARK_SNAPSHOT = 2,     /* up to the next mark, each "allocated" is a block that is in use, whoever allocated */
    EBB_MARK_SNAPSHOT_ENDS = 3 /* and no other blocks are */
};

enum { EBB_RECORDING_VERSION = 1 };

#endif
