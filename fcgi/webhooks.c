/* Webhooks out: endpoints, what was delivered to them, and once more. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "config.h"
#include "egress.h"
#include "id.h"
#include "outhook.h"
#include "sql.h"
#include "tenant_key.h"

#include <string.h>

enum { URL_BYTES = 2000, TEXT_BYTES = 200, PAGE = 25, PAGE_MAX = 100, CURSOR_MAX = 60, TIME_MAX = 40 };

struct endpoint {
    const char *url, *description, *events;
    const bool *enabled;
};

struct range {
    const char *from, *to;
};

struct log_args {
    const int64_t *limit;
    const char    *cursor, *endpoint_id, *call_id, *state;
};

#define AT(member)     offsetof(struct endpoint, member)
#define LOG_AT(member) offsetof(struct log_args, member)

/* clang-format off */
static const struct field endpoint_rows[] = {
    { "url",         FIELD_TEXT, AT(url),         true,  8, URL_BYTES, NULL },
    { "description", FIELD_TEXT, AT(description), false, 0, TEXT_BYTES, NULL },
    { "events",      FIELD_RAW,  AT(events),      false, 0, 0, NULL },
};
static const struct field change_rows[] = {
    { "url",         FIELD_TEXT, AT(url),         true,  8, URL_BYTES, NULL },
    { "description", FIELD_TEXT, AT(description), false, 0, TEXT_BYTES, NULL },
    { "events",      FIELD_RAW,  AT(events),      true,  0, 0, NULL },
    { "enabled",     FIELD_BOOL, AT(enabled),     true,  0, 0, NULL },
};
static const struct field range_rows[] = {
    { "from", FIELD_TEXT, offsetof(struct range, from), false, 1, TIME_MAX, NULL },
    { "to",   FIELD_TEXT, offsetof(struct range, to),   false, 1, TIME_MAX, NULL },
};
static const struct field log_rows[] = {
    { "limit",       FIELD_INT,  LOG_AT(limit),       false, 1, PAGE_MAX, NULL },
    { "cursor",      FIELD_TEXT, LOG_AT(cursor),      false, 1, CURSOR_MAX, NULL },
    { "endpoint_id", FIELD_UUID, LOG_AT(endpoint_id), false, 0, 0, NULL },
    { "call_id",     FIELD_UUID, LOG_AT(call_id),     false, 0, 0, NULL },
    { "state",       FIELD_WORD, LOG_AT(state),       false, 0, 0, " waiting delivered failed dropped " },
};
/* clang-format on */
const struct fields endpoint_in = FIELDS(endpoint_rows, struct endpoint);
const struct fields endpoint_patch = FIELDS_PARTIAL(change_rows, struct endpoint);
const struct fields range_in = FIELDS(range_rows, struct range);
const struct fields log_query = FIELDS(log_rows, struct log_args);

static enum err missing(struct req *rq, const char *what)
{
    return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such %s", what);
}

/* Lists of texts alone, and a URL that we may send to. */
static enum err sound(struct req *rq, const struct endpoint *in)
{
    struct ctx        *cx = rq->ctx;
    const struct json *list = json_get(rq->json, "events");
    if (in->url != NULL && egress_url(cx, in->url, cx->cfg->webhooks_to_loopback) != OK) {
        const char *why = arena_strdup(cx->arena, cx->err.msg);
        ctx_forgive(cx);
        return field_fault(cx, ERR_INVALID, "/url", "url", why);
    }
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v))
        if (json_text(v) == NULL) return field_fault(cx, ERR_INVALID, "/events", "type", "expected kinds of events");
    return OK;
}

static enum err unknown_kind(struct req *rq)
{
    ctx_forgive(rq->ctx);
    return field_fault(rq->ctx, ERR_INVALID, "/events", "word", "a kind of event is unknown, or there is none");
}

/* A fresh secret for an endpoint, and how it is kept. */
static enum err secret(struct ctx *cx, const char *endpoint, const char **text, const char **sealed)
{
    struct seal_data key;
    TRY(tenant_key(cx, &key));
    *text = outhook_secret(cx->arena);
    return seal_data_text(cx, cx->keys, &key, outhook_place(cx->arena, endpoint), *text, sealed);
}

/* The document of an endpoint, and its secret. */
static enum err shown_once(struct ctx *cx, struct res *rs, const char *doc, const char *text)
{
    TRY(res_json(rs, 201,
                 arena_printf(cx->arena, "%.*s,\"secret\":\"%s\"}", (int)(strrchr(doc, '}') - doc), doc, text)));
    return res_header(cx, rs, "Cache-Control", "no-store");
}

/* POST /api/v1/webhook-endpoints {url, description?, events?} -> 201 with the secret, this once. */
enum err webhooks_add(struct req *rq, struct res *rs)
{
    struct ctx                   *cx = rq->ctx;
    const struct endpoint        *in = rq->in;
    struct sql_endpoint_create    made;
    char                          id[37];
    const char                   *text;
    struct sql_endpoint_create_in add = { .id = id,
                                          .url = in->url,
                                          .description = in->description,
                                          .events = in->events,
                                          .actor = auth_actor(rq),
                                          .origin = rq->remote };
    TRY(sound(rq, in));
    id_uuid7(id);
    TRY(secret(cx, id, &text, &add.secret));
    if (sql_endpoint_create(cx, &add, &made) == ERR_INVALID) return unknown_kind(rq);
    if (cx->err.code != OK) return cx->err.code;
    TRY(shown_once(cx, rs, made.doc, text));
    return res_header(cx, rs, "Location", arena_printf(cx->arena, "/api/v1/webhook-endpoints/%s", id));
}

