/*
 * Faults at exact points of the journal, put under an unchanged program by LD_PRELOAD.
 *
 * SQLite's write-ahead log grows by frames and is synced once a commit. A commit is counted when
 * a sync follows frames; the sync of the log's header alone counts for nothing. CRASH_AT names
 * what happens and at which commit, from 1, such as "synced:2":
 *
 *   write       killed before the first byte of the commit is written
 *   torn        killed when half of it is written
 *   sync        killed when all of it is written, before it is synced
 *   synced      killed when it is synced, before the program knows
 *   checkpoint  killed when the log is copied into the database, after that many commits
 *   full        from that commit on no byte can be written: ENOSPC
 *   readonly    the same with EROFS
 *   once        that commit cannot be written, what comes after it can: ENOSPC
 *   making      killed at that write into a new journal, which has no name yet, when half of it is written
 *   made        killed when a new journal is synced, that often, before it gets its name
 *   unsynced    from that commit on every sync fails: EIO
 *
 * SIGUSR2 is a power cut: what was not synced is taken away, then the process is killed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { HEADER = 32, FRAME_HEADER = 24 };

typedef ssize_t (*pwrite_call)(int, const void *, size_t, off64_t);
typedef int (*sync_call)(int);

static pwrite_call next_pwrite;
static sync_call next_fsync, next_fdatasync;
static char mode[16];
static long at;

/* Only the journal's thread writes these; the signal handler reads the last two. */
static long commits;
static int frames, headers;
static off_t written;
static volatile int log_file = -1;
static volatile off_t durable;

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static void power_cut(int signal) {
    (void)signal;
    if (log_file >= 0 && ftruncate(log_file, durable) == 0)
        fsync(log_file);
    die();
}

__attribute__((constructor)) static void load(void) {
    const char *told = getenv("CRASH_AT");
    struct sigaction action;

    next_pwrite = (pwrite_call)dlsym(RTLD_NEXT, "pwrite64");
    next_fsync = (sync_call)dlsym(RTLD_NEXT, "fsync");
    next_fdatasync = (sync_call)dlsym(RTLD_NEXT, "fdatasync");
    if (told != NULL) {
        const char *colon = strchr(told, ':');
        size_t length = colon ? (size_t)(colon - told) : 0;
        if (colon == NULL || length >= sizeof mode)
            abort();
        memcpy(mode, told, length);
        at = atol(colon + 1);
    }
    memset(&action, 0, sizeof action);
    action.sa_handler = power_cut;
    sigaction(SIGUSR2, &action, NULL);
}

static int is(const char *name) { return strcmp(mode, name) == 0; }

static int ends_with(int file, const char *end) {
    static const char digits[] = "0123456789";
    char link[32] = "/proc/self/fd/", path[4096];
    char number[12];
    int places = 0;
    ssize_t length;
    size_t tail = strlen(end);

    if (file < 0)
        return 0;
    do
        number[places++] = digits[file % 10];
    while ((file /= 10) > 0);
    for (size_t end_of_link = strlen(link); places > 0;) {
        link[end_of_link++] = number[--places];
        link[end_of_link] = 0;
    }
    length = readlink(link, path, sizeof path);

    return length >= (ssize_t)tail && memcmp(path + length - tail, end, tail) == 0;
}

static int refused(void) {
    static int once;

    if (commits + 1 < at)
        return 0;
    if (!is("full") && !is("readonly") && !(is("once") && once++ == 0))
        return 0;
    errno = is("readonly") ? EROFS : ENOSPC;

    return 1;
}

static int goes_to_log(int file, off64_t offset, size_t size) {
    if (!ends_with(file, ".sqlite3-wal"))
        return 0;
    if (log_file != file) {
        struct stat status;
        log_file = file;
        durable = fstat(file, &status) == 0 ? status.st_size : 0;
        written = durable;
    }
    if (offset == 0 && size == HEADER) {
        /* A new log: what stood in the old one is in the database by now. */
        durable = 0;
        written = 0;
    } else {
        headers += size == FRAME_HEADER;
        frames = 1;
    }
    if (offset + (off64_t)size > written)
        written = offset + size;

    return 1;
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t offset) {
    if (goes_to_log(file, offset, size)) {
        if (refused())
            return -1;
        if (frames && commits + 1 == at) {
            if (is("write"))
                die();
            /* The second frame's header: one of at least two frames is complete. */
            if (is("torn") && headers == 2) {
                next_pwrite(file, bytes, size / 2, offset);
                die();
            }
        }
    } else if (is("making") && ends_with(file, ".new") && --at == 0) {
        next_pwrite(file, bytes, size / 2, offset);
        die();
    } else if (ends_with(file, ".sqlite3")) {
        if (refused())
            return -1;
        if (is("checkpoint") && commits >= at) {
            next_pwrite(file, bytes, size / 2, offset);
            die();
        }
    }

    return next_pwrite(file, bytes, size, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) {
    return pwrite64(file, bytes, size, offset);
}

static int synced(int file, sync_call sync) {
    int is_log = ends_with(file, ".sqlite3-wal");
    int answer;

    if (is_log && frames && commits + 1 == at && is("sync"))
        die();
    if (is_log && commits + 1 >= at && is("unsynced")) {
        errno = EIO;
        return -1;
    }
    answer = sync(file);
    if (is("made") && ends_with(file, ".new") && --at == 0)
        die();
    if (is_log && answer == 0) {
        durable = written;
        if (frames) {
            frames = headers = 0;
            commits += 1;
            if (commits == at && is("synced"))
                die();
        }
    }

    return answer;
}

int fsync(int file) { return synced(file, next_fsync); }

int fdatasync(int file) { return synced(file, next_fdatasync); }
