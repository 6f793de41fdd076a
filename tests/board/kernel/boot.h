/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#ifndef KERNEL_BOOT_H
#define KERNEL_BOOT_H

/* Where each machine's reset code goes, on the kernel's stack, with the kernel's data set up. */
_Noreturn void kernel_boot(void);

#endif
