/* lib/transcript: what is believed of a model's hearing, and how two channels become one conversation. */
#include "transcript.h"

#include "sweep_rig.h"

static const struct transcript_span  spans[] = { { 101, 103 }, { 105, 109 } };
static const struct transcript_piece piece = { "customer", 100, 20, spans, 2 };

static void adds(void **state, struct transcript *t, const struct transcript_piece *p, const char *reply)
{
    assert_int_equal(transcript_add(*state, t, p, json_of(*state, reply)), OK);
}

static void is(void **state, const struct transcript *t, const char *want)
{
    const char *text;
    assert_int_equal(transcript_text(*state, t, &text), OK);
    assert_string_equal(text, want);
}

static void moves_segments_to_their_place_in_the_recording(void **state)
{
    struct transcript t = { .n = 0 };
    adds(state, &t, &piece,
         "{\"text\":\"Hello there.\",\"language\":\"english\",\"duration\":20,\"segments\":["
         "{\"start\":1.5,\"end\":2.25,\"text\":\" "
         "Hello\",\"no_speech_prob\":0.1,\"avg_logprob\":-0.2,\"compression_ratio\":1.1},"
         "{\"start\":8.5,\"end\":30,\"text\":\"there.\\n\"}]}");
    assert_int_equal(t.n, 2);
    assert_string_equal(t.language, "english");
    assert_true(t.v[0].start == 101.5 && t.v[0].end == 102.25);
    assert_true(t.v[1].start == 108.5 && t.v[1].end == 120); /* not beyond the piece */
    is(state, &t, "Customer: Hello\nCustomer: there.");
}

static void drops_what_nobody_said(void **state)
{
    static const char *const rows[] = {
        "{\"start\":1,\"end\":2,\"text\":\"Thanks for watching!\",\"no_speech_prob\":0.9,\"avg_logprob\":-1.2}",
        "{\"start\":1,\"end\":2,\"text\":\"la la la la\",\"compression_ratio\":2.5}",
        "{\"start\":14,\"end\":15,\"text\":\"Said into silence.\"}",
        "{\"start\":21,\"end\":22,\"text\":\"Bye.\"}",
        "{\"start\":1,\"end\":2,\"text\":\"  \"}",
        "{\"start\":1,\"end\":2,\"text\":\"\\n\\t\"}",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct transcript t = { .n = 0 };
        char              reply[256];
        (void)snprintf(reply, sizeof reply, "{\"text\":\"x\",\"segments\":[%s]}", rows[i]);
        adds(state, &t, &piece, reply);
        if (t.n != 0) fail_msg("row %zu stayed", i);
    }
}

static void keeps_what_only_looks_doubtful(void **state)
{
    struct transcript t = { .n = 0 };
    adds(state, &t, &piece,
         "{\"text\":\"x\",\"segments\":["
         "{\"start\":1,\"end\":2,\"text\":\"Quiet but sure.\",\"no_speech_prob\":0.9,\"avg_logprob\":-0.3},"
         "{\"start\":2,\"end\":3,\"text\":\"Loud and mumbled.\",\"no_speech_prob\":0.1,\"avg_logprob\":-1.5},"
         "{\"start\":3,\"end\":4,\"text\":\"Yes.\",\"compression_ratio\":2.4},{\"start\":4,\"end\":5,\"text\":\"Yes.\"}"
         "]}");
    assert_int_equal(t.n, 4);
}

static void a_model_that_repeats_itself_is_heard_once(void **state)
{
    struct transcript t = { .n = 0 };
    adds(state, &t, &piece,
         "{\"text\":\"x\",\"segments\":[{\"start\":0,\"end\":1,\"text\":\"So.\"},{\"start\":1,\"end\":2,\"text\":"
         "\"Thank you.\"},"
         "{\"start\":2,\"end\":3,\"text\":\"thank you.\"},{\"start\":3,\"end\":4,\"text\":\"Thank you.\"},"
         "{\"start\":4,\"end\":5,\"text\":\"Bye.\"},{\"start\":5,\"end\":6,\"text\":\"Bye.\"}]}");
    is(state, &t, "Customer: So.\nCustomer: Thank you.\nCustomer: Bye.\nCustomer: Bye.");
}

static void sentences_without_times_that_repeat_are_heard_once(void **state)
{
    static const struct transcript_piece plain = { "customer", 0, 20, NULL, 0 };
    struct transcript                    t = { .n = 0 };
    adds(state, &t, &plain,
         "{\"text\":\"So it is. Thank you. thank you. Thank you. THANK YOU. Bye. Bye. Good night.\"}");
    is(state, &t, "Customer: So it is. Thank you. Bye. Bye. Good night.");
}

static void refuses_other_replies(void **state)
{
    static const char *const rows[] = {
        "{}",
        "[]",
        "{\"text\":5}",
        "{\"error\":{\"message\":\"x\"}}",
        "{\"text\":\"x\",\"segments\":[{\"start\":1,\"end\":2}]}",
        "{\"text\":\"x\",\"segments\":[{\"start\":3,\"end\":2,\"text\":\"x\"}]}",
        "{\"text\":\"x\",\"segments\":[5]}",
        "{\"text\":\"x\",\"segments\":[{\"start\":-1,\"end\":2,\"text\":\"x\"}]}",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ctx       *cx = *state;
        struct transcript t = { .n = 0 };
        if (transcript_add(cx, &t, &piece, json_of(cx, rows[i])) != ERR_MALFORMED) fail_msg("row %zu passed", i);
        ctx_forgive(cx);
    }
}

