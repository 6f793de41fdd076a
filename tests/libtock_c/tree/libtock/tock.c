/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* System calls that enter no kernel: apps of this tree are linked, and not run. */
#include <libtock/tock.h>

syscall_return_t command(uint32_t driver, uint32_t command, int arg1, int arg2) {
    (void)driver;
    (void)command;
    (void)arg1;
    (void)arg2;
    return (syscall_return_t){.type = TOCK_SYSCALL_FAILURE, .data = {TOCK_STATUSCODE_NODEVICE}};
}

subscribe_return_t subscribe(uint32_t driver, uint32_t subscribe, subscribe_upcall uc, void *userdata) {
    (void)driver;
    (void)subscribe;
    return (subscribe_return_t){.callback = uc, .userdata = userdata, .status = TOCK_STATUSCODE_NODEVICE};
}

allow_rw_return_t allow_readwrite(uint32_t driver, uint32_t allow, void *ptr, size_t size) {
    (void)driver;
    (void)allow;
    return (allow_rw_return_t){.ptr = ptr, .size = size, .status = TOCK_STATUSCODE_NODEVICE};
}

allow_ro_return_t allow_readonly(uint32_t driver, uint32_t allow, const void *ptr, size_t size) {
    (void)driver;
    (void)allow;
    return (allow_ro_return_t){.ptr = ptr, .size = size, .status = TOCK_STATUSCODE_NODEVICE};
}

allow_userspace_r_return_t allow_userspace_read(uint32_t driver, uint32_t allow, void *ptr, size_t size) {
    (void)driver;
    (void)allow;
    return (allow_userspace_r_return_t){.ptr = ptr, .size = size, .status = TOCK_STATUSCODE_NODEVICE};
}

/* In the same object as the system call, as in libtock-c: nobody can lead this call of it elsewhere. */
bool driver_exists(uint32_t driver) {
    return command(driver, 0, 0, 0).type >= TOCK_SYSCALL_SUCCESS;
}
