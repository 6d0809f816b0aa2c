/* lib/json: what RFC 8259 refuses, cJSON would let through, and we refuse besides. */
#include "json.h"

#include "limit.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static enum err parse(struct ctx *cx, const char *text, const struct json **out)
{
    ctx_forgive(cx);
    return json_parse(cx, text, strlen(text), API_BODY_MAX, out);
}

static void accepts_every_kind_of_value(void **state)
{
    static const char *const rows[] = {
        "{}",
        "[]",
        " \n\t[ 1 , 2.5e-3 , -0 , true,false,null,\"a\\u00e9\\n\" ] ",
        "\"\\ud83d\\ude00\"",
        "0",
        "-1.5E+10",
        "{\"a\":{\"b\":[{}]}}",
        "\"caf\xC3\xA9\"",
    };
    const struct json *v;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) assert_row(i, parse(*state, rows[i], &v) == OK);
}

static void refuses_everything_else(void **state)
{
    static const char *const rows[] = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{} junk",
        "[1] 2",
        "007",
        "+1",
        ".5",
        "1.",
        "1e",
        "NaN",
        "Infinity",
        "1e999",
        "tru",
        "True",
        "\"a",
        "\"a\nb\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\xFF\"",
        "\"\xC0\x80\"",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"\\u0062\":2}}",
        "{\"a\" 1}",
        "[1 2]",
        "// c\n1",
        "nul",
        "{\"a\":}",
        "]",
        "1,2",
        "\"\\",
    };
    const struct json *v;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) assert_row(i, parse(*state, rows[i], &v) == ERR_MALFORMED);
}

static void refuses_a_nul_byte_depth_and_size(void **state)
{
    struct ctx        *cx = *state;
    const struct json *v;
    char               deep[2 * JSON_DEPTH_MAX + 3];
    memset(deep, '[', JSON_DEPTH_MAX);
    memset(deep + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    deep[2 * JSON_DEPTH_MAX] = '\0';
    assert_int_equal(parse(cx, deep, &v), OK);
    memset(deep, '[', JSON_DEPTH_MAX + 1);
    memset(deep + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    deep[2 * JSON_DEPTH_MAX + 2] = '\0';
    assert_int_equal(parse(cx, deep, &v), ERR_MALFORMED);
    ctx_forgive(cx);
    assert_int_equal(json_parse(cx, "[1]\0", 4, 100, &v), ERR_MALFORMED);
    ctx_forgive(cx);
    assert_int_equal(json_parse(cx, "[1,2]", 5, 4, &v), ERR_TOO_LARGE);
}

static void says_where(void **state)
{
    struct ctx        *cx = *state;
    const struct json *v;
    assert_int_equal(parse(cx, "{\"a\": 01}", &v), ERR_MALFORMED);
    assert_string_equal(cx->err.msg, "JSON: expected , or } at byte 7");
}

static void getters_answer_for_the_wrong_type_as_for_nothing(void **state)
{
    struct ctx        *cx = *state;
    const struct json *v;
    int64_t            i = 7;
    double             d = 7;
    assert_int_equal(parse(cx,
                           "{\"Status\":1,\"status\":\"x\",\"n\":9007199254740991,\"m\":9007199254740993,"
                           "\"f\":1.5,\"t\":true,\"l\":[1,2,3]}",
                           &v),
                     OK);
    assert_string_equal(json_text(json_get(v, "status")), "x");
    assert_null(json_text(json_get(v, "Status")));
    assert_null(json_get(v, "STATUS"));
    assert_null(json_get(NULL, "a"));
    assert_null(json_get(json_get(v, "l"), "a"));
    assert_true(json_int(json_get(v, "n"), 0, INT64_MAX, &i) && i == 9007199254740991);
    assert_false(json_int(json_get(v, "m"), 0, INT64_MAX, &i));
    assert_false(json_int(json_get(v, "f"), 0, 10, &i));
    assert_false(json_int(json_get(v, "Status"), 2, 10, &i));
    assert_true(json_number(json_get(v, "f"), &d) && d > 1.4 && d < 1.6);
    assert_false(json_number(json_get(v, "t"), &d));
    assert_true(json_bool(json_get(v, "t"), false));
    assert_true(json_bool(json_get(v, "none"), true));
    assert_int_equal(json_count(json_get(v, "l")), 3);
    assert_string_equal(json_print(cx, json_get(v, "l")), "[1,2,3]");
    assert_int_equal(json_type(NULL), JSON_NULL);
}

/* 20,000 members: a comparison of each with each would take seconds. */
static void many_members_are_cheap(void **state)
{
    struct ctx        *cx = *state;
    const struct json *v;
    char              *text = arena_alloc(cx->arena, API_BODY_MAX + 1);
    size_t             n = 1;
    text[0] = '{';
    for (int i = 0; i < 20000; i++) n += (size_t)snprintf(text + n, API_BODY_MAX - n, "\"%x\":0,", (unsigned)i);
    text[n - 1] = '}';
    int64_t began = clock_ms();
    assert_int_equal(parse(cx, text, &v), OK);
    assert_int_equal(json_count(v), 20000);
    assert_true(clock_ms() - began < 2000);
}

UNIT_MAIN(UNIT_TEST(accepts_every_kind_of_value), UNIT_TEST(refuses_everything_else),
          UNIT_TEST(refuses_a_nul_byte_depth_and_size), UNIT_TEST(says_where),
          UNIT_TEST(getters_answer_for_the_wrong_type_as_for_nothing), UNIT_TEST(many_members_are_cheap))
