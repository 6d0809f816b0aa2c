/* Jobs notify and alert: who is told of a notice (ref: notices.id), and one message (ref: alerts.id). A mail may at
 * worst come twice; an SMS never does: what may have been sent is looked for at Twilio, and not sent again. */
#include "clock.h"
#include "config.h"
#include "notify.h"
#include "sql.h"
#include "sweep.h"
#include "twilio_message.h"
#include "veil.h"

#include <string.h>

enum { SEND_MS = 30 * 1000, LOOK_S = 60, RETRY_S = 30, LOOK_BACK_MS = 24 * 60 * 60 * 1000 };

enum err job_notify(struct ctx *cx, struct job *job)
{
    struct sql_notice_spread row = { .held = false };
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_notice_spread(cx, &(const struct sql_notice_spread_in){ job->id, job->token, job->ref }, &row));
    return row.held ? OK : job_lost(cx, job);
}

static enum err note(struct ctx *cx, struct job *job, const char *state, const char *sid, int64_t delay_s)
{
    const struct sql_alert_note_in in = {
        .job = job->id,
        .token = job->token,
        .alert = job->ref,
        .state = state,
        .sid = sid,
        .reason = cx->err.code == OK ? NULL : arena_strdup(cx->arena, cx->err.msg),
        .delay_s = delay_s,
    };
    struct sql_alert_note row = { .held = false };
    ctx_forgive(cx);
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_alert_note(cx, &in, &row));
    return row.held ? OK : job_lost(cx, job);
}

/* What nothing was sent of is tried again, at most so often; then it has failed. */
static enum err again(struct ctx *cx, struct job *job)
{
    if (job->attempts >= JOB_ATTEMPTS) return note(cx, job, "failed", NULL, 0);
    return note(cx, job, "waiting", NULL, RETRY_S * job->attempts);
}

static enum err by_mail(struct ctx *cx, struct job *job, const struct sql_alert_take *a)
{
    struct mail mail = { .to = a->target, .timeout_ms = SEND_MS };
    TRY(notify_mail(cx, a->tenant, a->words, &mail));
    job_allow(cx, SEND_MS);
    switch (mail_send(cx, &mail)) {
    case OK: return note(cx, job, "sent", NULL, 0);
    case ERR_NOT_CONFIGURED: return job_ends(cx, job, JOB_PARK, -1);
    case ERR_INVALID: return note(cx, job, "failed", NULL, 0);
    default: return again(cx, job);
    }
}

/* It may have been sent: if Twilio has it, it was. */
static enum err looked_for(struct ctx *cx, struct job *job, const struct twilio *t, const struct twilio_message *m)
{
    const char *sid = NULL;
    if (twilio_message_find(cx, t, m, clock_unix_ms() - LOOK_BACK_MS, &sid) != OK)
        return job->attempts >= JOB_ATTEMPTS ? note(cx, job, "unknown", NULL, 0)
                                             : note(cx, job, "sending", NULL, LOOK_S);
    if (sid != NULL) return note(cx, job, "sent", sid, 0);
    (void)ctx_fail(cx, ERR_UNKNOWN, "nobody knows whether Twilio took it, and it is not sent twice");
    return note(cx, job, "unknown", NULL, 0);
}

static enum err by_sms(struct ctx *cx, struct job *job, const struct sql_alert_take *a)
{
    struct twilio         account;
    struct twilio_message m = { .to = a->target, .from = a->our_number };
    const char           *sid = NULL;
    if (a->our_number == NULL) {
        (void)ctx_fail(cx, ERR_NO_NUMBER, "the tenant has no number to send from");
        return note(cx, job, "failed", NULL, 0);
    }
    TRY(notify_sms(cx, a->tenant, a->words, &m.body));
    if (twilio_load(cx, &account) != OK) return job_ends(cx, job, JOB_PARK, -1);
    job_allow(cx, SEND_MS);
    if (a->again) return looked_for(cx, job, &account, &m);
    switch (twilio_message_send(cx, &account, &m, &sid)) {
    case OK: return note(cx, job, "sent", sid, 0);
    case ERR_UNAVAILABLE:
    case ERR_RATE_LIMITED: return again(cx, job);
    case ERR_UNKNOWN: return note(cx, job, "sending", NULL, LOOK_S);
    default: return note(cx, job, "failed", NULL, 0);
    }
}

enum err job_alert(struct ctx *cx, struct job *job)
{
    const char                    *site = cx->cfg->public_url == NULL ? "" : cx->cfg->public_url;
    struct sql_alert_take          row = { .channel = NULL };
    const struct sql_alert_take_in in = { job->id, job->token, job->ref, site };
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_alert_take(cx, &in, &row));
    if (row.channel == NULL) return job_finish(cx, job);
    if (strstr(row.words, "\"sealed1|") != NULL) {
        TRY(veil_load(cx));
        if (veil_ready(cx) != OK) return job_ends(cx, job, JOB_PARK, -1);
        row.words = veil_json_open(cx, cx->veil, row.words);
    }
    return strcmp(row.channel, "sms") == 0 ? by_sms(cx, job, &row) : by_mail(cx, job, &row);
}
