/* lib/job: what a job's end is, without a database; claims and fences are tested with one, in t/e2e/sweep-death. */
#include "job.h"

#include "clock.h"
#include "config.h"
#include "sweep_rig.h"

static void the_first_reason_stands(void **state)
{
    struct ctx *cx = *state;
    struct job  job = { .delay_s = -1 };
    (void)ctx_fail(cx, ERR_RATE_LIMITED, "asked for a pause");
    assert_int_equal(job_ends(cx, &job, JOB_RETRY, 7), ERR_RATE_LIMITED);
    assert_string_equal(cx->err.msg, "asked for a pause");
    assert_int_equal(job.fate, JOB_RETRY);
    assert_int_equal(job.delay_s, 7);
}

static void an_end_is_a_failure_even_without_a_reason(void **state)
{
    struct job job = { .delay_s = -1 };
    assert_int_not_equal(job_ends(*state, &job, JOB_DEAD, -1), OK);
    assert_int_equal(job.fate, JOB_DEAD);
}

static void a_lost_lease_stays_lost(void **state)
{
    struct job  job = { .delay_s = -1 };
    const char *word = "untouched";
    assert_int_equal(job_lost(*state, &job), ERR_CONFLICT);
    assert_int_equal(job_ends(*state, &job, JOB_RETRY, 1), ERR_CONFLICT);
    assert_int_equal(job.fate, JOB_LOST);
    ctx_forgive((struct ctx *)*state);
    assert_int_equal(job_fail(*state, &job, "late", "model:key", &word),
                     OK); /* writes nothing: there is no database here */
    assert_null(word);
}

static void asks_nobody_before_a_third_of_the_lease(void **state)
{
    struct job      job = { .delay_s = -1 };
    struct job_hold hold = { *state, &job, 0 };
    for (int i = 0; i < 1000; i++) assert_true(job_goes_on(&hold));
    assert_in_range(hold.next_ms - clock_ms(), JOB_LEASE_S * 1000 / 3 - 1000, JOB_LEASE_S * 1000 / 3);
}

static void leases_are_as_long_as_the_settings_say(void **state)
{
    struct ctx         *cx = *state;
    const struct config cfg = { .sweep_lease_seconds = "7" };
    assert_int_equal(job_lease_s(cx), JOB_LEASE_S);
    cx->cfg = &cfg;
    assert_int_equal(job_lease_s(cx), 7);
}

static void failures_of_one_cause_share_a_word(void **state)
{
    (void)state;
    assert_string_equal(job_cause(ERR_UPSTREAM_AUTH), "key");
    assert_string_equal(job_cause(ERR_UNAVAILABLE), job_cause(ERR_UPSTREAM));
    assert_string_equal(job_cause(ERR_TOO_LARGE), job_cause(ERR_MALFORMED));
    assert_string_equal(job_cause(ERR_FORBIDDEN), "other");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_reason_stands),
        TEST(an_end_is_a_failure_even_without_a_reason),
        TEST(a_lost_lease_stays_lost),
        TEST(leases_are_as_long_as_the_settings_say),
        TEST(failures_of_one_cause_share_a_word),
        TEST(asks_nobody_before_a_third_of_the_lease),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
