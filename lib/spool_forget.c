/* Deliveries that could not be read stay on disk; what they tell of an erased person does not. */
#include "buf.h"
#include "check.h"
#include "limit.h"
#include "spool.h"
#include "spool_box.h"
#include "veil.h"

#include <dirent.h>
#include <endian.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PARTS = 5, TENANT = 1 };

/* The body of a whole record of len bytes at s, and whose it is. False: it is none. */
static bool body_of(char *s, size_t len, const char **tenant, struct db_bytes *raw)
{
    char *at = s, *end = s + len;
    for (size_t i = 0; i < PARTS; i++) {
        char *stop = memchr(at, '\0', (size_t)(end - at));
        if (stop == NULL) return false;
        if (i == TENANT) *tenant = at;
        at = stop + 1;
    }
    *raw = (struct db_bytes){ at, (size_t)(end - at) };
    return check_uuid(*tenant);
}

/* Blanks a body that tells of the person, and keeps its record whole. */
static void blank(struct ctx *cx, char *record, size_t len, const struct subject *who)
{
    const char     *tenant;
    struct db_bytes raw, open;
    uint32_t        crc;
    if (!body_of(record + SPOOL_HEAD, len, &tenant, &raw) || strcmp(tenant, cx->tenant) != 0) return;
    open = veil_bytes_open(cx, cx->veil, raw);
    if (!erasure_tells(who, open.at, open.n)) return;
    memset(record + SPOOL_HEAD + len - raw.n, ' ', raw.n);
    crc = htole32(spool_crc(record + SPOOL_HEAD, len));
    memcpy(record + sizeof(uint32_t), &crc, sizeof crc);
}

/* What is no record: the stretch between two NUL bytes that holds the digits. */
static void blank_ruins(char *s, size_t n, const struct subject *who)
{
    const size_t digits = strlen(who->number + 1);
    for (char *at = s, *hit; (hit = memmem(at, n - (size_t)(at - s), who->number + 1, digits)) != NULL;) {
        char *from = hit, *to = hit;
        while (from > s && from[-1] != '\0') from--;
        while (to < s + n && *to != '\0') to++;
        memset(from, ' ', (size_t)(to - from));
        at = to;
    }
}

static void blank_all(struct ctx *cx, char *s, size_t n, const struct subject *who)
{
    size_t   at = 0;
    uint32_t head[2];
    while (n - at >= SPOOL_HEAD) {
        memcpy(head, s + at, sizeof head);
        const size_t len = le32toh(head[0]);
        if (len > SPOOL_RECORD_MAX || len > n - at - SPOOL_HEAD
            || spool_crc(s + at + SPOOL_HEAD, len) != le32toh(head[1]))
            break;
        blank(cx, s + at, len, who);
        at += SPOOL_HEAD + len;
    }
    blank_ruins(s + at, n - at, who);
}

static enum err forget_file(struct ctx *cx, const char *path, const struct subject *who)
{
    struct stat st;
    int         fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (fd >= 0) (void)close(fd);
        return ctx_fail(cx, ERR_INTERNAL, "spool: %s cannot be opened", path);
    }
    const size_t n = (size_t)st.st_size;
    char        *s = n == 0 ? NULL : mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    bool         good = n == 0;
    if (n > 0 && s != MAP_FAILED) {
        blank_all(cx, s, n, who);
        good = msync(s, n, MS_SYNC) == 0;
        (void)munmap(s, n);
    }
    (void)close(fd);
    return good ? OK : ctx_fail(cx, ERR_INTERNAL, "spool: %s cannot be written", path);
}

enum err spool_forget(struct ctx *cx, const char *state_dir, const struct subject *who)
{
    static const char tail[] = ".quarantine";
    const char       *dir = arena_printf(cx->arena, "%s/spool", state_dir);
    DIR              *d = who->number == NULL ? NULL : opendir(dir);
    enum err          e = OK;
    for (struct dirent *f; d != NULL && e == OK && (f = readdir(d)) != NULL;) {
        const size_t n = strlen(f->d_name);
        if (n < sizeof tail || strcmp(f->d_name + n + 1 - sizeof tail, tail) != 0) continue;
        e = forget_file(cx, arena_printf(cx->arena, "%s/%s", dir, f->d_name), who);
    }
    if (d != NULL) (void)closedir(d);
    return e;
}
