/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * inspector FILE: maps the region of another process's heap, /proc/PID/fd/NUMBER, and looks at it. What the heap knows
 * is relative to its start, so it does not matter where it lies here. Its owner must not change it meanwhile.
 */
#include <ebb/heap.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool show(void *context, const struct ebb_block *block) {
    static const char *const kinds[] = {"used", "free", "top", "gap"};
    const char *heap = context;
    printf("  %-4s at %6td, %6zu bytes: %s\n", kinds[block->kind], (const char *)block->address - heap, block->size,
           block->kind == EBB_BLOCK_USED ? (const char *)block->address : "-");
    return true;
}

static bool inspect(struct ebb_heap *heap) {
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    printf("A heap of %zu bytes, %zu of them in use\n", figures.region_bytes, figures.live_bytes);

    const struct ebb_finding finding = ebb_check(heap);
    if (finding.damage != EBB_SOUND) {
        printf("  damage of kind %d at %td\n", (int)finding.damage, (const char *)finding.address - (const char *)heap);
        return false;
    }
    return ebb_walk(heap, show, heap);
}

int main(int count, char **arguments) {
    const int file = count == 2 ? open(arguments[1], O_RDONLY | O_CLOEXEC) : -1;
    struct stat facts;
    if (file < 0 || fstat(file, &facts) != 0) {
        fprintf(stderr, "Usage: inspector /proc/PID/fd/NUMBER\n");
        return 2;
    }
    /* To be read only: nothing here can do harm to the heap. */
    void *region = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_SHARED, file, 0);
    if (region == MAP_FAILED) {
        perror("inspector");
        return 2;
    }
    return inspect(region) ? 0 : 1;
}
