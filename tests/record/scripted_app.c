/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Does one thing after the other that the recorder's header promises something about, and asserts what can be seen from
 * within. The argument names a script; its recording comes out of standard output, and scripted_test.py knows what it
 * has to say.
 */
#undef NDEBUG
#include <ebb/buffer_store.h>
#include <ebb/recorder.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char memory[1 << 16];
static struct ebb_buffer_store store;
static struct ebb_recorder recorder;
static unsigned faults;

static void note_fault(void *context, enum ebb_fault fault, const void *address) {
    (void)context;
    (void)fault;
    (void)address;
    faults++;
}

static void put_out(void *context, const void *bytes, size_t size) {
    const unsigned char *frame = bytes;
    assert(context == &store);
    assert(size >= 5 && size <= EBB_RECORDER_FRAME);
    assert(frame[0] == 0 && frame[size - 1] == 0 && memchr(frame + 1, 0, size - 2) == NULL);
    fwrite(bytes, 1, size, stdout);
}

static struct ebb_heap *new_heap(void) {
    ebb_buffer_store_init(&store, memory, sizeof memory);
    struct ebb_heap *heap = ebb_create(&store.store, NULL);
    assert(heap != NULL);
    ebb_set_fault_handler(heap, note_fault, NULL);
    return heap;
}

/* Every kind of call. */
static void calls(struct ebb_heap *heap) {
    ebb_recorder_start(&recorder, heap, put_out, &store);
    char *first = ebb_recorded_alloc(&recorder, 100);
    char *second = ebb_recorded_calloc(&recorder, 3, 50);
    char *third = ebb_recorded_aligned_alloc(&recorder, 256, 20);
    char *fourth = ebb_recorded_alloc(&recorder, 0);
    assert(second[149] == 0 && (uintptr_t)third % 256 == 0 && fourth != NULL);
    memset(first, 7, 100);
    assert(ebb_recorded_realloc(&recorder, first, 40) == first);
    first = ebb_recorded_realloc(&recorder, first, 5000);
    assert(first[39] == 7);
    assert(ebb_recorded_realloc(&recorder, NULL, 9) != NULL);
    ebb_recorded_free_sized(&recorder, second, 150);
    ebb_recorded_free(&recorder, third);
    ebb_recorded_free(&recorder, NULL);
    ebb_recorded_free_sized(&recorder, NULL, 1);
    ebb_recorder_stop(&recorder);
    assert(faults == 0 && ebb_check(heap).damage == EBB_SOUND);
}

/* Every way to fail, and mistakes: the heap finds them out, and the recording is none the worse. */
static void failures(struct ebb_heap *heap) {
    ebb_recorder_start(&recorder, heap, put_out, &store);
    char *block = ebb_recorded_alloc(&recorder, 1000);
    assert(ebb_recorded_alloc(&recorder, sizeof memory) == NULL);
    assert(ebb_recorded_calloc(&recorder, SIZE_MAX / 2, 3) == NULL);
    assert(ebb_recorded_aligned_alloc(&recorder, 24, 5) == NULL);
    assert(ebb_recorded_realloc(&recorder, block, 100000) == NULL);
    ebb_recorded_free_sized(&recorder, block, 10);
    ebb_recorded_free(&recorder, block + 1);
    assert(faults == 2);
    /* Half of all addresses away: the highest bit is wrong. */
    ebb_recorded_free(&recorder, (void *)((uintptr_t)block ^ ~(UINTPTR_MAX >> 1)));
    assert(faults == 3);
    assert(ebb_recorded_realloc(&recorder, block, 900) == block);
    ebb_recorded_free(&recorder, block);
    ebb_recorded_free(&recorder, block);
    assert(faults == 4);
    ebb_recorder_stop(&recorder);
}

/* Blocks that were there before, and calls that the recorder does not see, until it looks. */
static void snapshots(struct ebb_heap *heap) {
    char *before = ebb_alloc(heap, 100);
    char *between = ebb_alloc(heap, 30);
    ebb_recorder_start(&recorder, heap, put_out, &store);
    char *seen = ebb_recorded_alloc(&recorder, 200);
    ebb_free(heap, between);
    char *unseen = ebb_alloc(heap, 300);
    ebb_recorder_snapshot(&recorder);
    ebb_recorded_free(&recorder, seen);
    ebb_recorded_free(&recorder, unseen);
    ebb_recorded_free(&recorder, before);
    ebb_recorder_stop(&recorder);
}

