/* What people do about themselves: who am I, another password, a way back in. Hashing is in the auth pool alone. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "csrf.h"
#include "guess.h"
#include "passwd.h"
#include "sql.h"
#include "token.h"

#include <string.h>

struct change {
    const char *current, *fresh;
};

struct link {
    const char *token, *password;
};

struct lost {
    const char *email;
};

/* clang-format off */
static const struct field change_rows[] = {
    { "current_password", FIELD_TEXT, offsetof(struct change, current), true, 1, 1024, NULL },
    { "new_password",     FIELD_TEXT, offsetof(struct change, fresh),   true, PASSWD_MIN, PASSWD_MAX, NULL },
};
static const struct field link_rows[] = {
    { "token",    FIELD_TEXT, offsetof(struct link, token),    true, 1, 100, NULL },
    { "password", FIELD_TEXT, offsetof(struct link, password), true, PASSWD_MIN, PASSWD_MAX, NULL },
};
static const struct field lost_rows[] = {
    { "email", FIELD_TEXT, offsetof(struct lost, email), true, 3, 254, NULL },
};
/* clang-format on */
const struct fields password_change_in = FIELDS(change_rows, struct change);
const struct fields password_link_in = FIELDS(link_rows, struct link);
const struct fields password_lost_in = FIELDS(lost_rows, struct lost);

/* Nobody's tenant: whose address is unknown is looked up under it, which costs what a known one costs. */
static const char nobody[] = "00000000-0000-0000-0000-000000000000";

/* GET /api/v1/me -> 200 {user, key, role, tenant, session, csrf_token} */
enum err me_show(struct req *rq, struct res *rs)
{
    struct ctx           *cx = rq->ctx;
    const char           *session = rq->session_id == NULL ? NULL : auth_session(rq);
    struct sql_me_show    row;
    struct sql_me_show_in in = { .user_id = rq->user,
                                 .session_id = rq->session_id,
                                 .key = rq->key,
                                 .role = rq->role,
                                 .csrf = session == NULL ? NULL : csrf_token(cx->arena, session) };
    TRY(sql_me_show(cx, &in, &row));
    return res_json(rs, 200, row.doc);
}

static enum err hashed(struct ctx *cx, const char *password, const struct guess_owner *who, const char *at,
                       const char **out)
{
    const char *why = guess_why(password, who);
    if (why != NULL) return field_fault(cx, ERR_INVALID, at, "guessable", why);
    if (!check_utf8(password, strlen(password))) return field_fault(cx, ERR_INVALID, at, "type", "expected UTF-8 text");
    return passwd_hash(cx, password, out);
}

/* POST /api/v1/me/password {current_password, new_password} -> 204
 * Guesses count like logins, for a stolen session must not be a way to the password. Every other session ends. */
enum err me_password(struct req *rq, struct res *rs)
{
    struct ctx                  *cx = rq->ctx;
    const struct change         *in = rq->in;
    struct sql_password_check    who = { .email = NULL };
    struct sql_password_store    done;
    struct sql_password_store_in store = {
        .user_id = rq->user, .keep = rq->session_id, .actor = auth_actor(rq), .origin = rq->remote
    };
    TRY(sql_password_check(cx, &(const struct sql_password_check_in){ rq->user, rq->remote }, &who));
    if (who.email == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "no such user");
    TRY(sessions_wait(rq, who.wait));
    if (!passwd_valid(cx->arena, in->current, who.password_hash))
        return field_fault(cx, ERR_INVALID, "/current_password", "wrong", "is wrong");
    const struct guess_owner owner = { who.email, who.tenant };
    TRY(hashed(cx, in->fresh, &owner, "/new_password", &store.password_hash));
    TRY(sql_password_store(cx, &store, &done));
    *rs = (struct res){ .status = 204 };
    return OK;
}

/* POST /api/v1/password/reset {email} -> 202: whether there is such a user is not said, neither in words nor in time.
 * The mail goes out by the sweep, for this pool never dials out. */
enum err password_reset(struct req *rq, struct res *rs)
{
    struct ctx              *cx = rq->ctx;
    const struct lost       *in = rq->in;
    struct sql_password_lost who = { .id = NULL };
    TRY(sql_password_lost(cx, &(const struct sql_password_lost_in){ in->email }, &who));
    cx->tenant = who.id == NULL ? nobody : who.tenant_id;
    const struct sql_mail_queue_in mail = { who.id == NULL ? nobody : who.id, "reset" };
    TRY(sql_mail_queue(cx, &mail));
    cx->tenant = NULL; /* the log is no place to tell either */
    return res_json(rs, 202, "{\"status\":\"accepted\"}\n");
}

static enum err stale_link(struct ctx *cx)
{
    return field_fault(cx, ERR_INVALID, "/token", "stale",
                       "the link was used already, or is too old: ask for a new one");
}

/* POST /api/v1/password {token, password} -> 204: sets a password by the link of a mail, once; every session ends. */
enum err password_set(struct req *rq, struct res *rs)
{
    struct ctx              *cx = rq->ctx;
    const struct link       *in = rq->in;
    struct sql_link_owner    who = { .user_id = NULL };
    struct sql_link_spend    spent;
    unsigned char            hash[TOKEN_HASH];
    struct sql_link_spend_in spend = { .hash = { hash, sizeof hash }, .origin = rq->remote };
    if (!token_session_hash(in->token, hash)) return stale_link(cx);
    TRY(sql_link_owner(cx, &(const struct sql_link_owner_in){ { hash, sizeof hash } }, &who));
    if (who.user_id == NULL) return stale_link(cx);
    const struct guess_owner owner = { who.email, who.tenant };
    TRY(hashed(cx, in->password, &owner, "/password", &spend.password_hash));
    cx->tenant = who.tenant_id;
    TRY(sql_link_spend(cx, &spend, &spent));
    if (!spent.done) return stale_link(cx);
    *rs = (struct res){ .status = 204 };
    return OK;
}
