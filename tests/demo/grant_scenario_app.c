/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * An app that uses all the memory there is for a while, frees it, and then uses a driver for the first time. The
 * driver's grant comes out of the same memory, and there is room for it only if the heap has given some back.
 *
 * Each strategy gets a life of its own. The growing heap goes first and finds out how much there is to do: it takes
 * in records until memory is refused. The others do the same job, the fixed heap with the smallest reservation that
 * it can be done with.
 */

#include "console.h"
#include "counted_store.h"
#include "payload.h"
#include "platform.h"
#include "smallest_reservation.h"
#include "timeline.h"

#include <ebb/heap.h>

enum {
    HEAP_ROOM = 24 * 1024,
    GRANT_SIZE = 2048,
    RECORDS_MOST = 400,
    TABLE_SIZE = RECORDS_MOST * sizeof(void *),
    LASTING_BLOCKS = 12,
    LASTING_SIZE = 100,
    BREAK_ALIGNMENT = 4,
};

enum life { LIFE_FIRST, LIFE_GROW_ONLY, LIFE_FIXED, LIFE_GROW_AND_RETURN, LIFE_COUNT };

/* The word of a life holds which it is, above that the records of the job, and above that the words they take. */
enum { LIFE_BITS = 3, LIFE_MASK = (1 << LIFE_BITS) - 1, RECORD_BITS = 10, RECORD_MASK = (1 << RECORD_BITS) - 1 };

struct job {
    struct counted_store store;
    struct ebb_heap *heap;
    void *lasting[LASTING_BLOCKS];
    void **records;        /* a block of the heap, too; NULL: none */
    uint32_t record_count; /* live now */
    uint32_t loaded;       /* live at the job's peak */
    size_t payload;
    bool shown; /* on the console */
    bool sound; /* every block held what was written to it */
};

static struct job job;
static struct timeline timeline;

static size_t record_size(uint32_t index) {
    return 24 + index * 37 % 120;
}

/* Blocks that stay for as long as the app lives have tags beyond those of the records. */
static const uint32_t lasting_tag = RECORDS_MOST;

static void note(void) {
    if (job.shown) {
        timeline_note(&timeline, job.payload, counted_store_region(&job.store),
                      platform_grants_start() - job.store.start);
    }
}

static void *take(size_t size) {
    void *block = ebb_alloc(job.heap, size);
    if (block != NULL) {
        job.payload += size;
    }
    note();
    return block;
}

static void give_back(void *block, size_t size) {
    ebb_free(job.heap, block);
    job.payload -= size;
    note();
}

static void *take_filled(size_t size, uint32_t tag) {
    void *block = take(size);
    if (block != NULL) {
        payload_fill(block, size, tag);
    }
    return block;
}

static void verify(const void *block, size_t size, uint32_t tag) {
    job.sound = job.sound && payload_holds(block, size, tag);
}

/* Takes in up to `most` records and lists them in a table; fewer if memory runs out. */
static void load_records(uint32_t most) {
    job.record_count = 0;
    job.records = take(TABLE_SIZE);
    while (job.records != NULL && job.record_count < most) {
        void *record = take_filled(record_size(job.record_count), job.record_count);
        if (record == NULL) {
            return;
        }
        job.records[job.record_count++] = record;
    }
}

/* The oldest first, and the table when all that it lists has gone. */
static void drop_records(void) {
    for (uint32_t i = 0; i < job.record_count; i++) {
        verify(job.records[i], record_size(i), i);
        give_back(job.records[i], record_size(i));
    }
    if (job.records != NULL) {
        give_back(job.records, TABLE_SIZE);
    }
}

static bool begin_job(struct ebb_policy policy) {
    job = (struct job){.shown = job.shown, .sound = true};
    counted_store_init(&job.store, platform_store());
    job.heap = ebb_create(&job.store.store, &policy);
    if (job.heap == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < LASTING_BLOCKS; i++) {
        job.lasting[i] = take_filled(LASTING_SIZE, lasting_tag + i);
        if (job.lasting[i] == NULL) {
            return false;
        }
    }
    return true;
}

static void end_job(void) {
    for (uint32_t i = 0; i < LASTING_BLOCKS && job.lasting[i] != NULL; i++) {
        verify(job.lasting[i], LASTING_SIZE, lasting_tag + i);
    }
    if (job.heap != NULL) {
        job.sound = job.sound && ebb_check(job.heap).damage == EBB_SOUND;
        ebb_destroy(job.heap);
    }
}

/* ---- The fixed heap's size ---- */

static bool job_fits(void *context, size_t size) {
    const uint32_t *records = context;
    bool fits = begin_job((struct ebb_policy){.strategy = EBB_FIXED, .maximum = size});
    if (fits) {
        load_records(*records);
        fits = job.record_count == *records;
    }
    end_job();
    return fits;
}

