/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* newlib's errno, also where there is no newlib: malloc of the Tock port sets it. */
int *__errno(void);

int *__errno(void) {
    static int number;
    return &number;
}
