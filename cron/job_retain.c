/* Job retain: a run of retention, step by step; ref: retention_runs.id. Each step is a transaction that says how far it
 * has come, so that a sweep which dies leaves nothing half, and another goes on. */
#include "clock.h"
#include "log.h"
#include "sql.h"
#include "sweep.h"

#include <string.h>

enum { STEP_ROWS = 200, TURN_MS = 5 * 1000 };

static enum err pause_run(struct ctx *cx, struct job *job)
{
    struct sql_retention_pause row = { .held = false };
    TRY(sql_retention_pause(cx, &(const struct sql_retention_pause_in){ job->id, job->token }, &row));
    return row.held ? OK : job_lost(cx, job);
}

enum err job_retain(struct ctx *cx, struct job *job)
{
    const struct sql_retention_step_in in = { job->ref, job->id, job->token, job_lease_s(cx), STEP_ROWS };
    struct sql_retention_step          row;
    const int64_t                      until_ms = clock_ms() + TURN_MS;
    do {
        job_allow(cx, JOB_STEP_MS);
        TRY(sql_retention_step(cx, &in, &row));
        if (strcmp(row.word, "lost") == 0) return job_lost(cx, job);
        if (strcmp(row.word, "more") != 0) return OK;
    } while (clock_ms() < until_ms);
    return pause_run(cx, job);
}

enum err job_retention_due(struct ctx *cx)
{
    struct sql_retention_due row;
    TRY(sql_retention_due(cx, &row));
    if (row.made > 0) LOG(LOG_INFO, "retention begins", LOG_TEXT("tenant", cx->tenant));
    return OK;
}
