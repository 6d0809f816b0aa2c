/* Job fetch: a recording's file comes from Twilio to our disk. ref: recordings.id. */
#include "recording.h"
#include "sql.h"
#include "sweep.h"

enum { DOWNLOAD_MS = 60 * 60 * 1000, PAUSE_MAX_S = 3600 };

/* 404 is "not yet" for some time after the callback; what is still not there after all attempts is absent. */
static enum err failed(struct ctx *cx, struct job *job, int64_t asked_s)
{
    switch (cx->err.code) {
    case ERR_NOT_FOUND: job->mark = "absent"; return job_ends(cx, job, JOB_RETRY, recording_patience_s(job->attempts));
    case ERR_TOO_LARGE: job->mark = "skipped:too_large"; return job_ends(cx, job, JOB_DEAD, -1);
    case ERR_NOT_CONFIGURED:
    case ERR_UPSTREAM_AUTH:
    case ERR_INVALID:                                          /* a secret that does not open */
    case ERR_INTERNAL: return job_ends(cx, job, JOB_PARK, -1); /* a disk that is full or not ours */
    default: return job_ends(cx, job, JOB_RETRY, asked_s > PAUSE_MAX_S ? PAUSE_MAX_S : asked_s);
    }
}

static enum err store(struct ctx *cx, struct job *job, const struct recording_file *f)
{
    const struct sql_recording_store_in in = {
        .job = job->id,
        .token = job->token,
        .recording = job->ref,
        .path = f->path,
        .bytes = f->bytes,
        .sha256 = { f->sha256, sizeof f->sha256 },
        .peaks = f->peaks,
        .channels = f->channels,
        .seconds = f->seconds,
        .url =
            arena_printf(cx->arena, "%s/api/twilio/recording/", cx->cfg->public_url == NULL ? "" : cx->cfg->public_url),
    };
    struct sql_recording_store row;
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_recording_store(cx, &in, &row));
    if (!row.held) return job_lost(cx, job);
    if (row.transcription_status == NULL) recording_drop(cx, cx->cfg->recordings_dir, f->path); /* erased meanwhile */
    return OK;
}

enum err job_fetch(struct ctx *cx, struct job *job)
{
    struct sql_recording_load r = { .sid = NULL };
    struct twilio             account;
    struct job_hold           hold = { cx, job, 0 };
    struct recording_file     file = { .retry_after_s = -1 };
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_recording_load(cx, &(const struct sql_recording_load_in){ job->ref }, &r));
    if (r.sid == NULL) return job_finish(cx, job);
    if (twilio_load(cx, &account) != OK) return failed(cx, job, -1);
    const struct recording_source source = {
        .account = &account,
        .sid = r.sid,
        .dir = cx->cfg->recordings_dir,
        .tenant = job->tenant,
        .token = job->token,
        .seconds = r.duration_seconds == NULL ? -1 : *r.duration_seconds,
        .goes_on = job_goes_on,
        .goes_on_arg = &hold,
    };
    job_allow(cx, DOWNLOAD_MS);
    if (recording_fetch(cx, &source, &file) != OK) return failed(cx, job, file.retry_after_s);
    if (job_renew(cx, job) != OK) { /* a lost lease must not put its file over another's */
        recording_drop(cx, source.dir, file.temp);
        return cx->err.code;
    }
    if (recording_keep(cx, source.dir, &file) != OK) return failed(cx, job, -1);
    return store(cx, job, &file);
}
