/* lib/outhook: signatures against a vector of the specification's libraries, and what follows an answer. */
#include "outhook.h"

#include "unit.h"

#include <string.h>

/* https://github.com/standard-webhooks/standard-webhooks/tree/main/libraries: the vector that their tests share */
static void a_signature_is_the_one_of_the_specification(void **state)
{
    struct ctx       *cx = *state;
    const char *const secrets[] = { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", NULL };
    const char       *out;
    assert_int_equal(outhook_sign(cx, secrets, 2, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}",
                                  &out),
                     OK);
    assert_string_equal(out, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void two_secrets_sign_side_by_side(void **state)
{
    struct ctx       *cx = *state;
    const char *const secrets[] = { outhook_secret(cx->arena), outhook_secret(cx->arena) };
    const char       *one, *both;
    assert_int_equal(strlen(secrets[0]), 6 + 44);
    assert_int_equal(outhook_sign(cx, secrets, 1, "msg_x", 1, "{}", &one), OK);
    assert_int_equal(outhook_sign(cx, secrets, 2, "msg_x", 1, "{}", &both), OK);
    assert_memory_equal(one, both, strlen(one));
    assert_int_equal(strlen(both), 2 * strlen(one) + 1);
    assert_memory_equal(both + strlen(one), " v1,", 4);
}

static void what_is_no_secret_signs_nothing(void **state)
{
    struct ctx *cx = *state;
    const char *out, *bad[] = { "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_***" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ctx_forgive(cx);
        assert_row(i, outhook_sign(cx, &bad[i], 1, "m", 1, "{}", &out) == ERR_INVALID);
    }
}

static void pauses_grow_to_three_days(void **state)
{
    static const int64_t pauses_s[] = { 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400 };
    int64_t              all = 0;
    (void)state;
    for (int n = 1; n < OUTHOOK_ATTEMPTS; n++) {
        const int64_t pause = pauses_s[n - 1] * 1000;
        for (uint64_t spin = 0; spin < 100; spin++) {
            int64_t ms = -1;
            assert_int_equal(outhook_next(n, spin % 2 == 0 ? 0 : 500, -1, spin * 7919 * 104729, &ms), OUTHOOK_RETRY);
            assert_true(ms >= pause - pause / 10 && ms <= pause + pause / 10);
        }
        all += pause;
    }
    assert_true(all > (int64_t)3 * 24 * 3600 * 1000);
}

static void an_answer_decides(void **state)
{
    static const struct {
        int               n, status;
        int64_t           retry_after_s;
        enum outhook_fate fate;
        int64_t           least_ms;
    } rows[] = {
        { 1, 200, -1, OUTHOOK_DELIVERED, 0 },    { 10, 204, -1, OUTHOOK_DELIVERED, 0 },
        { 1, 299, -1, OUTHOOK_DELIVERED, 0 },    { 1, 199, -1, OUTHOOK_RETRY, 4500 },
        { 1, 301, -1, OUTHOOK_RETRY, 4500 },     { 1, 307, 1000, OUTHOOK_RETRY, 4500 },
        { 1, 400, -1, OUTHOOK_RETRY, 4500 },     { 1, 404, -1, OUTHOOK_RETRY, 4500 },
        { 1, 410, -1, OUTHOOK_FAILED, 0 },       { 9, 500, -1, OUTHOOK_RETRY, 77760000 },
        { 10, 500, -1, OUTHOOK_FAILED, 0 },      { 11, 429, 5, OUTHOOK_FAILED, 0 },
        { 1, 429, 600, OUTHOOK_RETRY, 600000 },  { 1, 503, 7, OUTHOOK_RETRY, 7000 },
        { 5, 503, 1, OUTHOOK_RETRY, 16200000 },  { 1, 429, INT64_MAX, OUTHOOK_RETRY, 86400000 },
        { 1, 500, 100000, OUTHOOK_RETRY, 4500 }, { 0, 0, -1, OUTHOOK_RETRY, 4500 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ms = 0;
        assert_row(i, outhook_next(rows[i].n, rows[i].status, rows[i].retry_after_s, 0, &ms) == rows[i].fate);
        assert_row(i, ms == rows[i].least_ms);
    }
}

UNIT_MAIN(UNIT_TEST(a_signature_is_the_one_of_the_specification), UNIT_TEST(two_secrets_sign_side_by_side),
          UNIT_TEST(what_is_no_secret_signs_nothing), UNIT_TEST(pauses_grow_to_three_days),
          UNIT_TEST(an_answer_decides))
