/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include <ebb/version.h>

const char *ebb_version(void) {
    return EBB_VERSION;
}
