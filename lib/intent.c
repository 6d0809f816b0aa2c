/* Outbound calls: the outbox between our promise and Twilio. */
#include "intent.h"

#include "check.h"
#include "config.h"
#include "digest.h"
#include "erasure.h"
#include "gate.h"
#include "id.h"
#include "sql.h"
#include "twilio.h"
#include "veil.h"

#include <stdlib.h>
#include <string.h>

/* EARLY_MS, LATE_MS: around the promise, where Twilio's creation of the same call may lie by two clocks and one
 * request. */
enum { GIVE_UP_S = 600, EARLY_MS = 5000, LATE_MS = 60000 };

/* Retries and waits of Twilio's requests to us. A fragment is neither sent nor signed.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides */
static const char overrides[] = "#rc=5&rp=all&ct=2000&rt=5000&tt=15000";

static void hash_of(const struct intent *in, unsigned char out[DIGEST_SHA256])
{
    struct digest *d = digest_begin();
    digest_add(d, in->actor, strlen(in->actor) + 1);
    digest_add(d, in->request.at, in->request.n);
    digest_end(d, out);
}

static const char *uuid_or_null(const char *s)
{
    return s != NULL && check_uuid(s) ? s : NULL;
}

/* Promise and decision as one commit; equal requests pass one at a time. */
static enum err promise(struct ctx *cx, const struct intent *in, struct sql_intent_open *out)
{
    char *id = arena_alloc(cx->arena, CTX_ID);
    id_uuid7(id);
    unsigned char             hash[DIGEST_SHA256];
    struct gate               gate = gate_look(in->to);
    struct phone_place        where = { .region = "" };
    const bool                known = phone_where(in->to, &where);
    struct sql_intent_lock_in lock = { in->idem_key };
    struct sql_intent_open_in open = {
        .call_id = id,
        .to_number = veil_seal(cx, cx->veil, VEIL_NUMBER, in->to),
        .gate_number = in->to,
        .to_token = veil_token(cx, cx->veil, VEIL_NUMBER, in->to),
        .marks = erasure_marks(cx, cx->tenant, in->to),
        .from_number = in->from,
        .contact = in->contact,
        .contact_id = uuid_or_null(in->contact),
        .client = in->client,
        .client_id = uuid_or_null(in->client),
        .campaign = in->campaign,
        .campaign_id = uuid_or_null(in->campaign),
        .user_id = in->user,
        .asked_by = in->asked_by,
        .message = veil_seal(cx, cx->veil, VEIL_TEXT, in->message),
        .mode = in->message != NULL ? "message"
                : in->mode != NULL  ? in->mode
                                    : "customer_first",
        .record = in->record,
        .transcribe = in->transcribe,
        .test = in->test,
        .idem_key = in->idem_key,
        .customer_country = known && where.region[0] != '\0' ? where.region : NULL,
        .customer_place = known && where.place[0] != '\0' ? where.place : NULL,
        .region = gate.region,
        .premium = gate.premium,
        .actor = in->actor,
        .origin = in->origin,
    };
    const struct db_call calls[] = { { &sql_intent_lock_stmt, &lock, 1, NULL },
                                     { &sql_intent_open_stmt, &open, 1, out } };
    hash_of(in, hash);
    if (lock.what == NULL) lock.what = digest_hex(cx->arena, hash, sizeof hash);
    TRY(veil_ready(cx));
    veil_digests(cx, hash, &open.request_hash, &open.other_hash);
    TRY(veil_json_seal(cx, cx->veil, VEIL_TEXT, in->links != NULL ? in->links : "[]", &open.links));
    TRY(db_all(cx, calls, 2));
    out->dial_to = veil_open(cx, cx->veil, out->dial_to);
    out->reason = veil_open(cx, cx->veil, out->reason);
    return OK;
}

