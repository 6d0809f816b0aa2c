/* lib/number: how a search is put to Twilio, and what differs from what we want. */
#include "number.h"

#include "config.h"
#include "phone.h"
#include "region.h"
#include "unit.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void an_area_code_is_one_in_north_america_and_a_pattern_elsewhere(void **state)
{
    static const struct {
        const char *country, *area, *code, *contains, *prefix;
    } rows[] = {
        { "US", "415", "415", NULL, "+1415" },   { "CA", "416", "416", NULL, "+1416" },
        { "US", "(415)", "415", NULL, "+1415" }, { "GB", "20", NULL, "4420*", "+4420" },
        { "GB", "020", NULL, "4420*", "+4420" }, { "GB", "0 161", NULL, "44161*", "+44161" },
        { "DE", "030", NULL, "4930*", "+4930" }, { "IE", "01", NULL, "3531*", "+3531" },
        { "ES", "91", NULL, "3491*", "+3491" },  { "IT", "06", NULL, "3906*", "+3906" },
        { "FR", "01", NULL, "331*", "+331" },    { "AU", "02", NULL, "612*", "+612" },
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct number_search  s = { .area = rows[i].area };
        struct number_pattern p = { 0 };
        ctx_forgive(cx);
        assert_row(i, number_pattern(cx, rows[i].country, &s, &p) == OK);
        assert_row(i, same(p.area_code, rows[i].code) && same(p.contains, rows[i].contains)
                          && same(p.prefix, rows[i].prefix));
    }
}

static void a_pattern_is_what_twilio_understands(void **state)
{
    static const struct {
        const char *country, *area, *contains;
        bool        fine;
    } rows[] = {
        { "US", NULL, NULL, true },
        { "US", "", "", true },
        { "GB", NULL, "+442079460958", true },
        { "GB", NULL, "CALLUS", true },
        { "GB", NULL, "44*9%", true },
        { "GB", NULL, "4", false },
        { "GB", NULL, "4 4", false },
        { "GB", NULL, "44&a=b", false },
        { "GB", NULL, "12345678901234567", false },
        { "GB", "20", "20", false },
        { "US", "41", NULL, false },
        { "US", "4155", NULL, false },
        { "GB", "2a", NULL, false },
        { "GB", "123456789", NULL, false },
        { "GB", "()", NULL, false },
        { "XX", "20", NULL, false },
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct number_search  s = { .area = rows[i].area, .contains = rows[i].contains };
        struct number_pattern p;
        ctx_forgive(cx);
        assert_row(i, (number_pattern(cx, rows[i].country, &s, &p) == OK) == rows[i].fine);
        assert_row(i, rows[i].fine || cx->err.code == ERR_INVALID);
    }
}

static void the_plans_know_a_countrys_code_and_trunk_prefix(void **state)
{
    struct phone_plan p;
    struct phone      n;
    (void)state;
    assert_true(phone_plan("GB", &p));
    assert_string_equal(p.code, "44");
    assert_string_equal(p.trunk, "0");
    assert_true(phone_plan("US", &p));
    assert_string_equal(p.code, "1");
    assert_false(phone_plan("ZZ", &p));
    assert_false(phone_plan("", &p));
    assert_true(phone_parse("+448081570000", 13, NULL, &n));
    assert_string_equal(n.type, "toll-free");
    assert_true(phone_parse("+447400123456", 13, NULL, &n));
    assert_string_equal(n.type, "mobile");
    assert_true(phone_parse("+14155550123", 12, NULL, &n));
    assert_string_equal(n.type, "local");
}

static const struct twilio_number good = {
    .sid = "PN00000000000000000000000000000001",
    .e164 = "+442079460958",
    .voice_url = "https://crm.example/api/twilio/voice/answer#rc=5",
    .voice_method = "POST",
    .fallback_url = "https://crm.example/fallback/name.xml",
    .fallback_method = "GET",
    .status_url = "https://crm.example/api/twilio/voice/status",
    .status_method = "POST",
    .application_sid = "",
    .trunk_sid = "",
    .receive_mode = "voice",
    .capabilities = "voice sms",
};

static const char *drift(struct ctx *cx, struct twilio_number n)
{
    return number_drift(cx, &n, "name");
}

static void what_differs_is_named(void **state)
{
    struct ctx          *cx = *state;
    const struct config  cfg = { .public_url = "https://crm.example" };
    struct twilio_number n = good;
    cx->cfg = &cfg;
    assert_string_equal(drift(cx, good), "[]");
    n.voice_url = "https://crm.example/api/webhooks/twilio/voice";
    n.status_url = "https://crm.example/api/twilio/status#x";
    assert_string_equal(drift(cx, n), "[]"); /* aliases of ours */
    n = good;
    n.voice_url = "https://crm.example/api/twilio/voice/answerx";
    assert_non_null(strstr(drift(cx, n), "\"what\":\"voice_url\""));
    n.voice_url = "https://crm.example.evil/api/twilio/voice/answer";
    assert_non_null(strstr(drift(cx, n), "\"what\":\"voice_url\""));
    n = good;
    n.application_sid = "AP00000000000000000000000000000001";
    n.trunk_sid = "TK00000000000000000000000000000001";
    assert_string_equal(drift(cx, n),
                        "[{\"what\":\"voice_application_sid\",\"is\":\"AP00000000000000000000000000000001\","
                        "\"wanted\":\"\"},{\"what\":\"trunk_sid\",\"is\":\"TK00000000000000000000000000000001\","
                        "\"wanted\":\"\"}]");
    n = good;
    n.capabilities = "sms";
    n.receive_mode = "fax";
    assert_non_null(strstr(drift(cx, n), "capabilities"));
    assert_non_null(strstr(drift(cx, n), "voice_receive_mode"));
    assert_string_equal(number_drift(cx, NULL, "name"), "[]");
    cx->cfg = NULL;
}

static void products_of_twilio_have_hosts_of_their_own(void **state)
{
    static const struct {
        const char *base, *wanted;
    } rows[] = {
        { "https://api.twilio.com", "https://pricing.twilio.com" },
        { "https://api.dublin.ie1.twilio.com", "https://pricing.dublin.ie1.twilio.com" },
        { "http://127.0.0.1:8080", "http://127.0.0.1:8080" },
        { "https://api.carrier.example", "https://api.carrier.example" },
        { "https://api.twilio.com.evil.example", "https://api.twilio.com.evil.example" },
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_row(i, strcmp(region_product(cx->arena, rows[i].base, "pricing"), rows[i].wanted) == 0);
}

UNIT_MAIN(UNIT_TEST(an_area_code_is_one_in_north_america_and_a_pattern_elsewhere),
          UNIT_TEST(a_pattern_is_what_twilio_understands), UNIT_TEST(the_plans_know_a_countrys_code_and_trunk_prefix),
          UNIT_TEST(what_differs_is_named), UNIT_TEST(products_of_twilio_have_hosts_of_their_own))
