/* Limits of requests a minute. */
#include "rate.h"

#include "sql.h"

enum err rate_take(struct ctx *cx, const char *subject, struct rate *out)
{
    struct sql_rate_take row;
    TRY(sql_rate_take(cx, &(const struct sql_rate_take_in){ subject }, &row));
    *out = (struct rate){
        .max = row.max, .remaining = row.remaining, .reset_s = row.reset_s, .retry_s = row.allowed ? 0 : row.retry_s
    };
    return row.allowed ? OK : ctx_fail(cx, ERR_RATE_LIMITED, "over %lld requests a minute", (long long)row.max);
}