/* clang-format off */
static const struct {
    const char *word;
    enum err    err;
    const char *why;
} refusals[] = {
    { "contact",        ERR_NOT_FOUND,      "contactId: no such contact" },
    { "client",         ERR_NOT_FOUND,      "clientId: no such client" },
    { "campaign",       ERR_NOT_FOUND,      "campaignId: no such campaign" },
    { "user",           ERR_NOT_FOUND,      "userId: no such user" },
    { "not_owned",      ERR_NOT_OWNED,      "from: not one of your numbers" },
    { "no_number",      ERR_NO_NUMBER,      "No phone number assigned to user" },
    { "not_configured", ERR_NOT_CONFIGURED, "Twilio service not initialized" },
    { "no_agent",       ERR_INVALID,
      "nobody to connect the call to: give a clientId or userId with a forward-to, or a message" },
    { "running",        ERR_IDEM_RUNNING,   "the same request is still being worked on" },
    { "reused",         ERR_IDEM_REUSED,    "this Idempotency-Key came with another request" },
};
/* clang-format on */

static enum err refuse(struct ctx *cx, const char *verdict, const char *about)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (strcmp(refusals[i].word, verdict) == 0) return ctx_fail(cx, refusals[i].err, "%s", refusals[i].why);
    return gate_refused(cx, verdict, about);
}

/* Says again what was said to the first of equal requests. */
static enum err again(struct ctx *cx, const struct sql_intent_open *first, struct intent_result *out)
{
    const bool unknown = strcmp(first->state, "unknown") == 0;
    if (strcmp(first->state, "rejected") == 0) return twilio_refused_again(cx, first->twilio_code, first->reason);
    if (strcmp(first->state, "failed") == 0)
        return ctx_fail(cx, ERR_UNAVAILABLE, "%s", first->reason == NULL ? "the call was not placed" : first->reason);
    *out = (struct intent_result){ .call_id = first->call_id,
                                   .call_sid = unknown ? NULL : first->twilio_call_sid,
                                   .status = unknown ? "unknown" : "queued",
                                   .replayed = true };
    return OK;
}

/* Writes how it ended. A failure to write is not the caller's: a webhook or the sweep will write it. Once more after a
 * deadlock, for webhooks of the same call come at the same time. */
static void settle(struct ctx *cx, const struct sql_intent_settle_in *in)
{
    struct error             before = cx->err;
    struct sql_intent_settle row;
    for (int i = 0; i < 2; i++) {
        ctx_forgive(cx);
        if (sql_intent_settle(cx, in, &row) != ERR_UNAVAILABLE) break;
    }
    cx->err = before;
}

static void settle_failure(struct ctx *cx, const char *call_id)
{
    const enum err e = cx->err.code;
    const int64_t  code = twilio_refusal(&cx->err);
    const bool     unsure = e == ERR_UNKNOWN || e == ERR_UPSTREAM || e == ERR_TOO_LARGE;
    /* Not processed, or never sent: asking again is safe. */
    const bool     nothing = e == ERR_UNAVAILABLE || e == ERR_RATE_LIMITED || code == 0;
    settle(cx, &(const struct sql_intent_settle_in){
                   .call_id = call_id,
                   .state = unsure    ? "unknown"
                            : nothing ? "failed"
                                      : "rejected",
                   .twilio_code = code == 0 ? NULL : &code,
                   .reason = veil_seal(cx, cx->veil, VEIL_TEXT, arena_strdup(cx->arena, cx->err.msg)) });
}

static enum err place(struct ctx *cx, const struct sql_intent_open *open, struct twilio_call *out)
{
    struct twilio      account;
    const char        *base = arena_printf(cx->arena, "%s/api/twilio/v/%s", cx->cfg->public_url, open->call_id);
    struct twilio_dial dial = {
        .to = open->dial_to,
        .from = open->caller_id,
        .url = arena_printf(cx->arena, "%s/answer%s", base, overrides),
        .status_url = arena_printf(cx->arena, "%s/status%s", base, overrides),
    };
    if (cx->cfg->public_url == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "PUBLIC_URL is not set");
    if (open->agent != NULL) TRY(gate_agent(cx, open->agent, open->countries));
    TRY(twilio_load(cx, &account));
    return twilio_call_create(cx, &account, &dial, out);
}

