/* lib/jwt: tokens made by others' code, good and bad: fixtures/jwt/vectors.json. */
#include "jwt.h"

#include "jwt_key.h"
#include "limit.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { VECTORS_MAX = 256 * 1024, ROWS_MIN = 60 };

static const struct json *vectors(struct ctx *cx)
{
    static char        text[VECTORS_MAX];
    const struct json *all = NULL;
    FILE              *f = fopen(FIXTURES "/jwt/vectors.json", "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof text - 1, f);
    (void)fclose(f);
    assert_int_equal(json_parse(cx, text, n, sizeof text, &all), OK);
    return all;
}

static const char *text_of(const struct json *v, const char *name)
{
    const char *s = json_text(json_get(v, name));
    assert_non_null(s);
    return s;
}

/* Everything a token goes through; kind names the secret or the set of keys it is held against. */
static enum err check(struct ctx *cx, const struct json *all, const char *kind, const char *token)
{
    struct jwt        t;
    const char       *secret = text_of(all, "secret");
    struct jwt_key    key = { .alg = JWT_HS256, .secret = secret, .secret_len = strlen(secret) };
    struct jwt_expect want = { .issuer = text_of(all, "iss"), .audience = text_of(all, "aud") };
    assert_true(json_int(json_get(all, "now"), 1, INT64_MAX, &want.now_s));
    TRY(jwt_read(cx, token, &t));
    if (strcmp(kind, "hs256") != 0) TRY(jwt_key_of(cx, json_get(all, kind), &t, &key));
    TRY(jwt_verify(cx, &t, &key));
    return jwt_claims(cx, &t, &want);
}

static void accepts_every_good_token(void **state)
{
    struct ctx        *cx = *state;
    const struct json *all = vectors(cx);
    for (const struct json *v = json_first(json_get(all, "valid")); v != NULL; v = json_next(v)) {
        ctx_forgive(cx);
        if (check(cx, all, text_of(v, "kind"), text_of(v, "token")) != OK)
            fail_msg("%s: %s", text_of(v, "id"), cx->err.msg);
    }
}

static void refuses_every_bad_token_for_its_reason(void **state)
{
    struct ctx        *cx = *state;
    const struct json *all = vectors(cx), *bad = json_get(all, "invalid");
    assert_true(json_count(bad) >= ROWS_MIN);
    for (const struct json *v = json_first(bad); v != NULL; v = json_next(v)) {
        ctx_forgive(cx);
        const enum err e = check(cx, all, text_of(v, "kind"), text_of(v, "token"));
        if ((e != ERR_UNAUTHENTICATED && e != ERR_NOT_FOUND) || strstr(cx->err.msg, text_of(v, "why")) == NULL)
            fail_msg("%s: %d %s", text_of(v, "id"), (int)e, cx->err.msg);
    }
}

/* Each bit of a good token that changes makes it a bad one: every part is covered by the signature, or is it. */
static void refuses_a_token_with_one_character_changed(void **state)
{
    struct ctx        *cx = *state;
    const struct json *all = vectors(cx);
    for (const struct json *v = json_first(json_get(all, "valid")); v != NULL; v = json_next(v)) {
        const char *good = text_of(v, "token");
        for (size_t i = 0; i < strlen(good); i += strcmp(text_of(v, "kind"), "hs256") == 0 ? 1 : 29) {
            char *forged = arena_strdup(cx->arena, good);
            forged[i] = forged[i] == 'A' ? 'B' : 'A';
            ctx_forgive(cx);
            if (check(cx, all, text_of(v, "kind"), forged) == OK) fail_msg("%s: character %zu", text_of(v, "id"), i);
        }
    }
}

static void an_empty_secret_verifies_nothing(void **state)
{
    struct ctx    *cx = *state;
    struct jwt     t;
    struct jwt_key none = { .alg = JWT_HS256, .secret = "" };
    const char    *token = jwt_make(cx->arena, "{\"alg\":\"HS256\"}", "{\"sub\":\"a\"}", "", 0);
    assert_int_equal(jwt_read(cx, token, &t), OK);
    assert_int_equal(jwt_verify(cx, &t, &none), ERR_UNAUTHENTICATED);
}

static const char *decoded(struct ctx *cx, const char *at, size_t n)
{
    unsigned char *text;
    size_t         len;
    assert_true(jwt_unbase64(cx->arena, at, n, &text, &len));
    return (const char *)text;
}

static void makes_what_twilios_sdk_makes(void **state)
{
    struct ctx        *cx = *state;
    const struct json *all = vectors(cx);
    for (const struct json *v = json_first(json_get(all, "twilio")); v != NULL; v = json_next(v)) {
        const char    *token = text_of(v, "token"), *secret = text_of(v, "secret");
        const size_t   dot = strcspn(token, "."), end = dot + 1 + strcspn(token + dot + 1, ".");
        struct jwt     t;
        struct jwt_key key = { .alg = JWT_HS256, .secret = secret, .secret_len = strlen(secret) };
        const char    *header = decoded(cx, token, dot), *claims = decoded(cx, token + dot + 1, end - dot - 1);
        assert_string_equal(jwt_make(cx->arena, header, claims, secret, strlen(secret)), token);
        assert_int_equal(jwt_read(cx, token, &t), OK);
        assert_int_equal(jwt_verify(cx, &t, &key), OK);
        assert_non_null(jwt_text(&t, "jti"));
    }
}

static void base64url_has_one_spelling(void **state)
{
    struct ctx              *cx = *state;
    static const char *const bad[] = { "A", "AA=", "AA==", "AB", "AAB", "A+", "A/", "A A", "AAAAA" };
    unsigned char           *out;
    size_t                   len;
    for (size_t n = 0; n < 40; n++) {
        unsigned char bytes[40];
        for (size_t i = 0; i < n; i++) bytes[i] = (unsigned char)(i * 37 + n);
        const char *text = jwt_base64(cx->arena, bytes, n);
        assert_row(n, jwt_unbase64(cx->arena, text, strlen(text), &out, &len) && len == n);
        assert_memory_equal(out, bytes, n);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_row(i, !jwt_unbase64(cx->arena, bad[i], strlen(bad[i]), &out, &len));
}

static void a_set_of_keys_must_be_one(void **state)
{
    struct ctx              *cx = *state;
    static const char *const bad[] = { "{}", "[]", "{\"keys\":{}}", "1" };
    const struct json       *set;
    struct jwt               t = { .alg = "RS256" };
    struct jwt_key           key;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ctx_forgive(cx);
        assert_int_equal(json_parse(cx, bad[i], strlen(bad[i]), JWKS_MAX, &set), OK);
        assert_row(i, jwt_key_of(cx, set, &t, &key) == ERR_MALFORMED);
    }
}

UNIT_MAIN(UNIT_TEST(accepts_every_good_token), UNIT_TEST(refuses_every_bad_token_for_its_reason),
          UNIT_TEST(refuses_a_token_with_one_character_changed), UNIT_TEST(an_empty_secret_verifies_nothing),
          UNIT_TEST(makes_what_twilios_sdk_makes), UNIT_TEST(base64url_has_one_spelling),
          UNIT_TEST(a_set_of_keys_must_be_one))
