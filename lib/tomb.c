/* Tombstones: a file beside the spool, mode 0600, that is only added to. */
#include "tomb.h"

#include "buf.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 20, PARTS = 6 };

static const char *folder(struct ctx *cx, const char *state_dir)
{
    return arena_printf(cx->arena, "%s/erasures", state_dir);
}

static enum err disk(struct ctx *cx, const char *what)
{
    return ctx_fail(cx, ERR_INTERNAL, "tombstones: %s: %s", what, strerror(errno));
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct tomb *)a)->id, ((const struct tomb *)b)->id);
}

/* One line, without its end. False: it is none of ours. */
static bool read_line(struct ctx *cx, const char *s, size_t n, struct tomb *out)
{
    char *part[PARTS], *at = arena_copy(cx->arena, s, n);
    for (size_t i = 0; i < PARTS; i++) {
        part[i] = at;
        at = i + 1 == PARTS ? NULL : strchr(at, ' ');
        if (at == NULL && i + 1 < PARTS) return false;
        if (at != NULL) *at++ = '\0';
    }
    *out = (struct tomb){ .id = part[1], .tenant = part[2], .contacts = part[5] };
    if (strcmp(part[4], "-") != 0) out->mark = part[4];
    return strcmp(part[0], "1") == 0 && check_uuid(out->id) && check_uuid(out->tenant) && *out->contacts == '['
           && check_int(part[3], 0, INT64_MAX / 2, &out->asked_us);
}

static void read_lines(struct ctx *cx, const char *s, size_t n, struct tombs *out)
{
    size_t lines = 0, kept = 0;
    for (size_t i = 0; i < n; i++) lines += s[i] == '\n';
    out->v = arena_alloc(cx->arena, (lines + 1) * sizeof *out->v);
    for (const char *at = s, *end; (end = memchr(at, '\n', n - (size_t)(at - s))) != NULL; at = end + 1)
        out->n += read_line(cx, at, (size_t)(end - at), &out->v[out->n]);
    qsort(out->v, out->n, sizeof *out->v, by_id);
    for (size_t i = 0; i < out->n; i++)
        if (kept == 0 || by_id(&out->v[kept - 1], &out->v[i]) != 0) out->v[kept++] = out->v[i];
    out->n = kept;
}

static enum err read_open(struct ctx *cx, int fd, struct tombs *out)
{
    struct stat st;
    size_t      n = 0;
    if (fstat(fd, &st) != 0 || st.st_size > FILE_MAX) return disk(cx, "cannot be read");
    char *bytes = arena_alloc(cx->arena, (size_t)st.st_size + 1);
    while (n < (size_t)st.st_size) {
        ssize_t got = read(fd, bytes + n, (size_t)st.st_size - n);
        if (got <= 0) return disk(cx, "cannot be read");
        n += (size_t)got;
    }
    read_lines(cx, bytes, n, out);
    return OK;
}

enum err tomb_read(struct ctx *cx, const char *state_dir, struct tombs *out)
{
    struct tombs found = { 0 };
    int          fd = open(arena_printf(cx->arena, "%s/tombstones", folder(cx, state_dir)), O_RDONLY | O_CLOEXEC);
    *out = found;
    if (fd < 0) return errno == ENOENT ? OK : disk(cx, "cannot be opened");
    enum err e = read_open(cx, fd, &found);
    (void)close(fd);
    if (e == OK) *out = found;
    return e;
}

bool tomb_has(const struct tombs *all, const char *id)
{
    const struct tomb key = { .id = id };
    return all->n > 0 && bsearch(&key, all->v, all->n, sizeof *all->v, by_id) != NULL;
}

/* Behind whatever a crash has left of a line. */
static bool append(int fd, struct buf *b)
{
    char        last = '\n';
    struct stat st;
    if (flock(fd, LOCK_EX) != 0 || fstat(fd, &st) != 0) return false;
    if (st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) != 1) return false;
    if (last != '\n' && write(fd, "\n", 1) != 1) return false;
    return !b->full && write(fd, b->at, b->len) == (ssize_t)b->len && fsync(fd) == 0;
}

/* An operator's command, run as root, must not keep the sweep from its file. */
static bool hand_over(const char *state_dir, int fd, const char *dir)
{
    struct stat st;
    if (geteuid() != 0) return true;
    return stat(state_dir, &st) == 0 && chown(dir, st.st_uid, st.st_gid) == 0 && fchown(fd, st.st_uid, st.st_gid) == 0;
}

static bool sync_folder(const char *dir)
{
    int  fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) (void)close(fd);
    return synced;
}

enum err tomb_add(struct ctx *cx, const char *state_dir, const struct tomb *v, size_t n)
{
    const char *dir = folder(cx, state_dir);
    struct buf  b = buf_new(cx->arena, FILE_MAX);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "1 %s %s %lld %s %s\n", v[i].id, v[i].tenant, (long long)v[i].asked_us,
                   v[i].mark == NULL ? "-" : v[i].mark, v[i].contacts);
    (void)mkdir(dir, 0700); /* usually there */
    int fd = open(arena_printf(cx->arena, "%s/tombstones", dir), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return disk(cx, "cannot be opened");
    const bool kept = append(fd, &b) && hand_over(state_dir, fd, dir) && sync_folder(dir);
    (void)close(fd);
    return kept ? OK : disk(cx, "cannot be written");
}
