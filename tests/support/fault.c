/* A library to preload (LD_PRELOAD) that counts the calls by which a program changes the tree below
 * TENON_FAULT_ROOT, and makes one of them fail.
 *
 * TENON_FAULT_ROOT    absolute, canonical; calls elsewhere pass uncounted
 * TENON_FAULT_AT      which call, from 1; 0 or absent: none, only count
 * TENON_FAULT         kill    a write writes half of its bytes, then SIGKILL before anything else happens
 *                     enospc  that one call fails with ENOSPC      eio   that one call fails with EIO
 *                     full    from that call on, everything that takes space fails with ENOSPC
 *                     dead    from that call on, everything fails with EIO
 * TENON_FAULT_THEN    which call, after that, gets SIGKILL
 * TENON_FAULT_EXDEV   if set, renames into or out of .tenon fail with EXDEV, as across devices
 * TENON_FAULT_TRACE   a file outside the root: a line for each fsync (`fsync PATH`) and rename (`rename FROM TO`)
 * TENON_FAULT_REPORT  a file outside the root: `name count` lines at exit, `total` and `hit` among them
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE, OPEN, RENAME, FSYNC, MKDIR, UNLINK, RMDIR, TRUNCATE, CHMOD, LINK, COPY, SYMLINK, KINDS };
static const char *names[KINDS] = {"write", "open",     "rename", "fsync", "mkdir", "unlink",
                                   "rmdir", "truncate", "chmod",  "link",  "copy",  "symlink"};
static const int takes_space[KINDS] = {1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1};
enum { PASS, FAIL, KILL };

static atomic_long total, hit, counts[KINDS];
static const char *root, *mode;
static long at, then;

__attribute__((constructor)) static void start(void) {
    root = getenv("TENON_FAULT_ROOT");
    mode = getenv("TENON_FAULT");
    const char *n = getenv("TENON_FAULT_AT");
    at = n ? atol(n) : 0;
    n = getenv("TENON_FAULT_THEN");
    then = n ? atol(n) : 0;
}

__attribute__((destructor)) static void report(void) {
    const char *path = getenv("TENON_FAULT_REPORT");
    FILE *out = path ? fopen(path, "w") : NULL;
    if (!out) return;
    for (int i = 0; i < KINDS; i++) fprintf(out, "%s %ld\n", names[i], (long)counts[i]);
    fprintf(out, "hit %ld\ntotal %ld\n", (long)hit, (long)total);
    fclose(out);
}

static int is_below(const char *path) {
    size_t n = root ? strlen(root) : 0;
    return n && !strncmp(path, root, n) && (path[n] == '/' || path[n] == 0);
}

static int fd_below(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return is_below(path);
}

static int path_below(int dir, const char *path) {
    char cwd[PATH_MAX];
    if (!path) return 0;
    if (path[0] == '/') return is_below(path);
    if (dir != AT_FDCWD) return fd_below(dir);
    return getcwd(cwd, sizeof cwd) && is_below(cwd);
}

/* Counts one call and says what becomes of it. */
static int next(int kind) {
    long n = ++total;
    counts[kind]++;
    if (then && n == then) return KILL;
    if (!at || !mode || n < at) return PASS;
    if (!strcmp(mode, "full")) {
        if (!takes_space[kind]) return PASS;
    } else if (strcmp(mode, "dead") && n != at) {
        return PASS;
    }
    hit = 1;
    if (!strcmp(mode, "kill")) return KILL;
    errno = strcmp(mode, "enospc") && strcmp(mode, "full") ? EIO : ENOSPC;
    return FAIL;
}

