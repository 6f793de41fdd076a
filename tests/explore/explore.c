/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Drives a small heap from every state with every call and every answer of its store, until no new state appears. */
#include "call.h"
#include "condition.h"
#include "control_knowledge.h"
#include "options.h"
#include "states.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct exploration {
    struct options options;
    struct world world;
    struct states states;
    uint64_t calls;
    uint32_t depth;     /* of the states that are being left */
    uint32_t level_end; /* number of the first state that is deeper */
    bool has_clock;     /* whether the policy's clock counts in the state that is being left */
    time_t last_said;
};

/* ---- The way to a state ---- */

static const char *const answer_names[] = {"yes", "refused", "less", "more", "moved"};

static void go_to(struct exploration *self, uint32_t number) {
    world_unpack(&self->world, states_packed(&self->states, number));
}

/* Carries out a step once more, and says it with its answers. */
static const char *repeat_step(struct exploration *self, const struct step *step) {
    struct world *world = &self->world;
    struct operation operation = operation_decode(step->operation);
    printf("    ");
    operation_print(world, &operation);
    choices_repeat(&world->choices, step->answers, step->answer_count);
    const char *complaint = call_perform(world, &operation, self->options.policies);
    for (unsigned i = 0; i < world->log.calls && i < MOST_NAMED_ANSWERS; i++) {
        printf("%s%s", i == 0 ? " /* the store: " : ", ", answer_names[world->log.answers[i]]);
    }
    printf("%s\n", world->log.calls > 0 ? " */" : "");
    return complaint;
}

/* The state that the way to `number` comes through right after `from`, which it does come through. */
static uint32_t next_on_way(const struct exploration *self, uint32_t from, uint32_t number) {
    while (states_step(&self->states, number)->parent != from) {
        number = states_step(&self->states, number)->parent;
    }
    return number;
}

static void print_way(struct exploration *self, uint32_t number) {
    options_print_start(&self->options);
    for (uint32_t at = 0; at != number;) {
        uint32_t next = next_on_way(self, at, number);
        go_to(self, at);
        repeat_step(self, states_step(&self->states, next));
        at = next;
    }
}

_Noreturn static void give_up(struct exploration *self, const struct step *step, const char *complaint) {
    printf("\nexplore: %s. The shortest way there:\n", complaint);
    print_way(self, step->parent);
    go_to(self, step->parent);
    repeat_step(self, step);
    exit(1);
}

/* ---- Progress ---- */

static void say_sums(const struct exploration *self) {
    printf("%u states, %llu calls, depth %u, %zu MiB", (unsigned)self->states.count, (unsigned long long)self->calls,
           (unsigned)self->depth, self->states.bytes >> 20);
}

static void say_progress(struct exploration *self, uint32_t number) {
    time_t now = time(NULL);
    if (isatty(STDOUT_FILENO) && now != self->last_said) {
        printf("\r\033[K");
        say_sums(self);
        printf(", %u to go", (unsigned)(self->states.count - number));
        fflush(stdout);
        self->last_said = now;
    }
}

/* ---- Exploring ---- */

/* What the largest request so far is taken to be: so there are some below it and some above. */
static size_t typical_request(const struct world *world) {
    return world_payload(world, (world->setting.granules + 1) / 2);
}

/* What the world is now is a state, perhaps a new one. */
static void arrive(struct exploration *self, const struct step *step) {
    unsigned char packed[MOST_PACKED];
    struct world *world = &self->world;
    if (!states_add(&self->states, packed, world_pack(world, packed), step)) {
        return;
    }
    const char *complaint = condition_of_blocks(world);
    if (complaint == NULL) {
        complaint = condition_of_end(world);
    }
    if (complaint != NULL) {
        give_up(self, step, complaint);
    }
}

static struct step step_of(const struct world *world, uint32_t number, const struct operation *operation) {
    struct step step = {.parent = number, .operation = operation_encode(operation)};
    step.answer_count = (uint8_t)world->choices.count;
    memcpy(step.answers, world->choices.made, step.answer_count);
    return step;
}

/* What may have made a difference to an operation. */
struct causes {
    bool clock;  /* whether patience had run out */
    bool pieces; /* whether the heap, which did not count as scattered, has found that it is */
};

