/* Building TwiML: twiml/{twiml,add,build,verbs}.c. */
#include "twiml_rig.h"

static void renders_a_forwarded_call(void **state)
{
    struct twiml_node *r = twiml_response(*state), *dial;
    twiml_say(r, "Thanks for calling.", .voice = "Polly.Amy");
    dial = twiml_dial(r, NULL, .record = "record-from-answer-dual", .timeout_s = 20, .answer_on_bridge = TWIML_YES);
    twiml_number(dial, "+15005550006", .status_callback_event = "ringing completed");
    is(*state, "<Response><Say voice=\"Polly.Amy\">Thanks for calling.</Say>"
               "<Dial record=\"record-from-answer-dual\" timeout=\"20\" answerOnBridge=\"true\">"
               "<Number statusCallbackEvent=\"ringing completed\">+15005550006</Number></Dial></Response>\n");
}

static void nothing_to_do_is_an_empty_response(void **state)
{
    is(*state, "<Response/>\n");
}

static void a_verb_without_options_takes_the_node_alone(void **state)
{
    struct twiml_node *r = twiml_response(*state);
    twiml_pause(r);
    twiml_gather(r);
    twiml_add_hangup(r, NULL);
    is(*state, "<Response><Pause/><Gather/><Hangup/></Response>\n");
}

static void a_node_may_be_filled_after_its_sibling(void **state)
{
    struct twiml_node *r = twiml_response(*state), *gather = twiml_gather(r, .num_digits = 1);
    twiml_say(r, "We did not hear you.");
    twiml_say(gather, "Press one.");
    is(*state, "<Response><Gather numDigits=\"1\"><Say>Press one.</Say></Gather>"
               "<Say>We did not hear you.</Say></Response>\n");
}

static void may_be_finished_twice_and_grow_in_between(void **state)
{
    twiml_pause(twiml_response(*state), .length_s = 2);
    is(*state, "<Response><Pause length=\"2\"/></Response>\n");
    twiml_hangup(twiml_response(*state));
    is(*state, "<Response><Pause length=\"2\"/><Hangup/></Response>\n");
}

static void the_first_failure_sticks(void **state)
{
    struct twiml_node *r = twiml_response(*state);
    assert_null(twiml_number(r, "+15005550006"));
    assert_null(twiml_dial(r, NULL, .record = "sometimes"));
    assert_null(twiml_say(NULL, "nobody hears this"));
    twiml_text(r, "nor this");
    twiml_comment(r, "nor is this read");
    twiml_attr(r, "a b", "c");
    fails(*state, TWIML_ENEST, "Number is not allowed in Response");
    assert_int_equal(twiml_finding(*state, 0)->status, TWIML_ENEST);
    assert_null(twiml_finding(*state, 1));
}

static void sip_in_refer_has_no_attributes(void **state)
{
    struct twiml_node *refer = twiml_refer(twiml_response(*state));
    twiml_sip(refer, "sip:alice@example.com");
    is(*state, "<Response><Refer><Sip>sip:alice@example.com</Sip></Refer></Response>\n");
    twiml_sip(refer, "sip:alice@example.com", .username = "bob");
    fails(*state, TWIML_EATTR, "Sip in Refer has no attribute username");
}

static void a_response_is_to_a_call_or_to_a_message(void **state)
{
    struct twiml_node *r = twiml_response(*state);
    twiml_redirect(r, "/next");
    twiml_message(r, "Thanks!");
    twiml_redirect(r, "/next");
    twiml_say(r, "Thanks!");
    fails(*state, TWIML_ENEST, "Say is not allowed in a Response to a message");
}

static void no_message_in_a_response_to_a_call(void **state)
{
    twiml_pause(twiml_response(*state));
    twiml_message(twiml_response(*state), "Thanks!");
    fails(*state, TWIML_ENEST, "Message is not allowed in a Response to a call");
}

static void a_dial_holds_ten_numbers(void **state)
{
    struct twiml_node *dial = twiml_dial(twiml_response(*state));
    for (int i = 0; i < 10; i++) {
        assert_non_null(twiml_number(dial, "+15005550006"));
        assert_non_null(twiml_client(dial, "alice"));
    }
    assert_null(twiml_number(dial, "+15005550006"));
    fails(*state, TWIML_ENEST, "Number is not allowed more than 10 times in Dial");
}

static void reads_a_shorter_struct_as_far_as_it_reaches(void **state)
{
    const struct twiml_say old = {
        .size = offsetof(struct twiml_say, language), .text = "hi", .voice = "alice", .language = "xx"
    };
    const struct twiml_say bare = { .size = sizeof bare.size, .text = "unread" };
    twiml_add_say(twiml_response(*state), &old);
    twiml_add_say(twiml_response(*state), &bare);
    is(*state, "<Response><Say voice=\"alice\">hi</Say><Say/></Response>\n");
}

static void null_documents_and_nodes_are_accepted(void **state)
{
    const char *xml = NULL;
    size_t      len = 0;
    (void)state;
    assert_null(twiml_response(NULL));
    assert_int_equal(twiml_finish(NULL, &xml, &len), TWIML_ENOMEM);
    assert_int_equal(twiml_pretty(NULL, &xml, &len), TWIML_ENOMEM);
    assert_string_equal(twiml_error(NULL), "out of memory");
    assert_null(twiml_finding(NULL, 0));
    assert_null(twiml_say(NULL, "hi"));
    twiml_attr(NULL, "a", "b");
    twiml_text(NULL, "a");
    twiml_comment(NULL, "a");
    twiml_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(renders_a_forwarded_call),
        TEST(nothing_to_do_is_an_empty_response),
        TEST(a_verb_without_options_takes_the_node_alone),
        TEST(a_node_may_be_filled_after_its_sibling),
        TEST(may_be_finished_twice_and_grow_in_between),
        TEST(the_first_failure_sticks),
        TEST(sip_in_refer_has_no_attributes),
        TEST(a_response_is_to_a_call_or_to_a_message),
        TEST(no_message_in_a_response_to_a_call),
        TEST(a_dial_holds_ten_numbers),
        TEST(reads_a_shorter_struct_as_far_as_it_reaches),
        TEST(null_documents_and_nodes_are_accepted),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
