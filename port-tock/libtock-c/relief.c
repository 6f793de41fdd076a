/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/*
 * Relief: libtock-c's system calls, tried again after a grant did not fit.
 *
 * A driver allocates its grant at the app's first call to it, and that call fails with NOMEM if the heap is in the way.
 * The linker's --wrap leads each reference to these functions here, those in libtock-c's own libraries included, and
 * what they were to __real_. So no driver and no app needs a line of its own.
 *
 * Nothing is tried again unless memory went back in between: then the next try may have another answer. Once need not
 * be enough, as giving back may be a search. It ends, because nothing here allocates.
 */
#include <ebb/tock.h>

#include <libtock/tock.h>

/* Their names are the linker's; their types, libtock-c's. */
__typeof__(command) __real_command, __wrap_command;
__typeof__(subscribe) __real_subscribe, __wrap_subscribe;
__typeof__(allow_readwrite) __real_allow_readwrite, __wrap_allow_readwrite;
__typeof__(allow_readonly) __real_allow_readonly, __wrap_allow_readonly;
__typeof__(allow_userspace_read) __real_allow_userspace_read, __wrap_allow_userspace_read;
__typeof__(driver_exists) __wrap_driver_exists;

/* What the first word of a command's answer is, its variant says: in each failure, the error code. */
syscall_return_t __wrap_command(uint32_t driver, uint32_t number, int first, int second) {
    syscall_return_t answer;
    do {
        answer = __real_command(driver, number, first, second);
    } while (answer.type < TOCK_SYSCALL_SUCCESS && ebb_tock_relieve(answer.data[0]));
    return answer;
}

subscribe_return_t __wrap_subscribe(uint32_t driver, uint32_t number, subscribe_upcall *upcall, void *userdata) {
    subscribe_return_t answer;
    do {
        answer = __real_subscribe(driver, number, upcall, userdata);
    } while (!answer.success && ebb_tock_relieve(answer.status));
    return answer;
}

/* Here and below: a buffer in the heap is in use and stays where it is, and the first try has pinned it already. */
allow_rw_return_t __wrap_allow_readwrite(uint32_t driver, uint32_t number, void *buffer, size_t size) {
    allow_rw_return_t answer;
    do {
        answer = __real_allow_readwrite(driver, number, buffer, size);
    } while (!answer.success && ebb_tock_relieve(answer.status));
    return answer;
}

allow_ro_return_t __wrap_allow_readonly(uint32_t driver, uint32_t number, const void *buffer, size_t size) {
    allow_ro_return_t answer;
    do {
        answer = __real_allow_readonly(driver, number, buffer, size);
    } while (!answer.success && ebb_tock_relieve(answer.status));
    return answer;
}

allow_userspace_r_return_t __wrap_allow_userspace_read(uint32_t driver, uint32_t number, void *buffer, size_t size) {
    allow_userspace_r_return_t answer;
    do {
        answer = __real_allow_userspace_read(driver, number, buffer, size);
    } while (!answer.success && ebb_tock_relieve(answer.status));
    return answer;
}

/*
 * To ask is a command like any other, and some drivers enter their grant before they look which it is: if the grant did
 * not fit, they would seem not to be there. libtock-c's own function calls command() within one object, where --wrap
 * changes nothing.
 */
bool __wrap_driver_exists(uint32_t driver) {
    return __wrap_command(driver, 0, 0, 0).type >= TOCK_SYSCALL_SUCCESS;
}
