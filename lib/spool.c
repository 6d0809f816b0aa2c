/* Deliveries on disk: append under a shared lock, drain under an exclusive one.
 *
 *   record:  u32 length | u32 crc32c | kind \0 tenant \0 account \0 intent \0 received_ms \0 raw bytes
 *                                      '------------------- length bytes, covered by the crc ------'     little endian
 */
#include "spool.h"

#include "buf.h"
#include "check.h"
#include "clock.h"
#include "ingest.h"
#include "limit.h"
#include "log.h"
#include "spool_box.h"
#include "veil.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DRAIN_CAP = 256 << 20, BUDGET_MS = 10000 };

/* Bit by bit: a spool is small and rare. */
uint32_t spool_crc(const char *s, size_t n)
{
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < n; i++) {
        crc ^= (unsigned char)s[i];
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0x82F63B78u : crc >> 1;
    }
    return ~crc;
}

static void put_record(struct buf *b, struct arena *a, const struct event *ev)
{
    struct ctx            cx = { .arena = a };
    const struct db_bytes raw = veil_bytes(&cx, ev->veil, ev->raw);
    struct buf            r = buf_new(a, SPOOL_RECORD_MAX);
    buf_printf(&r, "%s%c%s%c%s%c%s%c%lld%c", event_word(ev->kind), 0, ev->tenant, 0, ev->account_sid, 0,
               ev->intent == NULL ? "" : ev->intent, 0, (long long)ev->received_ms, 0);
    buf_add(&r, raw.at, raw.n);
    const uint32_t head[] = { htole32((uint32_t)r.len), htole32(spool_crc(r.at, r.len)) };
    buf_add(b, head, sizeof head);
    buf_add(b, r.at, r.len);
    b->full = b->full || r.full;
}

/* The file under that name, locked; another one may have taken its place while we waited. */
static int open_locked(const char *path, int flags, int lock)
{
    for (;;) {
        struct stat here, there;
        int         fd = open(path, flags | O_CLOEXEC, 0600);
        if (fd < 0 || flock(fd, lock) != 0) return fd;
        if (fstat(fd, &here) == 0 && stat(path, &there) == 0 && here.st_ino == there.st_ino) return fd;
        (void)close(fd);
    }
}

enum err spool_append(struct ctx *cx, const char *state_dir, const char *name, struct event *const *v, size_t n)
{
    struct buf  b = buf_new(cx->arena, EVENT_BATCH_MAX * (size_t)SPOOL_RECORD_MAX);
    const char *dir = arena_printf(cx->arena, "%s/spool", state_dir);
    for (size_t i = 0; i < n; i++) put_record(&b, cx->arena, v[i]);
    (void)mkdir(dir, 0700); /* usually there */
    int fd = open_locked(arena_printf(cx->arena, "%s/%s.log", dir, name), O_WRONLY | O_APPEND | O_CREAT, LOCK_SH);
    if (fd < 0) return ctx_fail(cx, ERR_UNAVAILABLE, "spool: cannot be opened");
    const bool safe = !b.full && write(fd, b.at, b.len) == (ssize_t)b.len && fdatasync(fd) == 0;
    (void)close(fd);
    return safe ? OK : ctx_fail(cx, ERR_UNAVAILABLE, "spool: cannot be written");
}

/* A drain under way: whose records they are, and how many have come in. */
struct drain {
    const struct accounts *accounts;
    size_t                 n;
};

/* The record at s of at most n bytes. NULL: torn or damaged. A body that does not open is stored as it is. */
static struct event *read_record(struct ctx *cx, const struct drain *to, const char *s, size_t n, size_t *size)
{
    uint32_t head[2];
    if (n < SPOOL_HEAD) return NULL;
    memcpy(head, s, sizeof head);
    const size_t len = le32toh(head[0]);
    if (len > SPOOL_RECORD_MAX || len > n - SPOOL_HEAD || spool_crc(s + SPOOL_HEAD, len) != le32toh(head[1]))
        return NULL;
    *size = SPOOL_HEAD + len;
    const char *part[5], *at = arena_copy(cx->arena, s + SPOOL_HEAD, len), *end = at + len;
    for (size_t i = 0; i < 5; i++) {
        const char *stop = memchr(at, '\0', (size_t)(end - at));
        if (stop == NULL) return NULL;
        part[i] = at;
        at = stop + 1;
    }
    struct event *ev = arena_alloc(cx->arena, sizeof *ev);
    int64_t       ms = 0;
    if (!check_int(part[4], 0, INT64_MAX, &ms) || !check_uuid(part[1])) return NULL;
    *ev = (struct event){ .kind = event_kind_of(part[0]),
                          .tenant = part[1],
                          .account_sid = part[2],
                          .late = true,
                          .received_ms = ms,
                          .intent = check_uuid(part[3]) ? part[3] : NULL,
                          .raw = { at, (size_t)(end - at) } };
    const struct account *acc = accounts_find(to->accounts, ev->account_sid);
    ev->veil = acc == NULL || strcmp(acc->tenant, ev->tenant) != 0 ? NULL : acc->veil;
    ev->raw = veil_bytes_open(cx, ev->veil, ev->raw);
    if (ev->kind == EVENT_KINDS || form_parse(cx, ev->raw.at, ev->raw.n, &ev->form) != OK) {
        ctx_forgive(cx);
        return NULL;
    }
    event_digest(cx, ev);
    return ev;
}

