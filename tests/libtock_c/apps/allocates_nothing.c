/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Has the line in its makefile, and no use for it. */
int main(void) {
    return 0;
}
