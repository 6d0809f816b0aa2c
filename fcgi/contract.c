/* What every request under /api/v1 is promised. */
#include "contract.h"

#include "auth.h"
#include "digest.h"
#include "field.h"
#include "veil.h"

#include <string.h>

enum { ETAG_HEX = 32 }; /* 128 bits of SHA-256, as etag() of the database makes it */

static bool v1(const struct req *rq)
{
    return rq->route != NULL && rq->route->shape == SHAPE_V1;
}

static enum err read_tables(struct req *rq)
{
    struct ctx *cx = rq->ctx;
    struct form query;
    if (v1(rq) || rq->route->query != NULL) {
        TRY(form_parse(cx, rq->query, strlen(rq->query), &query));
        TRY(field_query(cx, &query, rq->route->query, &rq->args));
    }
    return rq->route->in == NULL ? OK : field_body(cx, rq->json, rq->route->in, &rq->in);
}

static struct db_bytes part(const char *text)
{
    return (struct db_bytes){ text, strlen(text) };
}

static enum err replay(struct req *rq, struct res *rs, const struct idem_reply *kept)
{
    *rs = (struct res){ .status = kept->status, .type = kept->type, .head = kept->head };
    rs->body = kept->body;
    rs->len = strlen(kept->body);
    return res_header(rq->ctx, rs, "Idempotency-Replayed", "true");
}

/* The auth pool opens no secrets, so it cannot keep answers; its POSTs are logins and what belongs to them. */
enum err contract_open(struct req *rq, struct res *rs, bool *answered)
{
    struct ctx       *cx = rq->ctx;
    struct idem       it = { .key = rq->idem_key };
    struct idem_reply kept;
    const bool        must = rq->route->idem == IDEM_REQUIRED;
    *answered = false;
    TRY(read_tables(rq));
    if (rq->route->idem == IDEM_FRESH) return OK;
    if (!v1(rq) || rq->method != METHOD_POST || rq->route->auth == AUTH_PUBLIC || cx->keys == NULL) return OK;
    if (*rq->idem_key == '\0' && !must) return OK;
    if (*rq->idem_key == '\0') return ctx_fail(cx, ERR_MALFORMED, "Idempotency-Key: this request needs one");
    const struct db_bytes parts[] = { part(auth_actor(rq)), part("POST"), part(rq->uri), rq->body };
    TRY(idem_begin(cx, &it, parts, sizeof parts / sizeof *parts, must, answered, &kept));
    if (*answered) return replay(rq, rs, &kept);
    rq->idem = it;
    return OK;
}

/* May the client try again with the same key? Where nothing was done; and where nobody knows, as when the database went
 * away in between, only if the handler itself does nothing twice. */
static bool again(const struct req *rq)
{
    const enum err e = rq->ctx->err.code;
    if (e == ERR_RATE_LIMITED || e == ERR_NOT_MIGRATED || e == ERR_IDEM_RUNNING) return true;
    return rq->route->idem == IDEM_REQUIRED && (e == ERR_UNAVAILABLE || e == ERR_TIMEOUT);
}

/* Nobody knows yet how it ended: whoever asks again with the key is told what is known by then. */
static bool open_end(const struct req *rq, const struct res *rs)
{
    return rq->route->idem == IDEM_REQUIRED && rs->status == 202;
}

static void tag(struct req *rq, struct res *rs)
{
    struct ctx   *cx = rq->ctx;
    unsigned char hash[DIGEST_SHA256];
    digest_sha256(rs->body, rs->len, hash);
    const char *etag = arena_printf(cx->arena, "\"%.*s\"", ETAG_HEX, digest_hex(cx->arena, hash, sizeof hash));
    const bool  read = rq->method == METHOD_GET;
    if (res_header(cx, rs, "ETag", etag) != OK) return;
    if (read && res_header(cx, rs, "Cache-Control", "private, no-cache") != OK) return;
    if (!read || (strstr(rq->if_none_match, etag) == NULL && strcmp(rq->if_none_match, "*") != 0)) return;
    *rs = (struct res){ .status = 304, .head = rs->head };
}

/* What is sealed in the database stays so until here: in kept answers, and under the tags that statements compare. */
static void unveil(struct req *rq, struct res *rs)
{
    if (rs->len == 0 || rs->body == NULL || strstr(rs->type, "json") == NULL) return;
    const char *open = veil_json_open(rq->ctx, rq->ctx->veil, rs->body);
    if (open == rs->body) return;
    rs->body = open;
    rs->len = strlen(open);
}

void contract_close(struct req *rq, struct res *rs)
{
    struct ctx             *cx = rq->ctx;
    const struct idem_reply reply = { rs->status, rs->type, rs->head, rs->body };
    if (rq->idem.key != NULL && (again(rq) || open_end(rq, rs))) idem_drop(cx, &rq->idem);
    else if (rq->idem.key != NULL) idem_end(cx, &rq->idem, &reply);
    if (v1(rq) && (rq->route->auth != AUTH_PUBLIC || rq->method == METHOD_GET) && rs->status / 100 == 2 && rs->len > 0
        && strncmp(rs->type, "application/json", 16) == 0)
        tag(rq, rs);
    unveil(rq, rs);
}
