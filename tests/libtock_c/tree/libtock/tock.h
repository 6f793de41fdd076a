/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The system calls of libtock-c, with the names and types that its apps and libraries find there. */
#ifndef LIBTOCK_TOCK_H
#define LIBTOCK_TOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void(subscribe_upcall)(int, int, int, void *);

typedef enum {
    TOCK_SYSCALL_FAILURE = 0,
    TOCK_SYSCALL_FAILURE_U32_U32 = 2,
    TOCK_SYSCALL_SUCCESS = 128,
    TOCK_SYSCALL_SUCCESS_U32 = 129
} syscall_rtype_t;

typedef enum { TOCK_STATUSCODE_SUCCESS = 0, TOCK_STATUSCODE_NOMEM = 9, TOCK_STATUSCODE_NODEVICE = 11 } statuscode_t;

typedef struct {
    syscall_rtype_t type;
    uint32_t data[3];
} syscall_return_t;

typedef struct {
    bool success;
    subscribe_upcall *callback;
    void *userdata;
    statuscode_t status;
} subscribe_return_t;

typedef struct {
    bool success;
    void *ptr;
    size_t size;
    statuscode_t status;
} allow_rw_return_t;

typedef struct {
    bool success;
    const void *ptr;
    size_t size;
    statuscode_t status;
} allow_ro_return_t;

typedef struct {
    bool success;
    void *ptr;
    size_t size;
    statuscode_t status;
} allow_userspace_r_return_t;

syscall_return_t command(uint32_t driver, uint32_t command, int arg1, int arg2);
subscribe_return_t subscribe(uint32_t driver, uint32_t subscribe, subscribe_upcall uc, void *userdata);
allow_rw_return_t allow_readwrite(uint32_t driver, uint32_t allow, void *ptr, size_t size);
allow_ro_return_t allow_readonly(uint32_t driver, uint32_t allow, const void *ptr, size_t size);
allow_userspace_r_return_t allow_userspace_read(uint32_t driver, uint32_t allow, void *ptr, size_t size);
bool driver_exists(uint32_t driver);

#endif
