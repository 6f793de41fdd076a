/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Relief: libtock-c's system calls, tried once more after a grant did not fit.
 *
 * A driver allocates its grant at the app's first call to it, and that call fails with NOMEM if the heap is in the way.
 * The linker's --wrap leads each reference to these functions here, those in libtock-c's own libraries included, and
 * what they were to __real_. So no driver and no app needs a line of its own.
 *
 * Nothing is tried twice unless memory went back in between: then the second try may have another answer.
 */
#include <ebb/tock.h>

#include <libtock/tock.h>

/* The linker decides how these are called. */
syscall_return_t __real_command(uint32_t driver, uint32_t number, int first, int second);
syscall_return_t __wrap_command(uint32_t driver, uint32_t number, int first, int second);
subscribe_return_t __real_subscribe(uint32_t driver, uint32_t number, subscribe_upcall *upcall, void *userdata);
subscribe_return_t __wrap_subscribe(uint32_t driver, uint32_t number, subscribe_upcall *upcall, void *userdata);
allow_rw_return_t __real_allow_readwrite(uint32_t driver, uint32_t number, void *buffer, size_t size);
allow_rw_return_t __wrap_allow_readwrite(uint32_t driver, uint32_t number, void *buffer, size_t size);
allow_ro_return_t __real_allow_readonly(uint32_t driver, uint32_t number, const void *buffer, size_t size);
allow_ro_return_t __wrap_allow_readonly(uint32_t driver, uint32_t number, const void *buffer, size_t size);
allow_userspace_r_return_t __real_allow_userspace_read(uint32_t driver, uint32_t number, void *buffer, size_t size);
allow_userspace_r_return_t __wrap_allow_userspace_read(uint32_t driver, uint32_t number, void *buffer, size_t size);

/* A command says by its variant what its first word is: of the failures, each has the error code there. */
syscall_return_t __wrap_command(uint32_t driver, uint32_t number, int first, int second) {
    syscall_return_t answer = __real_command(driver, number, first, second);
    if (answer.type < TOCK_SYSCALL_SUCCESS && ebb_tock_relieve(answer.data[0])) {
        answer = __real_command(driver, number, first, second);
    }
    return answer;
}

subscribe_return_t __wrap_subscribe(uint32_t driver, uint32_t number, subscribe_upcall *upcall, void *userdata) {
    subscribe_return_t answer = __real_subscribe(driver, number, upcall, userdata);
    if (!answer.success && ebb_tock_relieve(answer.status)) {
        answer = __real_subscribe(driver, number, upcall, userdata);
    }
    return answer;
}

/* Here and below: a buffer in the heap is in use and stays where it is, and the first try has pinned it already. */
allow_rw_return_t __wrap_allow_readwrite(uint32_t driver, uint32_t number, void *buffer, size_t size) {
    allow_rw_return_t answer = __real_allow_readwrite(driver, number, buffer, size);
    if (!answer.success && ebb_tock_relieve(answer.status)) {
        answer = __real_allow_readwrite(driver, number, buffer, size);
    }
    return answer;
}

allow_ro_return_t __wrap_allow_readonly(uint32_t driver, uint32_t number, const void *buffer, size_t size) {
    allow_ro_return_t answer = __real_allow_readonly(driver, number, buffer, size);
    if (!answer.success && ebb_tock_relieve(answer.status)) {
        answer = __real_allow_readonly(driver, number, buffer, size);
    }
    return answer;
}

allow_userspace_r_return_t __wrap_allow_userspace_read(uint32_t driver, uint32_t number, void *buffer, size_t size) {
    allow_userspace_r_return_t answer = __real_allow_userspace_read(driver, number, buffer, size);
    if (!answer.success && ebb_tock_relieve(answer.status)) {
        answer = __real_allow_userspace_read(driver, number, buffer, size);
    }
    return answer;
}
