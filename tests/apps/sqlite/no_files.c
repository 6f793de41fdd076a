/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The system as SQLite sees it: no files, no clock, no chance. A database in memory needs none of them. */
#include <sqlite3.h>

#include <string.h>

enum { LONGEST_NAME = 64 };

static int cannot_open(sqlite3_vfs *system, const char *name, sqlite3_file *file, int flags, int *given_flags) {
    (void)system;
    (void)name;
    (void)flags;
    (void)given_flags;
    file->pMethods = NULL;
    return SQLITE_CANTOPEN;
}

static int nothing_to_delete(sqlite3_vfs *system, const char *name, int sync) {
    (void)system;
    (void)name;
    (void)sync;
    return SQLITE_OK;
}

static int is_not_there(sqlite3_vfs *system, const char *name, int flags, int *result) {
    (void)system;
    (void)name;
    (void)flags;
    *result = 0;
    return SQLITE_OK;
}

static int copy_name(sqlite3_vfs *system, const char *name, int size, char *copy) {
    (void)system;
    size_t bytes = strlen(name) + 1;
    if (bytes > (size_t)size) {
        return SQLITE_CANTOPEN;
    }
    memcpy(copy, name, bytes);
    return SQLITE_OK;
}

/* The same in every run, so that every run needs the same memory. */
static int no_randomness(sqlite3_vfs *system, int size, char *bytes) {
    (void)system;
    memset(bytes, 0, (size_t)size);
    return size;
}

static int no_sleep(sqlite3_vfs *system, int microseconds) {
    (void)system;
    return microseconds;
}

static int no_time(sqlite3_vfs *system, double *day) {
    (void)system;
    *day = 0;
    return SQLITE_OK;
}

static int no_error(sqlite3_vfs *system, int size, char *text) {
    (void)system;
    (void)size;
    (void)text;
    return 0;
}

int sqlite3_os_init(void) {
    static sqlite3_vfs no_files = {
        .iVersion = 1,
        .szOsFile = (int)sizeof(sqlite3_file),
        .mxPathname = LONGEST_NAME,
        .zName = "none",
        .xOpen = cannot_open,
        .xDelete = nothing_to_delete,
        .xAccess = is_not_there,
        .xFullPathname = copy_name,
        .xRandomness = no_randomness,
        .xSleep = no_sleep,
        .xCurrentTime = no_time,
        .xGetLastError = no_error,
    };
    return sqlite3_vfs_register(&no_files, 1);
}

int sqlite3_os_end(void) {
    return SQLITE_OK;
}
