/* Requests that a browser may have been tricked into. */
#include "csrf.h"

#include "config.h"
#include "digest.h"

#include <string.h>

static const char purpose[] = "switchhook csrf 1";

const char *csrf_token(struct arena *a, const char *session)
{
    unsigned char mac[DIGEST_SHA256];
    digest_hmac256(session, strlen(session), purpose, sizeof purpose - 1, mac);
    return digest_hex(a, mac, sizeof mac);
}

/* Browsers send Origin with every unsafe request; those that leave it out of their own pages' say so otherwise. */
static bool same_origin(const struct req *rq)
{
    const char *ours = rq->ctx->cfg->public_url;
    if (*rq->origin != '\0') return ours != NULL && strcmp(rq->origin, ours) == 0;
    return strcmp(rq->fetch_site, "same-origin") == 0;
}

enum err csrf_check(struct req *rq, const char *session)
{
    struct ctx *cx = rq->ctx;
    if (rq->method == METHOD_GET) return OK;
    if (!same_origin(rq)) return ctx_fail(cx, ERR_FORBIDDEN, "a session's request must come from our own pages");
    const char  *token = csrf_token(cx->arena, session);
    const size_t n = strlen(token);
    if (strlen(rq->csrf) == n && digest_same(rq->csrf, token, n)) return OK;
    if (cx->err.code == OK) cx->err.cure = "Send X-CSRF-Token with the csrf_token of GET /api/v1/me.";
    return ctx_fail(cx, ERR_FORBIDDEN, "X-CSRF-Token: %s", *rq->csrf == '\0' ? "is missing" : "is not this session's");
}
