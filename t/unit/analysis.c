/* lib/analysis: an answer is believed only as far as the schema and the transcript go. */
#include "analysis.h"

#include "sweep_rig.h"

static struct segment lines[] = {
    { "customer", 0, 2, "Hello, could you send me the details?" },
    { "agent", 2, 5, "Of course. I'll send the quote, this" },
    { "customer", 5, 6, "Great." },
    { "agent", 6, 7, "afternoon at ten." },
};
static const struct transcript call = { lines, 4, 4, NULL };

static const char good[] = "{\"sentiment\":\"positive\",\"score\":0.75,\"summary\":\"A quote was promised.\","
                           "\"action_items\":[{\"text\":\"Send the quote\",\"owner\":\"agent\",\"quote\":\"%s\"}],"
                           "\"topics\":[\"quote\",\"d\xC3\xA9tails\"]}";

static struct analysis read_with(void **state, const char *quote)
{
    char            answer[1024];
    struct analysis a;
    (void)snprintf(answer, sizeof answer, good, quote);
    assert_int_equal(analysis_read(*state, answer, &call, &a), OK);
    return a;
}

static void takes_what_the_schema_asks_for(void **state)
{
    struct analysis a = read_with(state, "I'll send the quote");
    assert_string_equal(a.sentiment, "positive");
    assert_string_equal(a.score, "0.750");
    assert_string_equal(a.summary, "A quote was promised.");
    assert_string_equal(a.action_items,
                        "[{\"text\":\"Send the quote\",\"owner\":\"agent\",\"quote\":\"I'll send the quote\"}]");
    assert_string_equal(a.topics, "[\"quote\",\"d\xC3\xA9tails\"]");
}

static void keeps_items_whose_words_were_said(void **state)
{
    static const char *const rows[] = {
        "I'll send the quote, this afternoon at ten", /* of one speaker, across another's word */
        "ill SEND the quote",                         /* case and punctuation do not count */
        "send the quote, this great afternoon",       /* as it was heard */
        "Could you send me the details?",
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (strcmp(read_with(state, rows[i]).action_items, "[]") == 0) fail_msg("%s was dropped", rows[i]);
}

static void drops_items_whose_words_nobody_said(void **state)
{
    static const char *const rows[] = { "I will refund you", "", "...", "end the quote", "send the quot",
                                        "quote the send" };
    for (size_t i = 0; i < COUNT(rows); i++) assert_string_equal(read_with(state, rows[i]).action_items, "[]");
}

static void refuses_everything_else(void **state)
{
    static const char *const rows[] = {
        "",
        "{}",
        "[]",
        "null",
        "\"positive\"",
        "```json\n{}\n```",
        "{\"sentiment\":\"happy\",\"score\":0,\"summary\":\"x\",\"action_items\":[],\"topics\":[]}",
        "{\"sentiment\":\"Positive\",\"score\":0,\"summary\":\"x\",\"action_items\":[],\"topics\":[]}",
        "{\"sentiment\":\"neutral\",\"score\":1.5,\"summary\":\"x\",\"action_items\":[],\"topics\":[]}",
        "{\"sentiment\":\"neutral\",\"score\":\"0\",\"summary\":\"x\",\"action_items\":[],\"topics\":[]}",
        "{\"sentiment\":\"neutral\",\"summary\":\"x\",\"action_items\":[],\"topics\":[]}",
        "{\"sentiment\":\"neutral\",\"score\":0,\"summary\":\"\",\"action_items\":[],\"topics\":[]}",
        "{\"sentiment\":\"neutral\",\"score\":0,\"summary\":[\"x\"],\"action_items\":[],\"topics\":[]}",
        "{\"sentiment\":\"neutral\",\"score\":0,\"summary\":\"x\",\"action_items\":{},\"topics\":[]}",
        "{\"sentiment\":\"neutral\",\"score\":0,\"summary\":\"x\",\"action_items\":[\"call\"],\"topics\":[]}",
        "{\"sentiment\":\"neutral\",\"score\":0,\"summary\":\"x\",\"action_items\":[{\"text\":\"x\",\"owner\":\"boss\","
        "\"quote\":\"x\"}],\"topics\":[]}",
        "{\"sentiment\":\"neutral\",\"score\":0,\"summary\":\"x\",\"action_items\":[{\"text\":\"x\",\"owner\":"
        "\"agent\"}],\"topics\":[]}",
        "{\"sentiment\":\"neutral\",\"score\":0,\"summary\":\"x\",\"action_items\":[],\"topics\":[1]}",
        "{\"sentiment\":\"neutral\",\"score\":0,\"summary\":\"x\",\"action_items\":[]}",
        "{\"sentiment\":\"neutral\",\"score\":0,\"summary\":\"x\",\"action_items\":[],\"topics\":[]} and more",
        "{\"sentiment\":\"neutral\",\"score\":0,\"summary\":\"x\",\"action_items\":[],\"topics\":"
        "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]}",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ctx     *cx = *state;
        struct analysis a = { .score = NULL };
        if (analysis_read(cx, rows[i], &call, &a) != ERR_MALFORMED || a.score != NULL) fail_msg("row %zu passed", i);
        ctx_forgive(cx);
    }
}

static void a_long_text_is_refused_not_cut(void **state)
{
    struct analysis a;
    char           *text = arena_alloc(((struct ctx *)*state)->arena, 4002);
    memset(text, 'x', 4001);
    const char *answer =
        arena_printf(((struct ctx *)*state)->arena,
                     "{\"sentiment\":\"neutral\",\"score\":0,\"summary\":\"%s\",\"action_items\":[],\"topics\":[]}",
                     text);
    assert_int_equal(analysis_read(*state, answer, &call, &a), ERR_MALFORMED);
}

/* https://platform.openai.com/docs/guides/structured-outputs: every object closed, every property required */
static void strict(const struct json *schema)
{
    const struct json *properties = json_get(schema, "properties"), *required = json_get(schema, "required");
    if (json_get(schema, "items") != NULL) strict(json_get(schema, "items"));
    if (strcmp(json_text(json_get(schema, "type")), "object") != 0) return;
    assert_false(json_bool(json_get(schema, "additionalProperties"), true));
    assert_int_equal(json_count(properties), json_count(required));
    for (const struct json *p = json_first(properties); p != NULL; p = json_next(p)) strict(p);
}

static void its_schema_fits_strict_mode(void **state)
{
    strict(json_of(*state, analysis_schema));
}

static void what_is_said_stands_between_marks_nobody_knows(void **state)
{
    const char *one, *two;
    assert_int_equal(analysis_question(*state, &call, &one), OK);
    assert_int_equal(analysis_question(*state, &call, &two), OK);
    assert_string_not_equal(one, two);
    assert_non_null(strstr(one, "\nCustomer: Hello, could you send me the details?\nAgent: Of course."));
    const char *mark = arena_copy(((struct ctx *)*state)->arena, one, strcspn(one, "\n"));
    assert_true(strlen(mark) >= 20);
    assert_string_equal(one + strlen(one) - strlen(mark), mark);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes_what_the_schema_asks_for),
        TEST(keeps_items_whose_words_were_said),
        TEST(drops_items_whose_words_nobody_said),
        TEST(refuses_everything_else),
        TEST(a_long_text_is_refused_not_cut),
        TEST(its_schema_fits_strict_mode),
        TEST(what_is_said_stands_between_marks_nobody_knows),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