static void die(void) {
    raise(SIGKILL);
    for (;;) pause();
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
static void trace(const char *call, const char *a, const char *b) {
    const char *path = getenv("TENON_FAULT_TRACE");
    FILE *out = path ? fopen(path, "a") : NULL;
    if (!out) return;
    fprintf(out, "%s %s %s\n", call, a, b);
    fclose(out);
}

#define GUARD(counted, kind)                                                                                 \
    do {                                                                                                     \
        if (counted) {                                                                                       \
            int fate = next(kind);                                                                           \
            if (fate == KILL) die();                                                                         \
            if (fate == FAIL) return -1;                                                                     \
        }                                                                                                    \
    } while (0)

ssize_t write(int fd, const void *bytes, size_t n) {
    if (fd_below(fd)) {
        int fate = next(WRITE);
        if (fate == FAIL) return -1;
        if (fate == KILL) {
            REAL(write)(fd, bytes, n / 2);
            die();
        }
    }
    return REAL(write)(fd, bytes, n);
}
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { GUARD(fd_below(fd), WRITE); return REAL(pwrite)(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) { GUARD(fd_below(fd), WRITE); return REAL(pwrite64)(fd, b, n, o); }
ssize_t writev(int fd, const struct iovec *v, int n) { GUARD(fd_below(fd), WRITE); return REAL(writev)(fd, v, n); }
int fsync(int fd) {
    char link[64], path[PATH_MAX];
    GUARD(fd_below(fd), FSYNC);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n < 0 ? 0 : n] = 0;
    trace("fsync", path, "");
    return REAL(fsync)(fd);
}
int fdatasync(int fd) { GUARD(fd_below(fd), FSYNC); return REAL(fdatasync)(fd); }
int syncfs(int fd) { GUARD(fd_below(fd), FSYNC); return REAL(syncfs)(fd); }
int ftruncate(int fd, off_t n) { GUARD(fd_below(fd), TRUNCATE); return REAL(ftruncate)(fd, n); }
int ftruncate64(int fd, off64_t n) { GUARD(fd_below(fd), TRUNCATE); return REAL(ftruncate64)(fd, n); }
int fchmod(int fd, mode_t m) { GUARD(fd_below(fd), CHMOD); return REAL(fchmod)(fd, m); }
int chmod(const char *p, mode_t m) { GUARD(path_below(AT_FDCWD, p), CHMOD); return REAL(chmod)(p, m); }
int mkdir(const char *p, mode_t m) { GUARD(path_below(AT_FDCWD, p), MKDIR); return REAL(mkdir)(p, m); }
int mkdirat(int d, const char *p, mode_t m) { GUARD(path_below(d, p), MKDIR); return REAL(mkdirat)(d, p, m); }
int unlink(const char *p) { GUARD(path_below(AT_FDCWD, p), UNLINK); return REAL(unlink)(p); }
int unlinkat(int d, const char *p, int f) { GUARD(path_below(d, p), f & AT_REMOVEDIR ? RMDIR : UNLINK); return REAL(unlinkat)(d, p, f); }
int rmdir(const char *p) { GUARD(path_below(AT_FDCWD, p), RMDIR); return REAL(rmdir)(p); }
int link(const char *a, const char *b) { GUARD(path_below(AT_FDCWD, b), LINK); return REAL(link)(a, b); }
int linkat(int d, const char *a, int e, const char *b, int f) { GUARD(path_below(e, b), LINK); return REAL(linkat)(d, a, e, b, f); }
int symlink(const char *a, const char *b) { GUARD(path_below(AT_FDCWD, b), SYMLINK); return REAL(symlink)(a, b); }
ssize_t sendfile(int o, int i, off_t *at_, size_t n) {
    ssize_t (*real)(int, int, off_t *, size_t) = dlsym(RTLD_NEXT, "sendfile");
    GUARD(fd_below(o), COPY);
    return real(o, i, at_, n);
}
ssize_t copy_file_range(int i, off64_t *a, int o, off64_t *b, size_t n, unsigned f) { GUARD(fd_below(o), COPY); return REAL(copy_file_range)(i, a, o, b, n, f); }

static int crosses(const char *a, const char *b) {
    return getenv("TENON_FAULT_EXDEV") && !strstr(a, "/.tenon/") != !strstr(b, "/.tenon/");
}
#define CROSS(a, b)                                                                                          \
    if (crosses(a, b)) {                                                                                     \
        errno = EXDEV;                                                                                       \
        return -1;                                                                                           \
    }
int rename(const char *a, const char *b) { GUARD(path_below(AT_FDCWD, b), RENAME); CROSS(a, b); trace("rename", a, b); return REAL(rename)(a, b); }
int renameat(int d, const char *a, int e, const char *b) { GUARD(path_below(e, b), RENAME); CROSS(a, b); return REAL(renameat)(d, a, e, b); }
int renameat2(int d, const char *a, int e, const char *b, unsigned f) { GUARD(path_below(e, b), RENAME); CROSS(a, b); return REAL(renameat2)(d, a, e, b, f); }

#define MODE                                                                                                 \
    mode_t m = 0;                                                                                            \
    if (flags & (O_CREAT | O_TMPFILE)) {                                                                     \
        va_list list;                                                                                        \
        va_start(list, flags);                                                                               \
        m = va_arg(list, mode_t);                                                                            \
        va_end(list);                                                                                        \
    }
#define CHANGES(dir) ((flags & (O_CREAT | O_TRUNC)) && path_below(dir, p))
int open(const char *p, int flags, ...) { MODE GUARD(CHANGES(AT_FDCWD), OPEN); return REAL(open)(p, flags, m); }
int open64(const char *p, int flags, ...) { MODE GUARD(CHANGES(AT_FDCWD), OPEN); return REAL(open64)(p, flags, m); }
int openat(int d, const char *p, int flags, ...) { MODE GUARD(CHANGES(d), OPEN); return REAL(openat)(d, p, flags, m); }
int openat64(int d, const char *p, int flags, ...) { MODE GUARD(CHANGES(d), OPEN); return REAL(openat64)(d, p, flags, m); }
int creat(const char *p, mode_t m) { GUARD(path_below(AT_FDCWD, p), OPEN); return REAL(creat)(p, m); }
