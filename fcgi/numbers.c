/* Numbers for sale: searched and bought. */
#include "handlers.h"

#include "auth.h"
#include "buf.h"
#include "check.h"
#include "limit.h"
#include "number.h"
#include "phone.h"
#include "sql.h"

#include <string.h>

enum {
    OFFERS_MAX = 64 * 1024,
    REPLY_MAX = 16 * 1024,
    AREA_MAX = 12,
    PATTERN_MAX = 16,
    PRICE_MAX = 12,
    EXTERNAL_MAX = 200
};

#define AT(member) offsetof(struct number_search, member)
#define OF(member) offsetof(struct number_order, member)

static const char types[] = " local mobile toll-free national ";

/* clang-format off */
static const struct field offers_rows[] = {
    { "country",   FIELD_TEXT, AT(country),  false, 0, 2, NULL },
    { "area_code", FIELD_TEXT, AT(area),     false, 0, AREA_MAX, NULL },
    { "contains",  FIELD_TEXT, AT(contains), false, 0, PATTERN_MAX, NULL },
    { "type",      FIELD_WORD, AT(type),     false, 0, 0, types },
    { "sms",       FIELD_BOOL, AT(sms),      false, 0, 0, NULL },
    { "mms",       FIELD_BOOL, AT(mms),      false, 0, 0, NULL },
    { "limit",     FIELD_INT,  AT(limit),    false, 1, NUMBER_SEARCH_MAX, NULL },
};
static const struct field guide_offers_rows[] = {
    { "country",  FIELD_TEXT, AT(country),  false, 0, 2, NULL },
    { "areaCode", FIELD_TEXT, AT(area),     false, 0, AREA_MAX, NULL },
    { "contains", FIELD_TEXT, AT(contains), false, 0, PATTERN_MAX, NULL },
    { "type",     FIELD_WORD, AT(type),     false, 0, 0, types },
    { "limit",    FIELD_INT,  AT(limit),    false, 1, NUMBER_SEARCH_MAX, NULL },
};
static const struct field buy_rows[] = {
    { "phone_number",      FIELD_PHONE, OF(e164),            false, 0, 0, NULL },
    { "country",           FIELD_TEXT,  OF(search.country),  false, 0, 2, NULL },
    { "area_code",         FIELD_TEXT,  OF(search.area),     false, 0, AREA_MAX, NULL },
    { "contains",          FIELD_TEXT,  OF(search.contains), false, 0, PATTERN_MAX, NULL },
    { "type",              FIELD_WORD,  OF(search.type),     false, 0, 0, types },
    { "sms",               FIELD_BOOL,  OF(search.sms),      false, 0, 0, NULL },
    { "mms",               FIELD_BOOL,  OF(search.mms),      false, 0, 0, NULL },
    { "user_id",           FIELD_UUID,  OF(user),            false, 0, 0, NULL },
    { "client_id",         FIELD_TEXT,  OF(client),          false, 1, EXTERNAL_MAX, NULL },
    { "forward_to",        FIELD_PHONE, OF(forward_to),      false, 0, 0, NULL },
    { "bundle_sid",        FIELD_TEXT,  OF(bundle),          false, 34, 34, NULL },
    { "address_sid",       FIELD_TEXT,  OF(address),         false, 34, 34, NULL },
    { "max_monthly_price", FIELD_TEXT,  OF(max_price),       false, 1, PRICE_MAX, NULL },
};
static const struct field guide_buy_rows[] = {
    { "phoneNumber",     FIELD_PHONE, OF(e164),            false, 0, 0, NULL },
    { "country",         FIELD_TEXT,  OF(search.country),  false, 0, 2, NULL },
    { "areaCode",        FIELD_TEXT,  OF(search.area),     false, 0, AREA_MAX, NULL },
    { "contains",        FIELD_TEXT,  OF(search.contains), false, 0, PATTERN_MAX, NULL },
    { "type",            FIELD_WORD,  OF(search.type),     false, 0, 0, types },
    { "userId",          FIELD_UUID,  OF(user),            false, 0, 0, NULL },
    { "clientId",        FIELD_TEXT,  OF(client),          false, 1, EXTERNAL_MAX, NULL },
    { "forwardTo",       FIELD_PHONE, OF(forward_to),      false, 0, 0, NULL },
    { "bundleSid",       FIELD_TEXT,  OF(bundle),          false, 34, 34, NULL },
    { "addressSid",      FIELD_TEXT,  OF(address),         false, 34, 34, NULL },
    { "maxMonthlyPrice", FIELD_TEXT,  OF(max_price),       false, 1, PRICE_MAX, NULL },
};
/* How a reply is spelled: the API's way, and the guides'. */
static const struct words {
    const char *phone, *friendly, *price, *address, *bundle, *area, *id;
} words[] = {
    { "phone_number", "friendly_name", "monthly_price", "address_requirement", "bundle_required", "area_code", "id" },
    { "phoneNumber",  "friendlyName",  "monthlyPrice",  "addressRequirement",  "bundleRequired",  "areaCode",
      "numberId" },
};
/* clang-format on */
const struct fields offers_query = FIELDS(offers_rows, struct number_search);
const struct fields guide_offers_query = FIELDS_TOLERANT(guide_offers_rows, struct number_search);
const struct fields buy_in = FIELDS(buy_rows, struct number_order);
const struct fields guide_buy_in = FIELDS_TOLERANT(guide_buy_rows, struct number_order);

