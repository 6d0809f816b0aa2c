/* Job price: what Twilio charged for a call's legs and recordings, known minutes to days after the call. ref: calls.id.
 */
#include "buf.h"
#include "sql.h"
#include "sweep.h"
#include "twilio.h"

#include <string.h>

enum { TOLD_MAX = 16 * 1024, ASK_MS = 60 * 1000, FIRST_S = 600, LAST_S = 86400 };

/* Ten minutes, then twice as long each time, up to a day: eight attempts are more than 72 hours. */
static int64_t patience_s(int64_t attempts)
{
    const int64_t s = (int64_t)FIRST_S << (attempts > 8 ? 8 : attempts);
    return s > LAST_S ? LAST_S : s;
}

static enum err failed(struct ctx *cx, struct job *job)
{
    switch (cx->err.code) {
    case ERR_NOT_CONFIGURED:
    case ERR_UPSTREAM_AUTH:
    case ERR_INVALID: return job_ends(cx, job, JOB_PARK, -1);
    default: return job_ends(cx, job, JOB_RETRY, patience_s(job->attempts));
    }
}

/* Twilio's word about one sid. What it does not know any more stays without a price. */
static enum err ask(struct ctx *cx, const struct twilio *account, const char *sid, struct buf *told)
{
    struct twilio_price p = { "", "" };
    enum err            e = twilio_price(cx, account, sid, &p);
    if (e == ERR_NOT_FOUND) {
        ctx_forgive(cx);
        return OK;
    }
    if (e != OK) return e;
    buf_str(told, told->len > 1 ? ",{\"sid\":" : "{\"sid\":");
    buf_json(told, sid);
    buf_str(told, ",\"price\":");
    buf_json(told, p.amount[0] == '\0' ? NULL : p.amount);
    buf_str(told, ",\"unit\":");
    buf_json(told, p.unit);
    buf_str(told, "}");
    return OK;
}

enum err job_price(struct ctx *cx, struct job *job)
{
    struct sql_price_load  open = { .sids = NULL };
    struct sql_price_store done;
    struct twilio          account;
    struct buf             told = buf_new(cx->arena, TOLD_MAX);
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_price_load(cx, &(const struct sql_price_load_in){ job->ref }, &open));
    if (open.sids == NULL) return job_finish(cx, job);
    if (twilio_load(cx, &account) != OK) return failed(cx, job);
    buf_str(&told, "[");
    for (const char *s = open.sids; *s != '\0'; s += strspn(s, " ")) {
        const size_t n = strcspn(s, " ");
        job_allow(cx, ASK_MS);
        if (ask(cx, &account, arena_copy(cx->arena, s, n), &told) != OK) return failed(cx, job);
        s += n;
    }
    buf_str(&told, "]");
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_price_store(cx, &(const struct sql_price_store_in){ job->ref, told.at }, &done));
    if (done.whole) return job_finish(cx, job);
    (void)ctx_fail(cx, ERR_NOT_FOUND, "Twilio has not settled all prices");
    return failed(cx, job);
}
