/* Handlers of api and auth, by file. The hooks pool has none: its rows name a kind of event. */
#ifndef HANDLERS_H
#define HANDLERS_H
#include "checks.h"
#include "consents.h"
#include "figures.h"
#include "page.h"
#include "retention.h"
#include "route.h"
#include "subjects.h"

/* calls.c */
handler_fn                 calls_initiate, calls_make, calls_place, calls_show, calls_recordings;
extern const struct fields initiate_in, make_in, place_in;

/* controls.c; the route's arg says what is done */
enum control_name {
    CONTROL_END,
    CONTROL_HOLD,
    CONTROL_RESUME,
    CONTROL_DTMF,
    CONTROL_COMPLETE,
    CONTROL_CANCEL,
    CONTROL_TRANSFER,
    CONTROL_PAUSE,
    CONTROL_UNPAUSE
};
handler_fn                 controls_act, controls_transfer, controls_dtmf, controls_pause;
extern const struct fields transfer_in, dtmf_in, pause_in;

/* nouns.c: what is listed, added, shown, changed and deleted in one way; the route's arg says which */
enum noun_name {
    NOUN_CONTACT,
    NOUN_CLIENT,
    NOUN_CAMPAIGN,
    NOUN_CONVERSATION,
    NOUN_NUMBER,
    NOUN_DNC,
    NOUN_CONSENT,
    NOUN_KEYWORD,
    NOUN_ENDPOINT,
    NOUN_RULE,
    NOUN_SCHEDULE,
    NOUN_DISCLOSURE
};
handler_fn                 nouns_list, nouns_add, nouns_show, nouns_change, nouns_delete;
extern const struct fields contact_in, contact_patch, client_in, client_patch, campaign_in, campaign_patch,
    conversation_patch, number_patch, dnc_in, dnc_patch, keyword_in, keyword_patch;

/* numbers.c, numbers_own.c */
handler_fn numbers_offers, numbers_buy, numbers_assign, numbers_unassign, numbers_release, numbers_adopt, numbers_apply,
    numbers_check, numbers_check_all, numbers_health, numbers_history;
extern const struct fields offers_query, guide_offers_query, buy_in, guide_buy_in, assign_in, guide_assign_in, adopt_in,
    release_query;

/* dnc.c */
handler_fn                 dnc_remove, dnc_entries, dnc_add, dnc_import, dnc_forget;
extern const struct fields dnc_query, dnc_entry_in;

/* calllog.c */
handler_fn                 calls_list, calls_change;
extern const struct fields calls_query, calls_export_query, call_patch;

/* exports.c */
enum export_name { EXPORT_CSV, EXPORT_JSON };
handler_fn exports_calls;

/* feed.c */
handler_fn                 feed_show;
extern const struct fields feed_query;

/* openapi.c */
handler_fn openapi_show;

/* phone.c */
handler_fn                 phone_token, phone_token_v1, phone_preview, phone_prefer;
extern const struct fields guide_token_in, token_in, preview_in, phone_patch;

/* recordings.c */
handler_fn recordings_of_call, recordings_list, recordings_show, recordings_link, recordings_audio, recordings_wave,
    recordings_erase;
extern const struct fields audio_query, link_in;

/* holds.c: the route's arg says on what */
enum hold_name { HOLD_CALL, HOLD_CONTACT, HOLD_CLIENT };
handler_fn                 holds_list, holds_place, holds_lift;
extern const struct fields hold_in;

/* transcripts.c */
handler_fn transcripts_find, transcripts_show, transcripts_of, transcripts_estimate, transcripts_again,
    transcripts_tick;
extern const struct fields transcripts_query, estimate_query, again_in, tick_in;

/* transcription.c */
handler_fn                 transcription_show, transcription_change;
extern const struct fields transcription_patch;

/* queue.c */
handler_fn                 queue_show, queue_jobs, queue_again;
extern const struct fields again_jobs_in, jobs_query;

/* sessions.c */
handler_fn                 sessions_open, sessions_list, sessions_close, sessions_revoke;
extern const struct fields login_in, session_ending;

/** RATE_LIMITED, with Retry-After, if an account's next guess must wait. */
enum err sessions_wait(struct req *, int64_t wait_s) MUST_CHECK;

/* people.c */
handler_fn                 me_show, me_password, password_reset, password_set;
extern const struct fields password_change_in, password_link_in, password_lost_in;

/* users.c */
handler_fn                 colleagues_list, users_list, users_show, users_invite, users_change, users_invite_again;
extern const struct fields user_in, user_patch;

/* keys.c */
handler_fn                 keys_list, keys_show, keys_add, keys_end;
extern const struct fields key_in;

/* audit.c */
handler_fn                 audit_list;
extern const struct fields audit_query;

/* limits.c */
handler_fn                 limits_show, limits_change;
extern const struct fields limits_patch;

/* settings.c */
handler_fn settings_show, settings_change, settings_twilio, settings_twilio_set, settings_origins, settings_origins_set,
    settings_recordings, settings_recordings_set;
extern const struct fields settings_patch, account_in, origins_in, recordings_in;

/* webhooks.c */
handler_fn webhooks_add, webhooks_change, webhooks_rotate, webhooks_test, webhooks_replay, webhooks_log,
    webhooks_delivery, webhooks_resend;
extern const struct fields endpoint_in, endpoint_patch, range_in, log_query;

/* alerts.c */
handler_fn                 alerts_rule_add, alerts_rule_change, alerts_list;
extern const struct fields rule_in, rule_patch;

/* reports.c */
handler_fn                 reports_schedule_add, reports_schedule_change, reports_send, reports_list, reports_show;
extern const struct fields schedule_in, schedule_patch;

/* ops.c */
handler_fn ops_health, ops_alive, ops_ready, ops_environment;

#endif