/* One operation, with all answers of the store. */
static struct causes try_operation(struct exploration *self, uint32_t number, const struct saved_world *from,
                                   const struct operation *operation) {
    struct world *world = &self->world;
    /* An aligned allocation does what is due and is not counted. */
    struct causes causes = {.clock = operation->kind == OPERATION_ALIGNED_ALLOC};
    choices_clear(&world->choices);
    do {
        world_restore(world, from);
        const char *complaint = call_perform(world, operation, self->options.policies);
        self->calls++;
        struct step step = step_of(world, number, operation);
        if (complaint != NULL) {
            give_up(self, &step, complaint);
        }
        struct choices choices = world->choices;
        causes.clock = causes.clock || world->log.calls != 0 || control_has_ticked(world->heap);
        causes.pieces = causes.pieces || control_is_scattered(world->heap);
        control_normalise(world->heap, typical_request(world));
        if (!world_is_saved(world, from)) {
            complaint = condition_of_old_addresses(world, from);
            if (complaint != NULL) {
                give_up(self, &step, complaint);
            }
            arrive(self, &step);
        }
        world->choices = choices;
    } while (choices_advance(&world->choices));
    return causes;
}

/* The same with patience left, and with patience run out. */
static struct causes try_by_any_clock(struct exploration *self, uint32_t number, const struct saved_world *from,
                                      struct operation operation) {
    struct causes causes = try_operation(self, number, from, &operation);
    if (causes.clock && operation_is_counted(&operation) && self->has_clock) {
        operation.impatient = true;
        causes.pieces |= try_operation(self, number, from, &operation).pieces;
    }
    return causes;
}

/* Whether it is a call that may put away two free blocks: so what is loose is not what was loose before. */
static bool puts_two(const struct operation *operation) {
    return operation->kind == OPERATION_REALLOC || operation->kind == OPERATION_ALIGNED_ALLOC;
}

static void leave(struct exploration *self, uint32_t number) {
    static struct operation operations[MOST_OPERATIONS];
    static struct saved_world saved;
    go_to(self, number);
    world_save(&self->world, &saved);
    self->has_clock = control_has_clock(self->world.heap);
    bool has_loose = control_has_loose(self->world.heap);
    size_t count = operations_in(&self->world, self->options.policy_count, operations);
    for (size_t i = 0; i < count; i++) {
        struct operation *operation = &operations[i];
        bool finds_pieces = try_by_any_clock(self, number, &saved, *operation).pieces;
        /* Only a heap that knows that no block is large enough looks whether it is scattered. */
        operation->is_vague = true;
        if (finds_pieces && puts_two(operation)) {
            (void)try_by_any_clock(self, number, &saved, *operation);
        }
        if (has_loose || puts_two(operation)) {
            operation->is_scattered = true;
            (void)try_by_any_clock(self, number, &saved, *operation);
        }
    }
}

static void start(struct exploration *self) {
    states_init(&self->states);
    if (!world_create(&self->world, &self->options.setting, &self->options.policies[0])) {
        fprintf(stderr, "explore: there is no heap to begin with\n");
        exit(2);
    }
    struct step none = {0};
    control_normalise(self->world.heap, typical_request(&self->world));
    arrive(self, &none);
    self->level_end = 1;
}

/* Returns whether no state is left that was not explored. */
static bool explore(struct exploration *self) {
    const struct options *options = &self->options;
    for (uint32_t number = 0; number < self->states.count; number++) {
        if (number == self->level_end) {
            self->depth++;
            self->level_end = self->states.count;
        }
        if (self->depth == options->most_depth || self->states.count >= options->most_states) {
            return false;
        }
        leave(self, number);
        say_progress(self, number);
    }
    return true;
}

int main(int argc, char **argv) {
    static struct exploration self;
    options_read(&self.options, argc, argv);
    start(&self);
    bool closed = explore(&self);
    printf("%s", isatty(STDOUT_FILENO) ? "\r\033[K" : "");
    options_print(&self.options);
    printf(": ");
    say_sums(&self);
    printf(closed ? ", closed\n" : ", bounded\n");
    states_free(&self.states);
    return closed || !self.options.must_close ? 0 : 1;
}
