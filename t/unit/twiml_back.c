/* Trees that libxml2 has damaged: builds that read each finished document back refuse one whose bytes mean something
 * else; the others do not look. */
#include "twiml_rig.h"

#include <libxml/parserInternals.h>

/* A second text of an element or attribute; libxml2 writes one of this name without escaping it. */
static void raw_text(xmlNode *n, const char *bytes)
{
    xmlNode *text = xmlNewDocText(n->doc, (const xmlChar *)bytes);
    text->name = xmlStringTextNoenc;
    text->prev = n->last;
    text->parent = n;
    n->last->next = text;
    n->last = text;
}

static void damage(xmlNode *say, int how)
{
    static const char *const raw[] = { "&#65;", "<w/>", "<!-- -->", "<", "" };
    if (how == 0) xmlNodeSetName(say, (const xmlChar *)"a:Say");
    if (how <= 1) (void)xmlNewProp(say, (const xmlChar *)"xmlns:a", (const xmlChar *)"urn:a");
    if (how == 2) (void)xmlNewProp(say, (const xmlChar *)"a='1' b", (const xmlChar *)"2");
    if (how == 3) raw_text((xmlNode *)say->properties, "x");
    if (how >= 4) raw_text(say, raw[how - 4]);
}

static void damage_is_noticed(void **state)
{
    const enum twiml_status want = TWIML_PARSE_BACK ? TWIML_EXML : TWIML_OK;
    (void)state;
    for (int how = 0; how < 9; how++) {
        struct twiml      *doc = twiml_new();
        struct twiml_node *say = twiml_say(twiml_response(doc), "Hello.", .voice = "alice");
        const char        *xml = NULL;
        size_t             len = 0;
        damage((xmlNode *)say, how);
        assert_int_equal(twiml_finish(doc, &xml, &len), how == 8 ? TWIML_OK : want);
        twiml_free(doc);
    }
}

static void what_ends_otherwise_was_cut(void **state)
{
    struct twiml_node *pause = twiml_pause(twiml_response(*state));
    const char        *xml = NULL;
    size_t             len = 0;
    ((xmlNode *)pause)->doc->last = (xmlNode *)pause;
    assert_int_equal(twiml_finish(*state, &xml, &len), TWIML_ENOMEM);
    assert_null(xml);
}

static void a_value_without_text_is_empty(void **state)
{
    struct twiml_node *say = twiml_say(twiml_response(*state), "Hello.", .voice = "alice");
    xmlNode           *text = ((xmlNode *)say)->properties->children;
    ((xmlNode *)say)->properties->children = NULL;
    xmlFreeNode(text);
    assert_string_equal(twiml_get_attr(say, "voice"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_is_noticed),
        TEST(what_ends_otherwise_was_cut),
        TEST(a_value_without_text_is_empty),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
