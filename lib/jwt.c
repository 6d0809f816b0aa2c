/* JSON Web Tokens: read strictly, verified by the key's own algorithm. Keys from outside are in jwt_key.c. */
#include "jwt.h"

#include "digest.h"
#include "jwt_key.h"
#include "limit.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* One refusal for all: who holds a bad token learns from the words, and the log does. */
#define REFUSE(cx, ...) ctx_fail(cx, ERR_UNAUTHENTICATED, "token: " __VA_ARGS__)

static const char *const algs[] = { [JWT_HS256] = "HS256", [JWT_RS256] = "RS256", [JWT_ES256] = "ES256" };

static enum err part(struct ctx *cx, const char *name, const char *at, size_t n, const struct json **out)
{
    unsigned char *text = NULL;
    size_t         len;
    if (!jwt_unbase64(cx->arena, at, n, &text, &len)) return REFUSE(cx, "its %s is not base64url", name);
    if (json_parse(cx, (const char *)text, len, JWT_MAX, out) != OK) {
        ctx_forgive(cx);
        return REFUSE(cx, "its %s is not sound JSON", name);
    }
    if (json_type(*out) != JSON_OBJECT) return REFUSE(cx, "its %s is no object", name);
    return OK;
}

/* Absent, or text. */
static bool text_or_none(const struct json *object, const char *name, const char **out)
{
    const struct json *v = json_get(object, name);
    *out = json_text(v);
    return v == NULL || *out != NULL;
}

/* https://www.rfc-editor.org/rfc/rfc7515#section-4.1 Addresses and keys in a header (jku, jwk, x5u, x5c) are not looked
 * at: a token may not bring its own key. */
static enum err header(struct ctx *cx, const struct json *h, struct jwt *out)
{
    const char *typ, *cty;
    bool        known = false;
    if (!text_or_none(h, "alg", &out->alg) || !text_or_none(h, "kid", &out->kid) || !text_or_none(h, "typ", &typ)
        || !text_or_none(h, "cty", &cty) || out->alg == NULL)
        return REFUSE(cx, "alg, kid, typ and cty are text");
    for (size_t i = 0; i < sizeof algs / sizeof *algs; i++) known = known || strcmp(algs[i], out->alg) == 0;
    if (!known) return REFUSE(cx, "alg is none of HS256, RS256, ES256");
    if (json_get(h, "crit") != NULL || json_get(h, "b64") != NULL) return REFUSE(cx, "crit is not understood");
    if (typ != NULL && strcasecmp(typ, "JWT") != 0 && strcasecmp(typ, "at+jwt") != 0) return REFUSE(cx, "typ");
    if (cty != NULL && strcasecmp(cty, "JWT") == 0) return REFUSE(cx, "a token in a token");
    if (out->kid != NULL && (*out->kid == '\0' || strlen(out->kid) > JWT_KID_MAX)) return REFUSE(cx, "kid");
    return OK;
}

enum err jwt_read(struct ctx *cx, const char *token, struct jwt *out)
{
    const size_t   n = strlen(token), head = strcspn(token, ".");
    struct jwt     t = { .text = arena_strdup(cx->arena, token) };
    unsigned char *signature = NULL;
    if (n > JWT_MAX) return REFUSE(cx, "over %d bytes", JWT_MAX);
    t.signed_len = token[head] == '.' ? head + 1 + strcspn(token + head + 1, ".") : n;
    if (token[t.signed_len] != '.') return REFUSE(cx, "expected three parts");
    const char *last = token + t.signed_len + 1;
    if (!jwt_unbase64(cx->arena, last, strlen(last), &signature, &t.signature_len) || t.signature_len == 0)
        return REFUSE(cx, "its signature is not base64url");
    t.signature = signature;
    TRY(part(cx, "header", token, head, &t.header));
    TRY(header(cx, t.header, &t));
    TRY(part(cx, "payload", token + head + 1, t.signed_len - head - 1, &t.claims));
    t.issuer = json_text(json_get(t.claims, "iss"));
    if (t.issuer == NULL) t.issuer = "";
    *out = t;
    return OK;
}

enum err jwt_verify(struct ctx *cx, const struct jwt *t, const struct jwt_key *key)
{
    unsigned char mac[DIGEST_SHA256];
    bool          good;
    if (strcmp(t->alg, algs[key->alg]) != 0) return REFUSE(cx, "its key is not for %s", t->alg);
    if (key->alg == JWT_HS256) {
        if (key->secret_len == 0) return REFUSE(cx, "its key is empty");
        digest_hmac256(key->secret, key->secret_len, t->text, t->signed_len, mac);
        good = t->signature_len == sizeof mac && digest_same(mac, t->signature, sizeof mac);
    } else {
        good = jwt_key_verify(key, t);
    }
    return good ? OK : REFUSE(cx, "its signature does not fit");
}

/* NumericDate: seconds, possibly with a fraction. False: no such claim, or no date. */
static bool date(const struct json *v, int64_t *out)
{
    double d;
    if (!json_number(v, &d) || d < 0 || d > 253402300799.0) return false; /* the end of the year 9999 */
    *out = (int64_t)floor(d);
    return true;
}

static enum err times(struct ctx *cx, const struct json *claims, int64_t now)
{
    const struct json *nbf = json_get(claims, "nbf"), *iat = json_get(claims, "iat");
    int64_t            at;
    if (!date(json_get(claims, "exp"), &at)) return REFUSE(cx, "exp is missing");
    if (now >= at + JWT_LEEWAY_S) return REFUSE(cx, "exp: it has expired");
    if (nbf != NULL && (!date(nbf, &at) || now < at - JWT_LEEWAY_S)) return REFUSE(cx, "nbf: it is not valid yet");
    if (iat != NULL && (!date(iat, &at) || now < at - JWT_LEEWAY_S)) return REFUSE(cx, "iat: made in the future");
    return OK;
}

bool jwt_is_for(const struct jwt *t, const char *us)
{
    const struct json *aud = json_get(t->claims, "aud");
    bool               found = json_text(aud) != NULL && strcmp(json_text(aud), us) == 0;
    if (json_type(aud) != JSON_ARRAY) return found;
    for (const struct json *a = json_first(aud); a != NULL; a = json_next(a)) {
        if (json_text(a) == NULL) return false;
        found = found || strcmp(json_text(a), us) == 0;
    }
    return found;
}

enum err jwt_claims(struct ctx *cx, const struct jwt *t, const struct jwt_expect *want)
{
    TRY(times(cx, t->claims, want->now_s));
    if (strcmp(t->issuer, want->issuer) != 0) return REFUSE(cx, "iss: another issuer");
    if (!jwt_is_for(t, want->audience)) return REFUSE(cx, "aud: meant for somebody else");
    return OK;
}

const char *jwt_text(const struct jwt *t, const char *claim)
{
    return json_text(json_get(t->claims, claim));
}

const char *jwt_make(struct arena *a, const char *header_json, const char *claims, const void *secret, size_t n)
{
    unsigned char mac[DIGEST_SHA256];
    const char   *text = arena_printf(a, "%s.%s", jwt_base64(a, header_json, strlen(header_json)),
                                      jwt_base64(a, claims, strlen(claims)));
    digest_hmac256(secret, n, text, strlen(text), mac);
    return arena_printf(a, "%s.%s", text, jwt_base64(a, mac, sizeof mac));
}
