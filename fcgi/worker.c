/* A worker of api or auth: its accept loop and the life of one request. */
#include "worker.h"

#include "auth.h"
#include "clock.h"
#include "contract.h"
#include "cors.h"
#include "db.h"
#include "http.h"
#include "id.h"
#include "json.h"
#include "limit.h"
#include "log.h"
#include "problem.h"
#include "sql.h"

#include <errno.h>
#include <fcgiapp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>

enum { PEER_S = 2 /* a peer that is silent for so long is dropped */, AUTH_NICE = 10 };

/* What the requests of a process share. */
struct shared {
    const struct worker *w;
    struct arena        *arena;
    struct db           *db;
    struct http         *http;
};

/* What to prepare: the statements of these pools alone. */
/* clang-format off */
static const struct db_stmt *const stmts[] = {
    &sql_health_ping_stmt,
    &sql_apikey_use_stmt,
    &sql_identity_find_stmt,
    &sql_identity_user_stmt,
    &sql_rate_take_stmt,
    &sql_session_use_stmt,
    &sql_session_login_stmt,
    &sql_session_open_stmt,
    &sql_session_list_stmt,
    &sql_session_revoke_stmt,
    &sql_session_beside_stmt,
    &sql_session_beside_list_stmt,
    &sql_session_switch_stmt,
    &sql_me_show_stmt,
    &sql_password_check_stmt,
    &sql_password_store_stmt,
    &sql_password_lost_stmt,
    &sql_link_spend_stmt,
    &sql_mail_queue_stmt,
    &sql_users_page_stmt,
    &sql_user_show_stmt,
    &sql_user_invite_stmt,
    &sql_user_change_stmt,
    &sql_settings_show_stmt,
    &sql_settings_change_stmt,
    &sql_twilio_show_stmt,
    &sql_twilio_set_stmt,
    &sql_origins_show_stmt,
    &sql_origins_set_stmt,
    &sql_origin_known_stmt,
    &sql_origin_allowed_stmt,
    &sql_origins_refused_stmt,
    &sql_ticket_add_stmt,
    &sql_ticket_take_stmt,
    &sql_ticket_session_stmt,
    &sql_tenant_key_load_stmt,
    &sql_tenant_key_add_stmt,
    &sql_intent_lock_stmt,
    &sql_intent_open_stmt,
    &sql_intent_settle_stmt,
    &sql_twilio_load_stmt,
    &sql_call_load_stmt,
    &sql_recordings_of_call_stmt,
    &sql_recording_play_stmt,
    &sql_call_recordings_stmt,
    &sql_call_attribution_stmt,
    &sql_campaign_change_stmt,
    &sql_campaign_create_stmt,
    &sql_campaign_load_stmt,
    &sql_recording_transcripts_stmt,
    &sql_transcript_estimate_stmt,
    &sql_transcript_again_stmt,
    &sql_transcript_tick_stmt,
    &sql_transcription_lock_stmt,
    &sql_transcripts_find_stmt,
    &sql_transcript_show_stmt,
    &sql_keywords_page_stmt,
    &sql_keyword_load_stmt,
    &sql_keyword_create_stmt,
    &sql_keyword_change_stmt,
    &sql_keyword_delete_stmt,
    &sql_transcription_show_stmt,
    &sql_transcription_change_stmt,
    &sql_sweep_show_stmt,
    &sql_sweep_again_stmt,
    &sql_jobs_page_stmt,
    &sql_campaigns_page_stmt,
    &sql_client_change_stmt,
    &sql_client_create_stmt,
    &sql_client_load_stmt,
    &sql_clients_page_stmt,
    &sql_contact_change_stmt,
    &sql_contact_create_stmt,
    &sql_contact_load_stmt,
    &sql_contacts_page_stmt,
    &sql_number_change_stmt,
    &sql_number_load_stmt,
    &sql_numbers_page_stmt,
    &sql_events_page_stmt,
    &sql_idem_begin_stmt,
    &sql_idem_end_stmt,
    &sql_idem_drop_stmt,
    &sql_contact_delete_stmt,
    &sql_client_delete_stmt,
    &sql_campaign_delete_stmt,
    &sql_apikeys_page_stmt,
    &sql_apikey_load_stmt,
    &sql_apikey_create_stmt,
    &sql_apikey_end_stmt,
    &sql_audit_page_stmt,
    &sql_limits_show_stmt,
    &sql_limits_change_stmt,
    &sql_audit_add_stmt,
    &sql_link_owner_stmt,
    &sql_ready_state_stmt,
    &sql_doctor_findings_stmt,
    &sql_environment_load_stmt,
    &sql_phone_open_stmt,
    &sql_phone_preview_stmt,
    &sql_phone_prefer_stmt,
    &sql_conversations_page_stmt,
    &sql_conversation_load_stmt,
    &sql_conversation_change_stmt,
    &sql_number_lock_stmt,
    &sql_number_home_stmt,
    &sql_number_open_stmt,
    &sql_number_promise_stmt,
    &sql_number_settle_stmt,
    &sql_number_adopt_stmt,
    &sql_number_assign_stmt,
    &sql_number_unassign_stmt,
    &sql_number_release_stmt,
    &sql_number_reapply_stmt,
    &sql_number_health_stmt,
    &sql_number_history_stmt,
    &sql_numbers_waiting_stmt,
    &sql_numbers_wanted_stmt,
    &sql_numbers_checked_stmt,
    &sql_link_viewer_stmt,
    &sql_recordings_page_stmt,
    &sql_recording_show_stmt,
    &sql_recording_link_stmt,
    &sql_recording_wave_stmt,
    &sql_recording_erase_stmt,
    &sql_hold_place_stmt,
    &sql_hold_lift_stmt,
    &sql_holds_page_stmt,
    &sql_erasure_own_stmt,
    &sql_erasure_contact_stmt,
    &sql_erasure_preview_stmt,
    &sql_erasure_add_stmt,
    &sql_erasures_page_stmt,
    &sql_erasure_show_stmt,
    &sql_recording_settings_show_stmt,
    &sql_recording_settings_set_stmt,
    &sql_veil_load_stmt,
    &sql_contacts_search_stmt,
    &sql_contacts_find_stmt,
    &sql_clients_find_stmt,
    &sql_campaigns_find_stmt,
    &sql_numbers_find_stmt,
    &sql_colleagues_page_stmt,
    &sql_colleagues_find_stmt,
    &sql_mail_own_stmt,
    &sql_dnc_lists_page_stmt,
    &sql_dnc_list_load_stmt,
    &sql_dnc_list_create_stmt,
    &sql_dnc_list_change_stmt,
    &sql_dnc_list_remove_stmt,
    &sql_dnc_entries_page_stmt,
    &sql_dnc_add_stmt,
    &sql_dnc_remove_stmt,
    &sql_consents_page_stmt,
    &sql_disclosures_page_stmt,
    &sql_disclosure_load_stmt,
    &sql_disclosure_create_stmt,
    &sql_disclosure_change_stmt,
    &sql_disclosure_delete_stmt,
    &sql_call_transcribe_stmt,
    &sql_consent_load_stmt,
    &sql_consent_create_stmt,
    &sql_control_open_stmt,
    &sql_control_load_stmt,
    &sql_control_settle_stmt,
    &sql_endpoints_page_stmt,
    &sql_endpoint_load_stmt,
    &sql_endpoint_create_stmt,
    &sql_endpoint_change_stmt,
    &sql_endpoint_delete_stmt,
    &sql_endpoint_rotate_stmt,
    &sql_endpoint_test_stmt,
    &sql_endpoint_replay_stmt,
    &sql_deliveries_page_stmt,
    &sql_delivery_load_stmt,
    &sql_delivery_resend_stmt,
    &sql_rules_page_stmt,
    &sql_rule_load_stmt,
    &sql_rule_create_stmt,
    &sql_rule_change_stmt,
    &sql_rule_delete_stmt,
    &sql_alerts_page_stmt,
    &sql_schedules_page_stmt,
    &sql_schedule_load_stmt,
    &sql_schedule_create_stmt,
    &sql_schedule_change_stmt,
    &sql_schedule_delete_stmt,
    &sql_schedule_send_stmt,
    &sql_reports_page_stmt,
    &sql_report_load_stmt,
    &sql_retention_show_stmt,
    &sql_retention_change_stmt,
    &sql_retention_preview_stmt,
    &sql_retention_ask_stmt,
    &sql_retention_runs_page_stmt,
    &sql_retention_run_load_stmt,
    &sql_calls_find_stmt,
    &sql_calls_docs_stmt,
    &sql_calls_cells_stmt,
    &sql_calls_stop_stmt,
    &sql_subject_contact_stmt,
    &sql_subject_find_stmt,
    &sql_subject_page_stmt,
    &sql_call_change_stmt,
    &sql_views_list_stmt,
    &sql_view_create_stmt,
    &sql_view_remove_stmt,
    &sql_dispositions_show_stmt,
    &sql_dispositions_set_stmt,
    &sql_lead_rules_show_stmt,
    &sql_lead_rules_set_stmt,
    &sql_prices_show_stmt,
    &sql_prices_set_stmt,
    &sql_conversions_page_stmt,
    &sql_conversions_add_stmt,
    &sql_budgets_page_stmt,
    &sql_budget_create_stmt,
    &sql_budget_remove_stmt,
    &sql_marketing_set_stmt,
    &sql_stats_summary_stmt,
    &sql_stats_timeline_stmt,
    &sql_stats_hours_stmt,
    &sql_stats_weekdays_stmt,
    &sql_stats_heatmap_stmt,
    &sql_stats_breakdown_stmt,
    &sql_stats_callers_stmt,
    &sql_stats_geography_stmt,
    &sql_stats_agents_stmt,
    &sql_stats_best_time_stmt,
    &sql_stats_tracking_stmt,
    &sql_stats_recordings_stmt,
    &sql_stats_callbacks_stmt,
    &sql_stats_concurrency_stmt,
    &sql_stats_correlation_stmt,
    &sql_stats_forecast_stmt,
    &sql_stats_webhooks_stmt,
    &sql_stats_usage_stmt,
    &sql_stats_costs_stmt,
    &sql_stats_numbers_stmt,
    &sql_stats_attribution_stmt,
    NULL,
};
/* clang-format on */

