/* Storage that fails: loaded before the C library (LD_PRELOAD) into the program under test.
   FUDA_FAULT=sync   after FUDA_AFTER calls, fdatasync and fsync fail with EIO for ever
   FUDA_FAULT=space  after FUDA_AFTER calls, the next FUDA_COUNT calls of pwrite fail with ENOSPC
   The first failure writes the line `fault` to standard output. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long syncs, writes;

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

static int is(const char *fault) {
    const char *text = getenv("FUDA_FAULT");
    return text && strcmp(text, fault) == 0;
}

static void tell(int first) {
    if (first && write(1, "fault\n", 6) < 0) abort();
}

static int sync_fails(void) {
    if (!is("sync")) return 0;
    long over = atomic_fetch_add(&syncs, 1) - number("FUDA_AFTER");
    tell(over == 0);
    return over >= 0;
}

static int write_fails(void) {
    if (!is("space")) return 0;
    long over = atomic_fetch_add(&writes, 1) - number("FUDA_AFTER");
    tell(over == 0);
    return over >= 0 && over < number("FUDA_COUNT");
}

int fdatasync(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    if (sync_fails()) { errno = EIO; return -1; }
    return real(file);
}

int fsync(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    if (sync_fails()) { errno = EIO; return -1; }
    return real(file);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    ssize_t (*real)(int, const void *, size_t, off64_t) =
        (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    if (write_fails()) { errno = ENOSPC; return -1; }
    return real(file, bytes, count, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    return pwrite64(file, bytes, count, offset);
}
