/* fcgi/route and the tables themselves: who gets which request. They are compiled in, for no library holds them. */
#include "../../fcgi/route.c"
#include "../../fcgi/routes.c"
#include "../../fcgi/routes_calls.c"
#include "../../fcgi/routes_desk.c"

#include "unit.h"

/* The table's handlers, which nobody calls here. */
static enum err nothing(struct req *rq, struct res *rs)
{
    (void)rq, (void)rs;
    return OK;
}

#define STUB(name)                                \
    enum err name(struct req *rq, struct res *rs) \
    {                                             \
        return nothing(rq, rs);                   \
    }
STUB(phone_token)
STUB(phone_preview)
STUB(phone_prefer)
STUB(phone_token_v1)
STUB(calls_initiate)
STUB(calls_make)
STUB(calls_list)
STUB(calls_show)
STUB(recordings_of_call)
STUB(recordings_list)
STUB(recordings_show)
STUB(recordings_link)
STUB(recordings_audio)
STUB(recordings_wave)
STUB(recordings_erase)
STUB(holds_list)
STUB(holds_place)
STUB(holds_lift)
STUB(erasures_add)
STUB(erasures_preview)
STUB(erasures_list)
STUB(erasures_show)
STUB(transcripts_find)
STUB(transcripts_show)
STUB(transcripts_of)
STUB(transcripts_estimate)
STUB(transcripts_again)
STUB(transcripts_tick)
STUB(transcription_show)
STUB(transcription_change)
STUB(queue_show)
STUB(queue_jobs)
STUB(queue_again)
STUB(sessions_open)
STUB(sessions_close)
STUB(settings_origins_set)
STUB(settings_origins)
STUB(settings_twilio_set)
STUB(settings_twilio)
STUB(checks_twilio)
STUB(checks_model)
STUB(checks_mail)
STUB(settings_change)
STUB(settings_show)
STUB(settings_recordings)
STUB(settings_recordings_set)
STUB(users_invite_again)
STUB(users_change)
STUB(users_invite)
STUB(users_show)
STUB(colleagues_list)
STUB(users_list)
STUB(password_set)
STUB(password_reset)
STUB(me_password)
STUB(me_show)
STUB(embeds_gate)
STUB(embeds_refused)
STUB(embeds_ticket)
STUB(embeds_session)
STUB(sessions_revoke)
STUB(sessions_list)
STUB(accounts_beside)
STUB(accounts_switch)
STUB(ops_health)
STUB(calls_place)
STUB(calls_recordings)
STUB(numbers_offers)
STUB(numbers_buy)
STUB(numbers_assign)
STUB(numbers_unassign)
STUB(numbers_release)
STUB(numbers_adopt)
STUB(numbers_apply)
STUB(numbers_check)
STUB(numbers_check_all)
STUB(numbers_health)
STUB(numbers_history)
STUB(nouns_list)
STUB(nouns_add)
STUB(nouns_show)
STUB(nouns_change)
STUB(nouns_delete)
STUB(keys_list)
STUB(keys_show)
STUB(keys_add)
STUB(keys_end)
STUB(audit_list)
STUB(limits_show)
STUB(webhooks_add)
STUB(webhooks_change)
STUB(webhooks_rotate)
STUB(webhooks_test)
STUB(webhooks_replay)
STUB(webhooks_log)
STUB(webhooks_delivery)
STUB(webhooks_resend)
STUB(alerts_rule_add)
STUB(alerts_rule_change)
STUB(alerts_list)
STUB(reports_schedule_add)
STUB(reports_schedule_change)
STUB(reports_send)
STUB(reports_list)
STUB(reports_show)
STUB(retention_show)
STUB(retention_change)
STUB(retention_preview)
STUB(retention_runs)
STUB(retention_run_show)
STUB(retention_ask)
STUB(limits_change)
STUB(controls_act)
STUB(controls_transfer)
STUB(controls_dtmf)
STUB(controls_pause)
STUB(consents_list)
STUB(consents_add)
STUB(disclosures_add)
STUB(disclosures_set)
STUB(dnc_remove)
STUB(dnc_entries)
STUB(dnc_add)
STUB(dnc_import)
STUB(dnc_forget)
STUB(feed_show)
STUB(openapi_show)
STUB(ops_alive)
STUB(ops_ready)
STUB(ops_environment)
STUB(calls_change)
STUB(exports_calls)
STUB(subjects_export)
STUB(views_list)
STUB(views_add)
STUB(views_remove)
STUB(lists_show)
STUB(lists_set)
STUB(money_list)
STUB(conversions_add)
STUB(conversions_import)
STUB(marketing_set)
STUB(budgets_add)
STUB(budgets_remove)
STUB(doctor_show)
STUB(stats_show)
STUB(calls_attribution)

