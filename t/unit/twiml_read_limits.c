/* Bounds of what is read: bytes, characters, depth, findings. */
#include "twiml_rig.h"

static void is_valid(const char *xml)
{
    struct twiml *doc = read_text(xml);
    assert_string_equal(twiml_error(doc), "");
    assert_int_equal(twiml_status(doc), TWIML_OK);
    twiml_free(doc);
}

static void limits_hold_for_what_is_read(void **state)
{
    static char xml[TWIML_DOC_MAX + 2];
    char        want[80];
    (void)state;
    (void)snprintf(xml, sizeof xml, "<Response><Say>%0*d</Say></Response>", TWIML_TEXT_MAX, 1);
    is_valid(xml);
    (void)snprintf(xml, sizeof xml, "<Response><Say>%0*d</Say></Response>", TWIML_TEXT_MAX + 1, 1);
    finds(xml, TWIML_ETOOBIG, 1, "Say text is longer than 4096 characters");
    (void)snprintf(xml, sizeof xml, "<Response><Dial><Client>%0*d</Client></Dial></Response>", 257, 1);
    finds(xml, TWIML_ETOOBIG, 1, "Client text is longer than 256 characters");
    (void)snprintf(xml, sizeof xml, "<Response><Say voice='%0*d'/></Response>", TWIML_TEXT_MAX + 1, 1);
    finds(xml, TWIML_ETOOBIG, 1, "Say voice is longer than 4096 characters");
    (void)snprintf(xml, sizeof xml, "<Response/>%*s", TWIML_DOC_MAX - 11, "");
    is_valid(xml);
    (void)snprintf(xml, sizeof xml, "<Response/>%*s", TWIML_DOC_MAX - 10, "");
    (void)snprintf(want, sizeof want, "the document is longer than %d bytes", TWIML_DOC_MAX);
    finds(xml, TWIML_ETOOBIG, 0, want);
}

static void deep_nesting_is_refused_not_followed(void **state)
{
    static char xml[TWIML_DOC_MAX];
    size_t      n = (size_t)snprintf(xml, sizeof xml, "<Response><Say>");
    (void)state;
    while (n < sizeof xml - 16) n += (size_t)snprintf(xml + n, sizeof xml - n, "<prosody>");
    struct twiml *doc = read_text(xml);
    assert_int_equal(twiml_status(doc), TWIML_EXML);
    twiml_free(doc);
}

static void keeps_a_hundred_findings(void **state)
{
    char   xml[4096] = "<Response>";
    size_t n = strlen(xml);
    (void)state;
    for (int i = 0; i < TWIML_FINDINGS_MAX + 1; i++) n += (size_t)snprintf(xml + n, sizeof xml - n, "<Sing/>");
    (void)snprintf(xml + n, sizeof xml - n, "</Response>");
    struct twiml *doc = read_text(xml);
    assert_non_null(twiml_finding(doc, TWIML_FINDINGS_MAX - 1));
    assert_null(twiml_finding(doc, TWIML_FINDINGS_MAX));
    assert_null(twiml_finding(doc, TWIML_FINDINGS_MAX + 1));
    twiml_free(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_hold_for_what_is_read),
        cmocka_unit_test(deep_nesting_is_refused_not_followed),
        cmocka_unit_test(keeps_a_hundred_findings),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
