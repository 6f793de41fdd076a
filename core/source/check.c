/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * The checker: is every rule of block.h and bins.h kept? It trusts nothing it has not checked, so that it comes to an
 * end within the region whatever the region holds.
 */
#include "bins.h"
#include "sound.h"

static const struct ebb_finding sound = {.damage = EBB_SOUND, .address = NULL};

static struct ebb_finding found(enum ebb_damage damage, const void *address) {
    return (struct ebb_finding){.damage = damage, .address = address};
}

/* What a walk over the blocks has come to know. */
struct survey {
    size_t live;       /* units */
    size_t links;      /* to all free blocks, added up */
    bool left_is_used; /* the block before, as it says of itself; a gap is not */
    bool left_is_gap;
    size_t left_size;
};

/* Whether it is one of the two values that a bool may be read with. */
static bool is_bool(const void *flag) {
    const unsigned char *byte = flag;
    return *byte <= 1;
}

static bool flags_are_sound(const struct ebb_heap *heap) {
    return is_bool(&heap->is_adaptive) && is_bool(&heap->is_buried) && is_bool(&heap->has_burst) &&
           is_bool(&heap->is_scattered);
}

static bool control_is_sound(const struct ebb_heap *heap) {
    return flags_are_sound(heap) && ebb_region_is_sound(heap) && heap->fresh <= heap->extent + heap->idle &&
           heap->strategy <= EBB_FIXED && heap->highest < EBB_CLASSES;
}

/* Whether what a block or top says of the block to its left is true. */
static enum ebb_damage check_left(const struct survey *survey, const ebb_cell *block) {
    if (ebb_left_is_used(block)) {
        return survey->left_is_used ? EBB_SOUND : EBB_DAMAGED_HEADER;
    }
    if (survey->left_is_gap) {
        return ebb_left_size(block) == 0 ? EBB_SOUND : EBB_DAMAGED_FOOTER;
    }
    if (survey->left_is_used) {
        return EBB_DAMAGED_HEADER;
    }
    return ebb_left_size(block) == survey->left_size ? EBB_SOUND : EBB_DAMAGED_FOOTER;
}

/* Checks one block against the block before. */
static enum ebb_damage check_block(const struct ebb_heap *heap, const struct survey *survey, ebb_cell *block,
                                   size_t size) {
    enum ebb_damage damage = ebb_is_sealed(heap, block) ? check_left(survey, block) : EBB_DAMAGED_HEADER;
    if (damage != EBB_SOUND) {
        return damage;
    }
    bool used = ebb_is_used(block);
    if (!used && !ebb_is_poisoned_inside(block, size)) {
        return EBB_WRITTEN_AFTER_FREE;
    }
    if (!used && !survey->left_is_used && !survey->left_is_gap) {
        return EBB_UNMERGED;
    }
    return EBB_SOUND;
}

static void take_into_survey(const struct ebb_heap *heap, struct survey *survey, ebb_cell *block, size_t size) {
    bool used = ebb_is_used(block);
    /* A block in use whose right neighbour denies it is a gap, if the footer's place agrees: see check_left(). */
    bool gap = used && !ebb_left_is_used(ebb_after(block, size));
    survey->live += used && !gap ? size : 0;
    survey->links += used ? 0 : ebb_link_to(heap, block);
    survey->left_is_used = used && !gap;
    survey->left_is_gap = gap;
    survey->left_size = size;
}

static struct ebb_finding check_blocks(const struct ebb_heap *heap, struct survey *survey) {
    size_t offset = 0;
    while (offset != heap->extent) {
        ebb_cell *block = ebb_block_at(heap, offset);
        size_t size = ebb_size(block);
        if (size < EBB_SIZE_MIN || size % EBB_GRANULE_UNITS != 0 || ebb_bytes_of(size) > heap->extent - offset) {
            return found(EBB_DAMAGED_HEADER, ebb_payload(block));
        }
        enum ebb_damage damage = check_block(heap, survey, block, size);
        if (damage != EBB_SOUND) {
            return found(damage, ebb_payload(block));
        }
        take_into_survey(heap, survey, block, size);
        offset += ebb_bytes_of(size);
    }
    ebb_cell *top = ebb_top(heap);
    if (!ebb_is_sealed(heap, top) || ebb_is_used(top) || ebb_size(top) != 0) {
        return found(EBB_DAMAGED_HEADER, ebb_payload(top));
    }
    if (!ebb_top_is_poisoned(heap, heap->idle)) {
        return found(EBB_WRITTEN_AFTER_FREE, ebb_payload(top));
    }
    bool left_is_free = !survey->left_is_used && !survey->left_is_gap;
    return found(left_is_free ? EBB_UNMERGED : check_left(survey, top), ebb_payload(top));
}

/* As ebb_leads_to_free_block(), which does not look at the size, and with all of the block below top. */
static bool leads_to_whole_free_block(const struct ebb_heap *heap, size_t link) {
    ebb_cell *block = ebb_at_link(heap, link);
    return ebb_leads_to_free_block(heap, link) && ebb_size(block) >= EBB_SIZE_MIN &&
           ebb_bytes_of(ebb_size(block)) <= heap->extent - ebb_offset_of(heap, ebb_payload(block));
}

/*
 * Follows one list. Each block must lead back to where we came from, so no block can be in it twice. The caller
 * compares the sum of all links with that to the free blocks that the walk has met. Not how many they are: below level
 * 2, a free block that was swallowed by another still looks like one.
 */
static struct ebb_finding check_list(const struct ebb_heap *heap, size_t class, size_t *listed) {
    size_t prev = ebb_link_to_bin(class);
    for (size_t link = heap->bins[class]; link != EBB_NONE;) {
        ebb_cell *block = ebb_at_link(heap, link);
        if (!leads_to_whole_free_block(heap, link) || block[EBB_PREV] != prev) {
            return found(EBB_DAMAGED_LIST, ebb_payload(block));
        }
        if (class != EBB_LOOSE && ebb_class_of(ebb_size(block)) != class) {
            return found(EBB_WRONG_CLASS, ebb_payload(block));
        }
        *listed += link;
        prev = link;
        link = block[EBB_NEXT];
    }
    return sound;
}

static struct ebb_finding check_bins(const struct ebb_heap *heap, size_t links) {
    size_t listed = 0;
    for (size_t class = 0; class < EBB_CLASSES; class += 1) {
        if (class > heap->highest && heap->bins[class] != EBB_NONE) {
            return found(EBB_DAMAGED_CONTROL, heap);
        }
        struct ebb_finding finding = check_list(heap, class, &listed);
        if (finding.damage != EBB_SOUND) {
            return finding;
        }
    }
    return listed == links ? sound : found(EBB_LOST_BLOCK, heap);
}

static bool figures_are_sound(const struct ebb_heap *heap, size_t live) {
    return ebb_live(heap) == live && ebb_region_bytes(heap) <= heap->peak_region;
}

struct ebb_finding ebb_check(const struct ebb_heap *heap) {
    if (!control_is_sound(heap)) {
        return found(EBB_DAMAGED_CONTROL, heap);
    }
    struct survey survey = {.left_is_used = true};
    struct ebb_finding finding = check_blocks(heap, &survey);
    if (finding.damage == EBB_SOUND) {
        finding = check_bins(heap, survey.links);
    }
    if (finding.damage == EBB_SOUND && !figures_are_sound(heap, survey.live)) {
        return found(EBB_DAMAGED_FIGURES, heap);
    }
    return finding;
}
