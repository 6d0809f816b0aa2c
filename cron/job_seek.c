/* Job seek: a call was to be recorded, and nobody has told us of a recording: what does Twilio have? ref: calls.id. */
#include "log.h"
#include "recording.h"
#include "sql.h"
#include "sweep.h"
#include "twilio.h"

#include <string.h>

static enum err failed(struct ctx *cx, struct job *job)
{
    switch (cx->err.code) {
    case ERR_NOT_FOUND: return job_ends(cx, job, JOB_RETRY, recording_patience_s(job->attempts));
    case ERR_NOT_CONFIGURED:
    case ERR_UPSTREAM_AUTH:
    case ERR_INVALID: return job_ends(cx, job, JOB_PARK, -1);
    default: return job_ends(cx, job, JOB_RETRY, -1);
    }
}

/* Writes down what there is; *open: Twilio is still at work on one of them. */
static enum err adopt(struct ctx *cx, const struct job *job, const char *call_sid, const struct twilio_recordings *all,
                      bool *open)
{
    struct sql_recording_found row;
    for (size_t i = 0; i < all->n; i++) {
        const struct twilio_recording      *r = &all->v[i];
        const struct sql_recording_found_in in = { .call = job->ref,
                                                   .call_sid = call_sid,
                                                   .sid = r->sid,
                                                   .status = r->status,
                                                   .source = *r->source == '\0' ? NULL : r->source,
                                                   .channels = r->channels > 0 ? &r->channels : NULL,
                                                   .duration_seconds = r->seconds >= 0 ? &r->seconds : NULL };
        TRY(sql_recording_found(cx, &in, &row));
        *open = *open || (strcmp(r->status, "completed") != 0 && strcmp(r->status, "absent") != 0);
    }
    return OK;
}

static enum err ask(struct ctx *cx, const struct job *job, const char *call_sid)
{
    struct twilio            account;
    struct twilio_recordings all;
    bool                     open = false;
    TRY(twilio_load(cx, &account));
    TRY(twilio_recordings_list(cx, &account, call_sid, &all));
    if (all.n == 0) return ctx_fail(cx, ERR_NOT_FOUND, "Twilio has no recording of this call");
    TRY(adopt(cx, job, call_sid, &all, &open));
    return open ? ctx_fail(cx, ERR_NOT_FOUND, "Twilio is still at work on its recording") : OK;
}

enum err job_seek(struct ctx *cx, struct job *job)
{
    struct sql_seek_load call = { .sid = NULL };
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_seek_load(cx, &(const struct sql_seek_load_in){ job->ref }, &call));
    job_allow(cx, JOB_LEASE_S * 1000 / 2);
    if (call.sid != NULL && ask(cx, job, call.sid) != OK) return failed(cx, job);
    job_allow(cx, JOB_STEP_MS);
    return job_finish(cx, job);
}

enum err job_missing(struct ctx *cx)
{
    struct sql_sweep_lost row;
    TRY(sql_sweep_lost(cx, &row));
    if (row.jobs > 0) LOG(LOG_INFO, "recordings sought", LOG_TEXT("tenant", cx->tenant), LOG_NUM("calls", row.jobs));
    return OK;
}
