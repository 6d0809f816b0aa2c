/* lib/flow and fcgi/render: who is told of a recording, who is asked, and what happens then. */
#include "flow_rig.h"

#define CALL  "01890000-0000-7000-8000-000000000001"
#define AGREE "Press 1 if you agree."

static struct sql_ingest_answer asked(const char *route)
{
    struct sql_ingest_answer row = inbound();
    row.route = route;
    row.call_id = CALL;
    row.caller_id = "+442079460958";
    row.record = NULL;
    row.question = AGREE;
    return row;
}

static const char *consent(struct arena *a, const struct sql_ingest_answer *row, bool granted)
{
    struct ctx         cx = { .arena = a };
    const struct event ev = { .kind = EVENT_CONSENT };
    struct plan        p;
    flow_consent(&cx, URL, &ev, row, granted, &p);
    return document(a, &p);
}

static const char *callee(struct arena *a, const struct sql_ingest_callee *row, bool pressed, bool granted)
{
    struct ctx  cx = { .arena = a };
    struct plan p;
    flow_callee(&cx, URL, row, pressed, granted, &p);
    return document(a, &p);
}

static void asks_a_caller_before_anybody_is_rung(void **state)
{
    const struct sql_ingest_answer row = asked("inbound");
    assert_string_equal(answer(*state, &row),
                        "<Response><Say language=\"en-GB\">Fish &amp; chips.</Say><Gather input=\"dtmf\" action=\"" URL
                        "/api/twilio/voice/consent" KEEP "\" finishOnKey=\"\" numDigits=\"1\" timeout=\"6\" "
                        "actionOnEmptyResult=\"true\"><Say language=\"en-GB\">This call is recorded.</Say>"
                        "<Say language=\"en-GB\">" AGREE "</Say></Gather></Response>\n");
}

static void records_whoever_agrees_and_greets_nobody_twice(void **state)
{
    const struct sql_ingest_answer row = asked("inbound");
    const char                    *xml = consent(*state, &row, true);
    assert_non_null(strstr(xml, "<Response><Dial "));
    assert_non_null(strstr(xml, " record=\"record-from-answer-dual\""));
    xml = consent(*state, &row, false);
    assert_non_null(strstr(xml, "<Response><Dial "));
    assert_null(strstr(xml, "record"));
}

static void ends_with_a_sentence_where_that_is_wanted(void **state)
{
    struct sql_ingest_answer row = asked("customer_first");
    row.goodbye = "Goodbye.";
    assert_string_equal(consent(*state, &row, false),
                        "<Response><Say language=\"en-GB\">Goodbye.</Say><Hangup/></Response>\n");
    assert_non_null(strstr(consent(*state, &row, true), "<Dial "));
    row.route = NULL;
    assert_null(strstr(consent(*state, &row, true), "<Dial "));
}

/* A Dial's own recording would begin before the customer has heard a word. */
static void tells_a_customer_whom_we_ring_by_his_own_document(void **state)
{
    static const char *const routes[] = { "agent_first", "browser" };
    for (size_t i = 0; i < 2; i++) {
        struct sql_ingest_answer row = asked(routes[i]);
        const char              *xml = answer(*state, &row);
        assert_null(strstr(xml, "record=\""));
        assert_null(strstr(xml, "<Gather"));
        assert_non_null(strstr(xml, " url=\"" URL "/api/twilio/v/" CALL "/callee" KEEP "\""));
        row.question = NULL;
        row.record = "record-from-answer-dual";
        assert_non_null(strstr(answer(*state, &row), "/callee"));
        assert_null(strstr(answer(*state, &row), "record=\""));
        row.disclosure = NULL;
        assert_null(strstr(answer(*state, &row), "/callee"));
        assert_non_null(strstr(answer(*state, &row), "record=\"record-from-answer-dual\""));
    }
}

static void tells_the_tenants_side_too_where_that_is_wanted(void **state)
{
    struct sql_ingest_answer row = inbound();
    row.call_id = CALL;
    row.agents = true;
    const char *xml = answer(*state, &row);
    assert_non_null(strstr(xml, "/callee"));
    assert_non_null(strstr(xml, " record=\"record-from-answer-dual\""));
    row = asked("agent_first");
    row.agents = true;
    assert_non_null(strstr(answer(*state, &row), "This call is recorded."));
}

static void a_phone_that_was_picked_up_hears_what_it_needs(void **state)
{
    struct sql_ingest_callee row = {
        .call_id = CALL, .recorded = true, .disclosure = "Recorded.", .disclosure_language = "en-GB"
    };
    assert_string_equal(callee(*state, &row, false, false),
                        "<Response><Say language=\"en-GB\">Recorded.</Say></Response>\n");
    row.customer = true;
    assert_string_equal(callee(*state, &row, false, false),
                        "<Response><Say language=\"en-GB\">Recorded.</Say><Start><Recording "
                        "recordingStatusCallback=\"" URL "/api/twilio/v/" CALL "/recording" KEEP "\" "
                        "recordingStatusCallbackEvent=\"in-progress completed absent\" channels=\"dual\"/></Start>"
                        "</Response>\n");
    row.recorded = false;
    assert_string_equal(callee(*state, &row, false, false), "<Response/>\n");
    row.question = AGREE;
    assert_non_null(strstr(callee(*state, &row, false, false), "/api/twilio/v/" CALL "/callee-consent"));
    row.question = NULL;
    assert_non_null(strstr(callee(*state, &row, true, true), "<Response><Start><Recording "));
    assert_string_equal(callee(*state, &row, true, false), "<Response/>\n");
    row.goodbye = "Goodbye.";
    assert_string_equal(callee(*state, &row, true, false),
                        "<Response><Say language=\"en-GB\">Goodbye.</Say><Hangup/></Response>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(asks_a_caller_before_anybody_is_rung),
        TEST(records_whoever_agrees_and_greets_nobody_twice),
        TEST(ends_with_a_sentence_where_that_is_wanted),
        TEST(tells_a_customer_whom_we_ring_by_his_own_document),
        TEST(tells_the_tenants_side_too_where_that_is_wanted),
        TEST(a_phone_that_was_picked_up_hears_what_it_needs),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
