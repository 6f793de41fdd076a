/* SPDX-License-Identifier: Apache-2.0 OR MIT */

#include <ebb/host_secret.h>

#include <errno.h>
#include <sys/random.h>

/* Whether all bits of `secret` are random now. So few bytes come at once, or not at all. */
static bool draw(uint64_t *secret) {
    const int error = errno;
    const bool drawn = getrandom(secret, sizeof *secret, GRND_NONBLOCK) == (ssize_t)sizeof *secret;
    errno = error;
    return drawn;
}

bool ebb_host_set_secret(struct ebb_heap *heap) {
    if (ebb_get_geometry().hardening < 2) {
        return true;
    }
    uint64_t secret;
    return draw(&secret) && ebb_set_secret(heap, secret);
}
