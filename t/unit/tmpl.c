/* lib/tmpl: what templates say, and what data cannot make them say. */
#include "tmpl.h"

#include "unit.h"

#include <string.h>

static enum err render(struct ctx *cx, enum tmpl_kind kind, const char *tmpl, const char *data, const char **out)
{
    const struct json *doc;
    ctx_forgive(cx);
    assert_int_equal(json_parse(cx, data, strlen(data), 1 << 20, &doc), OK);
    return tmpl_render(cx, kind, tmpl, doc, out);
}

static void templates_are_filled(void **state)
{
    static const struct {
        const char *tmpl, *data, *text, *html;
    } rows[] = {
        { "", "{}", "", "" },
        { "plain }} { }", "{}", "plain }} { }", "plain }} { }" },
        { "{{a}}!", "{\"a\":\"x\"}", "x!", "x!" },
        { "{{a}}", "{\"a\":\"<b>&\\\"'\"}", "<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;" },
        { "{{&a}}", "{\"a\":\"<b>\"}", "<b>", "<b>" },
        { "{{a}}|{{b}}|{{c}}", "{\"a\":1.5,\"b\":true,\"c\":null}", "1.5|true|", "1.5|true|" },
        { "{{a.b.c}}{{a.x}}", "{\"a\":{\"b\":{\"c\":7}}}", "7", "7" },
        { "{{#l}}[{{n}}{{o}}]{{/l}}", "{\"o\":\"!\",\"l\":[{\"n\":1},{\"n\":2}]}", "[1!][2!]", "[1!][2!]" },
        { "{{#l}}{{.}},{{/l}}", "{\"l\":[\"<\",2]}", "<,2,", "&lt;,2," },
        { "{{#o}}{{n}}{{/o}}{{^o}}no{{/o}}", "{\"o\":{\"n\":1}}", "1", "1" },
        { "{{#o}}yes{{/o}}{{^o}}no{{/o}}", "{\"o\":[]}", "no", "no" },
        { "{{#o}}yes{{/o}}{{^o}}no{{/o}}", "{\"o\":0}", "no", "no" },
        { "{{#o}}yes{{/o}}{{^o}}no{{/o}}", "{\"o\":\"\"}", "no", "no" },
        { "{{#o}}yes{{/o}}{{^o}}no{{/o}}", "{}", "no", "no" },
        { "{{#a}}{{#a}}x{{/a}}{{/a}}", "{\"a\":[1,2]}", "xxxx", "xxxx" },
        { "{{a}}", "{\"a\":\"{{b}}\",\"b\":\"no\"}", "{{b}}", "{{b}}" },
        { "{{#a}}{{a}}{{/a}}", "{\"a\":\"{{/a}}{{#a}}\"}", "{{/a}}{{#a}}", "{{/a}}{{#a}}" },
    };
    const char *out;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_row(i, render(*state, TMPL_TEXT, rows[i].tmpl, rows[i].data, &out) == OK);
        assert_row(i, strcmp(out, rows[i].text) == 0);
        assert_row(i, render(*state, TMPL_HTML, rows[i].tmpl, rows[i].data, &out) == OK);
        assert_row(i, strcmp(out, rows[i].html) == 0);
    }
}

static void what_is_no_template_is_refused(void **state)
{
    static const char deep[] = "{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}x{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}"
                               "{{/a}}{{/a}}";
    static const char *const bad[] = {
        "{{a",          "{{}}",
        "{{#a}}",       "{{/a}}",
        "{{#a}}{{/b}}", "{{#a}}{{#b}}{{/a}}{{/b}}",
        "{{^a}}",       "{{#}}x{{/}}",
        deep,           "{{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}}"
    };
    const char *out;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_row(i, render(*state, TMPL_TEXT, bad[i], "{\"a\":{\"a\":1,\"b\":1}}", &out) == ERR_INVALID);
}

UNIT_MAIN(UNIT_TEST(templates_are_filled), UNIT_TEST(what_is_no_template_is_refused))