static bool guide(const struct req *rq)
{
    return rq->route->shape == SHAPE_GUIDE;
}

static void member(struct buf *b, const char *name, const char *value)
{
    if (b->len > 0 && b->at[b->len - 1] != '{') buf_str(b, ",");
    buf_printf(b, "\"%s\":", name);
    buf_json(b, value);
}

static bool can(const char *set, const char *word)
{
    return strstr(set, word) != NULL;
}

static void write_offer(struct buf *b, const struct words *w, const struct number_found *f,
                        const struct twilio_offer *o)
{
    struct phone p;
    const bool   known = phone_parse(o->e164, strlen(o->e164), NULL, &p);
    buf_str(b, "{");
    member(b, w->phone, o->e164);
    member(b, w->friendly, known ? p.national : o->friendly);
    member(b, "locality", o->locality);
    member(b, "region", o->region);
    member(b, "type", f->type);
    buf_printf(b, ",\"capabilities\":{\"voice\":%s,\"sms\":%s,\"mms\":%s}",
               can(o->capabilities, "voice") ? "true" : "false", can(o->capabilities, "sms") ? "true" : "false",
               can(o->capabilities, "mms") ? "true" : "false");
    member(b, w->price, f->price);
    member(b, "currency", f->currency);
    member(b, w->address, check_word(o->address, " none any local foreign ") ? o->address : "any");
    buf_printf(b, ",\"%s\":%s}", w->bundle, f->regulated == NULL ? "null" : *f->regulated ? "true" : "false");
}

/* GET /api/v1/available-numbers ?country&area_code&contains&type&sms&mms&limit -> 200 {"country","pattern","numbers"}
 * GET /api/admin/twilio/available-numbers, GET /api/twilio/purchase-number ?areaCode: the same as the guides spell it
 * https://www.twilio.com/docs/phone-numbers/api/availablephonenumberlocal-resource */
enum err numbers_offers(struct req *rq, struct res *rs)
{
    const struct words *w = &words[guide(rq)];
    struct buf          b = buf_new(rq->ctx->arena, OFFERS_MAX);
    struct number_found f;
    TRY(number_search(rq->ctx, rq->args, &f));
    buf_str(&b, guide(rq) ? "{\"success\":true" : "{");
    member(&b, "country", f.country);
    member(&b, "pattern", f.pattern.contains);
    member(&b, w->area, f.pattern.area_code);
    buf_str(&b, ",\"numbers\":[");
    for (size_t i = 0; i < f.offers.n; i++) {
        if (i > 0) buf_str(&b, ",");
        write_offer(&b, w, &f, &f.offers.v[i]);
    }
    buf_str(&b, "]}\n");
    return b.full ? ctx_fail(rq->ctx, ERR_UPSTREAM, "Twilio's offers are over %d bytes", OFFERS_MAX)
                  : res_json(rs, 200, b.at);
}

