/* The browser's phone: who may have a token for it. */
#include "embeds.h"

#include "handlers.h"

#include "auth.h"
#include "buf.h"
#include "check.h"
#include "clock.h"
#include "config.h"
#include "erasure.h"
#include "flow.h"
#include "gate.h"
#include "region.h"
#include "render.h"
#include "seal.h"
#include "sql.h"
#include "twilio.h"
#include "veil.h"
#include "voice.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { REPLY_MAX = 8192, NAME_BYTES = 200 };

struct wanted {
    const char *user;      /* first: phone_whose() finds it in either body */
    const char *to, *wish; /* of a preview */
};

struct preference {
    const char *rings, *name;
    const bool *available;
    const char *presence, *reason, *hours;
};

/* clang-format off */
static const struct field guide_rows[] = {
    { "userId",  FIELD_UUID, offsetof(struct wanted, user), false, 0, 0, NULL },
};
static const struct field v1_rows[] = {
    { "user_id", FIELD_UUID, offsetof(struct wanted, user), false, 0, 0, NULL },
};
/* In the guide's spelling, which is that of Twilio's own fields. */
static const struct field preview_rows[] = {
    { "userId",   FIELD_UUID, offsetof(struct wanted, user), false, 0, 0, NULL },
    { "To",       FIELD_TEXT, offsetof(struct wanted, to),   true,  1, 100, NULL },
    { "CallerId", FIELD_TEXT, offsetof(struct wanted, wish), false, 0, 100, NULL },
};
static const struct field prefer_rows[] = {
    { "rings",       FIELD_WORD, offsetof(struct preference, rings),     true,  0, 0, " phone browser both " },
    { "available",   FIELD_BOOL, offsetof(struct preference, available), true,  0, 0, NULL },
    { "presence",    FIELD_WORD, offsetof(struct preference, presence),  true,  0, 0,
      " available auto busy away offline " },
    { "away_reason", FIELD_TEXT, offsetof(struct preference, reason),    false, 1, 60, NULL },
    { "work_hours",  FIELD_TEXT, offsetof(struct preference, hours),     false, 3, 200, NULL },
    { "name",        FIELD_TEXT, offsetof(struct preference, name),      true,  0, NAME_BYTES, NULL },
};
/* clang-format on */
const struct fields preview_in = FIELDS_TOLERANT(preview_rows, struct wanted);
const struct fields phone_patch = FIELDS_PARTIAL(prefer_rows, struct preference);
const struct fields guide_token_in = FIELDS_TOLERANT(guide_rows, struct wanted);
const struct fields token_in = FIELDS(v1_rows, struct wanted);

struct granted {
    struct voice_token token;
    const char        *text, *caller_id, *expires_at;
};

/* A person speaks for himself alone. A machine names somebody, and with a role that could give itself that user's own
 * rights anyway: whoever holds the token takes and makes calls as that user. */
enum err phone_whose(const struct req *rq, const char **out)
{
    struct ctx *cx = rq->ctx;
    const char *named = ((const struct wanted *)rq->in)->user, *member = rq->route->in->v[0].name;
    *out = rq->user != NULL ? rq->user : named;
    if (rq->user != NULL && named != NULL && strcasecmp(named, rq->user) != 0)
        return ctx_fail(cx, ERR_FORBIDDEN, "%s: a person has a token for himself alone", member);
    if (*out == NULL)
        return field_fault(cx, ERR_INVALID, arena_printf(cx->arena, "/%s", member), "missing",
                           "is missing: a key says whose phone it is");
    if (rq->user == NULL && !check_word(rq->role, " manager admin "))
        return ctx_fail(cx, ERR_FORBIDDEN, "a key speaks for a user only with the role manager or admin");
    return OK;
}

static enum err lacks(struct ctx *cx, const char *what, const char *cure)
{
    if (cx->err.code == OK) cx->err.cure = cure;
    return ctx_fail(cx, ERR_PHONE, "the tenant has no %s", what);
}

