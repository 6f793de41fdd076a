/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The one header, and the version and geometry of what is linked. */
#include "ebb.h"

static bool same_text(const char *left, const char *right) {
    while (*left != '\0' && *left == *right) {
        left++;
        right++;
    }
    return *left == *right;
}

enum { NUMBER_BYTES = EXPECTED_NUMBER_BITS / 8 };

int main(void) {
    struct ebb_geometry geometry = ebb_get_geometry();
    bool as_expected = same_text(EBB_VERSION, EXPECTED_VERSION) && same_text(ebb_version(), EXPECTED_VERSION) &&
                       geometry.granule == EXPECTED_GRANULE && geometry.header == NUMBER_BYTES;
    return as_expected ? 0 : 1;
}