enum err intent_dial(struct ctx *cx, const struct intent *in, struct intent_result *out)
{
    struct sql_intent_open open;
    struct twilio_call     call;
    TRY(promise(cx, in, &open));
    if (strcmp(open.verdict, "again") == 0) return again(cx, &open, out);
    if (strcmp(open.verdict, "open") != 0) return refuse(cx, open.verdict, open.reason);
    if (place(cx, &open, &call) != OK) {
        settle_failure(cx, open.call_id);
        if (cx->err.code != ERR_UNKNOWN && cx->err.code != ERR_UPSTREAM && cx->err.code != ERR_TOO_LARGE)
            return cx->err.code;
        ctx_forgive(cx);
        *out = (struct intent_result){ .call_id = open.call_id, .status = "unknown" };
        return OK;
    }
    settle(cx,
           &(const struct sql_intent_settle_in){ .call_id = open.call_id, .state = "created", .call_sid = call.sid });
    *out = (struct intent_result){ .call_id = open.call_id, .call_sid = call.sid, .status = call.status };
    return OK;
}

/* ---- what nobody answered ---- */

static int64_t distance(const struct twilio_call *c, const struct sql_intent_load *i)
{
    return llabs(c->created_ms - i->created_ms);
}

/* Could this be the call? Twilio's dates have whole seconds. */
static bool fits(const struct twilio_call *c, const struct sql_intent_load *i)
{
    return strcmp(c->from, i->from_number) == 0 && strcmp(c->to, i->dialled) == 0
           && strcmp(c->direction, "outbound-api") == 0 && c->created_ms >= i->created_ms - EARLY_MS
           && c->created_ms <= i->created_ms + LATE_MS;
}

/* Binds the nearest in time that no other call of ours has. */
static enum err bind(struct ctx *cx, const char *call_id, const struct sql_intent_load *i, struct twilio_calls *all,
                     bool *bound)
{
    for (*bound = false; !*bound;) {
        struct twilio_call *best = NULL;
        for (size_t k = 0; k < all->n; k++)
            if (fits(&all->v[k], i) && (best == NULL || distance(&all->v[k], i) < distance(best, i))) best = &all->v[k];
        if (best == NULL) return OK;
        struct sql_intent_settle    row;
        struct sql_intent_settle_in in = { .call_id = call_id, .state = "created", .call_sid = best->sid };
        if (sql_intent_settle(cx, &in, &row) == OK) *bound = true;
        else if (cx->err.code != ERR_CONFLICT) return cx->err.code;
        ctx_forgive(cx);
        best->direction = ""; /* another call's: it fits no more */
    }
    return OK;
}

enum err intent_resolve(struct ctx *cx, const char *call_id, bool *settled)
{
    struct sql_intent_load      intent;
    struct twilio               account;
    struct twilio_calls         all;
    struct sql_intent_settle    row;
    struct sql_intent_settle_in lost = { .call_id = call_id, .state = "failed", .reason = "Twilio knows no such call" };
    TRY(sql_intent_load(cx, &(const struct sql_intent_load_in){ call_id }, &intent));
    *settled = intent.from_number == NULL;
    if (*settled) return OK;
    intent.dialled = veil_open(cx, cx->veil, intent.dialled);
    if (intent.dialled == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "the number that was dialled does not open");
    TRY(twilio_load(cx, &account));
    TRY(twilio_calls_list(cx, &account, intent.dialled, intent.created_ms - EARLY_MS, &all));
    TRY(bind(cx, call_id, &intent, &all, settled));
    if (*settled || intent.age_s < GIVE_UP_S) return OK;
    *settled = true;
    return sql_intent_settle(cx, &lost, &row);
}
