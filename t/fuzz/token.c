/* Bearer tokens and sets of keys: no input is taken for a token of ours, nor for one of a key in a set that it brings.
 * Input: token \n key set. */
#include "token.h"
#include "fuzz.h"
#include "jwt.h"
#include "limit.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char  secret[] = "a secret of 32 bytes and some more";
    struct ctx        *cx = fuzz_ctx();
    char              *text = arena_copy(cx->arena, (const char *)bytes, n), *set = memchr(text, '\n', n);
    struct jwt         t;
    struct jwt_key     key = { .alg = JWT_HS256, .secret = secret, .secret_len = sizeof secret - 1 };
    struct token       api;
    unsigned char      hash[TOKEN_HASH];
    const struct json *keys;

    if (set != NULL) *set++ = '\0';
    if (token_read(cx, text, &api) == OK) PROMISE(strlen(api.prefix) == 21);
    ctx_forgive(cx);
    (void)token_session_hash(text, hash);
    if (jwt_read(cx, text, &t) != OK) return 0;
    PROMISE(t.signed_len < strlen(text) && t.issuer != NULL && t.alg != NULL);
    PROMISE(jwt_verify(cx, &t, &key) != OK);
    ctx_forgive(cx);
    if (jwt_claims(cx, &t, &(const struct jwt_expect){ "i", "a", 1735689600 }) == OK)
        PROMISE(strcmp(t.issuer, "i") == 0);
    ctx_forgive(cx);
    if (set == NULL || json_parse(cx, set, n - (size_t)(set - text), JWKS_MAX, &keys) != OK) return 0;
    if (jwt_key_of(cx, keys, &t, &key) != OK) return 0;
    PROMISE(key.alg != JWT_HS256);
    if (jwt_verify(cx, &t, &key) == OK) PROMISE(t.signature_len >= 64);
    return 0;
}
