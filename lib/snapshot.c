/* The snapshot: a line a number, its fields urlencoded, number and tenant first; then a line an account.
 *
 *   switchhook-routes 1
 *   number=%2B442079460958&tenant=0189...&say=Hello&dial_to=%2B44...&ring=25&language=en-GB&...
 *   account=AC...&tenant=0189...&token=enc2...&key=enc1...&seal=1
 *
 * It is read only while the database is silent, so a scan of the file is good enough: a megabyte is four thousand
 * numbers. */
#include "snapshot.h"

#include "buf.h"
#include "check.h"
#include "form.h"
#include "gate.h"
#include "sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SNAPSHOT_MAX = 256 << 20, RING_MAX = 600, KEY_MAX = 200 };

static const char head[] = "switchhook-routes 1\n";

static const char *path_of(struct ctx *cx, const char *state_dir, const char *suffix)
{
    return arena_printf(cx->arena, "%s/routes.snapshot%s", state_dir, suffix);
}

static void put(struct buf *b, const char *key, const char *val)
{
    if (val == NULL) return;
    buf_printf(b, "&%s=", key);
    buf_urlencode(b, val);
}

/* A forward-to where the tenant does not call is left out here, for its countries are not there to be asked then. */
static void put_line(struct ctx *cx, struct buf *b, const struct sql_snapshot_list *r)
{
    const bool home = r->dial_to != NULL && gate_agent(cx, r->dial_to, r->countries) == OK;
    ctx_forgive(cx);
    buf_str(b, "number=");
    buf_urlencode(b, r->e164);
    put(b, "tenant", r->tenant_id);
    put(b, "say", r->say);
    put(b, "dial_to", home ? r->dial_to : NULL);
    put(b, "caller_id", r->caller_id);
    buf_printf(b, "&ring=%lld", (long long)r->ring_timeout_s);
    put(b, "voice", r->voice);
    put(b, "language", r->language);
    put(b, "unanswered", r->unanswered);
    buf_str(b, "\n");
}

static bool durable(const char *path, const struct buf *b)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd < 0) return false;
    const bool ok = !b->full && write(fd, b->at, b->len) == (ssize_t)b->len && fsync(fd) == 0;
    return close(fd) == 0 && ok;
}

static void put_account(struct buf *b, const struct sql_account_list *r)
{
    buf_str(b, "account=");
    buf_urlencode(b, r->account_sid);
    put(b, "tenant", r->tenant_id);
    put(b, "token", r->auth_token);
    put(b, "token2", r->auth_token_secondary);
    put(b, "key", r->data_key);
    if (r->sealing != NULL) put(b, "seal", *r->sealing ? "1" : "0");
    buf_str(b, "\n");
}

