/* Pages of other origins in a browser. */
#include "cors.h"

#include "check.h"
#include "config.h"
#include "sql.h"

#include <string.h>

enum { SHOWN = 80 }; /* characters of an origin that are repeated */

bool cors_preflight(const struct req *rq)
{
    return rq->method == METHOD_OPTIONS && *rq->origin != '\0' && *rq->asked_method != '\0';
}

/* Ours, or none: nothing to decide. */
static bool at_home(const struct req *rq)
{
    const char *ours = rq->ctx->cfg->public_url;
    return *rq->origin == '\0' || (ours != NULL && strcmp(rq->origin, ours) == 0);
}

static enum err refuse(struct req *rq)
{
    struct ctx *cx = rq->ctx;
    const char *shown = check_header(rq->origin) ? rq->origin : "(not printable)";
    if (cx->err.code == OK)
        cx->err.cure = arena_printf(cx->arena,
                                    "The page came from %.*s. Allow it: switchhook origin add --origin %.*s, or PUT "
                                    "/api/v1/settings/origins.",
                                    SHOWN, shown, SHOWN, shown);
    return ctx_fail(cx, ERR_ORIGIN, "Unauthorized domain: %.*s", SHOWN, shown);
}

enum err cors_answer(struct req *rq, struct res *rs)
{
    struct ctx             *cx = rq->ctx;
    struct sql_origin_known row = { .known = at_home(rq) };
    if (!row.known && check_header(rq->origin))
        TRY(sql_origin_known(cx, &(const struct sql_origin_known_in){ rq->origin }, &row));
    if (!row.known) return refuse(rq);
    rq->origin_allowed = true;
    *rs = (struct res){ .status = 204 };
    TRY(res_header(cx, rs, "Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE"));
    TRY(res_header(cx, rs, "Access-Control-Allow-Headers",
                   "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id"));
    return res_header(cx, rs, "Access-Control-Max-Age", "600");
}

enum err cors_check(struct req *rq)
{
    struct ctx               *cx = rq->ctx;
    struct sql_origin_allowed row = { .allowed = false };
    if (at_home(rq) || cx->tenant == NULL) return OK;
    if (check_header(rq->origin))
        TRY(sql_origin_allowed(cx, &(const struct sql_origin_allowed_in){ rq->origin }, &row));
    rq->origin_allowed = row.allowed;
    return row.allowed ? OK : refuse(rq);
}

/* No credentials: pages elsewhere hold a token of their own, and cookies are for our own pages. */
enum err cors_headers(struct req *rq, struct res *rs)
{
    struct ctx *cx = rq->ctx;
    TRY(res_header(cx, rs, "Vary", "Origin"));
    if (!rq->origin_allowed) return OK;
    TRY(res_header(cx, rs, "Access-Control-Allow-Origin", rq->origin));
    return res_header(cx, rs, "Access-Control-Expose-Headers",
                      "ETag, Link, Location, Retry-After, X-Request-Id, Idempotency-Replayed, RateLimit-Limit, "
                      "RateLimit-Remaining, RateLimit-Reset");
}
