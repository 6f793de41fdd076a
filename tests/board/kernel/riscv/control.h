/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Control and status registers, by name. */
#ifndef KERNEL_RISCV_CONTROL_H
#define KERNEL_RISCV_CONTROL_H

/* Every processor that has them can be told so; the presets' architectures, as Tock names them, do not say it. */
#define WITH_CONTROL_REGISTERS(instruction) ".option push\n\t.option arch, +zicsr\n\t" instruction "\n\t.option pop"

#define CONTROL_READ(name, value) __asm__ volatile(WITH_CONTROL_REGISTERS("csrr %0, " #name) : "=r"(value) : : "memory")
#define CONTROL_WRITE(name, value)                                                                                     \
    __asm__ volatile(WITH_CONTROL_REGISTERS("csrw " #name ", %0") : : "r"(value) : "memory")

#endif
