/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include "operation.h"

#include <stdio.h>

/* Four bits for the kind, six for each number, one for each of the other three. */
enum { NUMBER_BITS = 6, NUMBER_MASK = (1 << NUMBER_BITS) - 1 };

bool operation_is_counted(const struct operation *operation) {
    return operation->kind != OPERATION_TRIM && operation->kind != OPERATION_SET_POLICY;
}

uint32_t operation_encode(const struct operation *operation) {
    size_t code = (size_t)operation->is_scattered << 2 | (size_t)operation->is_vague << 1 | operation->impatient;
    code = code << NUMBER_BITS | operation->policy;
    code = code << NUMBER_BITS | operation->alignment;
    code = code << NUMBER_BITS | operation->size;
    code = code << NUMBER_BITS | operation->index;
    return (uint32_t)(code << 4 | (size_t)operation->kind);
}

struct operation operation_decode(uint32_t code) {
    struct operation operation = {.kind = (enum operation_kind)(code & 15)};
    code >>= 4;
    operation.index = code & NUMBER_MASK;
    code >>= NUMBER_BITS;
    operation.size = code & NUMBER_MASK;
    code >>= NUMBER_BITS;
    operation.alignment = code & NUMBER_MASK;
    code >>= NUMBER_BITS;
    operation.policy = code & NUMBER_MASK;
    code >>= NUMBER_BITS;
    operation.impatient = (code & 1) != 0;
    operation.is_vague = (code & 2) != 0;
    operation.is_scattered = (code & 4) != 0;
    return operation;
}

/* The most bytes that do it for some calls, the fewest for others: so both ends are seen. */
size_t operation_bytes(const struct world *world, const struct operation *operation) {
    size_t most = world_payload(world, operation->size);
    bool fewest = operation->kind == OPERATION_CALLOC || operation->kind == OPERATION_REALLOC;
    size_t least = world->geometry.smallest_block / world->geometry.granule;
    return !fewest ? most : operation->size == least ? 0 : world_payload(world, operation->size - 1) + 1;
}

void operation_print(const struct world *world, const struct operation *operation) {
    size_t bytes = operation_bytes(world, operation);
    switch (operation->kind) {
    case OPERATION_ALLOC:
        printf("ebb_alloc(heap, %zu)", bytes);
        break;
    case OPERATION_CALLOC:
        printf("ebb_calloc(heap, 1, %zu)", bytes);
        break;
    case OPERATION_ALIGNED_ALLOC:
        printf("ebb_aligned_alloc(heap, %zu, %zu)", operation->alignment * world->geometry.granule, bytes);
        break;
    case OPERATION_REALLOC:
        printf("ebb_realloc(heap, block_%zu, %zu)", operation->index, bytes);
        break;
    case OPERATION_FREE:
        printf("ebb_free(heap, block_%zu)", operation->index);
        break;
    case OPERATION_FREE_SIZED:
        printf("ebb_free_sized(heap, block_%zu, %zu)", operation->index, bytes);
        break;
    case OPERATION_TRIM:
        printf("ebb_trim(heap)");
        break;
    case OPERATION_SET_POLICY:
        printf("ebb_set_policy(heap, &policy_%zu)", operation->policy);
        break;
    }
    printf(";%s%s%s", operation->impatient ? " /* patience at its end */" : "",
           operation->is_vague ? " /* there may be large blocks */" : "",
           operation->is_scattered ? " /* scattered */" : "");
}

/* ---- All that make sense ---- */

struct list {
    struct operation *operations;
    size_t count;
};

static void add(struct list *list, struct operation operation) {
    list->operations[list->count++] = operation;
}

static void add_allocations(struct list *list, const struct world *world, size_t least, size_t most) {
    for (size_t size = least; size <= most; size++) {
        add(list, (struct operation){.kind = OPERATION_ALLOC, .size = size});
        if (world->setting.fresh_is_zero) {
            add(list, (struct operation){.kind = OPERATION_CALLOC, .size = size});
        }
        for (size_t alignment = 2; alignment <= 4; alignment *= 2) {
            add(list, (struct operation){.kind = OPERATION_ALIGNED_ALLOC, .size = size, .alignment = alignment});
        }
    }
}

static void add_for_block(struct list *list, const struct world *world, size_t index, size_t least, size_t most) {
    for (size_t size = least; size <= most; size++) {
        if (size != world->live[index]) {
            add(list, (struct operation){.kind = OPERATION_REALLOC, .index = index, .size = size});
        }
    }
    /* Both do the same, so one of them for each block. */
    enum operation_kind kind = index % 2 == 0 ? OPERATION_FREE : OPERATION_FREE_SIZED;
    add(list, (struct operation){.kind = kind, .index = index, .size = world->live[index]});
}

size_t operations_in(const struct world *world, size_t policies, struct operation *operations) {
    struct list list = {.operations = operations};
    size_t least = world->geometry.smallest_block / world->geometry.granule;
    size_t most = world->setting.granules;
    add_allocations(&list, world, least, most);
    for (size_t index = 0; index < most; index++) {
        if (world->live[index] != 0) {
            add_for_block(&list, world, index, least, most);
        }
    }
    add(&list, (struct operation){.kind = OPERATION_TRIM});
    for (size_t policy = 0; policy < policies && policies > 1; policy++) {
        add(&list, (struct operation){.kind = OPERATION_SET_POLICY, .policy = policy});
    }
    return list.count;
}
