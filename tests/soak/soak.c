/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A Tock app that never rests: life after life, in blocks of RAM of changing size and on kernels of both kinds, it uses
 * malloc at random, while drivers take their grants, shared buffers pin the break, others move it, and the kernel says
 * no. Each byte of each block is known and looked at before the block goes; the heap is checked at intervals; whatever
 * is not the heap's faults when it is touched, or is found changed.
 *
 * The emulator's argument says how many operations. Each life follows from its number, so a failure comes again.
 */
#include <board.h>
#include <ebb/heap.h>
#include <ebb/tock.h>

#include <string.h>

/* From the port, not from a C library. */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
void free(void *block);

#define OPERATIONS_IN_A_LIFE 10000u
#define OPERATIONS_BY_DEFAULT 100000u
#define OPERATIONS_BETWEEN_CHECKS 32u
#define OPERATIONS_BETWEEN_EVENTS 25u
#define OPERATIONS_IN_A_PHASE 100u
#define REPORTS 20u

#define SLOTS 64u
#define OTHERS 8u
#define LARGEST_OTHER 90u
#define OTHERS_BYTE 0xe1

static uint32_t life;
static uint32_t operation; /* of this life */

_Noreturn static void give_up(const char *what, const void *where) {
    board_print("life %u, operation %u: %s, at %p\n", (unsigned)life, (unsigned)operation, what, where);
    board_exit(1);
}

static void require(bool condition, const char *what, const void *where) {
    if (!condition) {
        give_up(what, where);
    }
}

/* Marsaglia's xorshift. */
static uint32_t random_state;

static uint32_t random_below(uint32_t bound) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % bound;
}

static bool one_in(uint32_t chances) {
    return random_below(chances) == 0;
}

/* ---- The blocks: their bytes count upwards from a tag ---- */

static struct slot {
    unsigned char *block;
    size_t size;
    unsigned char tag;
} slots[SLOTS];

static void fill(struct slot *slot, unsigned char *block, size_t size) {
    slot->block = block;
    slot->size = size;
    slot->tag = (unsigned char)random_below(256);
    for (size_t index = 0; index < size; index++) {
        block[index] = (unsigned char)(slot->tag + index);
    }
}

static void require_content(const struct slot *slot, size_t size) {
    for (size_t index = 0; index < size; index++) {
        require(slot->block[index] == (unsigned char)(slot->tag + index), "a block has changed", &slot->block[index]);
    }
}

static void require_zeroes(const unsigned char *block, size_t size) {
    for (size_t index = 0; index < size; index++) {
        require(block[index] == 0, "calloc has not cleared", &block[index]);
    }
}

static size_t random_size(void) {
    return 1 + random_below(1u << (3 + random_below(9)));
}

static void allocate(struct slot *slot) {
    size_t size = random_size();
    unsigned char *block;
    if (one_in(6)) {
        block = calloc(1, size);
        if (block != NULL) {
            require_zeroes(block, size);
        }
    } else if (one_in(12)) {
        size_t alignment = (size_t)1 << random_below(10);
        block = aligned_alloc(alignment, size);
        require((uintptr_t)block % alignment == 0, "a block is not aligned", block);
    } else {
        block = malloc(size);
    }
    if (block != NULL) {
        fill(slot, block, size);
    }
}

static void resize(struct slot *slot) {
    size_t size = random_size();
    unsigned char *block = realloc(slot->block, size);
    if (block != NULL) {
        slot->block = block;
        require_content(slot, size < slot->size ? size : slot->size);
        fill(slot, block, size);
    }
}

static void release(struct slot *slot) {
    require_content(slot, slot->size);
    free(slot->block);
    slot->block = NULL;
}

static void release_all(void) {
    for (size_t index = 0; index < SLOTS; index++) {
        if (slots[index].block != NULL) {
            release(&slots[index]);
        }
    }
}

/* Programs come in phases: in some they take memory, in others they let go of it. So the region swells and sinks. */
static bool letting_go;

static void use_heap(struct slot *slot) {
    bool is_free = slot->block == NULL;
    if (is_free == letting_go && !one_in(5)) {
        return;
    }
    if (is_free) {
        allocate(slot);
    } else if (one_in(3)) {
        resize(slot);
    } else {
        release(slot);
    }
}