/* Batch after batch, each in memory of its own. */
static enum err drain_bytes(struct ctx *cx, const char *s, size_t n, struct drain *to)
{
    for (size_t at = 0; at < n; arena_reset(cx->arena)) {
        struct event *v[EVENT_BATCH_MAX];
        size_t        k = 0, size = 0;
        while (k < EVENT_BATCH_MAX && at < n && (v[k] = read_record(cx, to, s + at, n - at, &size)) != NULL) {
            at += size;
            k++;
        }
        cx->deadline_ms = clock_ms() + BUDGET_MS;
        if (k > 0) TRY(ingest(cx, v, k));
        to->n += k;
        if (k > 0) continue;
        LOG(LOG_ERROR, "the rest of a spool file is damaged", LOG_NUM("at", (int64_t)at),
            LOG_NUM("bytes", (int64_t)(n - at)));
        return ctx_fail(cx, ERR_MALFORMED, "spool: damaged at byte %zu", at);
    }
    return OK;
}

static enum err drain_mapped(struct ctx *cx, int fd, size_t n, struct drain *to)
{
    struct arena *home = cx->arena;
    char         *bytes = n == 0 ? NULL : mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
    if (n == 0) return OK;
    if (bytes == MAP_FAILED) return ctx_fail(cx, ERR_UNAVAILABLE, "spool: cannot be read");
    cx->arena = arena_new(DRAIN_CAP);
    enum err e = drain_bytes(cx, bytes, n, to);
    arena_free(cx->arena);
    cx->arena = home;
    (void)munmap(bytes, n);
    return e;
}

static enum err drain_file(struct ctx *cx, const char *path, struct drain *to)
{
    struct stat st;
    int         fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return ctx_fail(cx, ERR_UNAVAILABLE, "spool: %s", path);
    enum err e = fstat(fd, &st) == 0 ? drain_mapped(cx, fd, (size_t)st.st_size, to) : ERR_UNAVAILABLE;
    (void)close(fd);
    if (e == OK) return unlink(path) == 0 ? OK : ctx_fail(cx, ERR_UNAVAILABLE, "spool: %s stays", path);
    if (e != ERR_MALFORMED) return e;
    ctx_forgive(cx);
    return rename(path, arena_printf(cx->arena, "%s.quarantine", path)) == 0 ? OK : ERR_UNAVAILABLE;
}

/* Takes a log out of the writers' way under a name of its own. */
static void set_aside(struct ctx *cx, const char *path)
{
    int fd = open_locked(path, O_WRONLY, LOCK_EX);
    if (fd < 0) return;
    (void)rename(path,
                 arena_printf(cx->arena, "%.*s.%lld.drain", (int)strlen(path) - 4, path, (long long)clock_unix_ms()));
    (void)close(fd);
}

static bool ends(const char *s, const char *tail)
{
    size_t n = strlen(s), t = strlen(tail);
    return n > t && strcmp(s + n - t, tail) == 0;
}

/* Drains each file of the directory with that ending; to NULL: sets it aside. */
static enum err each(struct ctx *cx, const char *dir, const char *tail, struct drain *to)
{
    DIR     *d = opendir(dir);
    enum err e = OK;
    for (struct dirent *f; d != NULL && e == OK && (f = readdir(d)) != NULL;) {
        if (!ends(f->d_name, tail) || strncmp(f->d_name, "quarantine", 10) == 0) continue;
        const char *path = arena_printf(cx->arena, "%s/%s", dir, f->d_name);
        if (to == NULL) set_aside(cx, path);
        else e = drain_file(cx, path, to);
    }
    if (d != NULL) (void)closedir(d);
    return e;
}

bool spool_waits(struct ctx *cx, const char *state_dir)
{
    DIR *d = opendir(arena_printf(cx->arena, "%s/spool", state_dir));
    bool waits = false;
    for (struct dirent *f; d != NULL && !waits && (f = readdir(d)) != NULL;)
        waits = (ends(f->d_name, ".log") || ends(f->d_name, ".drain")) && strncmp(f->d_name, "quarantine", 10) != 0;
    if (d != NULL) (void)closedir(d);
    return waits;
}

enum err spool_drain(struct ctx *cx, const char *state_dir, const struct accounts *accounts, size_t *drained)
{
    struct drain to = { accounts, 0 };
    const char  *dir = arena_printf(cx->arena, "%s/spool", state_dir);
    int          lock = open(arena_printf(cx->arena, "%s/lock", dir), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    *drained = 0;
    if (lock < 0) return OK; /* nothing was ever spooled */
    enum err e = flock(lock, LOCK_EX | LOCK_NB) != 0 ? ERR_CONFLICT : each(cx, dir, ".log", NULL);
    if (e == OK) e = each(cx, dir, ".drain", &to);
    *drained = to.n;
    (void)close(lock);
    return e == ERR_CONFLICT ? OK : e; /* another one is at it */
}
