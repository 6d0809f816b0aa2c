/* lib/job: what a job's end is, without a database; claims and fences are tested with one, in t/e2e/sweep-death. */
#include "job.h"

#include "clock.h"
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
    assert_int_equal(job_fail(*state, &job, "late", &word), OK); /* writes nothing: there is no database here */
    assert_null(word);
}

static void asks_nobody_before_a_third_of_the_lease(void **state)
{
    struct job      job = { .delay_s = -1 };
    struct job_hold hold = { *state, &job, 0 };
    for (int i = 0; i < 1000; i++) assert_true(job_goes_on(&hold));
    assert_in_range(hold.next_ms - clock_ms(), JOB_BEAT_MS - 1000, JOB_BEAT_MS);
    assert_true(3 * JOB_BEAT_MS <= JOB_LEASE_S * 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_reason_stands),
        TEST(an_end_is_a_failure_even_without_a_reason),
        TEST(a_lost_lease_stays_lost),
        TEST(asks_nobody_before_a_third_of_the_lease),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
