/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * misuse [TRIALS [NAME]]: commits every misuse, or the one named, against one subject, and prints what came of it:
 *
 *   misuse NAME random 0|1 trials N reported N later N aborted N harmless N crashed N hung N corrupted N unsafe N
 *
 * A random misuse is committed TRIALS times (default: 64), any other one as often as is worth it. "trials" leaves out
 * those that do not apply. `misuse list` prints groups, names and what is done. Everything happens in child processes;
 * of a subject that cannot begin anew each one sees one trial.
 */
#include "misuses.h"
#include "process.h"
#include "subject.h"

#include <string.h>

static const struct misuse_group *const groups[] = {
    &wrong_pointers, &second_frees, &wrong_sizes, &overflows, &forged_headers, &writes_after_free, &forged_links,
};

enum { GROUPS = sizeof groups / sizeof groups[0], TRIALS = 64, TRIALS_OF_FIXED = 16, MOST_HUNG = 8 };

static const char *const outcome_names[] = {"reported", "later", "aborted", "harmless", "crashed", "hung", "corrupted"};

/* ---- Output ---- */

static void print_number(const char *before, uint32_t number) {
    char digits[12];
    char *first = digits + sizeof digits - 1;
    *first = '\0';
    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    process_print(" ");
    process_print(before);
    process_print(" ");
    process_print(first);
}

static void print_result(const struct misuse *misuse, const struct notes *notes) {
    uint32_t trials = 0;
    for (int i = 0; i < OUTCOME_DOES_NOT_APPLY; i++) {
        trials += notes->outcomes[i];
    }
    process_print("misuse ");
    process_print(misuse->name);
    print_number("random", misuse->is_random);
    print_number("trials", trials);
    for (int i = 0; i < OUTCOME_DOES_NOT_APPLY; i++) {
        print_number(outcome_names[i], notes->outcomes[i]);
    }
    print_number("unsafe", notes->unsafe);
    process_print("\n");
}

static void print_list(void) {
    for (size_t g = 0; g < GROUPS; g++) {
        process_print("group ");
        process_print(groups[g]->title);
        process_print("\n");
        for (size_t i = 0; i < groups[g]->count; i++) {
            process_print("misuse ");
            process_print(groups[g]->misuses[i].name);
            process_print(" ");
            process_print(groups[g]->misuses[i].text);
            process_print("\n");
        }
    }
}

/* ---- Trials ---- */

struct trials {
    const struct misuse *misuse;
    struct notes *notes;
    uint32_t end;
    uint32_t child_end; /* as far as the next child is to come */
};

static struct scene scene;

static void count(struct notes *notes, enum outcome outcome) {
    notes->outcomes[outcome]++;
    notes->trial++;
}

static void try_once(const struct misuse *misuse, struct notes *notes) {
    process_start_clock();
    scene_begin(&scene, notes, notes->trial + 1);
    if (notes->broken) {
        process_exit(1);
    }
    misuse->commit(&scene);
    if (scene.applies) {
        scene_go_on(&scene);
    }
    notes->unsafe += notes->reported && notes->harmed;
    count(notes, scene_outcome(&scene));
}

/* In a child: all that are left, or one. */
static void try_on(void *context) {
    const struct trials *trials = context;
    for (uint32_t i = trials->notes->trial; i < trials->child_end; i++) {
        try_once(trials->misuse, trials->notes);
    }
}

static enum outcome outcome_of_end(enum process_end end) {
    switch (end) {
    case PROCESS_ABORTED:
        return OUTCOME_ABORTED;
    case PROCESS_TIMED_OUT:
        return OUTCOME_HUNG;
    default:
        return OUTCOME_CRASHED;
    }
}

/*
 * A trial has ended its process: also one that exits in the midst of it, as a wild jump may lead there. What had been
 * found before that counts more.
 */
static void note_end(struct notes *notes, enum process_end end) {
    if (notes->reported) {
        notes->unsafe++;
        count(notes, notes->reported_later ? OUTCOME_REPORTED_LATER : OUTCOME_REPORTED);
    } else if (notes->harmed) {
        count(notes, OUTCOME_CORRUPTED);
    } else {
        count(notes, outcome_of_end(end));
    }
}

/* Returns whether the scene could be set. */
static bool try_in_child(struct trials *trials) {
    struct notes *notes = trials->notes;
    trials->child_end = subject_begins_again() ? trials->end : notes->trial + 1;
    enum process_end end = process_run(try_on, trials);
    if (notes->broken) {
        return false;
    }
    if (end != PROCESS_EXITED || notes->trial < trials->child_end) {
        note_end(notes, end);
    }
    return true;
}

/* Returns whether all trials could be made. */
static bool try_misuse(const struct misuse *misuse, uint32_t random_trials) {
    static struct notes *notes;
    if (notes == NULL) {
        notes = process_shared_memory(sizeof *notes);
    }
    memset(notes, 0, sizeof *notes);
    struct trials trials = {.misuse = misuse, .notes = notes};
    trials.end = misuse->is_random || random_trials < TRIALS_OF_FIXED ? random_trials : TRIALS_OF_FIXED;
    while (notes->trial < trials.end && notes->outcomes[OUTCOME_HUNG] < MOST_HUNG) {
        if (!try_in_child(&trials)) {
            process_print("error the scene could not be set for ");
            process_print(misuse->name);
            process_print("\n");
            return false;
        }
    }
    print_result(misuse, notes);
    return true;
}

static bool try_all(uint32_t trials, const char *name) {
    bool is_known = name == NULL;
    for (size_t g = 0; g < GROUPS; g++) {
        for (size_t i = 0; i < groups[g]->count; i++) {
            const struct misuse *misuse = &groups[g]->misuses[i];
            if (name != NULL && strcmp(name, misuse->name) != 0) {
                continue;
            }
            is_known = true;
            if (!try_misuse(misuse, trials)) {
                return false;
            }
        }
    }
    return is_known;
}

/* 0 if it is no number, or too large. */
static uint32_t number_in(const char *text) {
    uint32_t number = 0;
    for (; *text >= '0' && *text <= '9' && number < 100000000; text++) {
        number = number * 10 + (uint32_t)(*text - '0');
    }
    return *text == '\0' ? number : 0;
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "list") == 0) {
        print_list();
        return 0;
    }
    uint32_t trials = argc > 1 ? number_in(argv[1]) : TRIALS;
    if (trials == 0 || argc > 3) {
        process_print("error usage: misuse [TRIALS [NAME]] or misuse list\n");
        return 2;
    }
    return try_all(trials, argc > 2 ? argv[2] : NULL) ? 0 : 1;
}
