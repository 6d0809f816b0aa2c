/* lib/notify, lib/chart, lib/report: messages in words, whatever the data hold. */
#include "notify.h"

#include "chart.h"
#include "report.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static const char one[] =
    "{\"kind\":\"missed_call\",\"title\":\"Missed call from <+44>\",\"to\":\"+442079460958\","
    "\"clock\":\"14:05\",\"lines\":[{\"name\":\"Why\",\"value\":\"a & b\"}],\"href\":\"https://x/\"}";

static void one_notice_is_one_subject(void **state)
{
    struct ctx *cx = *state;
    struct mail m = { .to = "a@b.example" };
    assert_int_equal(notify_mail(cx, "Fish & chips", arena_printf(cx->arena, "[%s]", one), &m), OK);
    assert_string_equal(m.subject, "Missed call from <+44>");
    assert_non_null(strstr(m.text, "Why: a & b\nhttps://x/"));
    assert_non_null(strstr(m.html, "<td>a &amp; b</td>"));
    assert_non_null(strstr(m.html, "Missed call from &lt;+44&gt;"));
    assert_null(strstr(m.html, "<+44>"));
}

static void many_are_counted_and_cut(void **state)
{
    struct ctx *cx = *state;
    struct mail m = { .to = "a@b.example" };
    const char *sms, *list = arena_printf(cx->arena, "[%s", one);
    for (int i = 0; i < 150; i++) list = arena_printf(cx->arena, "%s,%s", list, one);
    list = arena_printf(cx->arena, "%s]", list);
    assert_int_equal(notify_mail(cx, "T", list, &m), OK);
    assert_string_equal(m.subject, "Missed call from <+44>, and 150 more");
    assert_non_null(strstr(m.text, "... and 51 more"));
    assert_int_equal(notify_sms(cx, "T", list, &sms), OK);
    assert_string_equal(sms, "Missed call from <+44> to +442079460958 at 14:05, and 150 more. T");
    assert_int_equal(notify_mail(cx, "T", "[]", &m), ERR_INVALID);
}

static void an_sms_ends_between_characters(void **state)
{
    struct ctx *cx = *state;
    char        name[2001];
    const char *sms;
    for (size_t i = 0; i < 1000; i++) memcpy(name + 2 * i, "\xC3\xA9", 2);
    name[2000] = '\0';
    assert_int_equal(notify_sms(cx, name, arena_printf(cx->arena, "[%s]", one), &sms), OK);
    assert_int_equal((unsigned char)sms[strlen(sms) - 1], 0xA9);
    assert_true(strlen(sms) < (size_t)2 * NOTIFY_SMS_MAX);
}

static void a_chart_says_its_numbers(void **state)
{
    struct ctx        *cx = *state;
    const struct json *list;
    const char        *svg, *data = "[{\"short\":\"<Mon\",\"a\":3,\"b\":1},{\"short\":\"Tue\",\"a\":0,\"b\":0}]";
    assert_int_equal(json_parse(cx, data, strlen(data), 1000, &list), OK);
    assert_int_equal(chart_bars(cx, "T & u", list, "a", "b", &svg), OK);
    assert_non_null(strstr(svg, "<title>T &amp; u</title><desc>&lt;Mon: a 3, b 1. Tue: a 0, b 0. </desc>"));
    assert_non_null(strstr(svg, "height=\"105\"")); /* three quarters of 140 */
    assert_non_null(strstr(svg, "height=\"35\""));
    assert_int_equal(chart_bars(cx, "T", list, "a", "missing", &svg), ERR_INVALID);
    ctx_forgive(cx);
    assert_int_equal(json_parse(cx, "[]", 2, 1000, &list), OK);
    assert_int_equal(chart_bars(cx, "T", list, "a", NULL, &svg), OK);
    assert_string_equal(svg, "");
}

static void a_report_of_nothing_says_so(void **state)
{
    struct ctx        *cx = *state;
    struct report_mail m;
    static const char  words[] =
        "{\"who\":\"A & B\",\"subject\":\"A & B: calls\",\"empty\":true,\"days\":[],\"hours\":[],"
        "\"cards\":[{\"key\":\"total_calls\",\"name\":\"Calls\",\"value\":\"0\",\"change\":null}]}";
    assert_int_equal(report_render(cx, words, &m), OK);
    assert_string_equal(m.subject, "A & B: calls");
    assert_non_null(strstr(m.html, "There were no calls."));
    assert_non_null(strstr(m.html, "<h1>A &amp; B</h1>"));
    assert_non_null(strstr(m.text, "Calls: 0\n"));
    assert_int_equal(report_render(cx, "[]", &m), ERR_INVALID);
}

UNIT_MAIN(UNIT_TEST(one_notice_is_one_subject), UNIT_TEST(many_are_counted_and_cut),
          UNIT_TEST(an_sms_ends_between_characters), UNIT_TEST(a_chart_says_its_numbers),
          UNIT_TEST(a_report_of_nothing_says_so))
