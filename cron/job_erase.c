/* Job erase: the audio of a deleted recording goes away, here first, then at Twilio. ref: recordings.id. Every step may
 * be done again, so that a sweep which dies in between leaves nothing half. */
#include "sql.h"
#include "store.h"
#include "sweep.h"
#include "twilio.h"

static enum err failed(struct ctx *cx, struct job *job)
{
    switch (cx->err.code) {
    case ERR_NOT_CONFIGURED:
    case ERR_UPSTREAM_AUTH:
    case ERR_INVALID:
    case ERR_INTERNAL: return job_ends(cx, job, JOB_PARK, -1); /* waits for an account, a key or a disk */
    default: return job_ends(cx, job, JOB_RETRY, -1);
    }
}

static enum err remove_all(struct ctx *cx, const struct job *job, const struct sql_erase_load *r)
{
    const struct store_place place = { .id = job->ref, .tenant = job->tenant, .sid = r->sid, .storage = r->storage };
    struct twilio            account;
    TRY(store_drop(cx, &place));
    TRY(twilio_load(cx, &account));
    return twilio_recording_delete(cx, &account, r->sid);
}

enum err job_erase(struct ctx *cx, struct job *job)
{
    struct sql_erase_load r = { .sid = NULL };
    struct sql_erase_done row;
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_erase_load(cx, &(const struct sql_erase_load_in){ job->ref }, &r));
    if (r.sid == NULL) return job_finish(cx, job);
    job_allow(cx, JOB_LEASE_S * 1000);
    if (remove_all(cx, job, &r) != OK) return failed(cx, job);
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_erase_done(cx, &(const struct sql_erase_done_in){ job->id, job->token, job->ref }, &row));
    return row.held ? OK : job_lost(cx, job);
}
