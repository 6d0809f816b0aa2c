/* lib/field: JSON bodies as tables. */
#include "field.h"

#include "buf.h"
#include "unit.h"

#include <string.h>

struct row {
    const char    *to, *note, *mode, *id, *links;
    const bool    *record;
    const int64_t *seconds;
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
    { "secs",   FIELD_INT,   AT(seconds), false, 5, 600, NULL },
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

static const struct fields whole = FIELDS(fields, struct row), part = FIELDS_PARTIAL(fields, struct row);

static enum err patch(struct ctx *cx, const char *text, const char **printed)
{
    const struct json *doc;
    const void        *in;
    ctx_forgive(cx);
    assert_int_equal(json_parse(cx, text, strlen(text), 4096, &doc), OK);
    TRY(field_body(cx, doc, &part, &in));
    *printed = field_print(cx, doc, &part, in);
    return OK;
}

/* Absent members stay absent and null stays null, or a change would empty what it does not name. */
static void a_change_is_what_was_sent(void **state)
{
    const char *out;
    assert_int_equal(patch(*state, "{}", &out), OK);
    assert_string_equal(out, "{}");
    assert_int_equal(patch(*state, "{\"note\":null,\"to\":\"+44 20 7946 0958\",\"secs\":30,\"record\":false}", &out),
                     OK);
    assert_string_equal(out, "{\"note\":null,\"to\":\"+442079460958\",\"secs\":30,\"record\":false}");
    assert_int_equal(patch(*state, "{\"to\":null}", &out), ERR_INVALID);
    assert_int_equal(patch(*state, "{\"two\":1}", &out), ERR_INVALID);
    assert_int_equal(patch(*state, "[]", &out), ERR_MALFORMED);
}

static void every_fault_is_listed_by_pointer(void **state)
{
    static const char *const want[] = { "/a~1~0", "/to", "/note", "/secs" };
    static const char        text[] = "{\"a/~\":1,\"note\":7,\"secs\":4}";
    struct ctx              *cx = *state;
    const struct json       *doc;
    const void              *in;
    size_t                   n = 0;
    ctx_forgive(cx);
    assert_int_equal(json_parse(cx, text, sizeof text - 1, 4096, &doc), OK);
    assert_int_equal(field_body(cx, doc, &whole, &in), ERR_INVALID);
    for (const struct error_at *at = cx->err.at; at != NULL; at = at->next, n++) {
        assert_true(n < sizeof want / sizeof *want);
        assert_string_equal(at->pointer, want[n]);
    }
    assert_int_equal(n, sizeof want / sizeof *want);
}

static enum err query(struct ctx *cx, const char *text, const struct fields *t, const void **in)
{
    struct form f;
    ctx_forgive(cx);
    assert_int_equal(form_parse(cx, text, strlen(text), &f), OK);
    return field_query(cx, &f, t, in);
}

static void a_query_is_read_as_strictly_as_a_body(void **state)
{
    const void       *in;
    const struct row *r;
    assert_int_equal(query(*state, "to=%2B442079460958&secs=600&record=false", &whole, &in), OK);
    r = in;
    assert_int_equal(*r->seconds, 600);
    assert_false(*r->record);
    assert_int_equal(query(*state, "", NULL, &in), OK);
    static const char *const bad[] = { "",
                                       "to=%2B442079460958&to=%2B442079460958",
                                       "to=%2B442079460958&secs=601",
                                       "secs=+5",
                                       "to=%2B442079460958&record=yes",
                                       "to=%2B442079460958&x=1",
                                       "to=%ff%fe",
                                       "to=%2B442079460958&note=%ff" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_row(i, query(*state, bad[i], &whole, &in) != OK);
    assert_int_equal(query(*state, "x=1", NULL, &in), ERR_INVALID);
}

static void a_row_is_its_schema(void **state)
{
    static const char *const want[] = {
        "{\"type\":\"string\",\"maxLength\":40,\"example\":\"+447700900123\"}",
        "{\"type\":\"string\",\"minLength\":1,\"maxLength\":5}",
        "{\"type\":\"string\",\"enum\":[\"one\",\"two\"]}",
        "{\"type\":\"string\",\"format\":\"uuid\"}",
        "{\"type\":\"boolean\"}",
        "{\"type\":\"array\",\"items\":{}}",
        "{\"type\":\"integer\",\"minimum\":5,\"maximum\":600}",
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct buf b = buf_new(cx->arena, 1024);
        field_schema(&b, &fields[i], false);
        assert_string_equal(b.at, want[i]);
    }
    struct buf b = buf_new(cx->arena, 1024);
    field_schema(&b, &fields[2], true);
    assert_string_equal(b.at, "{\"type\":[\"string\",\"null\"],\"enum\":[\"one\",\"two\",null]}");
}

UNIT_MAIN(UNIT_TEST(fills_what_is_there_and_leaves_null), UNIT_TEST(refuses_by_name), UNIT_TEST(guides_may_send_more),
          UNIT_TEST(a_change_is_what_was_sent), UNIT_TEST(every_fault_is_listed_by_pointer),
          UNIT_TEST(a_query_is_read_as_strictly_as_a_body), UNIT_TEST(a_row_is_its_schema))