static bool price(const char *s)
{
    const size_t whole = strspn(s, "0123456789");
    if (whole == 0 || whole > 8) return false;
    return s[whole] == '\0' || (s[whole] == '.' && strspn(s + whole + 1, "0123456789") == strlen(s + whole + 1));
}

/* What the table cannot say. */
static enum err checked(struct req *rq, const struct number_order *o)
{
    struct ctx *cx = rq->ctx;
    const bool  g = guide(rq);
    if (o->bundle != NULL && !check_sid(o->bundle, "BU"))
        (void)field_fault(cx, ERR_INVALID, g ? "/bundleSid" : "/bundle_sid", "sid", "expected BU and 32 hex digits");
    if (o->address != NULL && !check_sid(o->address, "AD"))
        (void)field_fault(cx, ERR_INVALID, g ? "/addressSid" : "/address_sid", "sid", "expected AD and 32 hex digits");
    if (o->max_price != NULL && !price(o->max_price))
        (void)field_fault(cx, ERR_INVALID, g ? "/maxMonthlyPrice" : "/max_monthly_price", "decimal",
                          "expected a decimal such as \"1.50\"");
    if (strlen(rq->idem_key) > IDEM_KEY_MAX || !check_header(rq->idem_key))
        (void)ctx_fail(cx, ERR_INVALID, "Idempotency-Key: at most %d printable characters", IDEM_KEY_MAX);
    return cx->err.code;
}

/* A second round trip, for the document is the one that GET gives. */
static enum err write_bought(struct req *rq, struct buf *b, const struct number_bought *made)
{
    struct sql_number_load number = { 0 };
    const char            *status = made->sid == NULL ? "unknown" : "purchased";
    buf_str(b, guide(rq) ? "{\"success\":true" : "{");
    member(b, words[guide(rq)].phone, made->e164);
    member(b, "sid", made->sid);
    member(b, "status", status);
    if (guide(rq)) member(b, words[1].id, made->id);
    else {
        if (made->id != NULL) TRY(sql_number_load(rq->ctx, &(const struct sql_number_load_in){ made->id }, &number));
        buf_printf(b, ",\"number\":%s", number.doc == NULL ? "null" : number.doc);
    }
    buf_str(b, "}\n");
    return OK;
}

/* POST /api/v1/numbers {phone_number | area_code, ...} -> 201 {"status":"purchased","phone_number","sid","number"}
 * POST /api/twilio/purchase-number {areaCode} -> 200 {"success":true,"phoneNumber","sid","status":"purchased"}
 * The promise is committed before Twilio hears of it; a lost reply is 202 with "unknown", never a second number.
 * https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#provision-a-phone-number */
enum err numbers_buy(struct req *rq, struct res *rs)
{
    struct ctx          *cx = rq->ctx;
    struct number_order  order = *(const struct number_order *)rq->in;
    struct number_bought made;
    struct buf           b = buf_new(cx->arena, REPLY_MAX);
    TRY(checked(rq, &order));
    order.actor = auth_actor(rq);
    order.origin = rq->remote;
    order.idem_key = *rq->idem_key == '\0' ? NULL : rq->idem_key;
    order.request = rq->body;
    TRY(number_buy(cx, &order, &made));
    TRY(write_bought(rq, &b, &made));
    TRY(res_json(rs, made.sid == NULL ? 202 : guide(rq) ? 200 : 201, b.at));
    if (made.id != NULL && !guide(rq))
        TRY(res_header(cx, rs, "Location", arena_printf(cx->arena, "/api/v1/numbers/%s", made.id)));
    return made.replayed ? res_header(cx, rs, "Idempotency-Replayed", "true") : OK;
}
