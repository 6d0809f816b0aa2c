/* Who asks. One round trip of its own: the tenant must be known before row level security can hold for the rest. */
#include "auth.h"

#include "check.h"
#include "config.h"
#include "csrf.h"
#include "identity.h"
#include "scope.h"
#include "sql.h"
#include "ticket.h"
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

/* The lowest rank that may call rq's route. */
static int least(const struct req *rq)
{
    switch (rq->route->auth) {
    case AUTH_ADMIN: return rank("admin");
    case AUTH_MANAGER: return rank("manager");
    case AUTH_SELF: return rank("viewer");
    default: return rq->method == METHOD_GET ? rank("viewer") : rank("agent");
    }
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
    if (scope_allows(rq, who.scopes)) return OK;
    return ctx_fail(cx, ERR_FORBIDDEN, "this key is for %s, and this needs %s", who.scopes, scope_needed(rq));
}

static enum err session_of(struct req *rq, const char *value)
{
    struct ctx            *cx = rq->ctx;
    unsigned char          hash[TOKEN_HASH];
    struct sql_session_use who = { 0 };
    if (token_session_hash(value, hash))
        TRY(sql_session_use(cx, &(const struct sql_session_use_in){ { hash, sizeof hash } }, &who));
    if (who.user_id == NULL) return ctx_fail(cx, ERR_UNAUTHENTICATED, "the session is over");
    cx->tenant = who.tenant_id;
    rq->user = who.user_id;
    rq->session_id = who.session_id;
    rq->role = who.role;
    return OK;
}

/* A key of ours begins with shk_, a frame's session with shf_; anything with a dot is a token of the CRM's own login.
 */
static enum err by_bearer(struct req *rq)
{
    const char     *value = rq->authorization + sizeof bearer - 1;
    struct identity who;
    if (strncmp(value, AUTH_FRAME, sizeof AUTH_FRAME - 1) == 0) return session_of(rq, value + sizeof AUTH_FRAME - 1);
    if (strchr(value, '.') == NULL) return by_key(rq);
    TRY(identity_jwt(rq->ctx, value, &who));
    rq->ctx->tenant = who.tenant;
    rq->user = who.user;
    rq->role = who.role;
    return OK;
}

const char *auth_cookie(struct req *rq, const char *name)
{
    const size_t len = strlen(name);
    for (const char *c = rq->cookie; *c != '\0';) {
        size_t n = strcspn(c, ";");
        if (n > len && strncmp(c, name, len) == 0) return arena_copy(rq->ctx->arena, c + len, n - len);
        c += n;
        c += strspn(c, "; ");
    }
    return NULL;
}

const char *auth_session(struct req *rq)
{
    return auth_cookie(rq, AUTH_COOKIE "=");
}

static enum err by_session(struct req *rq, const char *value)
{
    TRY(session_of(rq, value));
    const enum err e = csrf_check(rq, value);
    if (e != OK) rq->ctx->tenant = NULL;
    return e;
}

/* A signed link in the query, where the route takes one; NULL: there is none. */
static enum err link_of(struct req *rq, const char **out)
{
    struct form query = { .n = 0 };
    *out = NULL;
    if (rq->route->auth != AUTH_LINK || strstr(rq->query, "link=") == NULL) return OK;
    TRY(form_parse(rq->ctx, rq->query, strlen(rq->query), &query));
    *out = form_get(&query, "link");
    return OK;
}

/* What the link's viewer was let in by must still be there. */
static enum err by_link(struct req *rq, const char *text)
{
    struct ctx            *cx = rq->ctx;
    struct ticket          t;
    struct sql_link_viewer who = { .role = NULL };
    TRY(ticket_read(cx, rq->path, text, &t));
    cx->tenant = t.tenant;
    TRY(sql_link_viewer(cx, &(const struct sql_link_viewer_in){ t.kind, t.id, t.role }, &who));
    if (who.role == NULL) {
        cx->tenant = NULL;
        return ctx_fail(cx, ERR_UNAUTHENTICATED, "whom the link was made for has been locked out, or logged out");
    }
    rq->by_link = true;
    rq->user = who.user_id;
    rq->key = who.user_id == NULL ? t.id : NULL;
    rq->role = who.role;
    if (scope_allows(rq, who.scopes)) return OK;
    return ctx_fail(cx, ERR_FORBIDDEN, "the key that the link was made with is for %s", who.scopes);
}

enum err auth_check(struct req *rq)
{
    struct ctx *cx = rq->ctx;
    const char *link, *session = auth_session(rq);
    if (rq->route->auth == AUTH_PUBLIC) return OK;
    TRY(link_of(rq, &link));
    if (link != NULL) TRY(by_link(rq, link));
    else if (strncmp(rq->authorization, bearer, sizeof bearer - 1) == 0) TRY(by_bearer(rq));
    else if (session != NULL) TRY(by_session(rq, session));
    else return ctx_fail(cx, ERR_UNAUTHENTICATED, "no API key and no session");
    TRY(rate_take(cx, rq->user != NULL ? rq->user : rq->key, &rq->rate));
    if (rq->route->auth == AUTH_SELF && rq->user == NULL)
        return ctx_fail(cx, ERR_FORBIDDEN, "this is for people, not for keys");
    if (rank(rq->role) >= least(rq)) return OK;
    return ctx_fail(cx, ERR_FORBIDDEN, "the role %s may not do this", rq->role);
}

const char *auth_actor(const struct req *rq)
{
    return arena_printf(rq->ctx->arena, "%s:%s", rq->user != NULL ? "user" : "key",
                        rq->user != NULL ? rq->user : rq->key);
}
