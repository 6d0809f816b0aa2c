/* Voice access tokens. */
#include "voice.h"

#include "buf.h"
#include "check.h"
#include "jwt.h"

#include <string.h>

enum { CLAIMS_MAX = 4096 };

static const char content_type[] = "twilio-fpa;v=1";

#define REFUSE(cx, ...) ctx_fail(cx, ERR_UNAUTHENTICATED, "voice token: " __VA_ARGS__)

static bool is(const struct json *object, const char *name, const char *wanted)
{
    const char *v = json_text(json_get(object, name));
    return v != NULL && strcmp(v, wanted) == 0;
}

static enum err times(struct ctx *cx, const struct json *claims, int64_t now)
{
    int64_t exp, from = now, iat;
    if (!json_int(json_get(claims, "exp"), 1, INT64_MAX, &exp)) return REFUSE(cx, "exp is missing");
    if (json_int(json_get(claims, "iat"), 0, INT64_MAX, &iat)) from = iat;
    if (from > now + JWT_LEEWAY_S) return REFUSE(cx, "iat: made in the future");
    if (json_get(claims, "nbf") != NULL && !json_int(json_get(claims, "nbf"), 0, INT64_MAX, &from))
        return REFUSE(cx, "nbf is no date");
    if (exp <= now) return REFUSE(cx, "exp: it has expired");
    return exp - from <= VOICE_LIVES_MAX_S ? OK : REFUSE(cx, "exp: it lives longer than a day");
}

enum err voice_token_check(struct ctx *cx, const struct voice_token *want, const char *token)
{
    struct jwt           t;
    const struct jwt_key key = { .alg = JWT_HS256, .secret = want->secret, .secret_len = strlen(want->secret) };
    TRY(jwt_read(cx, token, &t));
    TRY(jwt_verify(cx, &t, &key));
    if (!is(t.header, "typ", "JWT") || !is(t.header, "cty", content_type)) return REFUSE(cx, "cty: %s", content_type);
    if (!check_sid(t.issuer, "SK") || strcmp(t.issuer, want->key) != 0) return REFUSE(cx, "iss is not the key");
    if (!check_sid(want->account, "AC") || !is(t.claims, "sub", want->account))
        return REFUSE(cx, "sub is not the account");
    if (!is(json_get(t.claims, "grants"), "identity", want->identity)) return REFUSE(cx, "another identity");
    return times(cx, t.claims, want->now_s);
}

static const char *header_of(struct arena *a, const struct voice_token *v)
{
    struct buf b = buf_new(a, CLAIMS_MAX);
    buf_printf(&b, "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"cty\":\"%s\"", content_type);
    if (v->region != NULL) buf_str(&b, ",\"twr\":");
    if (v->region != NULL) buf_json(&b, v->region);
    buf_str(&b, "}");
    return b.at;
}

/* What is not granted is absent: Twilio does not read "allow":false. */
static const char *claims_of(struct arena *a, const struct voice_token *v)
{
    struct buf b = buf_new(a, CLAIMS_MAX);
    buf_printf(&b, "{\"jti\":\"%s-%lld\",\"grants\":{\"identity\":", v->key, (long long)v->now_s);
    buf_json(&b, v->identity);
    buf_str(&b, ",\"voice\":{");
    if (v->incoming) buf_str(&b, "\"incoming\":{\"allow\":true}");
    if (v->incoming && v->application != NULL) buf_str(&b, ",");
    if (v->application != NULL) buf_printf(&b, "\"outgoing\":{\"application_sid\":\"%s\"}", v->application);
    buf_printf(&b, "}},\"iat\":%lld,\"exp\":%lld,\"iss\":\"%s\",\"sub\":\"%s\"}", (long long)v->now_s,
               (long long)(v->now_s + v->lives_s), v->key, v->account);
    return b.full ? "" : b.at;
}

enum err voice_token_make(struct ctx *cx, const struct voice_token *v, const char **out)
{
    const char *token =
        jwt_make(cx->arena, header_of(cx->arena, v), claims_of(cx->arena, v), v->secret, strlen(v->secret));
    if (voice_token_check(cx, v, token) == OK) {
        *out = token;
        return OK;
    }
    const char *why = arena_strdup(cx->arena, cx->err.msg);
    ctx_forgive(cx);
    return ctx_fail(cx, ERR_TOKEN, "Twilio would refuse it: %s", why);
}

static void plain(struct buf *b, const char *uuid)
{
    for (; *uuid != '\0'; uuid++)
        if (*uuid != '-') buf_add(b, uuid, 1);
}

const char *voice_identity(struct arena *a, const char *user, const char *tenant)
{
    struct buf b = buf_new(a, VOICE_IDENTITY_MAX);
    buf_str(&b, "user_");
    plain(&b, user);
    buf_str(&b, "_");
    plain(&b, tenant);
    return b.at;
}
