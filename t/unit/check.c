/* lib/check: shapes of what comes from outside. */
#include "check.h"

#include "unit.h"

#include <string.h>

static void utf8(void **state)
{
    static const struct {
        const char *s;
        bool        good;
    } rows[] = {
        { "", true },
        { "a", true },
        { "\xC3\xA9", true },
        { "\xE2\x82\xAC", true },
        { "\xF0\x9F\x98\x80", true },
        { "\xC3", false },
        { "\xC0\x80", false },
        { "\xE0\x80\x80", false },
        { "\xED\xA0\x80", false },
        { "\xF5\x80\x80\x80", false },
        { "\x80", false },
        { "a\xFFz", false },
        { "\xF4\x90\x80\x80", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_row(i, check_utf8(rows[i].s, strlen(rows[i].s)) == rows[i].good);
    assert_true(check_utf8("a\0b", 3));
    assert_false(check_utf8("a\xC3\xA9", 2)); /* the length cuts a character */
}

static void sids_numbers_and_uuids(void **state)
{
    (void)state;
    assert_true(check_sid("CA0123456789abcdef0123456789abcdef", "CA"));
    assert_false(check_sid("CA0123456789ABCDEF0123456789abcdef", "CA"));
    assert_false(check_sid("CA0123456789abcdef0123456789abcde", "CA"));
    assert_false(check_sid("CA0123456789abcdef0123456789abcdef0", "CA"));
    assert_false(check_sid("RE0123456789abcdef0123456789abcdef", "CA"));
    assert_false(check_sid("test123", "CA"));
    assert_true(check_e164("+442079460958"));
    assert_false(check_e164("+0442079460"));
    assert_false(check_e164("442079460958"));
    assert_false(check_e164("+123456"));
    assert_false(check_e164("+1234567890123456"));
    assert_false(check_e164("+44 2079460958"));
    assert_true(check_uuid("01900000-0000-7000-8000-00000000000A"));
    assert_false(check_uuid("019000000000-7000-8000-00000000000a"));
    assert_false(check_uuid("01900000-0000-7000-8000-00000000000a0"));
    assert_false(check_uuid("{1900000-0000-7000-8000-00000000000a"));
}

static void integers(void **state)
{
    int64_t v = 7;
    (void)state;
    assert_true(check_int("0", 0, 10, &v) && v == 0);
    assert_true(check_int("-5", -10, 10, &v) && v == -5);
    assert_true(check_int("9223372036854775807", 0, INT64_MAX, &v) && v == INT64_MAX);
    assert_false(check_int("9223372036854775808", 0, INT64_MAX, &v));
    assert_false(check_int("", 0, 10, &v));
    assert_false(check_int("-", -10, 10, &v));
    assert_false(check_int("-1", 0, 10, &v));
    assert_false(check_int("+1", 0, 10, &v));
    assert_false(check_int(" 1", 0, 10, &v));
    assert_false(check_int("1 ", 0, 10, &v));
    assert_false(check_int("0x1", 0, 10, &v));
    assert_false(check_int("11", 0, 10, &v));
    assert_false(check_int("--1", -10, 10, &v));
    assert_int_equal(v, INT64_MAX);
}

static void words_urls_and_headers(void **state)
{
    (void)state;
    assert_true(check_word("two", " one two three "));
    assert_false(check_word("tw", " one two three "));
    assert_false(check_word("one two", " one two three "));
    assert_false(check_word("", " one two three "));
    assert_true(check_url("https://a.example/b?c=d#e"));
    assert_true(check_url("http://127.0.0.1:8080/x"));
    assert_true(check_url("http://localhost"));
    assert_true(check_url("http://[::1]:8080"));
    assert_false(check_url("http://a.example"));
    assert_false(check_url("http://127.0.0.1.evil.example"));
    assert_false(check_url("https://a@b.example"));
    assert_false(check_url("http://localhost:80@evil.example/"));
    assert_false(check_url("https://"));
    assert_false(check_url("https://a b"));
    assert_false(check_url("https://a\nb"));
    assert_false(check_url("file:///etc/passwd"));
    assert_true(check_header("a b"));
    assert_false(check_header("a\r\nb"));
    assert_false(check_header("caf\xC3\xA9"));
}

static void times(void **state)
{
    static const char *const good[] = { "2026-11-20T10:57:24Z", "2026-11-20T10:57:24.123456789Z",
                                        "2026-11-20T10:57:24+01:00", "2026-11-20T10:57:24.5-11:30" };
    static const char *const bad[] = { "",
                                       "now",
                                       "infinity",
                                       "2026-11-20",
                                       "2026-11-20T10:57:24",
                                       "2026-11-20 10:57:24Z",
                                       "2026-11-20T10:57:24.Z",
                                       "2026-11-20T10:57:24.1234567890Z",
                                       "2026-11-20T10:57:24+0100",
                                       "2026-11-20T10:57:24Z ",
                                       "2026-11-2aT10:57:24Z" };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_true(check_time(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(check_time(bad[i]));
}

static void days_and_money(void **state)
{
    static const char *const days[] = { "2025-02-28", "2024-02-29", "2000-02-29", "1999-12-31" };
    static const char *const none[] = { "",           "2025-02-29", "1900-02-29", "2025-13-01",
                                        "2025-00-10", "2025-01-00", "2025-1-1",   "2025-01-011",
                                        "2025/01/01", "20250101",   "+025-01-01" };
    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) assert_row(i, check_date(days[i]));
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_row(i, !check_date(none[i]));
    assert_true(check_money("0") && check_money("-12.5") && check_money("999999999999.999999"));
    assert_false(check_money("") || check_money("1.") || check_money(".5") || check_money("1e5") || check_money("+1"));
    assert_false(check_money("1000000000000") || check_money("1.1234567") || check_money("1,5") || check_money("--1"));
}

UNIT_MAIN(UNIT_TEST(times), UNIT_TEST(utf8), UNIT_TEST(sids_numbers_and_uuids), UNIT_TEST(integers),
          UNIT_TEST(words_urls_and_headers), UNIT_TEST(days_and_money))
