/* lib/clock: dates as the API and as Twilio write them. */
#include "clock.h"

#include "unit.h"

static void dates(void **state)
{
    struct ctx *cx = *state;
    assert_string_equal(clock_rfc3339(cx->arena, 0), "1970-01-01T00:00:00.000Z");
    assert_string_equal(clock_rfc3339(cx->arena, 1795172244123), "2026-11-20T10:57:24.123Z");
    assert_int_equal(clock_rfc2822("Fri, 20 Nov 2026 10:57:24 +0000"), 1795172244000);
    assert_int_equal(clock_rfc2822("Fri, 20 Nov 2026 10:57:24 GMT"), 1795172244000);
    assert_int_equal(clock_rfc2822("Fri, 20 Nov 2026 10:57:24 +0100"), -1);
    assert_int_equal(clock_rfc2822("2026-11-20T10:57:24Z"), -1);
    assert_int_equal(clock_rfc2822(""), -1);
}

static void the_monotonic_clock_moves_on(void **state)
{
    int64_t us = clock_us(), ms = clock_ms();
    (void)state;
    assert_true(clock_us() >= us && clock_ms() >= ms && us / 1000 <= ms);
}

UNIT_MAIN(UNIT_TEST(dates), UNIT_TEST(the_monotonic_clock_moves_on))
