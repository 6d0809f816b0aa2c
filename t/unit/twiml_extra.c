/* Beside the verbs: twiml/{extra,write}.c, attributes of any name, text among SSML, comments, indentation. */
#include "twiml_rig.h"

static void any_attribute_can_be_set_and_replaced(void **state)
{
    struct twiml_node *say = twiml_say(twiml_response(*state), "hi", .loop = 2, .voice = "alice");
    twiml_attr(say, "newerThanUs", "a<b");
    twiml_attr(say, "loop", "3");
    twiml_attr(say, "language", "tlh");
    twiml_attr(say, "voice", NULL);
    is(*state,
       "<Response><Say voice=\"alice\" newerThanUs=\"a&lt;b\" loop=\"3\" language=\"tlh\">hi</Say></Response>\n");
}

static void refuses_names_that_xml_cannot_have(void **state)
{
    static const char *const bad[] = {
        "",       "a b",       "1st",      "x:y",
        "xmlns",  "xml:lang",  "\xC3\xA9", "a=",
        "-minus", "<Hangup/>", "a\"",      "a2345678901234567890123456789012345678901234567890123456789012345"
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct twiml *doc = twiml_new();
        twiml_attr(twiml_response(doc), bad[i], "v");
        assert_int_equal(twiml_status(doc), TWIML_EATTR);
        twiml_free(doc);
    }
    twiml_attr(twiml_response(*state), "a b", "v");
    fails(*state, TWIML_EATTR, "Response cannot have an attribute \"a b\"");
}

static void text_goes_between_ssml(void **state)
{
    struct twiml_node *say = twiml_say(twiml_response(*state), "Your code is ");
    twiml_say_as(say, "4711", .interpret_as = "digits");
    twiml_text(say, ", ");
    twiml_lang(say, "merci", .lang = "fr-FR");
    twiml_text(say, " and");
    twiml_text(say, " goodbye.");
    twiml_text(say, NULL);
    is(*state, "<Response><Say>Your code is <say-as interpret-as=\"digits\">4711</say-as>, "
               "<lang xml:lang=\"fr-FR\">merci</lang> and goodbye.</Say></Response>\n");
    assert_string_equal(twiml_get_text(say), "Your code is 4711, merci and goodbye.");
    assert_string_equal(twiml_get_text(say), "Your code is 4711, merci and goodbye.");
    twiml_break(say, .time = "1s");
    twiml_text(say, "!");
    assert_string_equal(twiml_get_text(say), "Your code is 4711, merci and goodbye.!");
}

static void speech_is_nested_64_deep(void **state)
{
    struct twiml_node *n = twiml_say(twiml_response(*state), "a");
    for (int depth = 2; depth < TWIML_DEPTH_MAX; depth++) assert_non_null(n = twiml_prosody(n, "b"));
    assert_non_null(twiml_break(n));
    assert_int_equal(twiml_get_line(n), 0);
    assert_null(twiml_emphasis(n, "c"));
    fails(*state, TWIML_ENEST, "emphasis is nested deeper than 64 elements");
}

static void no_text_where_none_belongs(void **state)
{
    twiml_text(twiml_gather(twiml_response(*state)), "Press one.");
    fails(*state, TWIML_ENEST, "text is not allowed in Gather");
}

static void a_comment_cannot_end_early(void **state)
{
    twiml_comment(twiml_response(*state), "a --> b\r---\x01-");
    twiml_comment(twiml_response(*state), NULL);
    is(*state, "<Response><!--a - -> b - - - - --></Response>\n");
}

static void a_comment_has_a_limit(void **state)
{
    twiml_comment(twiml_response(*state), repeated("a", TWIML_TEXT_MAX + 1));
    fails(*state, TWIML_ETOOBIG, "Response comment is longer than 4096 characters");
}

static void pretty_indents_all_but_what_is_spoken(void **state)
{
    struct twiml_node *r = twiml_response(*state), *say;
    const char        *xml = NULL;
    size_t             len = 0;
    twiml_comment(r, "menu");
    say = twiml_say(twiml_gather(r), "");
    twiml_break(say, .time = "1s");
    twiml_emphasis(say, "One!");
    twiml_dial(r, "+15005550006");
    assert_int_equal(twiml_pretty(*state, &xml, &len), TWIML_OK);
    assert_int_equal(len, strlen(xml));
    assert_string_equal(xml + strlen(DECLARATION), "<Response>\n"
                                                   "  <!--menu-->\n"
                                                   "  <Gather>\n"
                                                   "    <Say><break time=\"1s\"/><emphasis>One!</emphasis></Say>\n"
                                                   "  </Gather>\n"
                                                   "  <Dial>+15005550006</Dial>\n"
                                                   "</Response>\n");
    is(*state, "<Response><!--menu--><Gather><Say><break time=\"1s\"/><emphasis>One!</emphasis></Say></Gather>"
               "<Dial>+15005550006</Dial></Response>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(any_attribute_can_be_set_and_replaced),
        TEST(refuses_names_that_xml_cannot_have),
        TEST(text_goes_between_ssml),
        TEST(speech_is_nested_64_deep),
        TEST(no_text_where_none_belongs),
        TEST(a_comment_cannot_end_early),
        TEST(a_comment_has_a_limit),
        TEST(pretty_indents_all_but_what_is_spoken),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
