/* lib/ingest_read and lib/event: Twilio's fields, typed; everything else refused by name. */
#include "ingest_read.h"
#include "sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CA1    "CA11111111111111111111111111111111"
#define CA2    "CA22222222222222222222222222222222"
#define RE1    "RE11111111111111111111111111111111"
#define TENANT "01890000-0000-7000-8000-0000000000aa"

static int up(void **state)
{
    *state = arena_new(4 << 20);
    return *state == NULL;
}

static int down(void **state)
{
    arena_free(*state);
    return 0;
}

static struct event event(struct ctx *cx, enum event_kind kind, const char *body)
{
    struct event ev = { .kind = kind, .account_sid = "AC", .tenant = TENANT, .received_ms = 1000 };
    assert_int_equal(form_parse(cx, body, strlen(body), &ev.form), OK);
    event_digest(cx, &ev);
    return ev;
}

static enum err status(struct ctx *cx, const char *body, struct sql_ingest_status_in *row)
{
    const struct event ev = event(cx, EVENT_STATUS, body);
    const char        *type = NULL;
    ctx_forgive(cx);
    return ingest_read_status(cx, &ev, row, &type);
}

static void takes_the_moment_from_twilio_where_it_says_one(void **state)
{
    struct ctx                  cx = { .arena = *state };
    struct sql_ingest_status_in row;
    assert_int_equal(status(&cx, "CallSid=" CA1 "&CallStatus=ringing&Timestamp=Thu%2C+01+Jan+1970+00%3A01%3A00+%2B0000",
                            &row),
                     OK);
    assert_int_equal(*row.rang_ms, 60000);
    assert_int_equal(status(&cx, "CallSid=" CA1 "&CallStatus=ringing&Timestamp=yesterday", &row), OK);
    assert_int_equal(*row.rang_ms, 1000);
}

static void knows_withheld_callers(void **state)
{
    static const char *const withheld[] = {
        "anonymous", "", "client:joe", "sip:a@b", "%2B266696687", "%2B86282452253"
    };
    struct ctx  cx = { .arena = *state };
    const char *type = NULL;
    for (size_t i = 0; i < sizeof withheld / sizeof *withheld; i++) {
        struct sql_ingest_answer_in row;
        const struct event          ev =
            event(&cx, EVENT_ANSWER, arena_printf(*state, "CallSid=" CA1 "&To=%%2B442079460958&From=%s", withheld[i]));
        assert_int_equal(ingest_read_answer(&cx, &ev, &row, &type), OK);
        assert_null(row.customer_number);
    }
    struct sql_ingest_answer_in row;
    const struct event          ev = event(&cx, EVENT_ANSWER, "CallSid=" CA1 "&To=%2B442079460958&From=%2B14155550123");
    assert_int_equal(ingest_read_answer(&cx, &ev, &row, &type), OK);
    assert_string_equal(row.customer_number, "+14155550123");
    assert_string_equal(type, "answer");
}

static void knows_the_user_of_its_own_tenant_alone(void **state)
{
    static const struct {
        const char *identity, *user;
    } rows[] = {
        { "user_01890000000070008000000000000001_018900000000700080000000000000aa",
          "01890000-0000-7000-8000-000000000001" },
        { "user_01890000000070008000000000000001_018900000000700080000000000000ab", NULL },
        { "user_0189000000007000800000000000000_018900000000700080000000000000aa", NULL },
        { "user_", NULL },
    };
    struct ctx  cx = { .arena = *state };
    const char *type = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sql_ingest_answer_in row;
        const struct event          ev =
            event(&cx, EVENT_BROWSER, arena_printf(*state, "CallSid=" CA1 "&To=x&From=client:%s", rows[i].identity));
        assert_int_equal(ingest_read_answer(&cx, &ev, &row, &type), OK);
        if (rows[i].user == NULL) assert_null(row.user_id);
        else assert_string_equal(row.user_id, rows[i].user);
    }
}

