/* Calls: placed by the guides' paths, listed and shown by the API's. */
#include "handlers.h"

#include "auth.h"
#include "buf.h"
#include "check.h"
#include "field.h"
#include "intent.h"
#include "limit.h"
#include "sql.h"

#include <string.h>

enum { PAGE = 25, PAGE_MAX = 100, REPLY_MAX = 1024, EXTERNAL_MAX = 200 };

#define AT(member) offsetof(struct intent, member)

/* clang-format off */
static const struct field initiate_fields[] = {
    { "to",         FIELD_PHONE, AT(to),       true,  0, 0, NULL },
    { "from",       FIELD_PHONE, AT(from),     false, 0, 0, NULL },
    { "contactId",  FIELD_TEXT,  AT(contact),  false, 1, EXTERNAL_MAX, NULL },
    { "clientId",   FIELD_TEXT,  AT(client),   false, 1, EXTERNAL_MAX, NULL },
    { "campaignId", FIELD_TEXT,  AT(campaign), false, 1, EXTERNAL_MAX, NULL },
    { "userId",     FIELD_UUID,  AT(user),     false, 0, 0, NULL },
    { "message",    FIELD_TEXT,  AT(message),  false, 1, SAY_MAX, NULL },
    { "mode",       FIELD_WORD,  AT(mode),     false, 0, 0, " customer_first agent_first " },
    { "record",     FIELD_BOOL,  AT(record),   false, 0, 0, NULL },
    { "links",      FIELD_RAW,   AT(links),    false, 0, 0, NULL },
};

static const struct field make_fields[] = {
    { "toNumber",   FIELD_PHONE, AT(to),       true,  0, 0, NULL },
    { "fromNumber", FIELD_PHONE, AT(from),     false, 0, 0, NULL },
    { "clientId",   FIELD_TEXT,  AT(client),   false, 1, EXTERNAL_MAX, NULL },
    { "contactId",  FIELD_TEXT,  AT(contact),  false, 1, EXTERNAL_MAX, NULL },
    { "message",    FIELD_TEXT,  AT(message),  false, 1, SAY_MAX, NULL },
    { "record",     FIELD_BOOL,  AT(record),   false, 0, 0, NULL },
};
/* clang-format on */

/* Pages and clients of the guides send members of their own: what is not understood is let pass. */
static enum err place(struct req *rq, struct res *rs, const struct field *fields, size_t n)
{
    struct ctx          *cx = rq->ctx;
    struct buf           b = buf_new(cx->arena, REPLY_MAX);
    struct intent_result placed;
    struct intent        in = { .asked_by = rq->user,
                                .actor = auth_actor(rq),
                                .test = rq->key != NULL && strncmp(rq->key, "shk_test_", 9) == 0,
                                .idem_key = *rq->idem_key == '\0' ? NULL : rq->idem_key,
                                .request = rq->body };
    TRY(field_read(cx, rq->json, fields, n, FIELD_STRANGE_IGNORED, &in));
    if (strlen(rq->idem_key) > IDEM_KEY_MAX || !check_header(rq->idem_key))
        return ctx_fail(cx, ERR_INVALID, "Idempotency-Key: at most %d printable characters", IDEM_KEY_MAX);
    TRY(intent_dial(cx, &in, &placed));
    buf_str(&b, "{\"success\":true,\"callSid\":");
    buf_json(&b, placed.call_sid);
    buf_str(&b, ",\"status\":");
    buf_json(&b, placed.status);
    buf_str(&b, ",\"callId\":");
    buf_json(&b, placed.call_id);
    buf_str(&b, "}\n");
    TRY(res_json(rs, placed.call_sid == NULL ? 202 : 200, b.at));
    return placed.replayed ? res_header(cx, rs, "Idempotency-Replayed", "true") : OK;
}

/* POST /api/calls/initiate {to, contactId?, record?, ...} -> 200 {"success":true,"callSid","status":"queued","callId"}
 * The promise is committed before Twilio hears of it; a lost reply is 202 with "status":"unknown", never a second call.
 * https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource */
enum err calls_initiate(struct req *rq, struct res *rs)
{
    return place(rq, rs, initiate_fields, sizeof initiate_fields / sizeof *initiate_fields);
}

/* POST /api/twilio/make-call {fromNumber?, toNumber, clientId?, message?} -> as calls_initiate */
enum err calls_make(struct req *rq, struct res *rs)
{
    return place(rq, rs, make_fields, sizeof make_fields / sizeof *make_fields);
}

/* "<microseconds>.<uuid>": the last call of the page before. */
static enum err cursor(struct ctx *cx, const char *text, int64_t *us, struct sql_calls_page_in *in)
{
    const char *dot = strchr(text, '.');
    if (dot == NULL || !check_int(arena_copy(cx->arena, text, (size_t)(dot - text)), 0, INT64_MAX, us)
        || !check_uuid(dot + 1))
        return ctx_fail(cx, ERR_INVALID, "cursor: take the next_cursor of the page before");
    in->before_us = us;
    in->before_id = dot + 1;
    return OK;
}

/* GET /api/v1/calls ?limit=1..100&cursor= -> 200 {"data":[...],"next_cursor"} */
enum err calls_list(struct req *rq, struct res *rs)
{
    struct ctx              *cx = rq->ctx;
    struct sql_calls_page_in in = { .max = PAGE };
    struct sql_calls_page    page;
    int64_t                  us;
    for (size_t i = 0; i < rq->form.n; i++) {
        const struct kv *q = &rq->form.v[i];
        if (strcmp(q->key, "cursor") == 0) TRY(cursor(cx, q->val, &us, &in));
        else if (strcmp(q->key, "limit") != 0) return ctx_fail(cx, ERR_INVALID, "%.60s: no such parameter", q->key);
        else if (!check_int(q->val, 1, PAGE_MAX, &in.max))
            return ctx_fail(cx, ERR_INVALID, "limit: expected 1 to %d", PAGE_MAX);
    }
    TRY(sql_calls_page(cx, &in, &page));
    return res_json(rs, 200, page.doc);
}

/* GET /api/v1/calls/{id or CallSid} -> 200 call
 * Another tenant's id and one that does not exist are the same 404. */
enum err calls_show(struct req *rq, struct res *rs)
{
    struct ctx             *cx = rq->ctx;
    const char             *id = rq->param[0];
    struct sql_call_load_in in = { .id = check_uuid(id) ? id : NULL, .sid = check_sid(id, "CA") ? id : NULL };
    struct sql_call_load    call = { 0 };
    if (in.id != NULL || in.sid != NULL) TRY(sql_call_load(cx, &in, &call));
    return call.doc != NULL ? res_json(rs, 200, call.doc) : ctx_fail(cx, ERR_NOT_FOUND, "no such call");
}
