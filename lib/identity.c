/* People who logged in elsewhere. */
#include "identity.h"

#include "clock.h"
#include "jwks.h"
#include "jwt.h"
#include "seal.h"
#include "sql.h"

#include <string.h>

enum { IDENTITY_MAX = 255 };

const char *identity_place(struct arena *a, const char *tenant, const char *provider)
{
    return arena_printf(a, "identity_providers.secret:%s:%s", tenant, provider);
}

/* Issuer and audience together say whose token it is; both are checked again once the signature holds. */
static enum err provider_of(struct ctx *cx, const struct jwt *t, struct sql_identity_find *out)
{
    struct db_rows rows;
    TRY(sql_identity_find(cx, &(const struct sql_identity_find_in){ t->issuer }, &rows));
    const struct sql_identity_find *v = rows.v;
    for (size_t i = 0; i < rows.n; i++) {
        if (!jwt_is_for(t, v[i].audience)) continue;
        *out = v[i];
        return OK;
    }
    return ctx_fail(cx, ERR_UNAUTHENTICATED,
                    rows.n == 0 ? "token: iss: an issuer nobody has named here"
                                : "token: aud: meant for somebody else");
}

/* Under the tenant's own key, which is read as that tenant: with the key gone the secret opens no more. */
static enum err opened(struct ctx *cx, const struct sql_identity_find *p, const char **out)
{
    const char *const          before = cx->tenant;
    struct sql_tenant_key_load key = { .sealed = NULL };
    cx->tenant = p->tenant_id;
    const enum err e = sql_tenant_key_load(cx, &key);
    cx->tenant = before;
    if (e != OK) return e;
    const struct seal_data d = { p->tenant_id, key.sealed };
    return seal_data_open(cx, cx->keys, &d, identity_place(cx->arena, p->tenant_id, p->id), p->secret, out);
}

static enum err key_of(struct ctx *cx, const struct jwt *t, const struct sql_identity_find *p, struct jwt_key *out)
{
    const char *secret;
    if (p->jwks_url != NULL) return jwks_key(cx, p->jwks_url, t, out);
    const enum err e = opened(cx, p, &secret);
    if (e == ERR_INVALID) {
        ctx_forgive(cx);
        return ctx_fail(cx, ERR_UNAUTHENTICATED, "token: the secret of its issuer does not open here any more");
    }
    if (e != OK) return e;
    *out = (struct jwt_key){ .alg = JWT_HS256, .secret = secret, .secret_len = strlen(secret) };
    return OK;
}

/* Some issuers write it as text. Who says nothing of it confirms before he issues. */
static bool confirmed(const struct json *v)
{
    const char *text = json_text(v);
    return v == NULL || json_bool(v, false) || (text != NULL && strcmp(text, "true") == 0);
}

/* An address that its owner has not confirmed could be anybody's. */
static enum err named(struct ctx *cx, const struct jwt *t, const char *claim, struct sql_identity_user_in *out)
{
    const bool  by_email = strcmp(claim, "email") == 0;
    const char *name = jwt_text(t, claim);
    if (name == NULL || *name == '\0' || strlen(name) > IDENTITY_MAX)
        return ctx_fail(cx, ERR_UNAUTHENTICATED, "token: %s: who is it for?", claim);
    if (by_email && !confirmed(json_get(t->claims, "email_verified")))
        return ctx_fail(cx, ERR_UNAUTHENTICATED, "token: email: not verified");
    *out = (struct sql_identity_user_in){ .external_id = by_email ? NULL : name, .email = by_email ? name : NULL };
    return OK;
}

enum err identity_jwt(struct ctx *cx, const char *token, struct identity *out)
{
    struct jwt                  t;
    struct jwt_key              key;
    struct sql_identity_find    p = { 0 };
    struct sql_identity_user_in who;
    struct sql_identity_user    user = { 0 };
    const char *const           before = cx->tenant;
    if (cx->keys == NULL) return ctx_fail(cx, ERR_UNAUTHENTICATED, "token: none is taken here, where people log in");
    TRY(jwt_read(cx, token, &t));
    TRY(provider_of(cx, &t, &p));
    TRY(key_of(cx, &t, &p, &key));
    TRY(jwt_verify(cx, &t, &key));
    struct jwt_expect want = { .issuer = t.issuer, .audience = p.audience, .now_s = clock_unix_ms() / 1000 };
    TRY(jwt_claims(cx, &t, &want));
    TRY(named(cx, &t, p.claim, &who));
    cx->tenant = p.tenant_id;
    const enum err e = sql_identity_user(cx, &who, &user);
    cx->tenant = before;
    if (e != OK) return e;
    if (user.id == NULL) return ctx_fail(cx, ERR_UNAUTHENTICATED, "token: %s: no such user here", p.claim);
    *out = (struct identity){ .tenant = p.tenant_id, .user = user.id, .role = user.role };
    return OK;
}