/* PATCH /api/v1/webhook-endpoints/{id} If-Match? -> 200. {"enabled":true} forgets why it was off. */
enum err webhooks_change(struct req *rq, struct res *rs)
{
    TRY(sound(rq, rq->in));
    return nouns_change(rq, rs);
}

/* POST /api/v1/webhook-endpoints/{id}/secret -> 201 with another secret, this once; the one before signs beside it for
 * a day, so that receivers may change over when they like. */
enum err webhooks_rotate(struct req *rq, struct res *rs)
{
    struct ctx                   *cx = rq->ctx;
    struct sql_endpoint_rotate    done = { .doc = NULL };
    const char                   *text = NULL;
    struct sql_endpoint_rotate_in in = { .id = rq->param[0], .actor = auth_actor(rq), .origin = rq->remote };
    if (!check_uuid(rq->param[0])) return missing(rq, "endpoint");
    TRY(secret(cx, rq->param[0], &text, &in.secret));
    TRY(sql_endpoint_rotate(cx, &in, &done));
    return done.doc == NULL ? missing(rq, "endpoint") : shown_once(cx, rs, done.doc, text);
}

/* POST /api/v1/webhook-endpoints/{id}/test -> 202: test.ping is on its way, also to one that is off. */
enum err webhooks_test(struct req *rq, struct res *rs)
{
    struct sql_endpoint_test          done = { .delivery = NULL };
    const struct sql_endpoint_test_in in = { rq->param[0], auth_actor(rq), rq->remote };
    if (check_uuid(rq->param[0])) TRY(sql_endpoint_test(rq->ctx, &in, &done));
    if (done.delivery == NULL) return missing(rq, "endpoint");
    return res_json(rs, 202, arena_printf(rq->ctx->arena, "{\"delivery_id\":\"%s\"}", done.delivery));
}

static enum err moment(struct ctx *cx, const char *at, const char *text)
{
    if (text == NULL || check_time(text)) return OK;
    return field_fault(cx, ERR_INVALID, at, "time", "expected RFC 3339, such as 2026-11-20T10:57:24Z");
}

/* POST /api/v1/webhook-endpoints/{id}/replay {from?, to?} -> 202 {deliveries}: what was told then, or in the
 * last day, goes out once more. */
enum err webhooks_replay(struct req *rq, struct res *rs)
{
    struct ctx                         *cx = rq->ctx;
    const struct range                 *range = rq->in;
    struct sql_endpoint_replay          done = { .id = NULL };
    const struct sql_endpoint_replay_in in = { rq->param[0], range->from, range->to, auth_actor(rq), rq->remote };
    (void)moment(cx, "/from", range->from);
    (void)moment(cx, "/to", range->to);
    if (cx->err.code != OK) return cx->err.code;
    if (check_uuid(rq->param[0])) TRY(sql_endpoint_replay(cx, &in, &done));
    if (done.id == NULL) return missing(rq, "endpoint");
    return res_json(rs, 202, arena_printf(cx->arena, "{\"deliveries\":%lld}", (long long)done.deliveries));
}

/* GET /api/v1/webhook-deliveries ?limit&cursor&endpoint_id&call_id&state -> 200 {"data":[...],"next_cursor"} */
enum err webhooks_log(struct req *rq, struct res *rs)
{
    struct ctx                   *cx = rq->ctx;
    const struct log_args        *args = rq->args;
    struct sql_deliveries_page    page;
    int64_t                       us;
    struct sql_deliveries_page_in in = { .max = args->limit == NULL ? PAGE : *args->limit,
                                         .endpoint = args->endpoint_id,
                                         .call = args->call_id,
                                         .state = args->state };
    if (args->cursor != NULL) {
        in.before_us = &us;
        if (!page_cursor(cx->arena, args->cursor, &us, &in.before_id))
            return field_fault(cx, ERR_INVALID, "?cursor", "cursor", "take the next_cursor of the page before");
    }
    TRY(sql_deliveries_page(cx, &in, &page));
    return res_json(rs, 200, page.doc);
}

/* GET /api/v1/webhook-deliveries/{id} -> 200 with every attempt. */
enum err webhooks_delivery(struct req *rq, struct res *rs)
{
    struct sql_delivery_load row = { .doc = NULL };
    if (check_uuid(rq->param[0]))
        TRY(sql_delivery_load(rq->ctx, &(const struct sql_delivery_load_in){ rq->param[0] }, &row));
    return row.doc != NULL ? res_json(rs, 200, row.doc) : missing(rq, "delivery");
}

/* POST /api/v1/webhook-deliveries/{id}/resend -> 201 a delivery of its own, with the same webhook-id. */
enum err webhooks_resend(struct req *rq, struct res *rs)
{
    struct sql_delivery_resend          made = { .doc = NULL };
    const struct sql_delivery_resend_in in = { rq->param[0], auth_actor(rq), rq->remote };
    if (check_uuid(rq->param[0])) TRY(sql_delivery_resend(rq->ctx, &in, &made));
    if (made.doc == NULL) return missing(rq, "delivery");
    TRY(res_json(rs, 201, made.doc));
    return res_header(rq->ctx, rs, "Location", arena_printf(rq->ctx->arena, "/api/v1/webhook-deliveries/%s", made.id));
}
