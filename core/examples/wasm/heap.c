/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* WebAssembly: a module with a heap on its linear memory, for itself and for the JavaScript around it. */
#include <ebb/heap.h>

extern unsigned char __heap_base; /* the linker's: where data and stack end */

enum { PAGE = 65536 };

/* begin: store */
/*
 * The first time, what is left of the page in which data and stack end. Not of the pages that there are: somebody else
 * may have added some before that. Then pages. Nothing can be given back.
 */
static struct ebb_span grow(void *context, size_t size) {
    bool *started = context;
    const size_t left = -(size_t)&__heap_base % PAGE;
    if (!*started && size <= left) {
        *started = true;
        return (struct ebb_span){&__heap_base, left};
    }
    const size_t pages = size / PAGE + (size % PAGE != 0);
    const size_t end = __builtin_wasm_memory_grow(0, pages);
    if (end == SIZE_MAX) {
        return (struct ebb_span){NULL, 0};
    }
    *started = true;
    /* If somebody else has grown the memory, this starts above the heap's end: the heap knows what to do. */
    return (struct ebb_span){(void *)(end * PAGE), pages * PAGE};
}

static bool started;
static const struct ebb_store store = {.grow = grow, .context = &started, .granule = PAGE, .fresh_is_zero = true};
/* end: store */
static struct ebb_heap *heap;

/* NULL if there is no memory for it. */
static struct ebb_heap *the_heap(void) {
    if (heap == NULL) {
        static const struct ebb_policy policy = {.strategy = EBB_GROW_ONLY};
        heap = ebb_create(&store, &policy);
    }
    return heap;
}

#define EXPORT(name) __attribute__((export_name(#name))) name

void *EXPORT(allocate)(size_t size) {
    return the_heap() != NULL ? ebb_alloc(heap, size) : NULL;
}

void EXPORT(release)(void *block) {
    if (heap != NULL) {
        ebb_free(heap, block);
    }
}

/* A copy of a text, in a block of its own, that begins each word with a capital; NULL if there is no memory. */
char *EXPORT(capitalize)(const char *text, size_t size) {
    char *result = allocate(size);
    for (size_t i = 0; result != NULL && i < size; i++) {
        const bool begins = i == 0 || text[i - 1] == ' ';
        result[i] = (char)(begins && text[i] >= 'a' && text[i] <= 'z' ? text[i] - 'a' + 'A' : text[i]);
    }
    return result;
}

size_t EXPORT(bytes_in_use)(void) {
    struct ebb_statistics figures = {0};
    if (heap != NULL) {
        ebb_get_statistics(heap, &figures);
    }
    return figures.live_bytes;
}

bool EXPORT(is_sound)(void) {
    return heap == NULL || ebb_check(heap).damage == EBB_SOUND;
}

/* ---- All that the heap asks of a C library: one instruction each ---- */

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
    return __builtin_memcpy(to, from, size);
}

void *memmove(void *to, const void *from, size_t size) {
    return __builtin_memmove(to, from, size);
}

void *memset(void *to, int value, size_t size) {
    return __builtin_memset(to, value, size);
}