/* ---- Others in the same process, who take memory at the break and return it when they can ---- */

static struct {
    unsigned char *start;
    size_t size;
} others[OTHERS];
static size_t other_count;

static void require_others_untouched(void) {
    for (size_t index = 0; index < other_count; index++) {
        for (size_t byte = 0; byte < others[index].size; byte++) {
            require(others[index].start[byte] == OTHERS_BYTE, "memory of others has changed", others[index].start);
        }
    }
}

static void others_take_memory(void) {
    size_t size = 1 + random_below(LARGEST_OTHER);
    struct board_answer old = board_memop(BOARD_MEMOP_SBRK, size);
    if (old.success && old.value != 0) {
        others[other_count].start = (unsigned char *)old.value;
        others[other_count].size = size;
        memset(others[other_count].start, OTHERS_BYTE, size);
        other_count++;
    }
}

static void others_move_the_break(void) {
    if (other_count != 0) {
        size_t last = other_count - 1;
        uintptr_t end = (uintptr_t)others[last].start + others[last].size;
        if (end == board_fact(BOARD_FACT_BREAK)) {
            other_count = board_memop(BOARD_MEMOP_BRK, (uintptr_t)others[last].start).success ? last : other_count;
            return;
        }
    }
    if (other_count < OTHERS) {
        others_take_memory();
    }
}

/* ---- What else happens ---- */

/* If there is no room for the grant, the heap gives back what it can, and it is tried once more. */
static void use_a_driver(void) {
    unsigned driver = random_below(BOARD_DRIVER_GRANT_COUNT);
    size_t size = 8 + random_below(300);
    if (board_use_driver(driver, size) != 0) {
        (void)ebb_tock_trim();
        (void)board_use_driver(driver, size);
    }
}

static void share(const struct slot *slot) {
    if (slot->block == NULL) {
        return;
    }
    /* Buffer number 1 no driver knows: an allow that fails. */
    uintptr_t driver = one_in(2) ? BOARD_DRIVER_CONSOLE : BOARD_DRIVER_GRANT + random_below(BOARD_DRIVER_GRANT_COUNT);
    uintptr_t words[4] = {driver, random_below(2), (uintptr_t)slot->block, slot->size};
    if (one_in(2)) {
        board_syscall_allow_read_write(words);
    } else {
        board_syscall_allow_read_only(words);
    }
}

static size_t room(void) {
    return board_fact(BOARD_FACT_GRANTS_START) - board_fact(BOARD_FACT_RAM_START);
}

static struct ebb_policy random_policy(void) {
    struct ebb_policy policy = {.strategy = EBB_GROW_AND_RETURN};
    switch (random_below(6)) {
    case 0:
        policy.strategy = EBB_GROW_ONLY;
        break;
    case 1:
        policy.strategy = one_in(4) ? EBB_FIXED : EBB_GROW_AND_RETURN;
        break;
    case 2:
        policy.quantum = 8u << random_below(8);
        policy.return_above = random_below(2048);
        break;
    case 3:
        policy.maximum = room() / 4 + random_below((uint32_t)room());
        break;
    case 4:
        policy.move_price = 1u << random_below(18);
        break;
    default:
        break;
    }
    return policy;
}

static void follow_another_policy(void) {
    struct ebb_policy policy = random_policy();
    (void)ebb_tock_set_policy(&policy);
}

static void happen(void) {
    switch (random_below(6)) {
    case 0:
        use_a_driver();
        break;
    case 1:
        board_inject_grant(1 + random_below(6), 8 + random_below(100));
        break;
    case 2:
        board_inject_refusals(1 + random_below(6), 1 + random_below(3));
        break;
    case 3:
        (void)ebb_tock_trim();
        break;
    case 4:
        follow_another_policy();
        break;
    default:
        release_all();
        break;
    }
}

/*
 * What keeps the break from going down: a pin for the rest of the life, others for as long as they please. So each of
 * these happens in some lives only.
 */
static struct {
    bool sharing;
    bool others;
    bool moves; /* by others, between two calls of the heap */
} burdens;

