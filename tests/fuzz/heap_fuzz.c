/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * A program made of a fuzzer's bytes: calls of the public functions, right and wrong ones, and what the store answers
 * to the next question. The unit tests' model looks around every call.
 */
#include "input.h"
#include "model.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { ARENA = 10 * 1024, MOST_CALLS = 400 };

static _Alignas(4096) unsigned char arena[ARENA];
static struct scripted_store store;
static struct model model;

/* A check that fails is a crash, and no exit: so the fuzzer keeps the input. */
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    return setenv("CMOCKA_TEST_ABORT", "1", 1);
}

/* At and beyond the limits, where sums overflow, once in a while. */
static size_t read_request(struct input *input) {
    size_t size = input_size(input);
    switch (size % 251 == 250 ? input_below(input, 4) : 4) {
    case 0:
        return SIZE_MAX - size;
    case 1:
        return SIZE_MAX / 2 + 1 - size;
    case 2:
        return ebb_get_geometry().largest_request + input_below(input, 3) - 1;
    default:
        return size;
    }
}

static struct ebb_policy read_policy(struct input *input) {
    uint8_t kind = input_byte(input);
    return (struct ebb_policy){
        .strategy = kind % 3,
        .maximum = (kind & 8) != 0 ? 1024 + 8 * (size_t)input_byte(input) + input_below(input, 9) : 0,
        .quantum = (kind & 16) != 0 ? input_size(input) : 0,
        .return_above = (kind & 32) != 0 ? input_size(input) : 0,
        .move_price = (kind & 64) != 0 ? (uint32_t)input_size(input) : 0,
    };
}

static void set_up_store(struct input *input) {
    static const size_t granules[] = {0, 8, 64, 4096};
    uint8_t kind = input_byte(input);
    scripted_store_init(&store, arena, ARENA, kind % 16);
    store.store.granule = granules[kind >> 4 & 3];
    store.store.fresh_is_zero = (kind & 64) != 0;
    if (kind >= 240) {
        store.store.shrink = NULL;
    }
}

/* How the store will answer the next questions. */
static void read_answer(struct input *input) {
    struct script *script = input_below(input, 2) == 0 ? &store.grow_script : &store.shrink_script;
    *script = (struct script){
        .answer = (enum answer)(input_below(input, ANSWER_COUNT)),
        .skip = (uint32_t)input_below(input, 2),
        .times = 1 + (uint32_t)input_below(input, 3),
    };
    script->detail = 1 + input_size(input) % 4096;
}

/* A pointer that is certainly no block: misaligned, or outside the region. It is told as a fault, and that is all. */
static void pass_wrong_pointer(struct input *input) {
    size_t offset = input_size(input) % ARENA;
    unsigned char *wrong = arena + (offset | 1);
    struct fault_log lies = model.faults;
    fault_log_attach(&model.faults, model.heap);
    switch (input_below(input, 4)) {
    case 0:
        ebb_free(model.heap, wrong);
        break;
    case 1:
        ebb_free_sized(model.heap, wrong, offset);
        break;
    case 2:
        if (ebb_realloc(model.heap, wrong, offset) != NULL) {
            abort();
        }
        break;
    default:
        if (ebb_usable_size(model.heap, wrong) != 0) {
            abort();
        }
        break;
    }
    fault_log_expect(&model.faults, EBB_FAULT_FOREIGN, wrong);
    model.faults = lies;
}

static void allocate(struct input *input, uint8_t way, size_t slot) {
    if (way % 4 == 1) {
        size_t count = input_below(input, 5);
        (void)model_calloc(&model, slot, count, read_request(input));
    } else if (way % 4 == 2) {
        size_t alignment = way >= 240 ? read_request(input) : (size_t)1 << way / 4 % 13;
        (void)model_aligned_alloc(&model, slot, alignment, read_request(input));
    } else {
        (void)model_alloc(&model, slot, read_request(input));
    }
}

static void use_block(struct input *input, uint8_t way, size_t slot) {
    if (way % 4 == 0) {
        model_free_sized(&model, slot);
    } else if (way % 4 == 1) {
        model_free(&model, slot);
    } else {
        (void)model_realloc(&model, slot, read_request(input));
    }
}

/* Few slots make reuse likely. */
static void call_about_slot(struct input *input) {
    size_t slot = input_below(input, 32);
    uint8_t way = input_byte(input);
    if (model.blocks[slot].address == NULL) {
        allocate(input, way, slot);
    } else {
        use_block(input, way, slot);
    }
}

static void call(struct input *input) {
    struct ebb_policy policy;
    switch (input_byte(input) % 16) {
    case 0:
        policy = read_policy(input);
        (void)model_set_policy(&model, &policy);
        break;
    case 1:
        (void)model_trim(&model);
        break;
    case 2:
        pass_wrong_pointer(input);
        break;
    case 3:
    case 4:
    case 5:
        read_answer(input);
        break;
    default:
        call_about_slot(input);
        break;
    }
}

static void finish(void) {
    store.grow_script.times = 0;
    store.grow_script.skip = 0;
    store.shrink_script = store.grow_script;
    model_verify_payloads(&model);
    model_free_all(&model);
    (void)model_trim(&model);
    model_finish(&model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {.next = data, .end = data + size};
    set_up_store(&input);
    struct ebb_policy policy = read_policy(&input);
    model_start(&model, &store, &policy);
    for (model.step = 1; !input_is_empty(&input) && model.step <= MOST_CALLS; model.step++) {
        call(&input);
    }
    finish();
    return 0;
}
