/* Between libfcgi and handlers: nothing of FCGX_ passes, nothing cut short passes. */
#include "request.h"

#include "check.h"
#include "id.h"
#include "limit.h"

#include <fcgiapp.h>
#include <stdio.h>
#include <string.h>

static const char *text(struct req *rq, FCGX_Request *fc, const char *name)
{
    const char *v = FCGX_GetParam(name, fc->envp);
    return v == NULL ? "" : arena_strdup(rq->ctx->arena, v); /* libfcgi's copy dies with the request */
}

/* nginx passes a repeated header as a repeated parameter; which of them was checked must not be a question. */
static const char *doubled(char **envp)
{
    static const char *const names[] = {
        "HTTP_X_TWILIO_SIGNATURE", "HTTP_AUTHORIZATION", "HTTP_COOKIE", "CONTENT_TYPE",
        "HTTP_IDEMPOTENCY_KEY",    "CONTENT_LENGTH",     "HTTP_ORIGIN", "HTTP_X_CSRF_TOKEN"
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int    n = 0;
        size_t len = strlen(names[i]);
        for (char **e = envp; *e != NULL; e++) n += strncmp(*e, names[i], len) == 0 && (*e)[len] == '=';
        if (n > 1) return names[i];
    }
    return NULL;
}

static enum method method_of(const char *name)
{
    static const struct {
        const char *name;
        enum method method;
    } all[] = { { "GET", METHOD_GET },     { "POST", METHOD_POST },     { "PUT", METHOD_PUT },
                { "PATCH", METHOD_PATCH }, { "DELETE", METHOD_DELETE }, { "OPTIONS", METHOD_OPTIONS } };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, name) == 0) return all[i].method;
    return METHOD_OTHER;
}

/* The client's X-Request-Id where it is fit for a log line, else one of ours. */
static void name_it(struct ctx *cx, const char *wanted)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
    size_t            n = strlen(wanted);
    if (n >= 8 && n < CTX_ID && strspn(wanted, letters) == n) (void)snprintf(cx->id, CTX_ID, "%s", wanted);
    else if (cx->id[0] == '\0') id_uuid7(cx->id);
}

static enum err body_read(struct req *rq, FCGX_Request *fc, size_t max)
{
    const char *length = text(rq, fc, "CONTENT_LENGTH");
    int64_t     want = 0;
    size_t      got = 0;
    if (*length != '\0' && strspn(length, "0123456789") != strlen(length))
        return ctx_fail(rq->ctx, ERR_MALFORMED, "content length");
    if (*length != '\0' && !check_int(length, 0, (int64_t)max, &want))
        return ctx_fail(rq->ctx, ERR_TOO_LARGE, "body over %zu bytes", max);

    char *body = arena_alloc(rq->ctx->arena, (size_t)want + 1);
    for (int n = 1; n > 0 && got < (size_t)want; got += (size_t)n)
        n = FCGX_GetStr(body + got, (int)want - (int)got, fc->in);
    if (got != (size_t)want || FCGX_GetError(fc->in) != 0)
        return ctx_fail(rq->ctx, ERR_MALFORMED, "body cut after %zu of %lld bytes", got, (long long)want);
    if (FCGX_GetChar(fc->in) != EOF) return ctx_fail(rq->ctx, ERR_MALFORMED, "body longer than its length");
    rq->body = (struct db_bytes){ body, got };
    return OK;
}

enum err req_read(struct req *rq, struct FCGX_Request *fc, size_t max)
{
    /* Cut between two parameters, FCGX_Accept_r still returns 0; this is the only sign of it. */
    if (FCGX_GetError(fc->in) != 0) return ctx_fail(rq->ctx, ERR_MALFORMED, "the request was cut");
    const char *twice = doubled(fc->envp);
    name_it(rq->ctx, text(rq, fc, "HTTP_X_REQUEST_ID"));
    rq->method = method_of(text(rq, fc, "REQUEST_METHOD"));
    rq->path = text(rq, fc, "DOCUMENT_URI");
    rq->uri = text(rq, fc, "REQUEST_URI");
    rq->query = text(rq, fc, "QUERY_STRING");
    rq->content_type = text(rq, fc, "CONTENT_TYPE");
    rq->signature = text(rq, fc, "HTTP_X_TWILIO_SIGNATURE");
    rq->authorization = text(rq, fc, "HTTP_AUTHORIZATION");
    rq->cookie = text(rq, fc, "HTTP_COOKIE");
    rq->origin = text(rq, fc, "HTTP_ORIGIN");
    rq->csrf = text(rq, fc, "HTTP_X_CSRF_TOKEN");
    rq->fetch_site = text(rq, fc, "HTTP_SEC_FETCH_SITE");
    rq->agent = text(rq, fc, "HTTP_USER_AGENT");
    rq->asked_method = text(rq, fc, "HTTP_ACCESS_CONTROL_REQUEST_METHOD");
    rq->if_match = text(rq, fc, "HTTP_IF_MATCH");
    rq->if_none_match = text(rq, fc, "HTTP_IF_NONE_MATCH");
    rq->idem_key = text(rq, fc, "HTTP_IDEMPOTENCY_KEY");
    rq->remote = text(rq, fc, "REMOTE_ADDR");
    if (twice != NULL) return ctx_fail(rq->ctx, ERR_MALFORMED, "%s came twice", twice);
    if (strlen(rq->uri) > URI_MAX) return ctx_fail(rq->ctx, ERR_TOO_LARGE, "an address over %d bytes", URI_MAX);
    return body_read(rq, fc, max);
}
