/* Spend rows and fates of requests to models. */
#include "ai.h"

#include "sql.h"

#include <stdio.h>

enum { UNUSABLE_MAX = 3, UNUSABLE_DAYS = 4, DAY_S = 86400, PAUSE_MAX_S = 3600 };

enum err ai_open(struct ai *a, int64_t seconds)
{
    const struct sql_ai_open_in in = { .job = a->job->id,
                                       .token = a->job->token,
                                       .recording = a->recording,
                                       .purpose = a->purpose,
                                       .model = a->model,
                                       .seconds = seconds < 0 ? NULL : &seconds,
                                       .lease = job_lease_s(a->cx) };
    struct sql_ai_open          row = { .id = NULL };
    job_allow(a->cx, JOB_STEP_MS);
    TRY(sql_ai_open(a->cx, &in, &row));
    if (row.id == NULL) return job_lost(a->cx, a->job);
    a->row = row.id;
    a->hold = (struct job_hold){ a->cx, a->job, 0 };
    a->openai = (struct openai){ .goes_on = job_goes_on, .goes_on_arg = &a->hold, .retry_after_s = -1 };
    job_allow(a->cx, AI_REQUEST_MS);
    return OK;
}

/* The answer came and was paid for, or this request will never be answered otherwise. */
static bool unusable(const struct ctx *cx)
{
    return cx->err.code == ERR_MALFORMED || cx->err.code == ERR_TOO_LARGE || cx->err.code == ERR_UPSTREAM_REFUSED;
}

void ai_close(struct ai *a)
{
    struct ctx  quiet = *a->cx;
    const char *how = quiet.err.code == OK
                          ? "ok"
                          : arena_printf(quiet.arena, "%s%s", unusable(&quiet) ? "unusable: " : "", quiet.err.msg);
    /* after UNKNOWN it may have been heard, answered and billed */
    const bool  billed = quiet.err.code == OK || quiet.err.code == ERR_MALFORMED || quiet.err.code == ERR_TOO_LARGE
                        || quiet.err.code == ERR_UNKNOWN;
    ctx_forgive(&quiet);
    job_allow(&quiet, JOB_STEP_MS);
    if (sql_ai_close(&quiet, &(const struct sql_ai_close_in){ a->row, how, billed }) != OK) return; /* the row stands */
}

/* Says whose JSON it was. */
static void blame(struct ctx *cx)
{
    const char *why = arena_strdup(cx->arena, cx->err.msg);
    (void)snprintf(cx->err.msg, sizeof cx->err.msg, "the model's answer cannot be used: %s", why);
}

/* Another answer may be better; and whoever answers HTML where a model should be may be put right. */
static enum err disappointed(struct ai *a)
{
    const int64_t n = a->failures + 1;
    if (n < UNUSABLE_MAX) return job_ends(a->cx, a->job, JOB_RETRY, -1);
    return job_ends(a->cx, a->job, n < UNUSABLE_MAX + UNUSABLE_DAYS ? JOB_PARK : JOB_DEAD, DAY_S);
}

enum err ai_failed(struct ai *a)
{
    const int64_t asked = a->openai.retry_after_s;
    const bool    last = a->job->attempts >= JOB_ATTEMPTS;
    if (a->cx->err.code == ERR_MALFORMED) blame(a->cx);
    if (a->openai.quota) a->job->cause = "quota";
    if (unusable(a->cx)) return disappointed(a);
    if (a->cx->err.code == ERR_NOT_CONFIGURED || a->cx->err.code == ERR_UPSTREAM_AUTH)
        return job_ends(a->cx, a->job, JOB_PARK, -1);
    return job_ends(a->cx, a->job, last ? JOB_PARK : JOB_RETRY,
                    asked > PAUSE_MAX_S ? PAUSE_MAX_S
                    : asked > 0         ? asked
                                        : -1);
}
