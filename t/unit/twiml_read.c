/* Reading TwiML: twiml/{parse,read,walk}.c. */
#include "twiml_rig.h"

static void a_document_can_be_walked(void **state)
{
    struct twiml      *doc = read_text("<?xml version=\"1.0\"?>\n<Response>\n <!-- first -->\n"
                                            " <Say voice=\"\">Hello &amp; <![CDATA[<bye>]]></Say>\n"
                                            " <Dial>\n  <Number>+15005550006</Number>\n </Dial>\n</Response>\n");
    struct twiml_node *say = twiml_first_child(twiml_response(doc)), *dial = twiml_next_sibling(say);
    (void)state;
    assert_int_equal(twiml_status(doc), TWIML_OK);
    assert_string_equal(twiml_get_name(say), "Say");
    assert_string_equal(twiml_get_text(say), "Hello & <bye>");
    assert_string_equal(twiml_get_attr(say, "voice"), "");
    assert_null(twiml_get_attr(say, "language"));
    assert_int_equal(twiml_get_line(say), 4);
    assert_null(twiml_first_child(say));
    assert_string_equal(twiml_get_name(dial), "Dial");
    assert_string_equal(twiml_get_text(twiml_first_child(dial)), "+15005550006");
    assert_int_equal(twiml_get_line(twiml_first_child(dial)), 6);
    assert_null(twiml_next_sibling(dial));
    twiml_free(doc);
}

static void text_has_no_markup(void **state)
{
    struct twiml      *doc = read_text("<Response><Say>a <emphasis>b <!-- c -->d</emphasis>\n</Say></Response>");
    struct twiml_node *say = twiml_first_child(twiml_response(doc));
    (void)state;
    assert_string_equal(twiml_get_text(say), "a b d\n");
    assert_string_equal(twiml_get_text(twiml_first_child(say)), "b d");
    assert_string_equal(twiml_get_text(twiml_response(doc)), "a b d\n");
    twiml_free(doc);
}

static void what_is_read_can_be_written_and_continued(void **state)
{
    struct twiml *doc = read_text("<Response>\n  <Say>Hi &#13;</Say>\n  <!-- kept -->\n</Response><!-- too -->");
    const char   *xml = NULL;
    size_t        len = 0;
    (void)state;
    twiml_attr(twiml_first_child(twiml_response(doc)), "loop", "2");
    twiml_hangup(twiml_response(doc));
    assert_int_equal(twiml_finish(doc, &xml, &len), TWIML_OK);
    assert_string_equal(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Say loop=\"2\">Hi &#13;</Say>"
                             "<!-- kept --><Hangup/></Response>\n<!-- too -->\n");
    twiml_free(doc);
}

static void old_spellings_read_as_the_present_ones(void **state)
{
    struct twiml *doc = read_text("<Response><Dial record=\"true\" timeout=\"9\">+15005550006</Dial></Response>");
    (void)state;
    assert_int_equal(twiml_status(doc), TWIML_OK);
    assert_string_equal(twiml_get_attr(twiml_first_child(twiml_response(doc)), "record"), "record-from-answer");
    assert_string_equal(twiml_get_attr(twiml_first_child(twiml_response(doc)), "timeout"), "9");
    twiml_free(doc);
}

static void xml_lang_is_one_name(void **state)
{
    struct twiml      *doc = read_text("<Response><Say><lang xml:lang=\"fr-FR\">oui</lang></Say></Response>");
    struct twiml_node *say = twiml_first_child(twiml_response(doc));
    const char        *xml = NULL;
    size_t             len = 0;
    (void)state;
    assert_string_equal(twiml_get_attr(twiml_first_child(say), "xml:lang"), "fr-FR");
    assert_int_equal(twiml_finish(doc, &xml, &len), TWIML_OK);
    assert_non_null(strstr(xml, "<lang xml:lang=\"fr-FR\">oui</lang>"));
    twiml_free(doc);
}

