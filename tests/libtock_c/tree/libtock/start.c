/* SPDX-License-Identifier: Apache-2.0 OR MIT */

int main(void);
void _start(void) __attribute__((noreturn));

/* Only so that there is a beginning: these apps are linked, and not run. */
__attribute__((section(".start"), used)) void _start(void) {
    main();
    for (;;) {
    }
}
