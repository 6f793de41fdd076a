/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* owner INSPECTOR: a heap in shared memory, shown by a program of its own, before and after a block is overrun. */
#include "shared_store.h"

#include <ebb/heap.h>

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs the inspector on the heap's file and waits for its end; returns its exit code. */
static int inspect(const char *inspector, const struct shared_store *store) {
    char file[64];
    snprintf(file, sizeof file, "/proc/%d/fd/%d", (int)getpid(), store->file);
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        execl(inspector, inspector, file, (char *)NULL);
        _exit(2);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

static char *say(struct ebb_heap *heap, const char *text) {
    const size_t size = strlen(text) + 1;
    char *block = ebb_alloc(heap, size);
    return block != NULL ? memcpy(block, text, size) : NULL;
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "Usage: owner INSPECTOR\n");
        return 2;
    }
    struct shared_store store;
    struct ebb_heap *heap = NULL;
    if (!shared_store_init(&store, "heap", (size_t)1 << 20) || (heap = ebb_create(&store.store, NULL)) == NULL) {
        perror("owner");
        return 2;
    }
    char *first = say(heap, "the first text");
    char *second = say(heap, "a second one, which is a little longer");
    char *third = say(heap, "the third");
    if (first == NULL || second == NULL || third == NULL) {
        return 2;
    }
    ebb_free(heap, second);
    const int sound = inspect(arguments[1], &store);

    memset(first, 'x', ebb_usable_size(heap, first) + 2);
    const int damaged = inspect(arguments[1], &store);

    shared_store_destroy(&store);
    return sound == 0 && damaged == 1 ? 0 : 1;
}
