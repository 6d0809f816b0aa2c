/* Settings files: the state machine of systemd's EnvironmentFile, and strict where systemd only warns. */
#include "env.h"

#include "buf.h"
#include "check.h"
#include "limit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAIRS_MAX = 256 };

struct reader {
    struct ctx *cx;
    const char *file, *at, *end;
    int         line;
};

static const char blank[] = " \t\r";

static enum err refuse(const struct reader *r, const char *why)
{
    return ctx_fail(r->cx, ERR_INVALID, "%s line %d: %s", r->file, r->line, why);
}

static void comment(struct reader *r)
{
    for (; r->at < r->end && *r->at != '\n'; r->at++)
        if (*r->at == '\\' && r->at + 1 < r->end && *++r->at == '\n') r->line++;
}

/* From behind the opening quote to behind the closing one. Both kinds may hold line ends. */
static enum err quoted(struct reader *r, char quote, struct buf *out)
{
    int opened = r->line;
    for (; r->at < r->end && *r->at != quote; r->at++) {
        if (*r->at == '\n') r->line++;
        if (quote == '"' && *r->at == '\\' && r->at + 1 < r->end && strchr("\"\\`$\n", r->at[1]) != NULL) {
            if (*++r->at == '\n') r->line++;
            else buf_add(out, r->at, 1);
            continue;
        }
        buf_add(out, r->at, 1);
    }
    if (r->at == r->end) {
        r->line = opened;
        return refuse(r, "a quote is not closed");
    }
    r->at++;
    return OK;
}

/* The rest of an unquoted value; white space at its end is dropped, unless it was escaped. */
static void plain(struct reader *r, struct buf *out)
{
    size_t keep = out->len;
    for (; r->at < r->end && *r->at != '\n'; r->at++) {
        const bool escaped = *r->at == '\\' && r->at + 1 < r->end;
        if (escaped && *++r->at == '\n') {
            r->line++;
            continue;
        }
        buf_add(out, r->at, 1);
        if (escaped || strchr(blank, *r->at) == NULL) keep = out->len;
    }
    out->len = keep;
    out->at[keep] = '\0';
}

static enum err value(struct reader *r, const char **out)
{
    struct buf b = buf_new(r->cx->arena, ENV_FILE_MAX);
    while (r->at < r->end && *r->at != '\n') {
        if (strchr(blank, *r->at) != NULL) r->at++;
        else if (*r->at == '\'' || *r->at == '"') {
            char quote = *r->at++;
            TRY(quoted(r, quote, &b));
        } else plain(r, &b);
    }
    *out = b.at;
    return OK;
}

static enum err name(struct reader *r, const char **out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    const char       *eq = memchr(r->at, '=', (size_t)(r->end - r->at));
    const char       *stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
    if (eq == NULL || (stop != NULL && stop < eq)) return refuse(r, "expected NAME=VALUE");
    size_t n = (size_t)(eq - r->at);
    while (n > 0 && strchr(blank, r->at[n - 1]) != NULL) n--;
    const char *text = arena_copy(r->cx->arena, r->at, n);
    size_t      good = strspn(text, letters);
    good += good == 0 ? 0 : strspn(text + good, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
    if (n == 0 || good != n) return refuse(r, "a name is letters, digits and _");
    *out = text;
    r->at = eq + 1;
    return OK;
}

enum err env_parse(struct ctx *cx, const char *file, const char *text, size_t n, struct env *out)
{
    struct reader r = { .cx = cx, .file = file, .at = text, .end = text + n, .line = 1 };
    struct env    env = { .v = arena_alloc(cx->arena, PAIRS_MAX * sizeof *env.v) };
    if (memchr(text, '\0', n) != NULL || !check_utf8(text, n))
        return ctx_fail(cx, ERR_INVALID, "%s: not UTF-8 text", file);
    while (r.at < r.end) {
        if (*r.at == '#' || *r.at == ';') comment(&r);
        else if (*r.at == '\n') r.line++, r.at++;
        else if (strchr(blank, *r.at) != NULL) r.at++;
        else {
            struct env_pair p;
            if (env.n == PAIRS_MAX) return refuse(&r, "too many settings");
            TRY(name(&r, &p.name));
            TRY(value(&r, &p.value));
            env.v[env.n++] = p;
        }
    }
    *out = env;
    return OK;
}

enum err env_slurp(struct ctx *cx, const char *path, size_t max, const char **text, size_t *n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        enum err e = errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_INVALID;
        return ctx_fail(cx, e, "%s: %s", path, strerror(errno));
    }
    /* A pipe says no size, nor does a file that the kernel makes up. */
    struct stat  st;
    const bool   sized = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && (size_t)st.st_size < max;
    const size_t room = sized ? (size_t)st.st_size : max;
    char        *at = arena_alloc(cx->arena, room + 2);
    size_t       len = 0;
    ssize_t      got = 1;
    while (got > 0 && len <= room) {
        got = read(fd, at + len, room + 1 - len);
        if (got > 0) len += (size_t)got;
        if (got < 0 && errno == EINTR) got = 1;
    }
    (void)close(fd); /* nothing was written */
    if (got < 0) return ctx_fail(cx, ERR_INVALID, "%s: %s", path, strerror(errno));
    if (len > room) return ctx_fail(cx, ERR_TOO_LARGE, "%s: over %zu bytes", path, room);
    *text = at;
    *n = len;
    return OK;
}

enum err env_read(struct ctx *cx, const char *path, struct env *out)
{
    const char *text;
    size_t      n;
    TRY(env_slurp(cx, path, ENV_FILE_MAX, &text, &n));
    return env_parse(cx, path, text, n, out);
}

const char *env_get(const struct env *e, const char *wanted)
{
    for (size_t i = e->n; i > 0; i--)
        if (strcmp(e->v[i - 1].name, wanted) == 0) return e->v[i - 1].value;
    return NULL;
}