static volatile sig_atomic_t stopping;

static void on_term(int sig)
{
    (void)sig;
    stopping = 1;
}

static void on_alarm(int sig)
{
    (void)sig; /* only there to interrupt a read */
}

/* Without SA_RESTART: a blocked call must return. */
static void handle(int sig, void (*fn)(int))
{
    const struct sigaction a = { .sa_handler = fn };
    (void)sigaction(sig, &a, NULL);
}

/* Interrupts whatever blocks after s seconds, then every 100 ms; 0 disarms. */
static void watchdog(int s)
{
    const struct itimerval t = { .it_value.tv_sec = s, .it_interval.tv_usec = s > 0 ? 100000 : 0 };
    (void)setitimer(ITIMER_REAL, &t, NULL);
}

/* scrypt is slow on purpose, and a call must not wait for whoever guesses passwords: half of the processors at most
 * hash, and these for others first (t/bench/flood). Where the unit forbids these calls its CPUWeight does the same. */
static void yield_to_calls(void)
{
    cpu_set_t mine;
    (void)setpriority(PRIO_PROCESS, 0, AUTH_NICE);
    if (sched_getaffinity(0, sizeof mine, &mine) != 0) return;
    for (int i = 0, others = CPU_COUNT(&mine) / 2; others > 0; i++) {
        if (!CPU_ISSET((size_t)i, &mine)) continue;
        CPU_CLR((size_t)i, &mine);
        others--;
    }
    (void)sched_setaffinity(0, sizeof mine, &mine);
}

