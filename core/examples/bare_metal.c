/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Bare metal: a heap in a static buffer, without an operating system. A log keeps the latest messages, as many as fit.
 *
 * printf() stands for your board's console. The heap itself needs nothing but memcpy, memmove and memset.
 */
#include <ebb/fixed.h>

#include <stdio.h>
#include <string.h>

/* begin: heap */
static _Alignas(8) unsigned char memory[1024];
static struct ebb_heap *heap;

/* A mistake of the program's: it changes nothing in the heap, and your board can tell you, count it or restart. */
static void on_fault(void *context, enum ebb_fault fault, const void *address) {
    (void)context;
    (void)address;
    puts(fault == EBB_FAULT_FREED ? "Fault: a block was freed twice." : "Fault: a wrong pointer.");
}

static bool start_heap(void) {
    heap = ebb_create_fixed(memory, sizeof memory);
    if (heap == NULL) {
        return false;
    }
    ebb_set_fault_handler(heap, on_fault, NULL);
    return true;
}
/* end: heap */

struct message {
    struct message *next;
    char text[];
};

static struct message *oldest;
static struct message **end_of_log = &oldest;
static unsigned kept;

static bool forget_oldest(void) {
    struct message *message = oldest;
    if (message == NULL) {
        return false;
    }
    oldest = message->next;
    if (oldest == NULL) {
        end_of_log = &oldest;
    }
    ebb_free(heap, message);
    kept -= 1;
    return true;
}

/* Returns whether the message is in the log now. One that needs more than a quarter of the memory is refused. */
static bool keep_message(const char *text) {
    const size_t size = sizeof(struct message) + strlen(text) + 1;
    if (size > sizeof memory / 4) {
        return false;
    }
    /* begin: room */
    struct message *message = ebb_alloc(heap, size);
    while (message == NULL && forget_oldest()) {
        message = ebb_alloc(heap, size);
    }
    /* end: room */
    if (message == NULL) {
        return false;
    }
    message->next = NULL;
    memcpy(message->text, text, size - sizeof(struct message));
    *end_of_log = message;
    end_of_log = &message->next;
    kept += 1;
    return true;
}

int main(void) {
    if (!start_heap()) {
        puts("The buffer is too small for a heap.");
        return 1;
    }
    for (unsigned i = 0; i < 100; i++) {
        char text[48];
        snprintf(text, sizeof text, "%u: %.*s", i, (int)(i % 30), "the pump has run for a while");
        keep_message(text);
    }
    printf("Kept %u of 100 messages, from %.2s on.\n", kept, oldest->text);

    static char novel[400];
    memset(novel, 'x', sizeof novel - 1);
    printf("A message of 399 characters is %s.\n", keep_message(novel) ? "kept" : "refused");

    struct message *gone = oldest;
    forget_oldest();
    ebb_free(heap, gone);

    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    printf("In use: %u bytes, at most %u of %u; the heap is %s.\n", (unsigned)figures.live_bytes,
           (unsigned)figures.peak_live_bytes, (unsigned)figures.region_bytes,
           ebb_check(heap).damage == EBB_SOUND ? "sound" : "damaged");
    return 0;
}
