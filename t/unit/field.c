/* lib/field: JSON bodies as tables. */
#include "field.h"

#include "unit.h"

#include <string.h>

struct row {
    const char *to, *note, *mode, *id, *links;
    const bool *record;
};

#define AT(member) offsetof(struct row, member)

/* clang-format off */
static const struct field fields[] = {
    { "to",     FIELD_PHONE, AT(to),     true,  0, 0, NULL },
    { "note",   FIELD_TEXT,  AT(note),   false, 1, 5, NULL },
    { "mode",   FIELD_WORD,  AT(mode),   false, 0, 0, " one two " },
    { "id",     FIELD_UUID,  AT(id),     false, 0, 0, NULL },
    { "record", FIELD_BOOL,  AT(record), false, 0, 0, NULL },
    { "links",  FIELD_RAW,   AT(links),  false, 0, 0, NULL },
};
/* clang-format on */

static enum err fill(struct ctx *cx, const char *text, enum field_strange strange, struct row *out)
{
    const struct json *doc;
    ctx_forgive(cx);
    *out = (struct row){ .to = NULL };
    assert_int_equal(json_parse(cx, text, strlen(text), 4096, &doc), OK);
    return field_read(cx, doc, fields, sizeof fields / sizeof *fields, strange, out);
}

static void fills_what_is_there_and_leaves_null(void **state)
{
    struct row r;
    assert_int_equal(fill(*state,
                          "{\"to\":\"+44 20 7946 0958\",\"note\":\"abcde\",\"mode\":\"two\",\"record\":false,"
                          "\"id\":\"01900000-0000-7000-8000-00000000000a\",\"links\":[{\"a\":1}]}",
                          FIELD_STRANGE_REFUSED, &r),
                     OK);
    assert_string_equal(r.to, "+442079460958");
    assert_string_equal(r.note, "abcde");
    assert_true(r.record != NULL && !*r.record);
    assert_string_equal(r.links, "[{\"a\":1}]");
    assert_int_equal(fill(*state, "{\"to\":\"+442079460958\",\"note\":null}", FIELD_STRANGE_REFUSED, &r), OK);
    assert_null(r.note);
    assert_null(r.record);
}

static void refuses_by_name(void **state)
{
    static const struct {
        const char *text;
        enum err    err;
        const char *name;
    } rows[] = {
        { "{}", ERR_INVALID, "to" },
        { "{\"to\":null}", ERR_INVALID, "to" },
        { "{\"to\":5}", ERR_INVALID, "to" },
        { "{\"to\":\"abc\"}", ERR_INVALID_NUMBER, "to" },
        { "{\"to\":\"020 7946 0958\"}", ERR_INVALID_NUMBER, "to" },
        { "{\"to\":\"+0987654321\"}", ERR_INVALID_NUMBER, "to" },
        { "{\"to\":\"+442079460958\",\"note\":\"\"}", ERR_INVALID, "note" },
        { "{\"to\":\"+442079460958\",\"note\":\"abcdef\"}", ERR_INVALID, "note" },
        { "{\"to\":\"+442079460958\",\"mode\":\"three\"}", ERR_INVALID, "mode" },
        { "{\"to\":\"+442079460958\",\"id\":\"1\"}", ERR_INVALID, "id" },
        { "{\"to\":\"+442079460958\",\"record\":\"yes\"}", ERR_INVALID, "record" },
        { "{\"to\":\"+442079460958\",\"links\":{}}", ERR_INVALID, "links" },
        { "{\"to\":\"+442079460958\",\"To\":1}", ERR_INVALID, "To" },
        { "[]", ERR_MALFORMED, "object" },
    };
    struct ctx *cx = *state;
    struct row  r;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_row(i, fill(cx, rows[i].text, FIELD_STRANGE_REFUSED, &r) == rows[i].err);
        assert_row(i, strstr(cx->err.msg, rows[i].name) != NULL);
    }
}

static void guides_may_send_more(void **state)
{
    struct row r;
    assert_int_equal(fill(*state, "{\"to\":\"+442079460958\",\"agentName\":\"x\"}", FIELD_STRANGE_IGNORED, &r), OK);
}

UNIT_MAIN(UNIT_TEST(fills_what_is_there_and_leaves_null), UNIT_TEST(refuses_by_name), UNIT_TEST(guides_may_send_more))