static size_t smallest_reservation(uint32_t records, size_t grown) {
    struct reservation_search search = {.suffices = job_fits, .context = &records};
    job.shown = false;
    size_t size = find_smallest_reservation(&search, 0, grown, platform_room());
    job.shown = true;
    return size;
}

/* ---- One life ---- */

static void print_room(void) {
    console_begin("room");
    console_number("limit", platform_memory_end() - job.store.start);
    console_number("granule", platform_protection_granule());
    console_number("start_in_granule", job.store.start % platform_protection_granule());
    console_number("records", job.loaded);
    console_number("payload", job.payload);
    console_number("region", counted_store_region(&job.store));
    console_end();
}

/* All places as distances from the heap's start. */
static bool use_driver(void) {
    console_begin("driver");
    console_number("call", timeline.calls);
    console_number("break", counted_store_region(&job.store));
    console_number("protected", platform_protected_from() - job.store.start);
    console_number("grants", platform_grants_start() - job.store.start);
    console_number("request", GRANT_SIZE);
    bool given = platform_use_driver(GRANT_SIZE);
    console_number("given", given);
    console_number("grants_after", platform_grants_start() - job.store.start);
    console_end();
    return given;
}

static void print_verdict(bool good) {
    console_begin("verdict");
    console_number("sound", job.sound);
    console_number("good", good);
    console_end();
}

/* The job, the driver, and some more work afterwards. Returns whether all of it went as it should. */
static bool live_through(struct ebb_policy policy, uint32_t records, bool grant_expected) {
    bool begun = begin_job(policy);
    if (begun) {
        load_records(records);
    }
    job.loaded = job.record_count;
    print_room();
    drop_records();
    bool given = use_driver();
    load_records(job.loaded / 3);
    bool resumed = job.record_count == job.loaded / 3;
    drop_records();
    end_job();
    return begun && job.loaded > 0 && resumed && job.sound && given == grant_expected;
}

static bool live_shown(const char *strategy, struct ebb_policy policy, uint32_t records) {
    console_begin("run");
    console_word("strategy", strategy);
    console_end();
    timeline_start(&timeline, 0);
    job.shown = true;
    bool good = live_through(policy, records, policy.strategy == EBB_GROW_AND_RETURN);
    print_verdict(good);
    return good;
}

static bool live_fixed(uint32_t records, size_t grown) {
    size_t size = smallest_reservation(records, grown);
    struct ebb_policy policy = {.strategy = EBB_FIXED, .maximum = size};
    return size > 0 && live_shown("fixed", policy, records) && job.loaded == records;
}

static bool live(enum life life, uint32_t records, size_t grown) {
    switch (life) {
    case LIFE_FIRST:
        console_begin("scenario");
        console_word("platform", platform_name());
        console_end();
        return true;
    case LIFE_GROW_ONLY:
        return live_shown("grow-only", (struct ebb_policy){.strategy = EBB_GROW_ONLY}, RECORDS_MOST);
    case LIFE_FIXED:
        return live_fixed(records, grown);
    default:
        return live_shown("grow-and-return", (struct ebb_policy){.strategy = EBB_GROW_AND_RETURN}, records) &&
               job.loaded == records;
    }
}

/* The most that the heap had, as a maximum counts it: without what lies before it, for its alignment. */
static size_t peak_of_heap(void) {
    return job.store.peak - (size_t)(-job.store.start % ebb_get_geometry().granule);
}

static void live_next(uint32_t word) {
    enum life life = (enum life)(word & LIFE_MASK);
    if (life == LIFE_GROW_ONLY) {
        /* Exact to what a break is aligned to: a byte more may be beyond what there is. */
        word = (uint32_t)(peak_of_heap() / BREAK_ALIGNMENT) << (LIFE_BITS + RECORD_BITS);
        word |= job.loaded << LIFE_BITS | LIFE_GROW_ONLY;
    }
    platform_live_again(life == LIFE_FIRST ? HEAP_ROOM : 0, word + 1);
}

int main(void) {
    bool good = true;
    while (good && (platform_life() & LIFE_MASK) < LIFE_COUNT) {
        uint32_t word = platform_life();
        uint32_t records = word >> LIFE_BITS & RECORD_MASK;
        size_t grown = (size_t)(word >> (LIFE_BITS + RECORD_BITS)) * BREAK_ALIGNMENT;
        good = live((enum life)(word & LIFE_MASK), records, grown);
        if (good) {
            live_next(word);
        }
    }
    console_begin("end");
    console_number("good", good);
    console_end();
    return good ? 0 : 1;
}