static void peer_timeouts(int fd)
{
    const struct timeval t = { .tv_sec = PEER_S };
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
}

static enum err read_body(struct req *rq)
{
    struct ctx *cx = rq->ctx;
    if (rq->method == METHOD_GET) return form_parse(cx, rq->query, strlen(rq->query), &rq->form);
    if (rq->route->body == BODY_MAYBE && rq->body.n == 0) return json_parse(cx, "{}", 2, API_BODY_MAX, &rq->json);
    if ((rq->route->body != BODY_JSON && rq->route->body != BODY_MAYBE) || (rq->route->in == NULL && rq->body.n == 0))
        return OK;
    if (strncmp(rq->content_type, "application/json", 16) != 0)
        return ctx_fail(cx, ERR_MALFORMED, "content type: expected application/json");
    return json_parse(cx, rq->body.at, rq->body.n, API_BODY_MAX, &rq->json);
}

/* The life of a request. */
static enum err dispatch(struct shared *sh, struct req *rq, struct res *rs, const char **allow)
{
    struct ctx *cx = rq->ctx;
    bool        answered;
    if (cors_preflight(rq)) return cors_answer(rq, rs);
    TRY(route_find(rq, sh->w->pool, allow));
    TRY(auth_check(rq));
    TRY(cors_check(rq));
    TRY(read_body(rq));
    TRY(contract_open(rq, rs, &answered));
    if (answered) return OK;
    enum err e = rq->route->handler(rq, rs);
    if (e != ERR_UNAVAILABLE || rq->method != METHOD_GET) return e;
    ctx_forgive(cx); /* the server went away in between, and a question may be asked twice */
    return rq->route->handler(rq, rs);
}

