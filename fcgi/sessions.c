/* People log in and out. The only handlers that hash a password, in a pool of their own. */
#include "handlers.h"

#include "auth.h"
#include "field.h"
#include "passwd.h"
#include "sql.h"
#include "token.h"

#include <string.h>

struct login {
    const char *email, *password;
};

/* clang-format off */
static const struct field login_fields[] = {
    { "email",    FIELD_TEXT, offsetof(struct login, email),    true, 3, 254, NULL },
    { "password", FIELD_TEXT, offsetof(struct login, password), true, 1, 1024, NULL },
};
/* clang-format on */

static enum err cookie(struct ctx *cx, struct res *rs, const char *value, int seconds)
{
    return res_header(cx, rs, "Set-Cookie",
                      arena_printf(cx->arena, AUTH_COOKIE "=%s; Path=/; Max-Age=%d; HttpOnly; Secure; SameSite=Lax",
                                   value, seconds));
}

/* POST /api/v1/sessions {email, password} -> 201 {user, expires_at} and the cookie
 * An unknown user, a user without a password and a wrong password cost and answer the same. */
enum err sessions_open(struct req *rq, struct res *rs)
{
    struct ctx              *cx = rq->ctx;
    struct login             in = { 0 };
    struct sql_session_login who = { 0 };
    struct sql_session_open  session;
    unsigned char            hash[TOKEN_HASH];
    TRY(field_read(cx, rq->json, login_fields, sizeof login_fields / sizeof *login_fields, FIELD_STRANGE_REFUSED, &in));
    TRY(sql_session_login(cx, &(const struct sql_session_login_in){ in.email }, &who));
    if (!passwd_valid(cx->arena, in.password, who.password_hash))
        return ctx_fail(cx, ERR_UNAUTHENTICATED, "e-mail address or password is wrong");
    const char *token = token_session(cx->arena, hash);
    cx->tenant = who.tenant_id;
    struct sql_session_open_in open = {
        .user_id = who.id, .hash = { hash, sizeof hash }, .seconds = AUTH_SESSION_S, .origin = rq->remote
    };
    TRY(sql_session_open(cx, &open, &session));
    TRY(res_json(rs, 201, session.doc));
    TRY(res_header(cx, rs, "Cache-Control", "no-store"));
    return cookie(cx, rs, token, AUTH_SESSION_S);
}

/* DELETE /api/v1/sessions -> 204: ends the session of the cookie. */
enum err sessions_close(struct req *rq, struct res *rs)
{
    struct ctx   *cx = rq->ctx;
    const char   *value = auth_session(rq);
    unsigned char hash[TOKEN_HASH];
    if (value == NULL || !token_session_hash(value, hash))
        return ctx_fail(cx, ERR_INVALID, "this is for sessions, not for keys");
    TRY(sql_session_close(cx, &(const struct sql_session_close_in){ { hash, sizeof hash } }));
    *rs = (struct res){ .status = 204 };
    return cookie(cx, rs, "", 0);
}
