/* People log in and out, and see where else they are logged in. */
#include "handlers.h"

#include "accounts.h"
#include "auth.h"
#include "check.h"
#include "csrf.h"
#include "passwd.h"
#include "sql.h"
#include "token.h"

#include <string.h>

struct login {
    const char *email, *password;
    const bool *beside;
};

struct ending {
    const bool *all;
};

/* clang-format off */
static const struct field login_rows[] = {
    { "email",    FIELD_TEXT, offsetof(struct login, email),    true, 3, 254, NULL },
    { "password", FIELD_TEXT, offsetof(struct login, password), true, 1, 1024, NULL },
    { "beside",   FIELD_BOOL, offsetof(struct login, beside),   false, 0, 0, NULL },
};
static const struct field ending_rows[] = {
    { "all", FIELD_BOOL, offsetof(struct ending, all), false, 0, 0, NULL },
};
/* clang-format on */
const struct fields login_in = FIELDS(login_rows, struct login);
const struct fields session_ending = FIELDS(ending_rows, struct ending);

enum err sessions_wait(struct req *rq, int64_t wait_s)
{
    if (wait_s <= 0) return OK;
    rq->rate.retry_s = wait_s;
    return ctx_fail(rq->ctx, ERR_RATE_LIMITED, "too many attempts: the next one in %lld s", (long long)wait_s);
}

/* What the browser has held stays beside the new session, but for one of the same user; or it ends. */
static enum err make_room(struct req *rq, const char *user, bool beside, struct accounts *held)
{
    struct accounts all;
    TRY(accounts_read(rq, &all));
    *held = (struct accounts){ .n = 0 };
    for (size_t i = 0; i < all.n; i++)
        if (beside && strcmp(all.v[i].user, user) != 0) held->v[held->n++] = all.v[i];
    if (held->n > ACCOUNTS_BESIDE)
        return ctx_fail(rq->ctx, ERR_CONFLICT, "this browser holds %d accounts already: log out, or use another",
                        1 + ACCOUNTS_BESIDE);
    for (size_t i = 0; i < held->n; i++) held->v[i].current = false;
    for (size_t i = 0; i < all.n; i++)
        if (!beside || strcmp(all.v[i].user, user) == 0) TRY(accounts_end(rq, &all.v[i]));
    return OK;
}

/* POST /api/v1/sessions {email, password, beside?} -> 201 {user, expires_at, csrf_token} and the cookie
 * An unknown user, a user without a password and a wrong password cost and answer the same; so do too many guesses,
 * which are not judged at all. A login never takes over the id that the browser brought. */
enum err sessions_open(struct req *rq, struct res *rs)
{
    struct ctx              *cx = rq->ctx;
    const struct login      *in = rq->in;
    struct accounts          held;
    struct sql_session_login who;
    struct sql_session_open  session;
    unsigned char            hash[TOKEN_HASH];
    TRY(sql_session_login(cx, &(const struct sql_session_login_in){ in->email, rq->remote }, &who));
    TRY(sessions_wait(rq, who.wait));
    if (!passwd_valid(cx->arena, in->password, who.password_hash))
        return ctx_fail(cx, ERR_UNAUTHENTICATED, "e-mail address or password is wrong");
    TRY(make_room(rq, who.id, in->beside != NULL && *in->beside, &held));
    const char *token = token_session(cx->arena, hash);
    cx->tenant = who.tenant_id;
    struct sql_session_open_in open = { .user_id = who.id,
                                        .email = who.email,
                                        .hash = { hash, sizeof hash },
                                        .seconds = AUTH_SESSION_S,
                                        .origin = rq->remote,
                                        .agent = rq->agent,
                                        .csrf = csrf_token(cx->arena, token) };
    TRY(sql_session_open(cx, &open, &session));
    TRY(res_json(rs, 201, session.doc));
    return accounts_keep(rq, rs, token, &held);
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

/* DELETE /api/v1/sessions -> 204: ends the session of the cookie and those beside it; ?all=true: every session of the
 * user as well. A bearer ends its own. */
enum err sessions_close(struct req *rq, struct res *rs)
{
    const struct ending *how = rq->args;
    const bool           all = how != NULL && how->all != NULL && *how->all;
    struct accounts      held = { .n = 0 };
    int64_t              ended;
    if (*rq->authorization == '\0') TRY(accounts_read(rq, &held));
    for (size_t i = 0; i < held.n; i++)
        if (!held.v[i].current) TRY(accounts_end(rq, &held.v[i]));
    TRY(revoke(rq, all ? NULL : rq->session_id, &ended));
    *rs = (struct res){ .status = 204 };
    return accounts_keep(rq, rs, "", &(const struct accounts){ .n = 0 });
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
