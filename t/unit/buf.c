/* lib/buf: growing bytes with a cap. */
#include "buf.h"

#include "unit.h"

#include <string.h>

static void grows_to_its_cap_and_then_sticks(void **state)
{
    struct ctx *cx = *state;
    struct buf  b = buf_new(cx->arena, 1000);
    for (int i = 0; i < 100; i++) buf_str(&b, "0123456789");
    assert_false(b.full);
    assert_int_equal(b.len, 1000);
    buf_str(&b, "x");
    assert_true(b.full);
    buf_add(&b, "", 0);
    assert_int_equal(b.len, 1000);
    assert_int_equal(strlen(b.at), 1000);
}

static void prints_what_does_not_fit_the_first_block(void **state)
{
    struct ctx *cx = *state;
    struct buf  b = buf_new(cx->arena, 5000);
    buf_str(&b, "a");
    buf_printf(&b, "%0*d", 3000, 7);
    assert_int_equal(b.len, 3001);
    assert_int_equal(b.at[3000], '7');
    buf_printf(&b, "%0*d", 3000, 7);
    assert_true(b.full);
    assert_int_equal(b.len, 3001);
}

static void encodes_urls(void **state)
{
    struct ctx *cx = *state;
    struct buf  b = buf_new(cx->arena, 100);
    buf_urlencode(&b, "+44 a-b_c.d~e/f&=#\xC3\xA9");
    assert_string_equal(b.at, "%2B44%20a-b_c.d~e%2Ff%26%3D%23%C3%A9");
}

static void writes_json_strings_of_any_bytes(void **state)
{
    struct ctx *cx = *state;
    struct buf  b = buf_new(cx->arena, 200);
    buf_json(&b, "a\"\\\b\f\n\r\t\x01\x1F caf\xC3\xA9 \xFF\xC3");
    assert_string_equal(b.at, "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f caf\xC3\xA9 \xEF\xBF\xBD\xEF\xBF\xBD\"");
    b = buf_new(cx->arena, 200);
    buf_json(&b, NULL);
    assert_string_equal(b.at, "null");
}

UNIT_MAIN(UNIT_TEST(grows_to_its_cap_and_then_sticks), UNIT_TEST(prints_what_does_not_fit_the_first_block),
          UNIT_TEST(encodes_urls), UNIT_TEST(writes_json_strings_of_any_bytes))
