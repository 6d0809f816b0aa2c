/* Who asks. One round trip of its own: the tenant must be known before row level security can hold for the rest. */
#include "auth.h"

#include "check.h"
#include "config.h"
#include "sql.h"
#include "token.h"

#include <string.h>

static const char bearer[] = "Bearer ";

/* viewer < agent < manager < admin; 0: none of them */
static int rank(const char *role)
{
    static const char *const roles[] = { "viewer", "agent", "manager", "admin" };
    for (int i = 0; role != NULL && i < 4; i++)
        if (strcmp(roles[i], role) == 0) return i + 1;
    return 0;
}

static enum err by_key(struct req *rq)
{
    struct ctx           *cx = rq->ctx;
    struct token          key;
    struct sql_apikey_use who;
    if (token_read(cx, rq->authorization + sizeof bearer - 1, &key) != OK) return cx->err.code;
    struct sql_apikey_use_in in = { key.prefix, { key.hash, sizeof key.hash } };
    TRY(sql_apikey_use(cx, &in, &who));
    if (who.tenant_id == NULL) return ctx_fail(cx, ERR_UNAUTHENTICATED, "not an API key");
    cx->tenant = who.tenant_id;
    rq->key = key.prefix;
    rq->role = who.role;
    return OK;
}

const char *auth_session(struct req *rq)
{
    static const char name[] = AUTH_COOKIE "=";
    for (const char *c = rq->cookie; *c != '\0';) {
        size_t n = strcspn(c, ";");
        if (n > sizeof name - 1 && strncmp(c, name, sizeof name - 1) == 0)
            return arena_copy(rq->ctx->arena, c + sizeof name - 1, n - (sizeof name - 1));
        c += n;
        c += strspn(c, "; ");
    }
    return NULL;
}

/* SameSite=Lax keeps other sites from sending the cookie; the origin is the second lock. */
static enum err same_origin(struct req *rq)
{
    const char *ours = rq->ctx->cfg->public_url;
    if (rq->method == METHOD_GET || (ours != NULL && strcmp(rq->origin, ours) == 0)) return OK;
    return ctx_fail(rq->ctx, ERR_FORBIDDEN, "a session's request must come from our own pages");
}

static enum err by_session(struct req *rq, const char *value)
{
    struct ctx            *cx = rq->ctx;
    unsigned char          hash[TOKEN_HASH];
    struct sql_session_use who = { 0 };
    if (token_session_hash(value, hash))
        TRY(sql_session_use(cx, &(const struct sql_session_use_in){ { hash, sizeof hash } }, &who));
    if (who.user_id == NULL) return ctx_fail(cx, ERR_UNAUTHENTICATED, "the session is over");
    TRY(same_origin(rq));
    cx->tenant = who.tenant_id;
    rq->user = who.user_id;
    rq->role = who.role;
    return OK;
}

enum err auth_check(struct req *rq)
{
    struct ctx *cx = rq->ctx;
    const char *session = auth_session(rq);
    if (rq->route->auth == AUTH_PUBLIC) return OK;
    if (strncmp(rq->authorization, bearer, sizeof bearer - 1) == 0) TRY(by_key(rq));
    else if (session != NULL) TRY(by_session(rq, session));
    else return ctx_fail(cx, ERR_UNAUTHENTICATED, "no API key and no session");
    const int  least = rq->route->auth == AUTH_ADMIN ? rank("admin")
                       : rq->method == METHOD_GET    ? rank("viewer")
                                                     : rank("agent");
    const bool own = rq->user != NULL && rq->route->pool == POOL_AUTH; /* anybody may end a session of his own */
    if (own || rank(rq->role) >= least) return OK;
    return ctx_fail(cx, ERR_FORBIDDEN, "the role %s may not do this", rq->role);
}

const char *auth_actor(const struct req *rq)
{
    return arena_printf(rq->ctx->arena, "%s:%s", rq->user != NULL ? "user" : "key",
                        rq->user != NULL ? rq->user : rq->key);
}
