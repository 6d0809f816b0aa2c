/* Several accounts in one browser. A user belongs to one tenant; who works for several has an account in each, and
 * changes between those that he has logged in to. */
#include "accounts.h"

#include "auth.h"
#include "buf.h"
#include "csrf.h"
#include "sql.h"
#include "token.h"

#include <string.h>
#include <strings.h>

enum { COOKIE_MAX = 512, TOKEN_LEN = 43 };

struct choice {
    const char *session_id;
};

/* clang-format off */
static const struct field switch_rows[] = {
    { "session_id", FIELD_UUID, offsetof(struct choice, session_id), true, 0, 0, NULL },
};
/* clang-format on */
const struct fields switch_in = FIELDS(switch_rows, struct choice);

/* Tokens as the cookies have them, and their digests one behind the other. */
struct tokens {
    size_t        n;
    bool          current; /* the first is the one in use */
    const char   *text[1 + ACCOUNTS_BESIDE];
    unsigned char hash[(1 + ACCOUNTS_BESIDE) * TOKEN_HASH];
};

static void take(struct tokens *t, const char *text)
{
    if (t->n == sizeof t->text / sizeof *t->text) return;
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->text[i], text) == 0) return;
    if (token_session_hash(text, t->hash + t->n * TOKEN_HASH)) t->text[t->n++] = text;
}

/* The current one, and at most so many beside it. */
static void tokens_read(struct req *rq, struct tokens *t)
{
    const char *current = auth_session(rq), *beside = auth_cookie(rq, ACCOUNTS_COOKIE "=");
    *t = (struct tokens){ .n = 0 };
    if (current != NULL) take(t, current);
    t->current = t->n > 0;
    const size_t max = t->n + ACCOUNTS_BESIDE;
    for (const char *c = beside == NULL ? "" : beside; *c != '\0' && t->n < max;) {
        const size_t n = strcspn(c, ".");
        if (n == TOKEN_LEN) take(t, arena_copy(rq->ctx->arena, c, n));
        c += n;
        c += strspn(c, ".");
    }
}

enum err accounts_read(struct req *rq, struct accounts *out)
{
    struct tokens  t;
    struct db_rows rows = { .n = 0 };
    *out = (struct accounts){ .n = 0 };
    tokens_read(rq, &t);
    if (t.n == 0) return OK;
    TRY(sql_session_beside(rq->ctx, &(const struct sql_session_beside_in){ { t.hash, t.n * TOKEN_HASH } }, &rows));
    const struct sql_session_beside *row = rows.v;
    for (size_t i = 0; i < rows.n; i++) {
        const size_t place = (size_t)row[i].place - 1;
        out->v[out->n++] = (struct account){ .token = t.text[place],
                                             .session = row[i].session_id,
                                             .user = row[i].user_id,
                                             .tenant = row[i].tenant_id,
                                             .current = t.current && place == 0 };
    }
    return OK;
}

enum err accounts_end(struct req *rq, const struct account *a)
{
    struct ctx                  *cx = rq->ctx;
    const char                  *tenant = cx->tenant;
    struct sql_session_revoke    row;
    struct sql_session_revoke_in in = { a->user, a->session, arena_printf(cx->arena, "user:%s", a->user), rq->remote };
    cx->tenant = a->tenant;
    const enum err e = sql_session_revoke(cx, &in, &row);
    cx->tenant = tenant;
    return e;
}

static enum err cookie(struct ctx *cx, struct res *rs, const char *name, const char *value)
{
    return res_header(cx, rs, "Set-Cookie",
                      arena_printf(cx->arena, "%s=%s; Path=/; Max-Age=%d; HttpOnly; Secure; SameSite=Lax", name, value,
                                   *value == '\0' ? 0 : AUTH_SESSION_S));
}

enum err accounts_keep(struct req *rq, struct res *rs, const char *token, const struct accounts *beside)
{
    struct ctx *cx = rq->ctx;
    struct buf  b = buf_new(cx->arena, COOKIE_MAX);
    for (size_t i = 0; i < beside->n; i++)
        if (!beside->v[i].current) buf_printf(&b, "%s%s", b.len > 0 ? "." : "", beside->v[i].token);
    TRY(res_header(cx, rs, "Cache-Control", "no-store"));
    TRY(cookie(cx, rs, AUTH_COOKIE, token));
    if (b.len == 0 && auth_cookie(rq, ACCOUNTS_COOKIE "=") == NULL) return OK;
    return cookie(cx, rs, ACCOUNTS_COOKIE, b.len == 0 ? "" : b.at);
}

static enum err by_cookie(struct req *rq)
{
    if (*rq->authorization == '\0') return OK;
    return ctx_fail(rq->ctx, ERR_FORBIDDEN, "this is for a browser's cookies, not for a bearer");
}

/* GET /api/v1/sessions/beside -> 200 {"data":[{session_id, expires_at, user, tenant}]}: what one may change to. */
enum err accounts_beside(struct req *rq, struct res *rs)
{
    struct tokens                  t;
    struct sql_session_beside_list list;
    TRY(by_cookie(rq));
    tokens_read(rq, &t);
    const struct db_bytes hashes = { t.hash + TOKEN_HASH, (t.n - 1) * TOKEN_HASH };
    TRY(sql_session_beside_list(rq->ctx, &(const struct sql_session_beside_list_in){ hashes }, &list));
    return res_json(rs, 200, list.doc);
}

static struct account *chosen(struct accounts *held, const char *id)
{
    for (size_t i = 0; i < held->n; i++)
        if (!held->v[i].current && strcasecmp(held->v[i].session, id) == 0) return &held->v[i];
    return NULL;
}

/* From here on the request is of whom it changes to; a session that has just ended leaves it as it was. */
static enum err enter(struct req *rq, const struct account *to, const char **doc)
{
    struct ctx                        *cx = rq->ctx;
    const char                        *tenant = cx->tenant, *csrf = csrf_token(cx->arena, to->token);
    const struct sql_session_switch_in in = { to->session, rq->remote, rq->agent, csrf };
    struct sql_session_switch          row = { .doc = NULL };
    cx->tenant = to->tenant;
    const enum err e = sql_session_switch(cx, &in, &row);
    *doc = row.doc;
    if (row.doc != NULL) rq->user = to->user;
    else cx->tenant = tenant;
    return e;
}

/* POST /api/v1/sessions/switch {session_id} -> 200 {user, session_id, expires_at, csrf_token}, and the cookies change
 * places. */
enum err accounts_switch(struct req *rq, struct res *rs)
{
    struct accounts held;
    struct account *to = NULL;
    const char     *doc = NULL;
    TRY(by_cookie(rq));
    TRY(accounts_read(rq, &held));
    to = chosen(&held, ((const struct choice *)rq->in)->session_id);
    if (to != NULL) TRY(enter(rq, to, &doc));
    if (doc == NULL) return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such session beside this one");
    const char *token = to->token;
    for (size_t i = 0; i < held.n; i++) held.v[i].current = false;
    to->current = true;
    TRY(res_json(rs, 200, doc));
    return accounts_keep(rq, rs, token, &held);
}