/* What is missing, each with its own cure. */
static enum err complete(struct ctx *cx, const struct sql_phone_open *row)
{
    if (row->user_role == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "no such user");
    if (strcmp(row->user_role, "viewer") == 0) return ctx_fail(cx, ERR_FORBIDDEN, "a viewer makes no calls");
    if (row->account_sid == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "Twilio service not initialized");
    if (row->api_key_sid == NULL || row->api_key_secret == NULL)
        return lacks(cx, "Twilio API key",
                     "Make a standard API key in the Twilio Console and give it: switchhook tenant set-twilio "
                     "--api-key-sid SK..., or PUT /api/v1/settings/twilio.");
    if (row->twiml_app_sid == NULL)
        return lacks(cx, "TwiML App", "switchhook twilio app makes or adopts one and sets its addresses.");
    if (row->caller_id == NULL) return ctx_fail(cx, ERR_NO_NUMBER, "No phone number assigned to user");
    return OK;
}

static enum err secret_of(struct ctx *cx, const struct sql_phone_open *row, const char **out)
{
    const struct seal_data key = { cx->tenant, row->data_key };
    const enum err         e = twilio_open(cx, &key, "api_key_secret", row->api_key_secret, out);
    if (e == OK || e == ERR_UNAVAILABLE) return e;
    ctx_forgive(cx);
    return ctx_fail(cx, ERR_TOKEN, "the secret of the API key does not open with the key file of this machine");
}

static enum err grant(struct req *rq, struct granted *out)
{
    struct ctx           *cx = rq->ctx;
    const char           *user, *secret;
    struct sql_phone_open row;
    TRY(phone_whose(rq, &user));
    TRY(sql_phone_open(cx, &(const struct sql_phone_open_in){ user }, &row));
    TRY(complete(cx, &row));
    TRY(secret_of(cx, &row, &secret));
    out->token = (struct voice_token){ .account = row.account_sid,
                                       .key = row.api_key_sid,
                                       .secret = secret,
                                       .identity = voice_identity(cx->arena, user, cx->tenant),
                                       .application = row.twiml_app_sid,
                                       .region = region_of(cx->arena, row.api_base_url, row.region),
                                       .incoming = true,
                                       .now_s = clock_unix_ms() / 1000,
                                       .lives_s = VOICE_LIVES_S };
    TRY(voice_token_make(cx, &out->token, &out->text));
    const char *at = clock_rfc3339(cx->arena, (out->token.now_s + VOICE_LIVES_S) * 1000);
    out->expires_at = arena_printf(cx->arena, "%.19sZ", at); /* whole seconds, as the token itself has them */
    out->caller_id = row.caller_id;
    return OK;
}

static void member(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "%s\"%s\":", b->at[b->len - 1] == '{' ? "" : ",", name);
    buf_json(b, value);
}

static enum err send(struct req *rq, struct res *rs, const struct buf *b)
{
    TRY(res_json(rs, 200, b->at));
    return res_header(rq->ctx, rs, "Cache-Control", "no-store");
}

/* POST /api/twilio/token {userId?}? -> 200 {"success":true,"data":{"token","identity","callerId","expiresAt"}}
 * The page asks again before expiresAt. https://www.twilio.com/docs/voice/sdks/javascript/get-started */
enum err phone_token(struct req *rq, struct res *rs)
{
    struct granted g;
    struct buf     b = buf_new(rq->ctx->arena, REPLY_MAX);
    TRY(grant(rq, &g));
    buf_str(&b, "{\"success\":true,\"data\":{");
    member(&b, "token", g.text);
    member(&b, "identity", g.token.identity);
    member(&b, "callerId", g.caller_id);
    member(&b, "expiresAt", g.expires_at);
    buf_str(&b, "}}\n");
    return send(rq, rs, &b);
}

/* POST /api/v1/tokens {user_id?}? -> 200 {"token","identity","caller_id","region","expires_at"} */
enum err phone_token_v1(struct req *rq, struct res *rs)
{
    struct granted g;
    struct buf     b = buf_new(rq->ctx->arena, REPLY_MAX);
    TRY(grant(rq, &g));
    buf_str(&b, "{");
    member(&b, "token", g.text);
    member(&b, "identity", g.token.identity);
    member(&b, "caller_id", g.caller_id);
    member(&b, "region", g.token.region);
    member(&b, "expires_at", g.expires_at);
    buf_str(&b, "}\n");
    return send(rq, rs, &b);
}

