/* Limits of requests a minute. */
#include "rate.h"

#include "sql.h"
#include "veil.h"

enum err rate_take(struct ctx *cx, const char *subject, struct rate *out)
{
    const struct sql_rate_take_in in = { subject };
    struct sql_rate_take          row;
    struct sql_veil_load          veil = { .sealing = NULL };
    const struct db_call calls[] = { { &sql_rate_take_stmt, &in, 1, &row }, { &sql_veil_load_stmt, NULL, 1, &veil } };
    TRY(db_all(cx, calls, 2));
    *out = (struct rate){
        .max = row.max, .remaining = row.remaining, .reset_s = row.reset_s, .retry_s = row.allowed ? 0 : row.retry_s
    };
    veil_take(cx, &veil);
    return row.allowed ? OK : ctx_fail(cx, ERR_RATE_LIMITED, "over %lld requests a minute", (long long)row.max);
}
