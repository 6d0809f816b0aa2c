/* Claims, leases and ends of the sweep's jobs. */
#include "job.h"

#include "check.h"
#include "clock.h"
#include "config.h"
#include "sql.h"

#include <string.h>

void job_allow(struct ctx *cx, int64_t ms)
{
    cx->deadline_ms = clock_ms() + ms;
}

int64_t job_lease_s(const struct ctx *cx)
{
    const char *set = cx->cfg == NULL ? NULL : cx->cfg->sweep_lease_seconds;
    int64_t     s;
    return set != NULL && check_int(set, 1, INT32_MAX, &s) ? s : JOB_LEASE_S;
}

const char *job_cause(enum err e)
{
    static const struct {
        enum err    err;
        const char *word;
    } words[] = {
        { ERR_NOT_CONFIGURED, "settings" }, { ERR_UPSTREAM_AUTH, "key" },    { ERR_RATE_LIMITED, "busy" },
        { ERR_UPSTREAM, "provider" },       { ERR_UNAVAILABLE, "provider" }, { ERR_UNKNOWN, "provider" },
        { ERR_TIMEOUT, "provider" },        { ERR_MALFORMED, "answer" },     { ERR_TOO_LARGE, "answer" },
        { ERR_UPSTREAM_REFUSED, "answer" }, { ERR_NOT_FOUND, "absent" },     { ERR_INTERNAL, "disk" },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].err == e) return words[i].word;
    return "other";
}

enum err job_claim(struct ctx *cx, const char *kinds, int64_t *spot, struct job *out)
{
    struct sql_job_claim row = { .id = NULL };
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_job_claim(cx, &(const struct sql_job_claim_in){ kinds, *spot, job_lease_s(cx) }, &row));
    *out = (struct job){ .id = row.id,
                         .tenant = row.tenant_id,
                         .kind = row.kind,
                         .ref = row.ref,
                         .token = row.token,
                         .attempts = row.attempts,
                         .delay_s = -1 };
    if (row.id != NULL) *spot = row.spot;
    return OK;
}

enum err job_lost(struct ctx *cx, struct job *job)
{
    job->fate = JOB_LOST;
    return ctx_fail(cx, ERR_CONFLICT, "the lease was lost");
}

enum err job_finish(struct ctx *cx, struct job *job)
{
    struct sql_job_finish row = { .held = false };
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_job_finish(cx, &(const struct sql_job_finish_in){ job->id, job->token }, &row));
    return row.held ? OK : job_lost(cx, job);
}

enum err job_renew(struct ctx *cx, struct job *job)
{
    struct sql_job_renew row = { .held = false };
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_job_renew(cx, &(const struct sql_job_renew_in){ job->id, job->token, job_lease_s(cx) }, &row));
    return row.held ? OK : job_lost(cx, job);
}

enum err job_ends(struct ctx *cx, struct job *job, enum job_fate fate, int64_t delay_s)
{
    if (job->fate != JOB_LOST) job->fate = fate;
    job->delay_s = delay_s;
    return ctx_fail(cx, ERR_UPSTREAM, "it did not succeed"); /* stands only where no reason was recorded */
}

/* Reasons may quote what somebody else sent, cut anywhere: PostgreSQL takes only UTF-8. */
static const char *clean(struct ctx *cx, const char *reason)
{
    char *out = arena_strdup(cx->arena, reason);
    for (char *p = out; *p != '\0';) {
        size_t n = check_utf8_char(p);
        if (n == 0) *p = '?';
        p += n == 0 ? 1 : n;
    }
    return out;
}

enum err job_fail(struct ctx *cx, const struct job *job, const char *reason, const char *cause, const char **state)
{
    static const char *const fates[] = { [JOB_RETRY] = "retry", [JOB_PARK] = "park", [JOB_DEAD] = "dead" };
    static const int64_t     park_s = 15 * 60;
    struct sql_job_fail      row = { .state = NULL };
    const int64_t           *delay = job->delay_s >= 0 ? &job->delay_s : job->fate == JOB_PARK ? &park_s : NULL;
    *state = NULL;
    if (job->fate == JOB_LOST) return OK;
    const struct sql_job_fail_in       fail = { job->id,      job->token, fates[job->fate], clean(cx, reason), delay,
                                                JOB_ATTEMPTS, cause };
    const struct sql_recording_note_in note = { job->id, job->token, job->mark };
    const struct db_call               calls[] = { { &sql_job_fail_stmt, &fail, 1, &row },
                                                   { &sql_recording_note_stmt, &note, 1, NULL } };
    job_allow(cx, JOB_STEP_MS);
    TRY(db_all(cx, calls, 2));
    *state = row.state;
    return OK;
}

bool job_goes_on(void *p)
{
    struct job_hold *h = p;
    struct ctx       cx = *h->cx; /* its failures are not those of the job */
    int64_t          now = clock_ms(), beat_ms = job_lease_s(h->cx) * 1000 / JOB_BEATS;
    if (h->next_ms == 0) h->next_ms = now + beat_ms;
    if (now < h->next_ms) return true;
    h->next_ms = now + beat_ms;
    ctx_forgive(&cx);
    return job_renew(&cx, h->job) != ERR_CONFLICT;
}
