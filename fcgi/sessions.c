/* People log in and out, and see where else they are logged in. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "csrf.h"
#include "passwd.h"
#include "sql.h"
#include "token.h"

#include <string.h>

struct login {
    const char *email, *password;
};

struct ending {
    const bool *all;
};

/* clang-format off */
static const struct field login_rows[] = {
    { "email",    FIELD_TEXT, offsetof(struct login, email),    true, 3, 254, NULL },
    { "password", FIELD_TEXT, offsetof(struct login, password), true, 1, 1024, NULL },
};
static const struct field ending_rows[] = {
    { "all", FIELD_BOOL, offsetof(struct ending, all), false, 0, 0, NULL },
};
/* clang-format on */
const struct fields login_in = FIELDS(login_rows, struct login);
const struct fields session_ending = FIELDS(ending_rows, struct ending);

static enum err cookie(struct ctx *cx, struct res *rs, const char *value, int seconds)
{
    TRY(res_header(cx, rs, "Cache-Control", "no-store"));
    return res_header(cx, rs, "Set-Cookie",
                      arena_printf(cx->arena, AUTH_COOKIE "=%s; Path=/; Max-Age=%d; HttpOnly; Secure; SameSite=Lax",
                                   value, seconds));
}

enum err sessions_wait(struct req *rq, int64_t wait_s)
{
    if (wait_s <= 0) return OK;
    rq->rate.retry_s = wait_s;
    return ctx_fail(rq->ctx, ERR_RATE_LIMITED, "too many attempts: the next one in %lld s", (long long)wait_s);
}

/* POST /api/v1/sessions {email, password} -> 201 {user, expires_at, csrf_token} and the cookie
 * An unknown user, a user without a password and a wrong password cost and answer the same; so do too many guesses,
 * which are not judged at all. A login never takes over the id that the browser brought. */
enum err sessions_open(struct req *rq, struct res *rs)
{
    struct ctx              *cx = rq->ctx;
    const struct login      *in = rq->in;
    const char              *before = auth_session(rq);
    struct sql_session_login who;
    struct sql_session_open  session;
    unsigned char            hash[TOKEN_HASH], old[TOKEN_HASH];
    TRY(sql_session_login(cx, &(const struct sql_session_login_in){ in->email, rq->remote }, &who));
    TRY(sessions_wait(rq, who.wait));
    if (!passwd_valid(cx->arena, in->password, who.password_hash))
        return ctx_fail(cx, ERR_UNAUTHENTICATED, "e-mail address or password is wrong");
    const char *token = token_session(cx->arena, hash);
    const bool  held = before != NULL && token_session_hash(before, old);
    cx->tenant = who.tenant_id;
    struct sql_session_open_in open = { .user_id = who.id,
                                        .email = who.email,
                                        .hash = { hash, sizeof hash },
                                        .old = { held ? old : NULL, held ? sizeof old : 0 },
                                        .seconds = AUTH_SESSION_S,
                                        .origin = rq->remote,
                                        .agent = rq->agent,
                                        .csrf = csrf_token(cx->arena, token) };
    TRY(sql_session_open(cx, &open, &session));
    TRY(res_json(rs, 201, session.doc));
    return cookie(cx, rs, token, AUTH_SESSION_S);
}

/* GET /api/v1/sessions -> 200 {"data":[{id, current, origin, agent, ...}]}: the user's own. */
enum err sessions_list(struct req *rq, struct res *rs)
{
    struct sql_session_list list;
    TRY(sql_session_list(rq->ctx, &(const struct sql_session_list_in){ rq->user, rq->session_id }, &list));
    return res_json(rs, 200, list.doc);
}

static enum err revoke(struct req *rq, const char *id, int64_t *ended)
{
    struct sql_session_revoke    row;
    struct sql_session_revoke_in in = { rq->user, id, auth_actor(rq), rq->remote };
    TRY(sql_session_revoke(rq->ctx, &in, &row));
    *ended = row.ended;
    return OK;
}

/* DELETE /api/v1/sessions -> 204: ends the session of the cookie; ?all=true: every session of the user. */
enum err sessions_close(struct req *rq, struct res *rs)
{
    struct ctx          *cx = rq->ctx;
    const struct ending *how = rq->args;
    const bool           all = how != NULL && how->all != NULL && *how->all;
    int64_t              ended;
    TRY(revoke(rq, all ? NULL : rq->session_id, &ended));
    *rs = (struct res){ .status = 204 };
    return cookie(cx, rs, "", 0);
}

/* DELETE /api/v1/sessions/{id} -> 204: another of the user's sessions. Somebody else's and none are the same 404. */
enum err sessions_revoke(struct req *rq, struct res *rs)
{
    int64_t ended = 0;
    if (check_uuid(rq->param[0])) TRY(revoke(rq, rq->param[0], &ended));
    if (ended == 0) return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such session");
    *rs = (struct res){ .status = 204 };
    return OK;
}