static void names_every_departure_with_its_line(void **state)
{
    static const struct {
        const char       *xml;
        enum twiml_status status;
        unsigned          line;
        const char       *text;
    } rows[] = {
        { "<Response>\n<Sing/></Response>", TWIML_ENEST, 2, "Sing is no element of TwiML" },
        { "<Response><Number>1</Number></Response>", TWIML_ENEST, 1, "Number is not allowed in Response" },
        { "<Response><say>1</say></Response>", TWIML_ENEST, 1, "say is no element of TwiML" },
        { "<Response>\n\n<Say\ncolour='red'>1</Say></Response>", TWIML_EATTR, 4, "Say has no attribute colour" },
        { "<Response a='b'/>", TWIML_EATTR, 1, "Response has no attribute a" },
        { "<Response xmlns='urn:x'/>", TWIML_EATTR, 1, "Response has no attribute xmlns" },
        { "<Response><Dial timeout='ten'/></Response>", TWIML_EVALUE, 1, "Dial timeout cannot be \"ten\"" },
        { "<Response><Dial timeout=''/></Response>", TWIML_EVALUE, 1, "Dial timeout cannot be \"\"" },
        { "<Response><Dial timeout='12345678901'/></Response>", TWIML_EVALUE, 1,
          "Dial timeout cannot be \"12345678901\"" },
        { "<Response><Record playBeep='True'/></Response>", TWIML_EVALUE, 1, "Record playBeep cannot be \"True\"" },
        { "<Response><Dial record='on'/></Response>", TWIML_EVALUE, 1, "Dial record cannot be \"on\"" },
        { "<Response><Prompt attempt='1 b'/></Response>", TWIML_EVALUE, 1, "Prompt attempt cannot be \"1 b\"" },
        { "<Response><Gather>Hi</Gather></Response>", TWIML_ENEST, 1, "text is not allowed in Gather" },
        { "<Response>Hi</Response>", TWIML_ENEST, 1, "text is not allowed in Response" },
        { "<Response><Message/><Say/></Response>", TWIML_ENEST, 1, "Say is not allowed in a Response to a message" },
        { "<Response><?php 1 ?></Response>", TWIML_EXML, 1, "a processing instruction is not allowed" },
        { "<?php 1 ?><Response/>", TWIML_EXML, 1, "a processing instruction is not allowed" },
        { "<Request/>", TWIML_EXML, 1, "the document is Request, not Response" },
        { "<Response>\n<Say>1</Response>", TWIML_EXML, 2, "Opening and ending tag mismatch: Say line 2 and Response" },
        { "", TWIML_EXML, 1, "Document is empty" },
        { " <?xml version='1.0'?><Response/>", TWIML_EXML, 1,
          "XML declaration allowed only at the start of the document" },
        { "<Response>\xFF</Response>", TWIML_EXML, 1, "a byte that is in no character of XML in UTF-8" },
        { "<Response><Say>&nbsp;</Say></Response>", TWIML_EXML, 1, "Entity 'nbsp' not defined" },
        { "<!DOCTYPE Response [<!ENTITY a 'aaaa'>]><Response><Say>&a;</Say></Response>", TWIML_EXML, 1,
          "a document type is not allowed" },
        { "<!DOCTYPE Response SYSTEM 'file:///etc/passwd'><Response/>", TWIML_EXML, 1,
          "a document type is not allowed" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        finds(rows[i].xml, rows[i].status, rows[i].line, rows[i].text);
}

static void a_prefix_other_than_xml_is_none_of_twiml_s(void **state)
{
    struct twiml *doc = read_text("<Response xmlns:a='urn:a'><a:Say/><Say a:voice='x'/></Response>");
    (void)state;
    assert_string_equal(twiml_finding(doc, 0)->text, "Response has no attribute xmlns");
    assert_string_equal(twiml_finding(doc, 1)->text, "Say is no element of TwiML");
    assert_string_equal(twiml_finding(doc, 2)->text, "Say has no attribute a:voice");
    assert_null(twiml_finding(doc, 3));
    twiml_free(doc);
}

static void one_finding_does_not_hide_the_next(void **state)
{
    struct twiml *doc = read_text("<Response><Sing/><Say x='1'>hello</Say><Dial timeout='x'/></Response>");
    const char   *xml = NULL;
    size_t        len = 0;
    (void)state;
    assert_string_equal(twiml_error(doc), "Sing is no element of TwiML");
    assert_string_equal(twiml_finding(doc, 1)->text, "Say has no attribute x");
    assert_string_equal(twiml_finding(doc, 2)->text, "Dial timeout cannot be \"x\"");
    assert_null(twiml_finding(doc, 3));
    assert_string_equal(twiml_get_text(twiml_next_sibling(twiml_first_child(twiml_response(doc)))), "hello");
    assert_null(twiml_hangup(twiml_response(doc)));
    assert_int_equal(twiml_finish(doc, &xml, &len), TWIML_ENEST);
    assert_null(xml);
    assert_int_equal(twiml_pretty(doc, &xml, &len), TWIML_OK);
    assert_non_null(strstr(xml, "\n  <Sing/>\n  <Say x=\"1\">hello</Say>\n"));
    twiml_free(doc);
}

static void what_is_not_xml_has_no_response(void **state)
{
    struct twiml *doc = read_text("<Response><Say>");
    const char   *xml = NULL;
    size_t        len = 0;
    (void)state;
    assert_null(twiml_response(doc));
    assert_int_equal(twiml_pretty(doc, &xml, &len), TWIML_EXML);
    twiml_free(doc);
    doc = read_text("<Request/>");
    assert_null(twiml_response(doc));
    assert_int_equal(twiml_pretty(doc, &xml, &len), TWIML_EXML);
    assert_null(xml);
    twiml_free(doc);
    doc = read_text("<Response/><?php 1 ?>");
    assert_int_equal(twiml_pretty(doc, &xml, &len), TWIML_OK);
    twiml_free(doc);
}

static void blanks_are_layout_except_in_speech(void **state)
{
    struct twiml      *doc = read_text("<Response>\n<Gather> <Say> <s>a</s> </Say> </Gather><Dial> </Dial></Response>");
    struct twiml_node *gather = twiml_first_child(twiml_response(doc));
    (void)state;
    assert_int_equal(twiml_status(doc), TWIML_OK);
    assert_string_equal(twiml_get_text(gather), " a ");
    assert_string_equal(twiml_get_text(twiml_next_sibling(gather)), " ");
    twiml_free(doc);
}

static void an_empty_element_has_no_text(void **state)
{
    struct twiml *doc = read_text("<Response> <Pause/><Gather> </Gather><Dial> </Dial></Response>");
    (void)state;
    assert_int_equal(twiml_status(doc), TWIML_OK);
    assert_string_equal(twiml_get_text(twiml_first_child(twiml_response(doc))), "");
    twiml_free(doc);
}

static void the_bytes_need_no_nul_and_may_end_anywhere(void **state)
{
    static const char xml[] = "<Response/>\xC3\xA9<";
    (void)state;
    for (size_t len = 11; len <= 13; len++) {
        struct twiml *doc = twiml_read(xml, len);
        assert_int_equal(twiml_status(doc), len == 11 ? TWIML_OK : TWIML_EXML);
        twiml_free(doc);
    }
}

static void a_later_version_of_xml_is_only_a_warning(void **state)
{
    struct twiml *doc =
        read_text("<?xml version='1.1' encoding='ISO-8859-1'?><Response><Say>\xC3\xA9</Say></Response>");
    (void)state;
    assert_int_equal(twiml_status(doc), TWIML_OK);
    assert_string_equal(twiml_get_text(twiml_response(doc)), "\xC3\xA9"); /* UTF-8, whatever it says */
    twiml_free(doc);
}

static void null_nodes_are_accepted(void **state)
{
    (void)state;
    assert_null(twiml_first_child(NULL));
    assert_null(twiml_next_sibling(NULL));
    assert_null(twiml_get_name(NULL));
    assert_null(twiml_get_attr(NULL, "a"));
    assert_string_equal(twiml_get_text(NULL), "");
    assert_int_equal(twiml_get_line(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_can_be_walked),
        cmocka_unit_test(text_has_no_markup),
        cmocka_unit_test(what_is_read_can_be_written_and_continued),
        cmocka_unit_test(old_spellings_read_as_the_present_ones),
        cmocka_unit_test(xml_lang_is_one_name),
        cmocka_unit_test(names_every_departure_with_its_line),
        cmocka_unit_test(a_prefix_other_than_xml_is_none_of_twiml_s),
        cmocka_unit_test(one_finding_does_not_hide_the_next),
        cmocka_unit_test(what_is_not_xml_has_no_response),
        cmocka_unit_test(blanks_are_layout_except_in_speech),
        cmocka_unit_test(an_empty_element_has_no_text),
        cmocka_unit_test(the_bytes_need_no_nul_and_may_end_anywhere),
        cmocka_unit_test(a_later_version_of_xml_is_only_a_warning),
        cmocka_unit_test(null_nodes_are_accepted),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
