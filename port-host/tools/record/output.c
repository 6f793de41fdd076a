/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "output.h"

#include "../trace/encode.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 20 };

_Static_assert(sizeof(off_t) > 4, "machines of 32 bits need _FILE_OFFSET_BITS");

/* A header says the length of the operations in 32 bits. */
static const off_t longest_file = (off_t)UINT32_MAX + TRACE_HEADER_BYTES;

static unsigned char *piece; /* NULL: no file is open */
static size_t used;
static off_t piece_start; /* in the file */

static char path[PATH_MAX];
static dev_t device; /* whether it is still the same file */
static ino_t inode;

static bool is_same_file(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

/* Beyond a limit on the size of files (ulimit -f), the system would end the program. */
static bool is_within_limit(off_t end) {
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || (rlim_t)end <= limit.rlim_cur;
}

static const char *map_open_file(int descriptor, off_t start) {
    /* Not ftruncate(): writing to a page that the full disk has no room for would be a signal. */
    const int error = is_within_limit(start + PIECE) ? posix_fallocate(descriptor, start, PIECE) : EFBIG;
    if (error != 0) {
        errno = error;
        return "cannot extend the trace";
    }
    void *memory = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, start);
    if (memory == MAP_FAILED) {
        return "cannot map the trace";
    }
    piece = memory;
    piece_start = start;
    return NULL;
}

static const char *map_piece(off_t start) {
    const int descriptor = open(path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        return "cannot open the trace again";
    }
    const char *mistake = "the trace was moved or replaced";
    if (is_same_file(descriptor)) {
        mistake = map_open_file(descriptor, start);
    }
    const int saved_errno = errno;
    close(descriptor);
    errno = saved_errno;
    return mistake;
}

void output_close(void) {
    if (piece != NULL) {
        munmap(piece, PIECE);
    }
    piece = NULL;
}

/*
 * Opens or extends the file while nothing disturbs that: a thread that is to be cancelled would end in open(), where
 * malloc() must not end, and with the lock; and a signal can make a call fail that has nothing wrong with it.
 */
static const char *undisturbed(const char *(*act)(off_t start), off_t start) {
    sigset_t all;
    sigset_t mask;
    int cancelability = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &mask);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelability);
    const char *mistake = act(start);
    pthread_setcancelstate(cancelability, NULL);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    return mistake;
}

static const char *create(void) {
    const int descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        return "cannot create the trace";
    }
    struct stat status;
    const bool known = fstat(descriptor, &status) == 0;
    if (known) {
        device = status.st_dev;
        inode = status.st_ino;
    }
    close(descriptor);
    return known ? NULL : "cannot create the trace";
}

static const char *begin(off_t start) {
    const char *mistake = create();
    return mistake == NULL ? map_piece(start) : mistake;
}

static void put_header(bool has_sites) {
    const uint32_t width = sizeof(void *) > 4 ? TRACE_FROM_64_BIT : 0;
    const struct trace unknown = {.flags = width | (has_sites ? (uint32_t)TRACE_HAS_SITES : 0)};
    trace_encode_header(piece, &unknown, 0);
}

const char *output_open(const char *wanted, bool has_sites) {
    if (strlen(wanted) >= sizeof path) {
        errno = ENAMETOOLONG;
        return "cannot create the trace";
    }
    strcpy(path, wanted); // NOLINT(clang-analyzer-security.insecureAPI.strcpy): it fits
    const char *mistake = undisturbed(begin, 0);
    if (mistake == NULL) {
        put_header(has_sites);
        used = TRACE_HEADER_BYTES;
    }
    return mistake;
}

/* The next piece begins with the page that this one has come to. */
static const char *advance(void) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t whole_pages = used & ~(page - 1);
    const off_t start = piece_start + (off_t)whole_pages;
    if (start + PIECE > longest_file) {
        return "the trace has 4 GiB, which is all that a trace can have";
    }
    const size_t left = used - whole_pages;
    output_close();
    const char *mistake = undisturbed(map_piece, start);
    if (mistake == NULL) {
        used = left;
    }
    return mistake;
}

static const char *make_room(size_t size) {
    return PIECE - used < size ? advance() : NULL;
}

const char *output_put(const struct trace_operation *operation) {
    const char *mistake = make_room(TRACE_LONGEST_OPERATION);
    if (mistake == NULL) {
        used += trace_encode(piece + used, operation);
    }
    return mistake;
}

const char *output_put_name(const struct trace_name *name) {
    const char *mistake = make_room(TRACE_LONGEST_NAME_HEAD + OUTPUT_LONGEST_NAME);
    if (mistake == NULL) {
        used += trace_encode_name(piece + used, name);
    }
    return mistake;
}
