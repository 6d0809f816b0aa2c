/* Job fetch: a recording's file comes from Twilio to our disk. ref: recordings.id. */
#include "sql.h"
#include "store.h"
#include "sweep.h"

#include <string.h>

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

static enum err store(struct ctx *cx, struct job *job, const struct recording_file *f, const struct store_place *at)
{
    const struct sql_recording_store_in in = {
        .job = job->id,
        .token = job->token,
        .recording = job->ref,
        .path = at->path,
        .bytes = f->bytes,
        .sha256 = { f->sha256, sizeof f->sha256 },
        .peaks = f->peaks,
        .channels = f->channels,
        .seconds = f->seconds,
        .url =
            arena_printf(cx->arena, "%s/api/twilio/recording/", cx->cfg->public_url == NULL ? "" : cx->cfg->public_url),
        .storage = at->storage,
        .sealed_key = at->sealed_key,
    };
    struct sql_recording_store row;
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_recording_store(cx, &in, &row));
    if (!row.held) return job_lost(cx, job);
    return row.transcription_status != NULL ? OK : store_drop(cx, at); /* erased meanwhile */
}

/* Fetches, and brings what came to where it stays. A lost lease must not put its file over another's. */
static enum err bring(struct ctx *cx, struct job *job, const struct recording_source *from, bool encrypt,
                      struct store_place *at, struct recording_file *file)
{
    TRY(recording_fetch(cx, from, file));
    if (job_renew(cx, job) != OK) {
        recording_drop(cx, from->dir, file->temp);
        return cx->err.code;
    }
    TRY(store_put(cx, at, from->dir, encrypt, file));
    if (job->attempts > 1) store_drop_rest(cx, at); /* the tenant may have changed where they go */
    return OK;
}

/* It is stored already; or it was deleted while a sweep that died was bringing it, and the file may be here. */
static enum err too_late(struct ctx *cx, struct job *job)
{
    struct sql_erase_load r = { .sid = NULL };
    TRY(sql_erase_load(cx, &(const struct sql_erase_load_in){ job->ref }, &r));
    const struct store_place at = { .id = job->ref, .tenant = job->tenant, .sid = r.sid, .storage = r.storage };
    if (r.sid != NULL && store_drop(cx, &at) != OK) return failed(cx, job, -1);
    return job_finish(cx, job);
}

enum err job_fetch(struct ctx *cx, struct job *job)
{
    struct sql_recording_load r = { .sid = NULL };
    struct twilio             account;
    struct job_hold           hold = { cx, job, 0 };
    struct recording_file     file = { .retry_after_s = -1 };
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_recording_load(cx, &(const struct sql_recording_load_in){ job->ref }, &r));
    if (r.sid == NULL) return too_late(cx, job);
    const char *storage = r.storage != NULL ? r.storage : cx->cfg->recordings_storage;
    const bool  encrypt = (r.encrypt != NULL ? *r.encrypt : cx->cfg->recordings_encryption)
                         && strcmp(storage, "twilio") != 0; /* what is left there is Twilio's to encrypt */
    struct recording_source source = {
        .account = &account,
        .sid = r.sid,
        .tenant = job->tenant,
        .token = job->token,
        .seconds = r.duration_seconds == NULL ? -1 : *r.duration_seconds,
        .goes_on = job_goes_on,
        .goes_on_arg = &hold,
    };
    struct store_place at = { .tenant = job->tenant,
                              .id = job->ref,
                              .sid = r.sid,
                              .storage = storage,
                              .goes_on = job_goes_on,
                              .goes_on_arg = &hold };
    if (twilio_load(cx, &account) != OK || store_folder(cx, encrypt, &source.dir) != OK) return failed(cx, job, -1);
    job_allow(cx, DOWNLOAD_MS);
    if (bring(cx, job, &source, encrypt, &at, &file) == OK) return store(cx, job, &file, &at);
    return job->fate == JOB_LOST ? cx->err.code : failed(cx, job, file.retry_after_s);
}