static void burden(void) {
    if (burdens.sharing && one_in(3)) {
        share(&slots[random_below(SLOTS)]);
    }
    if (burdens.others && one_in(2)) {
        others_move_the_break();
    }
    if (burdens.moves && one_in(5)) {
        board_inject_move(1 + random_below(6), (intptr_t)random_below(40));
    }
}

/* ---- A life ---- */

_Noreturn static void stop_at_fault(void *context, enum ebb_fault fault, const void *address) {
    (void)context;
    give_up(fault == EBB_FAULT_STORE ? "the heap calls the store a liar" : "the heap reports a fault", address);
}

static void check(void) {
    struct ebb_heap *heap = ebb_tock_heap();
    struct ebb_finding finding = ebb_check(heap);
    require(finding.damage == EBB_SOUND, "the heap is damaged", finding.address);
    struct ebb_statistics figures;
    ebb_get_statistics(heap, &figures);
    uintptr_t end = (uintptr_t)heap + figures.region_bytes;
    require(end <= board_fact(BOARD_FACT_BREAK), "the heap ends above the break", (void *)end);
}

static void begin(void) {
    random_state = life * 2654435761u + 1;
    burdens.sharing = one_in(3);
    burdens.others = one_in(3);
    burdens.moves = one_in(3);
    bool zeroing = one_in(2);
    board_set_zeroing(zeroing);
    struct ebb_policy policy = random_policy();
    bool started = ebb_tock_start(&policy, zeroing) || ebb_tock_start(NULL, zeroing);
    require(started, "the heap does not start", NULL);
    ebb_set_fault_handler(ebb_tock_heap(), stop_at_fault, NULL);
}

static void live(uint32_t operations) {
    for (operation = 0; operation < operations; operation++) {
        use_heap(&slots[random_below(SLOTS)]);
        if (one_in(OPERATIONS_IN_A_PHASE)) {
            letting_go = !letting_go;
        }
        if (one_in(OPERATIONS_BETWEEN_EVENTS)) {
            happen();
            burden();
        }
        if (operation % OPERATIONS_BETWEEN_CHECKS == 0) {
            check();
            require_others_untouched();
        }
    }
}

static void end(void) {
    board_inject_move(0, 0);
    board_inject_refusals(0, 0);
    board_inject_grant(0, 0);
    release_all();
    check();
    require_others_untouched();
    struct ebb_statistics figures;
    ebb_tock_get_statistics(&figures);
    require(figures.live_bytes == 0, "something is still allocated", NULL);
}

static void report(uint32_t done, uint32_t wanted) {
    board_print("%s: %u of %u operations, %u lives; break moved %u times, refused %u times; %u grants, %u pins\n",
                SOAK_BOARD, (unsigned)done, (unsigned)wanted, (unsigned)life + 1,
                (unsigned)board_fact(BOARD_FACT_BREAK_MOVES), (unsigned)board_fact(BOARD_FACT_BREAK_REFUSALS),
                (unsigned)board_fact(BOARD_FACT_GRANTS), (unsigned)board_fact(BOARD_FACT_PINS));
}

/* Every other life goes on in RAM as the last one has left it, and the next in a new block, of another size. */
_Noreturn static void live_on(void) {
    if (life % 2 == 0) {
        board_exit_and_restart();
    }
    size_t largest = board_fact(BOARD_FACT_LARGEST_BLOCK);
    size_t smallest = BOARD_IS_PROTECTED ? largest / 4 : largest;
    board_restart(smallest + random_below((uint32_t)(largest - smallest + 1)), 0);
}

int main(void) {
    life = (uint32_t)board_fact(BOARD_FACT_RESTARTS);
    uint32_t wanted = (uint32_t)board_fact(BOARD_FACT_ARGUMENT);
    wanted = wanted != 0 ? wanted : OPERATIONS_BY_DEFAULT;
    uint32_t before = life * OPERATIONS_IN_A_LIFE;
    uint32_t left = wanted - before;
    uint32_t now = left < OPERATIONS_IN_A_LIFE ? left : OPERATIONS_IN_A_LIFE;
    begin();
    live(now);
    end();
    uint32_t between_reports = wanted / REPORTS + 1;
    if (before / between_reports != (before + now) / between_reports || now == left) {
        report(before + now, wanted);
    }
    if (now == left) {
        return 0;
    }
    live_on();
}