#define TABLE(name) const struct fields name = { .n = 0 };
TABLE(transcripts_query)
TABLE(estimate_query)
TABLE(again_in)
TABLE(tick_in)
TABLE(transcription_patch)
TABLE(again_jobs_in)
TABLE(jobs_query)
TABLE(keyword_in)
TABLE(keyword_patch)
TABLE(guide_token_in)
TABLE(token_in)
TABLE(gate_query)
TABLE(ticket_in)
TABLE(ticket_use_in)
TABLE(preview_in)
TABLE(phone_patch)
TABLE(conversation_patch)
TABLE(offers_query)
TABLE(guide_offers_query)
TABLE(buy_in)
TABLE(guide_buy_in)
TABLE(assign_in)
TABLE(guide_assign_in)
TABLE(adopt_in)
TABLE(release_query)
TABLE(initiate_in)
TABLE(make_in)
TABLE(place_in)
TABLE(calls_query)
TABLE(calls_export_query)
TABLE(subject_in)
TABLE(call_patch)
TABLE(view_in)
TABLE(dispositions_in)
TABLE(rules_in)
TABLE(prices_in)
TABLE(conversion_in)
TABLE(marketing_in)
TABLE(budget_in)
TABLE(stats_query)
TABLE(stats_summary_query)
TABLE(stats_timeline_query)
TABLE(stats_breakdown_query)
TABLE(stats_callers_query)
TABLE(stats_tracking_query)
TABLE(stats_costs_query)
TABLE(stats_attribution_query)
TABLE(contact_in)
TABLE(contact_patch)
TABLE(client_in)
TABLE(client_patch)
TABLE(campaign_in)
TABLE(campaign_patch)
TABLE(number_patch)
TABLE(audio_query)
TABLE(link_in)
TABLE(recordings_in)
TABLE(hold_in)
TABLE(erasure_in)
TABLE(transfer_in)
TABLE(dtmf_in)
TABLE(pause_in)
TABLE(dnc_in)
TABLE(dnc_patch)
TABLE(dnc_query)
TABLE(dnc_entry_in)
TABLE(consent_in)
TABLE(consents_query)
TABLE(disclosure_in)
TABLE(feed_query)
TABLE(key_in)
TABLE(audit_query)
TABLE(limits_patch)
TABLE(endpoint_in)
TABLE(endpoint_patch)
TABLE(range_in)
TABLE(log_query)
TABLE(rule_in)
TABLE(rule_patch)
TABLE(schedule_in)
TABLE(retention_patch)
TABLE(preview_query)
TABLE(schedule_patch)
TABLE(login_in)
TABLE(session_ending)
TABLE(switch_in)
TABLE(password_change_in)
TABLE(password_link_in)
TABLE(password_lost_in)
TABLE(user_in)
TABLE(user_patch)
TABLE(settings_patch)
TABLE(account_in)
TABLE(origins_in)
TABLE(mail_check_in)
TABLE(page_query)
TABLE(search_query)
TABLE(part_query)

static enum err find(struct ctx *cx, enum pool_name pool, enum method m, const char *path, const char *uri,
                     struct req *rq, const char **allow)
{
    ctx_forgive(cx);
    *rq = (struct req){ .ctx = cx, .method = m, .path = path, .uri = uri == NULL ? path : uri };
    return route_find(rq, pool, allow);
}

/* product.md's list of what the guides print, each with the kind that Twilio's request is. */
static void every_path_of_the_guides_is_there(void **state)
{
    static const struct {
        enum method     method;
        const char     *path;
        enum event_kind kind;
    } rows[] = {
        { METHOD_POST, "/api/twilio/voice/answer", EVENT_ANSWER },
        { METHOD_POST, "/api/webhooks/twilio/voice", EVENT_ANSWER },
        { METHOD_POST, "/api/twilio/webhook", EVENT_ANSWER },
        { METHOD_GET, "/api/twilio/twiml", EVENT_ANSWER },
        { METHOD_POST, "/api/twilio/twiml", EVENT_BROWSER },
        { METHOD_POST, "/api/twilio/voice/status", EVENT_STATUS },
        { METHOD_POST, "/api/webhooks/twilio/status", EVENT_STATUS },
        { METHOD_POST, "/api/twilio/status", EVENT_STATUS },
        { METHOD_POST, "/api/twilio/voice/recording", EVENT_RECORDING },
        { METHOD_POST, "/api/webhooks/twilio/recording", EVENT_RECORDING },
        { METHOD_POST, "/api/twilio/recording-status", EVENT_RECORDING },
        { METHOD_POST, "/api/twilio/voice/dial", EVENT_DIAL },
        { METHOD_POST, "/api/twilio/v/01900000-0000-7000-8000-00000000000a/answer", EVENT_ANSWER },
        { METHOD_POST, "/api/twilio/v/01900000-0000-7000-8000-00000000000a/dial", EVENT_DIAL },
    };
    struct req  rq;
    const char *allow;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_row(i, find(*state, POOL_HOOKS, rows[i].method, rows[i].path, NULL, &rq, &allow) == OK);
        assert_row(i, rq.route->arg == (int)rows[i].kind && rq.route->auth == AUTH_TWILIO);
        const enum err e = find(*state, POOL_API, rows[i].method, rows[i].path, NULL, &rq, &allow);
        const bool     preview = strcmp(rows[i].path, "/api/twilio/twiml") == 0; /* in JSON a question of a page */
        assert_row(i, preview ? e != ERR_NOT_FOUND : e == ERR_NOT_FOUND);
    }
}

