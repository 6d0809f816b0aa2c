/* lib/flow and fcgi/render: calls that browsers make, calls that come to them, and where nothing is forwarded to. */
#include "flow_rig.h"

static void tells_a_browser_why_its_call_is_not_placed(void **state)
{
    static const char *const emergencies[] = { "112", "999", "911", "000" };
    struct sql_ingest_answer row = inbound();
    row.route = "browser";
    row.caller_id = "+442079460958";
    row.refused = "destination";
    assert_non_null(strstr(answer(*state, &row), "Calls to that country are not allowed."));
    row.refused = "of a later day";
    assert_null(strstr(answer(*state, &row), "<Dial"));
    row.refused = NULL;
    for (size_t i = 0; i < sizeof emergencies / sizeof *emergencies; i++) {
        row.dial_to = emergencies[i];
        assert_non_null(strstr(answer(*state, &row), "Emergency numbers cannot be called from here."));
    }
}

#define IDENTITY "<Identity>user_1_2</Identity><Parameter name=\"callId\" value=\"x\"/></Client>"

static void rings_a_browser_and_then_the_phone(void **state)
{
    struct sql_ingest_answer row = inbound();
    row.ring_client = "user_1_2";
    const char *xml = answer(*state, &row);
    assert_non_null(strstr(xml, URL "/api/twilio/voice/dial?" FLOW_THEN_PHONE KEEP));
    assert_non_null(strstr(xml, IDENTITY "</Dial>"));
    assert_null(strstr(xml, "<Number"));
    row.ring_both = true;
    xml = answer(*state, &row);
    assert_null(strstr(xml, FLOW_THEN_PHONE));
    assert_non_null(strstr(xml, IDENTITY "<Number"));
    row.dial_to = NULL;
    xml = answer(*state, &row);
    assert_null(strstr(xml, FLOW_THEN_PHONE));
    assert_non_null(strstr(xml, IDENTITY "</Dial>"));
}

static void rings_the_phone_after_a_browser_that_nobody_took(void **state)
{
    const int64_t          ring = 25;
    struct ctx             cx = { .arena = *state };
    struct sql_ingest_dial row = { .unanswered = "Sorry.",
                                   .language = "en-GB",
                                   .dial_to = "+442079460959",
                                   .record = "record-from-answer",
                                   .ring_timeout_s = &ring,
                                   .countries = "GB" };
    struct plan            p;
    flow_dial(&cx, URL, &row, &p);
    const char *xml = document(*state, &p);
    assert_non_null(strstr(xml, "<Response><Dial action=\"" URL "/api/twilio/voice/dial" KEEP "\""));
    assert_non_null(strstr(xml, ">+442079460959</Number></Dial></Response>"));
    row.countries = "US";
    flow_dial(&cx, URL, &row, &p);
    assert_non_null(strstr(document(*state, &p), "Sorry."));
    row.countries = "GB";
    row.answered = true;
    flow_dial(&cx, URL, &row, &p);
    assert_string_equal(document(*state, &p), "<Response><Hangup/></Response>\n");
}

static void forwards_nothing_to_where_the_tenant_does_not_call(void **state)
{
    struct ctx               cx = { .arena = *state };
    struct sql_ingest_answer row = inbound();
    row.countries = "GB US";
    assert_false(flow_abroad(&cx, &row));
    row.countries = "US FR";
    assert_true(flow_abroad(&cx, &row));
    assert_int_equal(cx.err.code, OK);
    const char *xml = answer(*state, &row);
    assert_null(strstr(xml, "<Dial"));
    assert_non_null(strstr(xml, "Sorry."));
    row.ring_client = "user_1_2";
    xml = answer(*state, &row);
    assert_non_null(strstr(xml, IDENTITY "</Dial>"));
    assert_null(strstr(xml, FLOW_THEN_PHONE));
    row.route = "agent_first"; /* asked the gate before it was placed */
    assert_false(flow_abroad(&cx, &row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_a_browser_why_its_call_is_not_placed),
        TEST(rings_a_browser_and_then_the_phone),
        TEST(rings_the_phone_after_a_browser_that_nobody_took),
        TEST(forwards_nothing_to_where_the_tenant_does_not_call),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