/* A flush leaves nothing behind, and one more has nothing to put out. */
static void flushes(struct ebb_heap *heap) {
    ebb_recorder_start(&recorder, heap, put_out, &store);
    void *block = ebb_recorded_alloc(&recorder, 10);
    ebb_recorder_flush(&recorder);
    assert(recorder.pending == 0 && recorder.events == 4);
    long put_out_so_far = ftell(stdout);
    ebb_recorder_flush(&recorder);
    assert(ftell(stdout) == put_out_so_far);
    ebb_recorded_free(&recorder, block);
    /* No end: the program was cut off, but for what its last flush has saved. */
    ebb_recorder_flush(&recorder);
}

/* The longest numbers that there can be, in frames that they fill. */
static void extremes(struct ebb_heap *heap) {
    ebb_recorder_start(&recorder, heap, put_out, &store);
    char *low = ebb_recorded_alloc(&recorder, 8);
    char *high = NULL;
    for (int round = 0; round < 40; round++) {
        high = ebb_recorded_alloc(&recorder, 1000);
        assert(ebb_recorded_alloc(&recorder, SIZE_MAX) == NULL);
        assert(ebb_recorded_realloc(&recorder, low, SIZE_MAX / 2) == NULL);
    }
    ebb_recorded_free(&recorder, high);
    ebb_recorded_free(&recorder, low);
    ebb_recorder_stop(&recorder);
}

#ifdef SCRIPTED_WRAP

static unsigned char other_memory[4096];

/* The heap's own functions; those of another heap, and before and after, are not recorded. */
static void wrapped(struct ebb_heap *heap) {
    struct ebb_buffer_store other_store;
    ebb_buffer_store_init(&other_store, other_memory, sizeof other_memory);
    struct ebb_heap *other = ebb_create(&other_store.store, NULL);
    void *before = ebb_alloc(heap, 10);
    ebb_free(heap, before);
    ebb_recorder_start(&recorder, heap, put_out, &store);
    ebb_recorder_wrap(&recorder);
    char *first = ebb_alloc(heap, 100);
    char *second = ebb_calloc(heap, 5, 6);
    char *aligned = ebb_aligned_alloc(heap, 64, 7);
    /* These call others of the six themselves: what is recorded is the one call. */
    char *plain = ebb_aligned_alloc(heap, 1, 9);
    char *fresh = ebb_realloc(heap, NULL, 11);
    first = ebb_realloc(heap, first, 3000);
    ebb_free(other, ebb_alloc(other, 1));
    ebb_free(heap, first);
    ebb_free_sized(heap, second, 30);
    ebb_recorder_stop(&recorder);
    ebb_recorder_wrap(NULL);
    ebb_free(heap, aligned);
    ebb_free(heap, plain);
    ebb_free(heap, fresh);
    assert(ebb_check(heap).damage == EBB_SOUND && ebb_check(other).damage == EBB_SOUND);
}

static int lies;

static struct ebb_span grow_or_lie(void *context, size_t size) {
    struct ebb_buffer_store *self = context;
    if (lies == 0) {
        struct ebb_span span = {.start = self->buffer + self->used, .size = size};
        self->used += size;
        return span;
    }
    lies--;
    return (struct ebb_span){.start = self->buffer, .size = size};
}

static void flush_at_fault(void *context, enum ebb_fault fault, const void *address) {
    ebb_recorder_flush(context);
    note_fault(NULL, fault, address);
}

/* A flush in the midst of a call: what that goes on to call is a part of it all the same. */
static void wrapped_flush(struct ebb_heap *unused) {
    (void)ebb_destroy(unused);
    store.store.grow = grow_or_lie;
    struct ebb_heap *heap = ebb_create(&store.store, NULL);
    ebb_set_fault_handler(heap, flush_at_fault, &recorder);
    ebb_recorder_start(&recorder, heap, put_out, &store);
    ebb_recorder_wrap(&recorder);
    char *block = ebb_alloc(heap, 100);
    char *before = block;
    lies = 1; /* to realloc in place, which then moves */
    block = ebb_realloc(heap, block, 5000);
    assert(faults == 1 && block != NULL && block != before);
    ebb_free(heap, block);
    ebb_recorder_stop(&recorder);
}

#endif

static const struct {
    const char *name;
    void (*run)(struct ebb_heap *heap);
} scripts[] = {
    {"calls", calls},     {"failures", failures},           {"snapshots", snapshots},
    {"flushes", flushes}, {"extremes", extremes},
#ifdef SCRIPTED_WRAP
    {"wrapped", wrapped}, {"wrapped_flush", wrapped_flush},
#endif
};

int main(int count, char **arguments) {
    for (size_t index = 0; index < sizeof scripts / sizeof scripts[0]; index++) {
        if (count == 2 && strcmp(arguments[1], scripts[index].name) == 0) {
            scripts[index].run(new_heap());
            return 0;
        }
    }
    fputs("scripted_app: there is no such script\n", stderr);
    return 2;
}
