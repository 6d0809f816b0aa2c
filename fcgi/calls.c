/* Calls: placed, listed and shown. */
#include "handlers.h"

#include "auth.h"
#include "buf.h"
#include "check.h"
#include "intent.h"
#include "limit.h"
#include "sql.h"

#include <string.h>

enum { REPLY_MAX = 1024, EXTERNAL_MAX = 200, LINKS_MAX = 20 };

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
    { "transcribe", FIELD_BOOL,  AT(transcribe), false, 0, 0, NULL },
    { "links",      FIELD_RAW,   AT(links),    false, 0, 0, NULL },
};

static const struct field make_fields[] = {
    { "toNumber",   FIELD_PHONE, AT(to),       true,  0, 0, NULL },
    { "fromNumber", FIELD_PHONE, AT(from),     false, 0, 0, NULL },
    { "clientId",   FIELD_TEXT,  AT(client),   false, 1, EXTERNAL_MAX, NULL },
    { "contactId",  FIELD_TEXT,  AT(contact),  false, 1, EXTERNAL_MAX, NULL },
    { "message",    FIELD_TEXT,  AT(message),  false, 1, SAY_MAX, NULL },
    { "record",     FIELD_BOOL,  AT(record),   false, 0, 0, NULL },
    { "transcribe", FIELD_BOOL,  AT(transcribe), false, 0, 0, NULL },
};

static const struct field place_fields[] = {
    { "to",          FIELD_PHONE, AT(to),       true,  0, 0, NULL },
    { "from",        FIELD_PHONE, AT(from),     false, 0, 0, NULL },
    { "contact_id",  FIELD_TEXT,  AT(contact),  false, 1, EXTERNAL_MAX, NULL },
    { "client_id",   FIELD_TEXT,  AT(client),   false, 1, EXTERNAL_MAX, NULL },
    { "campaign_id", FIELD_TEXT,  AT(campaign), false, 1, EXTERNAL_MAX, NULL },
    { "user_id",     FIELD_UUID,  AT(user),     false, 0, 0, NULL },
    { "message",     FIELD_TEXT,  AT(message),  false, 1, SAY_MAX, NULL },
    { "mode",        FIELD_WORD,  AT(mode),     false, 0, 0, " customer_first agent_first " },
    { "record",      FIELD_BOOL,  AT(record),   false, 0, 0, NULL },
    { "transcribe",  FIELD_BOOL,  AT(transcribe), false, 0, 0, NULL },
    { "links",       FIELD_RAW,   AT(links),    false, 0, 0, NULL },
};
/* clang-format on */
/* Pages and clients of the guides send members of their own: what is not understood is let pass. */
const struct fields initiate_in = FIELDS_TOLERANT(initiate_fields, struct intent);
const struct fields make_in = FIELDS_TOLERANT(make_fields, struct intent);
const struct fields place_in = FIELDS(place_fields, struct intent);

/* What a call is about, by kind and id: those of kinds that we keep ourselves stand for the members of that name. */
static enum err read_links(struct req *rq, struct intent *in)
{
    static const char kinds[] = " contact deal job lead campaign client user ";
    struct ctx       *cx = rq->ctx;
    size_t            i = 0;
    if (in->links == NULL) return OK;
    for (const struct json *l = json_first(json_get(rq->json, "links")); l != NULL; l = json_next(l), i++) {
        const char *kind = json_text(json_get(l, "kind")), *id = json_text(json_get(l, "id"));
        const bool  good = kind != NULL && check_word(kind, kinds) && id != NULL && *id != '\0';
        if (!good || strlen(id) > EXTERNAL_MAX || (strcmp(kind, "user") == 0 && !check_uuid(id)) || i >= LINKS_MAX) {
            (void)field_fault(cx, ERR_INVALID, arena_printf(cx->arena, "/links/%zu", i), "link",
                              "expected {kind: contact, deal, job, lead, campaign, client or user, id}, 20 at most");
            continue;
        }
        const char **to = strcmp(kind, "contact") == 0    ? &in->contact
                          : strcmp(kind, "client") == 0   ? &in->client
                          : strcmp(kind, "campaign") == 0 ? &in->campaign
                          : strcmp(kind, "user") == 0     ? &in->user
                                                          : NULL;
        if (to != NULL && *to == NULL) *to = id;
    }
    return cx->err.code;
}

/* The call that the body asks for, placed once. */
static enum err dial(struct req *rq, struct intent_result *placed)
{
    struct ctx   *cx = rq->ctx;
    struct intent in = *(const struct intent *)rq->in;
    in.asked_by = rq->user;
    TRY(read_links(rq, &in));
    in.actor = auth_actor(rq);
    in.origin = rq->remote;
    in.test = rq->key != NULL && strncmp(rq->key, "shk_test_", 9) == 0;
    in.idem_key = *rq->idem_key == '\0' ? NULL : rq->idem_key;
    in.request = rq->body;
    if (strlen(rq->idem_key) > IDEM_KEY_MAX || !check_header(rq->idem_key))
        return ctx_fail(cx, ERR_INVALID, "Idempotency-Key: at most %d printable characters", IDEM_KEY_MAX);
    return intent_dial(cx, &in, placed);
}

/* POST /api/calls/initiate {to, contactId?, record?, ...} -> 200 {"success":true,"callSid","status":"queued","callId"}
 * The promise is committed before Twilio hears of it; a lost reply is 202 with "status":"unknown", never a second call.
 * https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource */
enum err calls_initiate(struct req *rq, struct res *rs)
{
    struct ctx          *cx = rq->ctx;
    struct buf           b = buf_new(cx->arena, REPLY_MAX);
    struct intent_result placed;
    TRY(dial(rq, &placed));
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

/* POST /api/twilio/make-call {fromNumber?, toNumber, clientId?, message?} -> as calls_initiate */
enum err calls_make(struct req *rq, struct res *rs)
{
    return calls_initiate(rq, rs);
}

/* POST /api/v1/calls {to, from?, contact_id?, ...} -> 201 call | 202 call: Twilio's reply was lost
 * A second round trip, for the document is the one that GET gives. */
enum err calls_place(struct req *rq, struct res *rs)
{
    struct ctx          *cx = rq->ctx;
    struct intent_result placed;
    struct sql_call_load call = { 0 };
    TRY(dial(rq, &placed));
    TRY(sql_call_load(cx, &(const struct sql_call_load_in){ .id = placed.call_id }, &call));
    if (call.doc == NULL) return ctx_fail(cx, ERR_INTERNAL, "the call %s has gone", placed.call_id);
    TRY(res_json(rs, placed.call_sid == NULL ? 202 : 201, call.doc));
    return res_header(cx, rs, "Location", arena_printf(cx->arena, "/api/v1/calls/%s", placed.call_id));
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

/* GET /api/v1/calls/{id or CallSid}/recordings -> 200 {"data":[...],"next_cursor":null} */
enum err calls_recordings(struct req *rq, struct res *rs)
{
    struct ctx                   *cx = rq->ctx;
    const char                   *id = rq->param[0];
    struct sql_call_recordings_in in = { .id = check_uuid(id) ? id : NULL, .sid = check_sid(id, "CA") ? id : NULL };
    struct sql_call_recordings    list = { 0 };
    if (in.id != NULL || in.sid != NULL) TRY(sql_call_recordings(cx, &in, &list));
    return list.doc != NULL ? res_json(rs, 200, list.doc) : ctx_fail(cx, ERR_NOT_FOUND, "no such call");
}