enum err snapshot_write(struct ctx *cx, const char *state_dir, const struct db_rows *routes,
                        const struct db_rows *accounts)
{
    const struct sql_snapshot_list *v = routes->v;
    const struct sql_account_list  *acc = accounts->v;
    struct buf                      b = buf_new(cx->arena, SNAPSHOT_MAX);
    const char                     *next = path_of(cx, state_dir, ".next");
    int                             lock = open(path_of(cx, state_dir, ".lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    buf_str(&b, head);
    for (size_t i = 0; i < routes->n; i++) put_line(cx, &b, &v[i]);
    for (size_t i = 0; i < accounts->n; i++) put_account(&b, &acc[i]);
    const bool mine = lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0, theirs = !mine && errno == EWOULDBLOCK;
    const bool done = mine && durable(next, &b) && rename(next, path_of(cx, state_dir, "")) == 0;
    if (lock >= 0) (void)close(lock);
    if (done || theirs) return OK; /* theirs: another sweep is writing the same */
    return ctx_fail(cx, ERR_UNAVAILABLE, "routes.snapshot cannot be written");
}

static enum err read_line(struct ctx *cx, const char *line, size_t n, struct sql_ingest_answer *out)
{
    struct form f;
    int64_t     ring = 0;
    TRY(form_parse(cx, line, n, &f));
    const char *text = form_get(&f, "ring");
    if (text == NULL || !check_int(text, 1, RING_MAX, &ring) || form_get(&f, "language") == NULL)
        return ctx_fail(cx, ERR_MALFORMED, "routes.snapshot: a line is damaged");
    *out = (struct sql_ingest_answer){ .route = "inbound",
                                       .say = form_get(&f, "say"),
                                       .dial_to = form_get(&f, "dial_to"),
                                       .caller_id = form_get(&f, "caller_id"),
                                       .ring_timeout_s = ring,
                                       .voice = form_get(&f, "voice"),
                                       .language = form_get(&f, "language"),
                                       .unanswered = form_get(&f, "unanswered") };
    return OK;
}

/* The whole file, mapped; the caller unmaps it. NOT_FOUND: there is none, or one of another version. */
static enum err map(struct ctx *cx, const char *state_dir, const char **at, size_t *n)
{
    struct stat st = { .st_size = 0 };
    int         fd = open(path_of(cx, state_dir, ""), O_RDONLY | O_CLOEXEC);
    char       *s = MAP_FAILED;
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size >= (off_t)sizeof head - 1)
        s = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (fd >= 0) (void)close(fd);
    if (s == MAP_FAILED) return ctx_fail(cx, ERR_NOT_FOUND, "routes.snapshot: none");
    *at = s;
    *n = (size_t)st.st_size;
    if (memcmp(s, head, sizeof head - 1) == 0) return OK;
    (void)munmap(s, (size_t)st.st_size);
    return ctx_fail(cx, ERR_NOT_FOUND, "routes.snapshot: of another version");
}

static void unmap(const char *s, size_t n)
{
    (void)munmap((void *)(uintptr_t)s, n);
}

static enum err find_in(struct ctx *cx, const char *s, size_t n, const char *key, struct sql_ingest_answer *out)
{
    const char *line = memmem(s, n, key, strlen(key));
    if (line == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "routes.snapshot: not one of its numbers");
    line++; /* past the line end before it */
    const char *stop = memchr(line, '\n', (size_t)(s + n - line));
    return stop == NULL ? ctx_fail(cx, ERR_MALFORMED, "routes.snapshot: cut")
                        : read_line(cx, line, (size_t)(stop - line), out);
}

enum err snapshot_find(struct ctx *cx, const char *state_dir, const char *tenant, const char *e164,
                       struct sql_ingest_answer *out)
{
    struct buf  key = buf_new(cx->arena, KEY_MAX);
    const char *s = NULL;
    size_t      n = 0;
    buf_str(&key, "\nnumber=");
    buf_urlencode(&key, e164);
    buf_printf(&key, "&tenant=%s&", tenant);
    if (key.full) return ctx_fail(cx, ERR_NOT_FOUND, "routes.snapshot: not one of its numbers");
    TRY(map(cx, state_dir, &s, &n));
    enum err e = find_in(cx, s, n, key.at, out);
    unmap(s, n);
    return e;
}

/* Reads the account lines at s into v, as many as fit; returns how many there are. */
static size_t read_accounts(struct ctx *cx, const char *s, size_t n, struct sql_account_list *v, size_t max)
{
    static const char key[] = "\naccount=";
    static const bool yes = true, no = false;
    size_t            found = 0;
    for (const char *end = s + n, *at; (at = memmem(s, (size_t)(end - s), key, sizeof key - 1)) != NULL; found++) {
        at++; /* past the line end before it */
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        struct form f;
        if (stop == NULL) break;
        s = stop;
        if (found >= max) continue;
        if (form_parse(cx, at, (size_t)(stop - at), &f) != OK) break;
        const char *seal = form_get(&f, "seal");
        v[found] = (struct sql_account_list){ .account_sid = form_get(&f, "account"),
                                              .tenant_id = form_get(&f, "tenant"),
                                              .auth_token = form_get(&f, "token"),
                                              .auth_token_secondary = form_get(&f, "token2"),
                                              .data_key = form_get(&f, "key"),
                                              .sealing = seal == NULL             ? NULL
                                                         : strcmp(seal, "1") == 0 ? &yes
                                                                                  : &no };
        if (v[found].tenant_id == NULL || v[found].auth_token == NULL) break;
    }
    return found;
}

enum err snapshot_accounts(struct ctx *cx, const char *state_dir, struct db_rows *out)
{
    const char *s = NULL;
    size_t      n = 0;
    TRY(map(cx, state_dir, &s, &n));
    const size_t             count = read_accounts(cx, s, n, NULL, 0);
    struct sql_account_list *v = arena_alloc(cx->arena, (count + 1) * sizeof *v);
    *out = (struct db_rows){ read_accounts(cx, s, n, v, count), v };
    unmap(s, n);
    return OK;
}