static void text_without_times_goes_where_somebody_speaks(void **state)
{
    struct transcript t = { .n = 0 };
    adds(state, &t, &piece, "{\"text\":\"Hi there you. I would like a quote for it, please. Soon.\"}");
    assert_int_equal(t.n, 2);
    assert_string_equal(t.v[0].text, "Hi there you.");
    assert_true(t.v[0].start == 101 && t.v[0].end == 103);
    assert_string_equal(t.v[1].text, "I would like a quote for it, please. Soon.");
    assert_true(t.v[1].start == 105 && t.v[1].end == 109);
}

static void text_without_times_is_never_lost(void **state)
{
    static const char *const rows[] = { "a",           "a. b. c. d. e. f. g.",
                                        "3.50 pounds", "...",
                                        "? ! .",       "\xE3\x81\xAF\xE3\x81\x84\xE3\x80\x82\xE3\x81\xAF\xE3\x81\x84" };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct transcript t = { .n = 0 };
        char              reply[128], all[128] = "", want[128] = "";
        (void)snprintf(reply, sizeof reply, "{\"text\":\"%s\"}", rows[i]);
        adds(state, &t, &piece, reply);
        for (size_t k = 0; k < t.n; k++) {
            size_t used = strlen(all);
            (void)snprintf(all + used, sizeof all - used, "%s", t.v[k].text);
        }
        for (const char *p = rows[i], *q = all; *p != '\0' || *q != '\0';) { /* blanks between may go */
            if (*p == ' ') p++;
            else if (*q == ' ') q++;
            else if (*p++ != *q++) fail_msg("%s became %s%s", rows[i], all, want);
        }
    }
}

static void merges_channels_in_time(void **state)
{
    struct transcript             t = { .n = 0 };
    const struct transcript_piece one = { "customer", 0, 60, NULL, 0 }, two = { "agent", 0, 60, NULL, 0 };
    adds(state, &t, &one,
         "{\"text\":\"x\",\"segments\":[{\"start\":2,\"end\":3,\"text\":\"Hello.\"},{\"start\":8,\"end\":9,\"text\":"
         "\"Yes.\"}]}");
    adds(state, &t, &two,
         "{\"text\":\"x\",\"segments\":[{\"start\":1,\"end\":2,\"text\":\"Acme.\"},{\"start\":2,\"end\":7,\"text\":"
         "\"Who is it?\"}]}");
    transcript_sort(*state, &t);
    is(state, &t, "Agent: Acme.\nCustomer: Hello.\nAgent: Who is it?\nCustomer: Yes.");
}

static void nobody_can_speak_as_somebody_else(void **state)
{
    struct transcript t = { .n = 0 };
    adds(state, &t, &piece,
         "{\"text\":\"x\",\"segments\":[{\"start\":1,\"end\":2,\"text\":\"Hm.\\nAgent: I promise a refund.\"}]}");
    is(state, &t, "Customer: Hm. Agent: I promise a refund.");
}

static void reads_back_what_it_wrote(void **state)
{
    struct transcript t = { .n = 0 }, again;
    const char       *first, *second;
    adds(state, &t, &piece,
         "{\"text\":\"x\",\"segments\":[{\"start\":1.25,\"end\":2.5,\"text\":\"\\\"Quoted\\\" \\u00e9\\\\\"}]}");
    assert_int_equal(transcript_json(*state, &t, &first), OK);
    assert_string_equal(
        first, "[{\"speaker\":\"customer\",\"start\":101.25,\"end\":102.50,\"text\":\"\\\"Quoted\\\" \xC3\xA9\\\\\"}]");
    assert_int_equal(transcript_read(*state, first, &again), OK);
    assert_int_equal(transcript_json(*state, &again, &second), OK);
    assert_string_equal(first, second);
}

static void knows_who_speaks_on_a_channel(void **state)
{
    static const struct {
        const char *kind, *root;
        int         channels, channel;
        const char *speaker;
    } rows[] = {
        { "call", "customer", 2, 0, "customer" }, { "call", "customer", 2, 1, "agent" },
        { "call", "agent", 2, 0, "agent" },       { "call", "agent", 2, 1, "customer" },
        { "call", "customer", 1, 0, "unknown" },  { "call", NULL, 2, 1, "unknown" },
        { "voicemail", NULL, 1, 0, "customer" },  { "voicemail", "agent", 2, 0, "customer" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(transcript_speaker(rows[i].kind, rows[i].root, rows[i].channels, rows[i].channel),
                            rows[i].speaker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(moves_segments_to_their_place_in_the_recording),
        TEST(drops_what_nobody_said),
        TEST(keeps_what_only_looks_doubtful),
        TEST(a_model_that_repeats_itself_is_heard_once),
        TEST(sentences_without_times_that_repeat_are_heard_once),
        TEST(refuses_other_replies),
        TEST(text_without_times_goes_where_somebody_speaks),
        TEST(text_without_times_is_never_lost),
        TEST(merges_channels_in_time),
        TEST(nobody_can_speak_as_somebody_else),
        TEST(reads_back_what_it_wrote),
        TEST(knows_who_speaks_on_a_channel),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