static void log_request(const struct req *rq, const struct res *rs, int64_t began_us)
{
    const struct ctx *cx = rq->ctx;
    LOG(rs->status >= 500 ? LOG_ERROR : LOG_INFO, "request", LOG_TEXT("req", cx->id), LOG_TEXT("route", rq->path),
        LOG_NUM("status", rs->status), LOG_NUM("us", clock_us() - began_us), LOG_TEXT("tenant", cx->tenant),
        LOG_TEXT("user", rq->user), LOG_TEXT("key", rq->key),
        LOG_TEXT("err", cx->err.code == OK ? NULL : error_word(cx->err.code)),
        LOG_TEXT("why", cx->err.code == OK ? NULL : cx->err.msg));
}

/* What is left of a limit, on every answer to somebody who is counted. */
static enum err rate_headers(struct req *rq, struct res *rs)
{
    struct ctx              *cx = rq->ctx;
    const int64_t            values[] = { rq->rate.max, rq->rate.remaining, rq->rate.reset_s };
    static const char *const names[] = { "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset" };
    for (size_t i = 0; rq->rate.max > 0 && i < sizeof names / sizeof *names; i++)
        TRY(res_header(cx, rs, names[i], arena_printf(cx->arena, "%lld", (long long)values[i])));
    return OK;
}

/* ppoll() lets no signal in while somebody waits already, and in a crowd somebody always does. */
static bool told_to_end(void)
{
    sigset_t held;
    if (sigpending(&held) == 0 && sigismember(&held, SIGTERM) == 1) stopping = 1;
    return stopping != 0;
}

/* A body of any length. */
static void stream(struct req *rq, struct res *rs, FCGX_Request *fc)
{
    struct sink    to = { .fc = fc, .rs = rs, .told = told_to_end };
    const enum err e = rs->stream(rq, &to);
    if (to.cut) LOG(LOG_WARN, "a download was cut: this worker was told to end", LOG_TEXT("req", rq->ctx->id));
    if (e == OK || to.cut) return;
    if (to.began) {
        sink_cut(&to);
        return;
    }
    rs->stream = NULL;
    problem(rq, rs, NULL);
    res_send(rs, fc);
}

