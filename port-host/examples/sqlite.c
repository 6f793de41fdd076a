/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* SQLite: all of its memory in one heap with a limit. */
#include <ebb/heap.h>
#include <ebb/host_store.h>

#include <sqlite3.h>

#include <stdio.h>

enum { LIMIT = 4 * 1024 * 1024 };

static void on_fault(void *context, enum ebb_fault fault, const void *address) {
    (void)context;
    (void)address;
    printf("Fault %d.\n", (int)fault);
}

/* SQLite passes a context only to xInit and xShutdown. It holds its own lock around all of these functions. */
static struct ebb_host_store store;
static struct ebb_heap *heap;

static void *allocate(int size) {
    return ebb_alloc(heap, (size_t)size);
}

static void release(void *block) {
    ebb_free(heap, block);
}

static void *reallocate(void *block, int size) {
    return ebb_realloc(heap, block, (size_t)size);
}

static int size_of(void *block) {
    return (int)ebb_usable_size(heap, block);
}

/* begin: round_up */
/* What a block for `size` bytes will hold: blocks are whole granules, header included. */
static int round_up(int size) {
    const struct ebb_geometry geometry = ebb_get_geometry();
    const int granule = (int)geometry.granule;
    const int header = (int)geometry.header;
    return (size + header + granule - 1) / granule * granule - header;
}
/* end: round_up */

static int start(void *context) {
    (void)context;
    static const struct ebb_policy policy = {.maximum = LIMIT};
    if (ebb_host_store_init(&store, LIMIT) != 0) {
        return SQLITE_NOMEM;
    }
    heap = ebb_create(&store.store, &policy);
    if (heap == NULL) {
        ebb_host_store_destroy(&store);
        return SQLITE_NOMEM;
    }
    ebb_set_fault_handler(heap, on_fault, NULL);
    return SQLITE_OK;
}

static void stop(void *context) {
    (void)context;
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    printf("At the end %zu bytes are in use; at most %zu were.\n", figures.live_bytes, figures.peak_live_bytes);
    ebb_destroy(heap);
    ebb_host_store_destroy(&store);
}

/* To be called before anything else of SQLite's. */
static int use_ebb(void) {
    static const sqlite3_mem_methods methods = {
        .xMalloc = allocate,
        .xFree = release,
        .xRealloc = reallocate,
        .xSize = size_of,
        .xRoundup = round_up,
        .xInit = start,
        .xShutdown = stop,
    };
    /* Without its memory statistics SQLite would hold no lock. */
    const int status = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 1);
    return status == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) : status;
}

static int show_row(void *context, int columns, char **values, char **names) {
    (void)context;
    for (int i = 0; i < columns; i++) {
        printf("%s = %s%s", names[i], values[i], i + 1 < columns ? ", " : "\n");
    }
    return 0;
}

static void run(sqlite3 *database, const char *statement) {
    if (sqlite3_exec(database, statement, show_row, NULL, NULL) != SQLITE_OK) {
        printf("error: %s\n", sqlite3_errmsg(database));
    }
}

int main(void) {
    sqlite3 *database;
    if (use_ebb() != SQLITE_OK || sqlite3_open(":memory:", &database) != SQLITE_OK) {
        return 1;
    }
    run(database, "create table readings(number integer primary key, value text)");
    run(database, "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)"
                  "insert into readings select i, 'reading ' || i from n");
    run(database, "select count(*) as rows, max(number) as last from readings");

    /* More than there is: the statement is rolled back. */
    run(database, "with recursive n(i) as (select 1001 union all select i + 1 from n where i < 100000)"
                  "insert into readings select i, hex(zeroblob(500)) from n");
    run(database, "select count(*) as rows, max(number) as last from readings");

    const sqlite3_int64 used = sqlite3_memory_used();
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    printf("SQLite counts %lld bytes; the heap %zu.\n", used, figures.live_bytes);
    printf("Headers and rounding are %s of them.\n",
           figures.live_bytes < (size_t)used + (size_t)used / 50 ? "less than a fiftieth" : "a fiftieth or more");

    sqlite3_close(database);
    return sqlite3_shutdown();
}
