/* lib/sheet: cells as RFC 4180 writes them, harmless to spreadsheets; tables into JSON. */
#include "sheet.h"

#include "unit.h"

#include <string.h>

static struct arena *arena;

static const char *written(const char *text, enum sheet_cell kind, bool excel)
{
    struct buf b = buf_new(arena, 4096);
    sheet_cell(&b, text, kind, excel, true);
    return b.at;
}

static void a_cell_is_quoted_where_it_must_be(void **state)
{
    arena = ((struct ctx *)*state)->arena;
    assert_string_equal(written("plain", SHEET_PLAIN, false), "plain\r\n");
    assert_string_equal(written(NULL, SHEET_FREE, false), "\r\n");
    assert_string_equal(written("a,b", SHEET_FREE, false), "\"a,b\"\r\n");
    assert_string_equal(written("say \"hi\"", SHEET_FREE, false), "\"say \"\"hi\"\"\"\r\n");
    assert_string_equal(written("two\nlines", SHEET_FREE, false), "\"two\nlines\"\r\n");
}

static void what_somebody_typed_is_no_formula(void **state)
{
    static const char *const bad[] = { "=1+1", "+1", "-1", "@x", "\tx", "\rx" };
    arena = ((struct ctx *)*state)->arena;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *cell = written(bad[i], SHEET_FREE, false);
        assert_memory_equal(cell, "\"'", 2);
    }
    assert_string_equal(written("a=1", SHEET_FREE, false), "a=1\r\n");
    assert_string_equal(written("-5", SHEET_PLAIN, false), "-5\r\n");
}

static void a_telephone_number_stays_one(void **state)
{
    arena = ((struct ctx *)*state)->arena;
    assert_string_equal(written("+442079460958", SHEET_PHONE, false), "+442079460958\r\n");
    assert_string_equal(written("+442079460958", SHEET_PHONE, true), "\"=\"\"+442079460958\"\"\"\r\n");
    assert_string_equal(written("anonymous", SHEET_PHONE, true), "anonymous\r\n");
}

static const char *read_of(const char *text, size_t n, enum err want)
{
    const char *json = NULL;
    struct ctx  cx = { .arena = arena };
    assert_int_equal(sheet_read(&cx, text, n, 3, &json), want);
    return json;
}

static void a_table_becomes_objects(void **state)
{
    static const char text[] = "\xEF\xBB\xBF"
                               "a,b c\r\n1,\"x, \"\"y\"\"\nz\"\r\n,2\r\n";
    static const char semi[] = "a;b\n1;2";
    arena = ((struct ctx *)*state)->arena;
    assert_string_equal(read_of(text, sizeof text - 1, OK),
                        "[{\"a\":\"1\",\"b c\":\"x, \\\"y\\\"\\nz\"},{\"b c\":\"2\"}]");
    assert_string_equal(read_of(semi, sizeof semi - 1, OK), "[{\"a\":\"1\",\"b\":\"2\"}]");
    assert_string_equal(read_of("a\n", 2, OK), "[]");
}

static void what_is_no_table_is_refused(void **state)
{
    arena = ((struct ctx *)*state)->arena;
    (void)read_of("", 0, ERR_MALFORMED);
    (void)read_of("a\n\"1", 4, ERR_MALFORMED);
    (void)read_of("a\n1,2", 5, ERR_MALFORMED);
    (void)read_of("a\n1\n2\n3\n4", 9, ERR_MALFORMED);
    (void)read_of("a\n\xff", 3, ERR_MALFORMED);
    (void)read_of("a\n\0", 3, ERR_MALFORMED);
}

UNIT_MAIN(UNIT_TEST(a_cell_is_quoted_where_it_must_be), UNIT_TEST(what_somebody_typed_is_no_formula),
          UNIT_TEST(a_telephone_number_stays_one), UNIT_TEST(a_table_becomes_objects),
          UNIT_TEST(what_is_no_table_is_refused))
