/* lib/gate: where a call may go, and how a refusal is said. */
#include "gate.h"

#include "phone.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static void knows_where_a_number_is_and_what_it_costs(void **state)
{
    static const struct {
        const char *e164, *region;
        bool        premium;
    } rows[] = {
        { "+442079460958", "GB", false }, { "+15005550006", "US", false },  { "+33612345678", "FR", false },
        { "+449098790000", "GB", true },  { "+447012345678", "GB", true },  { "+448431234567", "GB", true },
        { "+19002345678", "US", true },   { "+18765551234", "JM", false },  { "+881612345678", "001", false },
        { "+4420", "", false },           { "not a number", "", true },     { "", "", true },
        { "+447400123456", "GB", false }, { "+447911123456", "GG", false }, { "+8835100001234", "001", false },
        { "+447700900123", "GB", false }, { "+19995551234", "", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct gate g = gate_look(rows[i].e164);
        if (strcmp(g.region, rows[i].region) != 0 || g.premium != rows[i].premium)
            fail_msg("%s: %s %d", rows[i].e164, g.region, g.premium);
    }
}

/* More numbers than a process remembers, of two countries in turn, each asked again after many others. */
static void says_the_same_of_a_number_whatever_was_asked_before(void **state)
{
    char e164[32];
    (void)state;
    for (int i = 0; i < 3600; i++) {
        const bool gb = i / 2 % 2 == 0;
        (void)snprintf(e164, sizeof e164, gb ? "+4420794600%02d" : "+1212555%04d", gb ? i / 4 % 100 : i / 2 % 600);
        const struct gate g = gate_look(e164);
        if (strcmp(g.region, gb ? "GB" : "US") != 0 || g.premium) fail_msg("%s: %s %d", e164, g.region, g.premium);
        struct phone_place where = { .region = "" };
        if (!phone_where(e164, &where) || strcmp(where.region, gb ? "GB" : "US") != 0
            || strcmp(where.place, gb ? "London" : "New York, NY") != 0)
            fail_msg("%s: %s, %s", e164, where.place, where.region);
        if (phone_where("+9991", &where)) fail_msg("%s, %s", where.place, where.region);
    }
}

static void an_agents_phone_is_held_to_the_same_countries(void **state)
{
    struct ctx *cx = *state;
    assert_int_equal(gate_agent(cx, "+442079460999", "GB"), OK);
    assert_int_equal(gate_agent(cx, "+15005550006", "FR US GB"), OK);
    assert_int_equal(gate_agent(cx, "+15005550006", "GB"), ERR_DESTINATION);
    ctx_forgive(cx);
    assert_int_equal(gate_agent(cx, "+449098790000", "GB"), ERR_DESTINATION);
    ctx_forgive(cx);
    assert_int_equal(gate_agent(cx, "+881612345678", "GB"), ERR_DESTINATION);
    ctx_forgive(cx);
    assert_int_equal(gate_agent(cx, "", "GB"), ERR_DESTINATION);
}

static void every_verdict_has_its_error(void **state)
{
    struct ctx *cx = *state;
    static const struct {
        const char *word;
        enum err    err;
    } rows[] = { { "gate_stopped", ERR_STOPPED },
                 { "gate_destination", ERR_DESTINATION },
                 { "gate_premium", ERR_DESTINATION },
                 { "gate_per_second", ERR_RATE_LIMITED },
                 { "gate_concurrent", ERR_RATE_LIMITED },
                 { "gate_minutes", ERR_SPEND_CAP },
                 { "gate_money", ERR_SPEND_CAP },
                 { "gate_do_not_call", ERR_DO_NOT_CALL },
                 { "gate_consent", ERR_CONSENT },
                 { "gate_hours", ERR_HOURS },
                 { "gate_x", ERR_INTERNAL } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ctx_forgive(cx);
        assert_row(i, gate_refused(cx, rows[i].word, i % 2 == 0 ? NULL : "x") == rows[i].err);
    }
}

static void every_verdict_has_its_sentence(void **state)
{
    static const char *const words[] = { "stopped",    "destination", "premium", "per_second",
                                         "concurrent", "minutes",     "money" };
    const char              *other = gate_spoken("one that comes later");
    (void)state;
    assert_true(strlen(other) > 10);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_row(i, strcmp(gate_spoken(words[i]), other) != 0 && strlen(gate_spoken(words[i])) > 10);
}

UNIT_MAIN(UNIT_TEST(knows_where_a_number_is_and_what_it_costs),
          UNIT_TEST(says_the_same_of_a_number_whatever_was_asked_before),
          UNIT_TEST(an_agents_phone_is_held_to_the_same_countries), UNIT_TEST(every_verdict_has_its_error),
          UNIT_TEST(every_verdict_has_its_sentence))