static void refuses_by_name(void **state)
{
    static const struct {
        const char *body, *why;
    } rows[] = {
        { "CallStatus=completed", "CallSid: expected CA and 32 hex digits" },
        { "CallSid=test123&CallStatus=completed", "CallSid: expected CA and 32 hex digits" },
        { "CallSid=" CA1, "CallStatus: not a word of Twilio's" },
        { "CallSid=" CA1 "&CallStatus=answered", "CallStatus: not a word of Twilio's" },
        { "CallSid=" CA1 "&CallStatus=completed&CallDuration=-1", "CallDuration: expected 0..604800" },
        { "CallSid=" CA1 "&CallStatus=completed&CallDuration=1e9", "CallDuration: expected 0..604800" },
        { "CallSid=" CA1 "&CallStatus=completed&ParentCallSid=x", "ParentCallSid: expected CA and 32 hex digits" },
    };
    struct ctx cx = { .arena = *state };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sql_ingest_status_in row;
        assert_int_equal(status(&cx, rows[i].body, &row), ERR_INVALID);
        assert_string_equal(cx.err.msg, rows[i].why);
    }
}

static void replaces_what_is_not_utf8(void **state)
{
    struct ctx                  cx = { .arena = *state };
    struct sql_ingest_status_in row;
    assert_int_equal(status(&cx, "CallSid=" CA1 "&CallStatus=ringing&From=caf%E9", &row), OK);
    assert_string_equal(row.from_number, "caf?");
}

static void reads_the_end_of_a_dial(void **state)
{
    struct ctx                cx = { .arena = *state };
    struct sql_ingest_dial_in row;
    const char               *type = NULL;
    struct event              ev =
        event(&cx, EVENT_DIAL, "CallSid=" CA1 "&DialCallStatus=no-answer&DialCallSid=" CA2 "&DialCallDuration=");
    assert_int_equal(ingest_read_dial(&cx, &ev, &row, &type), OK);
    assert_string_equal(row.dial_status, "no-answer");
    assert_string_equal(row.child_sid, CA2);
    assert_null(row.duration_seconds);
    assert_string_equal(type, "dial.no-answer");
}

static void says_why_a_recording_is_absent(void **state)
{
    struct ctx                     cx = { .arena = *state };
    struct sql_ingest_recording_in row;
    const char                    *type = NULL;
    struct event                   ev =
        event(&cx, EVENT_RECORDING, "CallSid=" CA1 "&RecordingSid=" RE1 "&RecordingStatus=failed&ErrorCode=13617");
    assert_int_equal(ingest_read_recording(&cx, &ev, &row, &type), OK);
    assert_string_equal(row.status, "absent");
    assert_string_equal(row.reason, "Twilio has none: failed, error code 13617");
    assert_string_equal(type, "recording.absent");
}

static void one_delivery_has_one_digest_whatever_its_order(void **state)
{
    struct ctx  cx = { .arena = *state };
    const char *first = event(&cx, EVENT_STATUS, "a=1&b=2").digest;
    assert_string_equal(first, event(&cx, EVENT_STATUS, "b=2&a=1").digest);
    assert_string_not_equal(first, event(&cx, EVENT_DIAL, "a=1&b=2").digest);
    assert_string_not_equal(first, event(&cx, EVENT_STATUS, "a=12&b=").digest);
    assert_string_not_equal(first, event(&cx, EVENT_STATUS, "a=1&b=2&b=2").digest);
    assert_int_equal(strlen(first), 36);
}

static void every_kind_has_a_word(void **state)
{
    (void)state;
    for (int k = 0; k < EVENT_KINDS; k++) assert_int_equal(event_kind_of(event_word((enum event_kind)k)), k);
    assert_int_equal(event_kind_of("voice.nothing"), EVENT_KINDS);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, up, down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes_the_moment_from_twilio_where_it_says_one),
        TEST(knows_withheld_callers),
        TEST(knows_the_user_of_its_own_tenant_alone),
        TEST(refuses_by_name),
        TEST(replaces_what_is_not_utf8),
        TEST(reads_the_end_of_a_dial),
        TEST(says_why_a_recording_is_absent),
        TEST(one_delivery_has_one_digest_whatever_its_order),
        TEST(every_kind_has_a_word),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
