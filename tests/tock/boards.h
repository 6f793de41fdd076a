/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* One board of each kind of memory protection; addresses and sizes as a kernel gave them to an app. */
#ifndef EBB_TEST_BOARDS_H
#define EBB_TEST_BOARDS_H

#include "fake_kernel.h"

static const struct fake_board v7m = {
    .name = "ARMv7-M", .block = 16384, .first_break = 2804, .kernel_owned = 1200, .clears = true};

static const struct fake_board v7m_old_kernel = {
    .name = "ARMv7-M, 64 KiB, not cleared", .block = 65536, .first_break = 2801, .kernel_owned = 5000};

static const struct fake_board v8m = {.name = "ARMv8-M",
                                      .block = 12960,
                                      .protection_granule = 32,
                                      .first_break = 2700,
                                      .kernel_owned = 1208,
                                      .clears = true};

static const struct fake_board riscv = {.name = "RISC-V",
                                        .block = 12928,
                                        .protection_granule = 4,
                                        .first_break = 2632,
                                        .kernel_owned = 1144,
                                        .clears = true};

static const struct fake_board riscv_wide = {.name = "RISC-V, 64 bits, not cleared",
                                             .block = 14224,
                                             .protection_granule = 4,
                                             .first_break = 2951,
                                             .kernel_owned = 2184,
                                             .wide = true};

static const struct fake_board *const all_boards[] = {&v7m, &v7m_old_kernel, &v8m, &riscv, &riscv_wide};

enum { BOARDS = sizeof all_boards / sizeof all_boards[0] };

#endif
