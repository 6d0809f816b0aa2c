/* One job after another: claim, the kind's work, its end, one line in the log. */
#include "sweep.h"

#include "clock.h"
#include "log.h"
#include "veil.h"

#include <stdio.h>
#include <string.h>

enum { QUIET_MS = 60 * 1000, WORD_MAX = 41 };

static const struct job_row rows[] = {
    { "fetch", false, job_fetch, "twilio" },
    { "transcribe", true, job_transcribe, "model" },
    { "retranscribe", true, job_transcribe, "model" },
    { "analyse", true, job_analyse, "model" },
    { "seek", false, job_seek, "twilio" },
    { "erase", false, job_erase, "twilio" },
    { "forget", false, job_forget, "twilio" },
    { "mail", false, job_mail, "mail" },
    { "control", false, job_control, "twilio" },
    { "unpause", false, job_unpause, "twilio" },
    { "price", false, job_price, "twilio" },
    { "webhook", false, job_webhook, "webhook" },
    { "notify", false, job_notify, "notify" },
    { "alert", false, job_alert, "mail" },
    { "report", false, job_report, "mail" },
    { "retain", false, job_retain, "retention" },
};
static const char all_kinds[] = "fetch transcribe retranscribe analyse seek erase forget mail control unpause "
                                "price webhook notify alert report retain";

static const struct job_row *row_of(const char *kind)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(kind, rows[i].word) == 0) return &rows[i];
    return NULL;
}

bool sweep_knows(const char *kind)
{
    return row_of(kind) != NULL || standing_knows(kind);
}

bool sweep_knows_all(const char *kinds)
{
    char   word[WORD_MAX];
    size_t n;
    for (; *kinds != '\0'; kinds += n, kinds += *kinds == ' ') {
        n = strcspn(kinds, " ");
        if (n == 0 || n >= sizeof word) return false;
        memcpy(word, kinds, n);
        word[n] = '\0';
        if (row_of(word) == NULL) return false;
    }
    return true;
}

struct ctx sweep_ctx(struct sweep *s)
{
    return (struct ctx){ .arena = s->arena, .db = s->db, .http = s->http, .cfg = s->cfg, .keys = s->keys };
}

/* A model that refuses for want of a cure refuses everybody: the rest of its jobs wait without asking. */
static enum err guarded(struct sweep *s, const struct job_row *row, struct ctx *cx, struct job *job)
{
    if (job->attempts > JOB_DEATHS) {
        (void)ctx_fail(cx, ERR_INTERNAL, "the sweep died in it %lld times", (long long)job->attempts - 1);
        return job_ends(cx, job, JOB_DEAD, -1);
    }
    if (row->costs && clock_ms() < s->quiet_ms) {
        (void)ctx_fail(cx, ERR_UPSTREAM_AUTH, "%s", s->why);
        job->cause = s->cause;
        return job_ends(cx, job, JOB_PARK, -1);
    }
    if (row->costs) { /* it reads and writes what was said */
        job_allow(cx, JOB_STEP_MS);
        TRY(veil_load(cx));
        if (veil_ready(cx) != OK) return job_ends(cx, job, JOB_PARK, -1);
    }
    enum err e = row->run(cx, job);
    if (e != OK && row->costs && job->fate == JOB_PARK && strcmp(job_cause(e), "answer") != 0) {
        s->cause = job->cause == NULL ? job_cause(e) : job->cause;
        s->quiet_ms = clock_ms() + QUIET_MS;
        (void)snprintf(s->why, sizeof s->why, "%s", cx->err.msg);
    }
    return e;
}

static void report(const struct job *job, const char *state, const char *reason, int64_t ms)
{
    const bool bad = strcmp(state, "dead") == 0 || strcmp(state, "parked") == 0;
    LOG(bad ? LOG_WARN : LOG_INFO, "job", LOG_TEXT("kind", job->kind), LOG_TEXT("state", state),
        LOG_TEXT("id", job->id), LOG_TEXT("tenant", job->tenant), LOG_TEXT("ref", job->ref),
        LOG_NUM("attempt", job->attempts), LOG_NUM("ms", ms), LOG_TEXT("reason", reason));
}

/* The database's: the job's lease will pass, and somebody takes it again. */
static enum err trouble(const struct ctx *cx)
{
    LOG(LOG_ERROR, "sweep", LOG_TEXT("reason", cx->err.msg));
    return cx->err.code;
}

static enum err end(struct sweep *s, struct ctx *cx, const struct job *job, int64_t began)
{
    const char *reason = NULL, *state = "done";
    if (cx->err.code != OK) {
        const char *cause = arena_printf(cx->arena, "%s:%s", row_of(job->kind)->of,
                                         job->cause == NULL ? job_cause(cx->err.code) : job->cause);
        reason = arena_strdup(cx->arena, cx->err.msg);
        ctx_forgive(cx);
        if (job_fail(cx, job, reason, cause, &state) != OK) return trouble(cx);
    }
    report(job, state == NULL ? "lost" : state, reason, clock_ms() - began);
    s->done++;
    return OK;
}

/* One job, if one is due. */
static enum err one(struct sweep *s, bool *idle)
{
    struct ctx cx = sweep_ctx(s);
    struct job job;
    int64_t    began = clock_ms();
    if (job_claim(&cx, s->only == NULL ? all_kinds : s->only, &s->spot, &job) != OK) return trouble(&cx);
    *idle = job.id == NULL;
    if (*idle) return OK;
    cx.tenant = job.tenant;
    (void)snprintf(cx.id, sizeof cx.id, "%s", job.id);
    (void)guarded(s, row_of(job.kind), &cx, &job); /* recorded in cx; end() reads it */
    return end(s, &cx, &job, began);
}

enum err sweep_jobs(struct sweep *s)
{
    bool     idle = s->only != NULL && !sweep_knows_all(s->only);
    enum err e = OK;
    while (e == OK && !idle && !*s->stop && clock_ms() < s->until_ms) {
        e = one(s, &idle);
        arena_reset(s->arena);
    }
    return e;
}
