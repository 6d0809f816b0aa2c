/* lib/twilio: its refusals as ours, and where media is. */
#include "twilio.h"

#include "unit.h"

#include <string.h>

static void refusals_become_rows_with_a_cure(void **state)
{
    static const struct {
        int         status;
        const char *body;
        enum err    err;
        int64_t     code;
    } rows[] = {
        { 401, "{\"code\":20003,\"message\":\"Authenticate\",\"status\":401}", ERR_UPSTREAM_AUTH, 20003 },
        { 404, "{\"code\":20404,\"message\":\"not found\"}", ERR_NOT_FOUND, 20404 },
        { 429, "{\"code\":20429,\"message\":\"Too Many Requests\"}", ERR_RATE_LIMITED, 20429 },
        { 400, "{\"code\":21201,\"message\":\"No 'To'\"}", ERR_INVALID_NUMBER, 21201 },
        { 400, "{\"code\":21205,\"message\":\"Url\"}", ERR_UPSTREAM_REFUSED, 21205 },
        { 400, "{\"code\":21210,\"message\":\"From\"}", ERR_UPSTREAM_REFUSED, 21210 },
        { 400, "{\"code\":21211,\"message\":\"To\"}", ERR_INVALID_NUMBER, 21211 },
        { 400, "{\"code\":21212,\"message\":\"From\"}", ERR_UPSTREAM_REFUSED, 21212 },
        { 400, "{\"code\":21215,\"message\":\"Geo\"}", ERR_UPSTREAM_REFUSED, 21215 },
        { 400, "{\"code\":21219,\"message\":\"Trial\"}", ERR_UPSTREAM_REFUSED, 21219 },
        { 400, "{\"code\":99999,\"message\":\"New\"}", ERR_UPSTREAM_REFUSED, 99999 },
        { 400, "{\"type\":\"x\",\"status\":400,\"code\":21211,\"detail\":\"RFC 9457\"}", ERR_INVALID_NUMBER, 21211 },
        { 403, "", ERR_UPSTREAM_AUTH, 403 },
        { 429, "<html>", ERR_RATE_LIMITED, 429 },
        { 500, "<html>", ERR_UNKNOWN, 500 },
        { 503, "{\"code\":20003,\"message\":\"what a 5xx says about is not known\"}", ERR_UNKNOWN, 20003 },
        { 302, "", ERR_UPSTREAM, 302 },
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ctx_forgive(cx);
        assert_row(i, twilio_refused(cx, rows[i].status, rows[i].body, strlen(rows[i].body)) == rows[i].err);
        assert_row(i, twilio_refusal(&cx->err) == rows[i].code);
    }
}

static void what_can_be_cured_says_how(void **state)
{
    static const int known[] = { 20003, 20404, 20429, 21201, 21205, 21210, 21211, 21212,
                                 21213, 21214, 21215, 21216, 21217, 21219, 21220 };
    struct ctx      *cx = *state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const char *body = arena_printf(cx->arena, "{\"code\":%d,\"message\":\"m\"}", known[i]);
        ctx_forgive(cx);
        assert_row(i, twilio_refused(cx, 400, body, strlen(body)) != OK);
        assert_row(i, cx->err.cure != NULL && strlen(cx->err.cure) > 20);
    }
}

static void its_words_stay_on_one_line(void **state)
{
    struct ctx *cx = *state;
    const char *body = "{\"code\":1,\"message\":\"a\\nb\\u0007c\"}";
    assert_int_equal(twilio_refused(cx, 400, body, strlen(body)), ERR_UPSTREAM_REFUSED);
    assert_string_equal(cx->err.msg, "Twilio 1: a b c");
}

static void a_stored_refusal_is_said_again(void **state)
{
    struct ctx   *cx = *state;
    const int64_t code = 21211, status = 401;
    assert_int_equal(twilio_refused_again(cx, &code, "Twilio 21211: x"), ERR_INVALID_NUMBER);
    assert_string_equal(cx->err.msg, "Twilio 21211: x");
    ctx_forgive(cx);
    assert_int_equal(twilio_refused_again(cx, &status, NULL), ERR_UPSTREAM_AUTH);
}

static void media_is_found_by_sid_alone(void **state)
{
    struct ctx         *cx = *state;
    const struct twilio t = { .sid = "AC1", .base = "https://api.twilio.com" };
    assert_string_equal(twilio_media_url(cx->arena, &t, "RE1", 2),
                        "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1.wav?RequestedChannels=2");
}

static void nothing_else_is_a_refusal_of_twilios(void **state)
{
    struct ctx *cx = *state;
    assert_int_equal(twilio_refusal(&cx->err), 0);
    (void)ctx_fail(cx, ERR_UNAVAILABLE, "api.twilio.com: refused");
    assert_int_equal(twilio_refusal(&cx->err), 0);
}

UNIT_MAIN(UNIT_TEST(refusals_become_rows_with_a_cure), UNIT_TEST(what_can_be_cured_says_how),
          UNIT_TEST(its_words_stay_on_one_line), UNIT_TEST(a_stored_refusal_is_said_again),
          UNIT_TEST(media_is_found_by_sid_alone), UNIT_TEST(nothing_else_is_a_refusal_of_twilios))