static void names_in_the_path_become_parameters(void **state)
{
    struct req  rq;
    const char *allow;
    assert_int_equal(find(*state, POOL_HOOKS, METHOD_POST, "/api/twilio/v/abc/status", "/api/twilio/v/abc/status?i=1",
                          &rq, &allow),
                     OK);
    assert_string_equal(rq.param[0], "abc");
    assert_int_equal(find(*state, POOL_API, METHOD_GET, "/api/twilio/recording/CA1.wav", NULL, &rq, &allow), OK);
    assert_string_equal(rq.param[0], "CA1.wav");
    assert_int_equal(find(*state, POOL_API, METHOD_GET, "/api/v1/calls", NULL, &rq, &allow), OK);
    assert_null(rq.param[0]);
    assert_int_equal(find(*state, POOL_HOOKS, METHOD_POST, "/api/twilio/v//status", NULL, &rq, &allow), ERR_NOT_FOUND);
    assert_int_equal(find(*state, POOL_API, METHOD_GET, "/api/v1/calls/a/b", NULL, &rq, &allow), ERR_NOT_FOUND);
}

static void another_method_is_told_which_ones_there_are(void **state)
{
    struct ctx *cx = *state;
    struct req  rq;
    const char *allow;
    assert_int_equal(find(cx, POOL_HOOKS, METHOD_GET, "/api/twilio/voice/status", NULL, &rq, &allow), ERR_METHOD);
    assert_string_equal(allow, "POST");
    assert_non_null(strstr(cx->err.cure, "webhook"));
    assert_int_equal(find(cx, POOL_HOOKS, METHOD_PUT, "/api/twilio/twiml", NULL, &rq, &allow), ERR_METHOD);
    assert_string_equal(allow, "GET, POST");
    assert_int_equal(find(cx, POOL_AUTH, METHOD_PUT, "/api/v1/sessions", NULL, &rq, &allow), ERR_METHOD);
    assert_string_equal(allow, "GET, POST, DELETE");
    assert_int_equal(find(cx, POOL_API, METHOD_OTHER, "/api/health", NULL, &rq, &allow), ERR_METHOD);
}

static void a_near_miss_is_told_what_was_meant(void **state)
{
    static const struct {
        enum pool_name pool;
        const char    *path, *meant;
    } rows[] = {
        { POOL_API, "/api/calls/initiate/", "/api/calls/initiate?" },
        { POOL_HOOKS, "/api/twilio/voice/status///", "/api/twilio/voice/status?" },
        { POOL_API, "/api/calling/place", "/api/calling/initiate?" },
    };
    struct ctx *cx = *state;
    struct req  rq;
    const char *allow;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_row(i, find(cx, rows[i].pool, METHOD_POST, rows[i].path, NULL, &rq, &allow) == ERR_NOT_FOUND);
        assert_row(i, cx->err.cure != NULL && strstr(cx->err.cure, rows[i].meant) != NULL);
    }
}

/* nginx matches /a//b, /a/./b and /a/%62 as /a/b; Twilio signed the raw one. */
static void only_the_canonical_spelling_is_served(void **state)
{
    static const char *const raw[] = {
        "/api//calls/initiate",     "/api/./calls/initiate",
        "/x/../api/calls/initiate", "/api/calls%2Finitiate",
        "/api/calls/%69nitiate",    "/api/calls/initiate/.",
        "/api/calls/initiatex",     "http://h/api/calls/initiate",
        "/api/calls/initiate;a=b",  "",
    };
    struct req  rq;
    const char *allow;
    assert_int_equal(find(*state, POOL_API, METHOD_POST, "/api/calls/initiate", "/api/calls/initiate?a=%2F", &rq,
                          &allow),
                     OK);
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
        assert_row(i, find(*state, POOL_API, METHOD_POST, "/api/calls/initiate", raw[i], &rq, &allow) == ERR_NOT_FOUND);
}

static void no_two_rows_are_the_same_and_each_is_documented(void **state)
{
    (void)state;
    for (const struct route *a = route_next(NULL); a != NULL; a = route_next(a)) {
        assert_non_null(a->doc);
        assert_true(a->pool == POOL_HOOKS ? a->handler == NULL && a->auth == AUTH_TWILIO : a->handler != NULL);
        for (const struct route *b = route_next(a); b != NULL; b = route_next(b))
            assert_false(a->pool == b->pool && a->method == b->method && strcmp(a->path, b->path) == 0);
    }
}

UNIT_MAIN(UNIT_TEST(every_path_of_the_guides_is_there), UNIT_TEST(names_in_the_path_become_parameters),
          UNIT_TEST(another_method_is_told_which_ones_there_are), UNIT_TEST(a_near_miss_is_told_what_was_meant),
          UNIT_TEST(only_the_canonical_spelling_is_served), UNIT_TEST(no_two_rows_are_the_same_and_each_is_documented))
