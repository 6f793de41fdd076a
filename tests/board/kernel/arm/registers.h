/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Registers of ARMv7-M, ARMv8-M and of the mps2 machines that the kernel uses. */
#ifndef KERNEL_ARM_REGISTERS_H
#define KERNEL_ARM_REGISTERS_H

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define SCB_ICSR REGISTER(0xe000ed04)  /* which exceptions are pending */
#define SCB_SHCSR REGISTER(0xe000ed24) /* which faults have a handler of their own */
#define SCB_CFSR REGISTER(0xe000ed28)  /* what happened */
#define SCB_MMFAR REGISTER(0xe000ed34) /* address of a protection fault */
#define SCB_BFAR REGISTER(0xe000ed38)  /* address of a bus fault */

#define MPU_CTRL REGISTER(0xe000ed94)
#define MPU_RNR REGISTER(0xe000ed98)
#define MPU_RBAR REGISTER(0xe000ed9c)
#define MPU_RASR REGISTER(0xe000eda0) /* ARMv7-M */
#define MPU_RLAR REGISTER(0xe000eda0) /* ARMv8-M */

#define TIMER_ADDRESS 0x40000000u
#define TIMER_CTRL REGISTER(TIMER_ADDRESS)
#define TIMER_VALUE REGISTER(TIMER_ADDRESS + 4)
#define TIMER_RELOAD REGISTER(TIMER_ADDRESS + 8)

#if defined(__ARM_ARCH_8M_MAIN__)
#define UART_ADDRESS 0x40200000u
#define BUS_UNPRIVILEGED_TIMERS REGISTER(0x500800b0) /* which timers unprivileged code may reach */
#else
#define UART_ADDRESS 0x40004000u
#endif
#define UART_DATA REGISTER(UART_ADDRESS)
#define UART_STATE REGISTER(UART_ADDRESS + 4)
#define UART_CTRL REGISTER(UART_ADDRESS + 8)
#define UART_BAUDDIV REGISTER(UART_ADDRESS + 16)

#endif