static void one(struct shared *sh, FCGX_Request *fc, beat_t *beat)
{
    const int64_t budget = sh->w->pool == POOL_AUTH ? HOOKS_BUDGET_MS : API_BUDGET_MS;
    const int64_t began_us = clock_us();
    struct ctx    cx = { .arena = sh->arena,
                         .db = sh->db,
                         .http = sh->http,
                         .cfg = sh->w->cfg,
                         .keys = sh->w->keys,
                         .deadline_ms = clock_ms() + budget };
    struct req    rq = { .ctx = &cx, .beat = beat };
    struct res    rs = { .status = 200 };
    const char   *allow = NULL;
    if (req_read(&rq, fc, API_BODY_MAX) != OK || dispatch(sh, &rq, &rs, &allow) != OK) problem(&rq, &rs, allow);
    contract_close(&rq, &rs);
    if (cors_headers(&rq, &rs) == OK && rate_headers(&rq, &rs) == OK
        && res_header(&cx, &rs, "X-Request-Id", cx.id) == OK) {
        if (rs.stream == NULL) res_send(&rs, fc);
        else stream(&rq, &rs, fc);
    }
    log_request(&rq, &rs, began_us);
    arena_reset(sh->arena); /* everything the request made is gone; handlers never free */
}

/* Waits for a request and serves it. False: this process is no longer fit to serve. */
static bool turn(struct shared *sh, FCGX_Request *fc, const sigset_t *open_signals, beat_t *beat, unsigned *served)
{
    struct pollfd p = { .fd = LISTEN_FD, .events = POLLIN };
    if (told_to_end()) return true;
    int n = ppoll(&p, 1, NULL, open_signals); /* the only place where SIGTERM is delivered */
    if (stopping || n <= 0) return true;
    watchdog(PEER_S);
    int rc = FCGX_Accept_r(fc);
    watchdog(0);
    if (rc == -EAGAIN || rc == -EINTR) return true; /* another worker was faster, or the peer too slow */
    if (rc != 0) {
        LOG(LOG_ERROR, "accept", LOG_NUM("errno", -rc)); /* no descriptors and worse: a fresh process is the cure */
        return false;
    }
    atomic_store(beat, clock_ms());
    peer_timeouts(fc->ipcFd);
    one(sh, fc, beat);
    FCGX_Finish_r(fc);
    atomic_store(beat, 0);
    ++*served;
    return true;
}

int worker_run(beat_t *beat, void *arg)
{
    struct shared sh = { .w = arg };
    FCGX_Request  fc;
    sigset_t      term, open_signals;
    unsigned      served = 0, jitter;
    bool          fit = true;
    id_bytes(&jitter, sizeof jitter);
    handle(SIGPIPE, SIG_IGN);
    handle(SIGTERM, on_term);
    handle(SIGALRM, on_alarm);
    (void)sigemptyset(&term);
    (void)sigaddset(&term, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &term, &open_signals);
    if (sh.w->pool == POOL_AUTH) yield_to_calls();
    sh.arena = arena_new(ARENA_CAP);
    sh.db = db_open(sh.w->cfg->database_url, "switchhook_app", stmts); /* after fork */
    sh.http = http_open();
    if (sh.arena == NULL || FCGX_Init() != 0 || FCGX_InitRequest(&fc, LISTEN_FD, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
        return 1;
    while (fit && !stopping && served < WORKER_REQUESTS + jitter % (WORKER_REQUESTS / 10))
        fit = turn(&sh, &fc, &open_signals, beat, &served);
    FCGX_Free(&fc, 1);
    http_close(sh.http);
    db_close(sh.db);
    arena_free(sh.arena);
    return !fit;
}
