/* lib/form: urlencoded bodies. */
#include "form.h"

#include "unit.h"

#include <string.h>

static enum err parse(struct ctx *cx, const char *text, struct form *out)
{
    ctx_forgive(cx);
    return form_parse(cx, text, strlen(text), out);
}

static void reads_fields_in_their_order(void **state)
{
    struct form f;
    assert_int_equal(parse(*state, "To=%2B44+20&From=&Body=a%3Db%26c&To=2&=x&flag&&", &f), OK);
    assert_int_equal(f.n, 6);
    assert_string_equal(form_get(&f, "To"), "+44 20");
    assert_string_equal(form_get(&f, "From"), "");
    assert_string_equal(form_get(&f, "Body"), "a=b&c");
    assert_string_equal(form_get(&f, "flag"), "");
    assert_string_equal(f.v[3].val, "2");
    assert_string_equal(f.v[4].key, "");
    assert_null(form_get(&f, "to"));
    assert_int_equal(parse(*state, "", &f), OK);
    assert_int_equal(f.n, 0);
}

static void keeps_bytes_that_are_not_utf8(void **state)
{
    struct form f;
    assert_int_equal(parse(*state, "a=%ff%C3", &f), OK);
    assert_string_equal(form_get(&f, "a"), "\xFF\xC3");
}

static void refuses_bad_escapes_and_nul(void **state)
{
    static const char *const rows[] = { "a=%", "a=%4", "a=%zz", "a=%4z", "%=1", "a=%00", "a%00b=1", "a=%%41" };
    struct form              f;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) assert_row(i, parse(*state, rows[i], &f) == ERR_MALFORMED);
}

static void counts_fields(void **state)
{
    struct ctx *cx = *state;
    struct form f;
    char       *text = arena_alloc(cx->arena, 4 * FORM_FIELDS_MAX + 8);
    for (int i = 0; i < FORM_FIELDS_MAX; i++) memcpy(text + 4 * i, "a=1&", 4);
    text[4 * FORM_FIELDS_MAX - 1] = '\0';
    assert_int_equal(parse(cx, text, &f), OK);
    assert_int_equal(f.n, FORM_FIELDS_MAX);
    memcpy(text + 4 * FORM_FIELDS_MAX - 1, "&a=1", 5);
    assert_int_equal(parse(cx, text, &f), ERR_TOO_LARGE);
}

static void names_the_field_that_is_no_sid(void **state)
{
    struct ctx *cx = *state;
    struct form f;
    const char *sid = NULL;
    assert_int_equal(parse(cx, "CallSid=CA0123456789abcdef0123456789abcdef&Bad=CA1", &f), OK);
    assert_int_equal(form_sid(cx, &f, "CallSid", "CA", &sid), OK);
    assert_string_equal(sid, "CA0123456789abcdef0123456789abcdef");
    assert_int_equal(form_sid(cx, &f, "Bad", "CA", &sid), ERR_INVALID);
    assert_non_null(strstr(cx->err.msg, "Bad"));
    ctx_forgive(cx);
    assert_int_equal(form_sid(cx, &f, "None", "CA", &sid), ERR_INVALID);
}

UNIT_MAIN(UNIT_TEST(reads_fields_in_their_order), UNIT_TEST(keeps_bytes_that_are_not_utf8),
          UNIT_TEST(refuses_bad_escapes_and_nul), UNIT_TEST(counts_fields), UNIT_TEST(names_the_field_that_is_no_sid))
