/* lib/voice: the tokens of Twilio's own SDK, made again byte for byte, and those that must never be handed out:
 * fixtures/voice/access-tokens.json. */
#include "voice.h"

#include "json.h"
#include "jwt.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { VECTORS_MAX = 256 * 1024, VECTORS = 24, BAD = 10 };

static const struct json *vectors(struct ctx *cx)
{
    static char        text[VECTORS_MAX];
    const struct json *all = NULL;
    FILE              *f = fopen(FIXTURES "/voice/access-tokens.json", "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof text - 1, f);
    (void)fclose(f);
    assert_int_equal(json_parse(cx, text, n, sizeof text, &all), OK);
    return all;
}

static const char *text_of(const struct json *v, const char *name)
{
    return json_text(json_get(v, name));
}

/* An identity that was given as a number is text in the token. */
static struct voice_token token_of(const struct json *v)
{
    const struct json *in = json_get(v, "input"), *grant = json_get(in, "voice_grant");
    struct voice_token t = { .account = text_of(in, "account_sid"),
                             .key = text_of(in, "api_key_sid"),
                             .secret = text_of(in, "api_key_secret"),
                             .identity = text_of(json_get(json_get(v, "payload"), "grants"), "identity"),
                             .region = text_of(in, "region"),
                             .application = text_of(grant, "outgoing_application_sid"),
                             .incoming = json_bool(json_get(grant, "incoming_allow"), false) };
    assert_true(json_int(json_get(in, "iat"), 1, INT64_MAX, &t.now_s));
    if (!json_int(json_get(in, "ttl"), 1, INT64_MAX, &t.lives_s)) t.lives_s = VOICE_LIVES_S;
    return t;
}

/* Grants and dates that we give nobody: params, push credentials, nbf, identity alone; another algorithm. */
static bool ours(const char *id)
{
    static const char *const others[] = { "no-grant", "out-params", "push", "nbf", "hs384", "hs512" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i], id) == 0) return false;
    return true;
}

static void makes_byte_for_byte_what_twilios_sdk_makes(void **state)
{
    struct ctx *cx = *state;
    size_t      n = 0, made = 0;
    for (const struct json *v = json_first(json_get(vectors(cx), "vectors")); v != NULL; v = json_next(v), n++) {
        const struct voice_token t = token_of(v);
        const char              *text = NULL;
        if (!ours(text_of(v, "id"))) continue;
        if (voice_token_make(cx, &t, &text) != OK) fail_msg("%s: %s", text_of(v, "id"), cx->err.msg);
        assert_string_equal(text, text_of(v, "token"));
        made++;
    }
    assert_int_equal(n, VECTORS);
    assert_int_equal(made, VECTORS - 6);
}

static void takes_every_token_that_twilio_takes_with_our_algorithm(void **state)
{
    struct ctx *cx = *state;
    for (const struct json *v = json_first(json_get(vectors(cx), "vectors")); v != NULL; v = json_next(v)) {
        const struct voice_token t = token_of(v);
        const char              *algorithm = text_of(json_get(v, "input"), "algorithm");
        const enum err           wanted = strcmp(algorithm, "HS256") == 0 ? OK : ERR_UNAUTHENTICATED;
        ctx_forgive(cx);
        if (voice_token_check(cx, &t, text_of(v, "token")) != wanted) fail_msg("%s: %s", text_of(v, "id"), cx->err.msg);
    }
}

static void refuses_every_token_that_must_not_be_handed_out(void **state)
{
    struct ctx              *cx = *state;
    const struct json       *all = vectors(cx);
    const struct voice_token t = token_of(json_first(json_get(all, "vectors")));
    size_t                   n = 0;
    for (const struct json *v = json_first(json_get(all, "invalid")); v != NULL; v = json_next(v), n++) {
        ctx_forgive(cx);
        if (voice_token_check(cx, &t, text_of(v, "token")) != ERR_UNAUTHENTICATED)
            fail_msg("%s is taken", text_of(v, "id"));
    }
    assert_int_equal(n, BAD);
}

/* What the self-check catches before it leaves. */
static void makes_nothing_that_twilio_would_refuse(void **state)
{
    struct ctx              *cx = *state;
    const struct voice_token good = token_of(json_first(json_get(vectors(cx), "vectors")));
    struct voice_token       bad[] = { good, good, good, good, good };
    const char              *text = NULL;
    bad[0].lives_s = VOICE_LIVES_MAX_S + 1;
    bad[1].lives_s = 0;
    bad[2].account = "nobody";
    bad[3].key = bad[3].account;
    bad[4].secret = "";
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ctx_forgive(cx);
        assert_row(i, voice_token_make(cx, &bad[i], &text) == ERR_TOKEN && strstr(cx->err.msg, "refuse") != NULL);
    }
    assert_null(text);
}

static void knows_a_token_made_for_another(void **state)
{
    struct ctx              *cx = *state;
    const struct voice_token good = token_of(json_first(json_get(vectors(cx), "vectors")));
    struct voice_token       other = good;
    const char              *text = NULL;
    assert_int_equal(voice_token_make(cx, &good, &text), OK);
    assert_int_equal(voice_token_check(cx, &good, text), OK);
    other.identity = "somebody_else";
    assert_int_equal(voice_token_check(cx, &other, text), ERR_UNAUTHENTICATED);
    ctx_forgive(cx);
    other = good;
    other.now_s += good.lives_s;
    assert_int_equal(voice_token_check(cx, &other, text), ERR_UNAUTHENTICATED);
    ctx_forgive(cx);
    other.now_s = good.now_s - 2 * JWT_LEEWAY_S;
    assert_int_equal(voice_token_check(cx, &other, text), ERR_UNAUTHENTICATED);
}

static void names_a_user_of_a_tenant(void **state)
{
    struct ctx *cx = *state;
    const char *name =
        voice_identity(cx->arena, "01890000-0000-7000-8000-0000000000b1", "01890000-0000-7000-8000-0000000000aa");
    assert_string_equal(name, "user_018900000000700080000000000000b1_018900000000700080000000000000aa");
    assert_true(strlen(name) <= VOICE_IDENTITY_MAX);
}

UNIT_MAIN(UNIT_TEST(makes_byte_for_byte_what_twilios_sdk_makes),
          UNIT_TEST(takes_every_token_that_twilio_takes_with_our_algorithm),
          UNIT_TEST(refuses_every_token_that_must_not_be_handed_out), UNIT_TEST(makes_nothing_that_twilio_would_refuse),
          UNIT_TEST(knows_a_token_made_for_another), UNIT_TEST(names_a_user_of_a_tenant))
