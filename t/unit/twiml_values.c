/* What values become: twiml/{verbs,clean}.c, and the limits. */
#include "twiml_rig.h"

static void tells_zero_and_no_from_absent(void **state)
{
    struct twiml_node *r = twiml_response(*state);
    twiml_say(r, "again", .loop = TWIML_ZERO);
    twiml_gather(r, .num_digits = 1, .finish_on_key = "", .action_on_empty_result = TWIML_NO);
    is(*state, "<Response><Say loop=\"0\">again</Say>"
               "<Gather finishOnKey=\"\" numDigits=\"1\" actionOnEmptyResult=\"false\"/></Response>\n");
}

static void escapes_text_and_values(void **state)
{
    twiml_say(twiml_response(*state), "</Say><Hangup/>&amp;", .voice = "\"<&>\n");
    is(*state, "<Response><Say voice=\"&quot;&lt;&amp;&gt;&#10;\">"
               "&lt;/Say&gt;&lt;Hangup/&gt;&amp;amp;</Say></Response>\n");
}

static void any_bytes_become_valid_xml(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        { "a\x01z", "az" },                                                         /* control character */
        { "a\xFFz", "a\xEF\xBF\xBDz" },                                             /* never in UTF-8 */
        { "caf\xE9", "caf\xEF\xBF\xBD" },                                           /* Latin-1, cut by the end */
        { "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD" },                                 /* overlong */
        { "\xE0\x80\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },                 /* overlong */
        { "\xED\xA0\x80!", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD!" },               /* surrogate */
        { "\xEF\xBF\xBE", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },                 /* U+FFFE */
        { "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" }, /* above U+10FFFF */
        { "\x80", "\xEF\xBF\xBD" },                                                 /* a second byte first */
        { "\x7F\xC2\x80", "\x7F\xC2\x80" },                                         /* DEL and C1 may be carried */
        { "\xEE\x80\x80", "\xEE\x80\x80" },                                         /* private use */
        { "\xF0\x9F\x93\x9E", "\xF0\x9F\x93\x9E" },                                 /* a telephone */
        { "\r", "&#13;" },                                                          /* would be read as a newline */
    };
    struct twiml_node *r = twiml_response(*state);
    char               want[1024] = "<Response>";
    size_t             at = strlen(want);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        twiml_say(r, rows[i].in);
        at += (size_t)snprintf(want + at, sizeof want - at, "<Say>%s</Say>", rows[i].out);
    }
    (void)snprintf(want + at, sizeof want - at, "</Response>\n");
    is(*state, want);
}

static void refuses_words_that_twilio_does_not_know(void **state)
{
    twiml_gather(twiml_response(*state), .input = "dtmf telepathy");
    fails(*state, TWIML_EVALUE, "Gather input cannot be \"dtmf telepathy\"");
}

static void refuses_one_word_too_many(void **state)
{
    twiml_dial(twiml_response(*state), NULL, .record = "do-not-record record-from-answer");
    fails(*state, TWIML_EVALUE, "Dial record cannot be \"do-not-record record-from-answer\"");
}

static void refuses_blanks_for_words(void **state)
{
    twiml_gather(twiml_response(*state), .input = "dtmf  speech");
    fails(*state, TWIML_EVALUE, "Gather input cannot be \"dtmf  speech\"");
}

static void a_message_quotes_no_bytes_that_cannot_be_printed(void **state)
{
    twiml_gather(twiml_response(*state), .input = "\x1B[1m\n\xFF\xC3\xA9");
    fails(*state, TWIML_EVALUE, "Gather input cannot be \"?[1m??\xC3\xA9\"");
}

static void old_spellings_of_record_are_never_written(void **state)
{
    struct twiml_node *r = twiml_response(*state);
    twiml_dial(r, "+15005550006", .record = "true");
    twiml_dial(r, "+15005550006", .record = "false");
    twiml_conference(twiml_dial(r), "room", .record = "true");
    twiml_attr(twiml_dial(r, "+15005550006"), "record", "true");
    is(*state, "<Response><Dial record=\"record-from-answer\">+15005550006</Dial>"
               "<Dial record=\"do-not-record\">+15005550006</Dial>"
               "<Dial><Conference record=\"record-from-start\">room</Conference></Dial>"
               "<Dial record=\"record-from-answer\">+15005550006</Dial></Response>\n");
}

static void the_table_s_own_notation_is_no_value(void **state)
{
    twiml_dial(twiml_response(*state), NULL, .record = "true=record-from-answer");
    fails(*state, TWIML_EVALUE, "Dial record cannot be \"true=record-from-answer\"");
}

static void limits_count_characters(void **state)
{
    struct twiml_node *r = twiml_response(*state);
    assert_non_null(twiml_say(r, repeated("\xC3\xA9", TWIML_TEXT_MAX)));
    assert_non_null(twiml_say(r, repeated("\x01", TWIML_TEXT_MAX + 1), .voice = repeated("\x01", TWIML_TEXT_MAX + 1)));
    assert_null(twiml_say(r, repeated("a", TWIML_TEXT_MAX + 1)));
    fails(*state, TWIML_ETOOBIG, "Say text is longer than 4096 characters");
}

static void a_value_has_a_limit(void **state)
{
    assert_null(twiml_redirect(twiml_response(*state), "/", .method = repeated("\xC3\xA9", TWIML_TEXT_MAX + 2)));
    fails(*state, TWIML_ETOOBIG, "Redirect method is longer than 4096 characters");
}

static void a_verb_may_have_a_smaller_limit(void **state)
{
    struct twiml_node *dial = twiml_dial(twiml_response(*state));
    assert_non_null(twiml_client(dial, repeated("a", 256)));
    assert_null(twiml_client(dial, repeated("a", 257)));
    fails(*state, TWIML_ETOOBIG, "Client text is longer than 256 characters");
}

static void pieces_of_text_share_a_limit(void **state)
{
    struct twiml_node *say = twiml_say(twiml_response(*state), repeated("a", TWIML_TEXT_MAX - 1));
    twiml_break(say);
    twiml_text(say, "b");
    assert_int_equal(twiml_status(*state), TWIML_OK);
    twiml_text(say, "c");
    fails(*state, TWIML_ETOOBIG, "Say text is longer than 4096 characters");
}

static void a_document_has_64_kib(void **state)
{
    for (int i = 0; i < 16; i++) twiml_say(twiml_response(*state), repeated("a", 4090));
    fails(*state, TWIML_ETOOBIG, "the document is longer than 65536 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_zero_and_no_from_absent),
        TEST(escapes_text_and_values),
        TEST(any_bytes_become_valid_xml),
        TEST(refuses_words_that_twilio_does_not_know),
        TEST(refuses_one_word_too_many),
        TEST(refuses_blanks_for_words),
        TEST(a_message_quotes_no_bytes_that_cannot_be_printed),
        TEST(old_spellings_of_record_are_never_written),
        TEST(the_table_s_own_notation_is_no_value),
        TEST(limits_count_characters),
        TEST(a_value_has_a_limit),
        TEST(a_verb_may_have_a_smaller_limit),
        TEST(pieces_of_text_share_a_limit),
        TEST(a_document_has_64_kib),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
