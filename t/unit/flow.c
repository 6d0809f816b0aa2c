/* lib/flow and fcgi/render: what a call is told, from what the database knows. */
#include "flow_rig.h"

static void greets_discloses_and_forwards(void **state)
{
    const struct sql_ingest_answer row = inbound();
    assert_string_equal(
        answer(*state, &row),
        "<Response><Say language=\"en-GB\">Fish &amp; chips.</Say><Say language=\"en-GB\">This call is recorded.</Say>"
        "<Dial action=\"" URL "/api/twilio/voice/dial" KEEP "\" recordingStatusCallback=\"" URL
        "/api/twilio/voice/recording" KEEP "\" record=\"record-from-answer-dual\" "
        "recordingStatusCallbackEvent=\"in-progress completed absent\" timeout=\"25\">"
        "<Number statusCallback=\"" URL "/api/twilio/voice/status" KEEP
        "\" statusCallbackEvent=\"initiated ringing answered completed\">+442079460959</Number></Dial></Response>\n");
}

static void says_nothing_about_recording_where_nothing_is_recorded(void **state)
{
    struct sql_ingest_answer row = inbound();
    row.record = NULL;
    const char *xml = answer(*state, &row);
    assert_null(strstr(xml, "recorded"));
    assert_null(strstr(xml, "record="));
    assert_null(strstr(xml, "recordingStatusCallback"));
}

static void rings_silently_until_the_bridge_where_nothing_is_said(void **state)
{
    struct sql_ingest_answer row = inbound();
    row.say = "";
    row.record = NULL;
    assert_non_null(strstr(answer(*state, &row), "<Response><Dial "));
    assert_non_null(strstr(answer(*state, &row), "answerOnBridge=\"true\""));
}

static void apologises_where_nobody_is_assigned(void **state)
{
    struct sql_ingest_answer row = inbound();
    row.dial_to = NULL;
    assert_string_equal(answer(*state, &row), "<Response><Say language=\"en-GB\">Sorry.</Say><Hangup/></Response>\n");
}

static void is_polite_about_a_number_that_is_not_ours(void **state)
{
    const struct sql_ingest_answer row = { .language = "en-GB" };
    assert_string_equal(answer(*state, &row),
                        "<Response><Say>The number you have called is not in service. Goodbye.</Say>"
                        "<Hangup/></Response>\n");
}

static void carries_the_intent_in_the_path_of_its_callbacks(void **state)
{
    struct sql_ingest_answer row = inbound();
    row.route = "customer_first";
    row.intent_id = "01890000-0000-7000-8000-000000000001";
    row.caller_id = "+442079460958";
    const char *xml = answer(*state, &row);
    assert_non_null(strstr(xml, URL "/api/twilio/v/01890000-0000-7000-8000-000000000001/dial#"));
    assert_non_null(strstr(xml, "callerId=\"+442079460958\""));
}

static void dials_nothing_but_a_number_for_a_browser(void **state)
{
    static const char *const bad[] = { "", "911", "client:x", "+44<Hangup/>", "sip:a@b" };
    struct sql_ingest_answer row = inbound();
    row.route = "browser";
    row.say = NULL;
    row.caller_id = "+442079460958";
    assert_non_null(strstr(answer(*state, &row), ">+442079460959</Number>"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        row.dial_to = bad[i];
        assert_null(strstr(answer(*state, &row), "<Dial"));
    }
    row = inbound();
    row.route = "browser";
    assert_null(strstr(answer(*state, &row), "<Dial")); /* no number to show */
}

static void speaks_a_message_and_ends(void **state)
{
    struct sql_ingest_answer row = inbound();
    row.route = "message";
    assert_string_equal(answer(*state, &row),
                        "<Response><Say language=\"en-GB\">Fish &amp; chips.</Say><Hangup/></Response>\n");
}

static void says_sorry_after_a_dial_that_nobody_took_or_follows_the_other_leg(void **state)
{
    struct sql_ingest_dial row = { .answered = false, .unanswered = "Sorry.", .language = "en-GB" };
    struct ctx             cx = { .arena = *state };
    struct plan            p;
    flow_dial(&cx, URL, &row, &p);
    assert_string_equal(document(*state, &p), "<Response><Say language=\"en-GB\">Sorry.</Say><Hangup/></Response>\n");
    row.answered = true;
    flow_dial(&cx, URL, &row, &p);
    assert_string_equal(document(*state, &p), "<Response><Hangup/></Response>\n");
    row.room = "call-7";
    row.record = "dual";
    flow_dial(&cx, URL, &row, &p);
    const char *xml = document(*state, &p);
    assert_non_null(strstr(xml, "<Response><Start><Recording "));
    assert_non_null(strstr(xml, "https://crm.example.com/api/twilio/voice/recording#"));
    assert_non_null(strstr(xml, "<Dial><Conference beep=\"false\" endConferenceOnExit=\"true\">call-7</Conference>"
                                "</Dial><Hangup/></Response>"));
    row.record = NULL;
    flow_dial(&cx, URL, &row, &p);
    assert_null(strstr(document(*state, &p), "<Recording"));
    flow_room("call-7", NULL, "1w#", &p);
    assert_non_null(strstr(document(*state, &p), "<Response><Play digits=\"1w#\"/><Dial>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(greets_discloses_and_forwards),
        TEST(says_nothing_about_recording_where_nothing_is_recorded),
        TEST(rings_silently_until_the_bridge_where_nothing_is_said),
        TEST(apologises_where_nobody_is_assigned),
        TEST(is_polite_about_a_number_that_is_not_ours),
        TEST(carries_the_intent_in_the_path_of_its_callbacks),
        TEST(dials_nothing_but_a_number_for_a_browser),
        TEST(speaks_a_message_and_ends),
        TEST(says_sorry_after_a_dial_that_nobody_took_or_follows_the_other_leg),

    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