static enum err preview_of(struct req *rq, struct sql_phone_preview *out)
{
    struct ctx                 *cx = rq->ctx;
    const struct wanted        *in = rq->in;
    const struct gate           g = gate_look(in->to);
    struct sql_phone_preview_in ask = { .to_number = in->to,
                                        .token = veil_token(cx, cx->veil, VEIL_NUMBER, in->to),
                                        .marks = erasure_marks(cx, cx->tenant, in->to),
                                        .region = g.region,
                                        .premium = g.premium };
    TRY(phone_whose(rq, &ask.user_id));
    if (in->wish != NULL && check_e164(in->wish)) ask.wish = in->wish;
    TRY(sql_phone_preview(cx, &ask, out));
    return out->user_role != NULL ? OK : ctx_fail(cx, ERR_NOT_FOUND, "no such user");
}

/* POST /api/twilio/twiml {To, CallerId?} -> 200 TwiML: what Twilio would be told if the browser called; no call is made
 * or stored. Twilio's own request, a signed form, is the hooks pool's. */
enum err phone_preview(struct req *rq, struct res *rs)
{
    struct ctx              *cx = rq->ctx;
    struct sql_phone_preview row;
    struct plan              plan;
    const struct event       ev = { .kind = EVENT_BROWSER };
    if (cx->cfg->public_url == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "PUBLIC_URL is not set");
    TRY(preview_of(rq, &row));
    const struct sql_ingest_answer answer = { .route = "browser",
                                              .call_id = "00000000-0000-0000-0000-000000000000", /* there is no call */
                                              .dial_to = ((const struct wanted *)rq->in)->to,
                                              .caller_id = row.caller_id,
                                              .refused = row.refused,
                                              .record = row.recorded ? "record-from-answer-dual" : NULL,
                                              .record_as = "record-from-answer-dual",
                                              .disclosure = row.disclosure,
                                              .question = row.question,
                                              .agents = row.agents,
                                              .ring_timeout_s = row.ring_timeout_s,
                                              .voice = row.voice,
                                              .language = row.language };
    flow_answer(cx, cx->cfg->public_url, &ev, &answer, &plan);
    *rs = (struct res){ .status = 200, .type = "text/xml; charset=utf-8" };
    TRY(render_plan(cx, &plan, &rs->body, &rs->len));
    return res_header(cx, rs, "Cache-Control", "no-store");
}

/* PATCH /api/v1/me If-Match? {rings?, available?, presence?, away_reason?, work_hours?, name?} -> 200 user */
enum err phone_prefer(struct req *rq, struct res *rs)
{
    struct ctx                *cx = rq->ctx;
    const struct preference   *in = rq->in;
    const bool                 any = *rq->if_match == '\0' || strcmp(rq->if_match, "*") == 0;
    struct sql_phone_prefer    done;
    struct sql_phone_prefer_in change = { .user_id = rq->user,
                                          .etag = any ? NULL : rq->if_match,
                                          .rings = in->rings,
                                          .name = in->name,
                                          .available = in->available,
                                          .presence = in->presence,
                                          .reason = in->reason,
                                          .hours = in->hours,
                                          .hours_given = json_get(rq->json, "work_hours") != NULL,
                                          .actor = auth_actor(rq),
                                          .origin = rq->remote };
    TRY(sql_phone_prefer(cx, &change, &done));
    if (done.stale) return ctx_fail(cx, ERR_STALE, "it has been changed meanwhile");
    if (done.unread)
        return field_fault(cx, ERR_INVALID, "/work_hours", "plan",
                           "expected spans such as mon-fri 08:00-17:00, sat 09:00-12:00");
    return done.doc != NULL ? res_json(rs, 200, done.doc) : ctx_fail(cx, ERR_NOT_FOUND, "no such user");
}
