/* lib/said: quotes and keywords are found as whole words, by who said them. */
#include "said.h"

#include "sweep_rig.h"

static struct said talk(struct ctx *cx)
{
    struct transcript t = { .n = 0 };
    struct said       said;
    transcript_put(cx, &t, &(const struct segment){ "agent", 0, 1, "Good morning, how can I help?" });
    transcript_put(cx, &t, &(const struct segment){ "customer", 1, 2, "I'd like to CANCEL -" });
    transcript_put(cx, &t, &(const struct segment){ "agent", 2, 3, "Yes?" });
    transcript_put(cx, &t, &(const struct segment){ "customer", 3, 4, "my contract. Caf\xC3\xA9 M\xC3\xBCller." });
    said_listen(cx, &t, &said);
    return said;
}

static void case_and_punctuation_do_not_count(void **state)
{
    struct ctx *cx = *state;
    struct said s = talk(cx);
    assert_true(said_at_all(cx, &s, "good MORNING how"));
    assert_true(said_at_all(cx, &s, "id like to cancel"));
    assert_true(said_at_all(cx, &s, "Caf\xC3\xA9 M\xC3\xBCller"));
    assert_false(said_at_all(cx, &s, "good evening"));
}

static void words_are_whole(void **state)
{
    struct ctx *cx = *state;
    struct said s = talk(cx);
    assert_false(said_at_all(cx, &s, "can cel"));
    assert_false(said_at_all(cx, &s, "contrac"));
    assert_false(said_at_all(cx, &s, "elp"));
}

static void another_voice_in_between_breaks_nothing(void **state)
{
    struct ctx *cx = *state;
    struct said s = talk(cx);
    assert_true(said_at_all(cx, &s, "cancel my contract"));
    assert_true(said_by(cx, &s, "customer", "cancel my contract"));
    assert_false(said_by(cx, &s, "agent", "cancel my contract"));
    assert_true(said_by(cx, &s, "agent", "help yes"));
    assert_true(said_by(cx, &s, "anybody", "help"));
    assert_false(said_by(cx, &s, "topics", "help"));
}

static void nothing_was_never_said(void **state)
{
    struct ctx *cx = *state;
    struct said s = talk(cx);
    char        lot[2000];
    memset(lot, 'x', sizeof lot - 1);
    lot[sizeof lot - 1] = '\0';
    assert_false(said_at_all(cx, &s, ""));
    assert_false(said_at_all(cx, &s, " ?! "));
    assert_false(said_at_all(cx, &s, lot));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(case_and_punctuation_do_not_count),
        TEST(words_are_whole),
        TEST(another_voice_in_between_breaks_nothing),
        TEST(nothing_was_never_said),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
