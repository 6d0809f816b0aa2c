/* Purchase: the outbox between our promise and Twilio. */
#include "number.h"

#include "check.h"
#include "digest.h"
#include "id.h"
#include "phone.h"
#include "sql.h"

#include <string.h>

enum { GIVE_UP_S = 600 };

/* A purchase under way. */
struct purchase {
    const struct number_order *order;
    struct sql_number_open     open;
    struct number_found        found;
    struct twilio_offer        offer;
    const char                *bundle, *address;
};

static struct db_bytes hash_of(struct arena *a, const struct number_order *o)
{
    unsigned char *out = arena_alloc(a, DIGEST_SHA256);
    struct digest *d = digest_begin();
    digest_add(d, o->actor, strlen(o->actor) + 1);
    digest_add(d, o->request.at, o->request.n);
    digest_end(d, out);
    return (struct db_bytes){ out, DIGEST_SHA256 };
}

static enum err open(struct ctx *cx, const struct number_order *o, struct sql_number_open *out)
{
    char *id = arena_alloc(cx->arena, CTX_ID);
    id_uuid7(id);
    struct sql_number_open_in in = { .id = id,
                                     .e164 = o->e164,
                                     .user_id = o->user,
                                     .client = o->client,
                                     .client_id = o->client != NULL && check_uuid(o->client) ? o->client : NULL,
                                     .forward_to = o->forward_to,
                                     .idem_key = o->idem_key,
                                     .request_hash = hash_of(cx->arena, o),
                                     .actor = o->actor };
    const struct db_call calls[] = { { &sql_number_lock_stmt, NULL, 1, NULL }, { &sql_number_open_stmt, &in, 1, out } };
    return db_all(cx, calls, 2);
}

/* clang-format off */
static const struct {
    const char *word;
    enum err    err;
    const char *why, *cure;
} refusals[] = {
    { "reused",         ERR_IDEM_REUSED,    "this Idempotency-Key came with another request", NULL },
    { "running",        ERR_IDEM_RUNNING,   "the same request is still being worked on", NULL },
    { "stopped",        ERR_STOPPED,        "buying is stopped for this tenant", NULL },
    { "not_configured", ERR_NOT_CONFIGURED, "Twilio service not initialized", NULL },
    { "user",           ERR_NOT_FOUND,      "userId: no such user", NULL },
    { "client",         ERR_NOT_FOUND,      "clientId: no such client", NULL },
    { "owned",          ERR_CONFLICT,       "the number is yours already", "Look it up among your numbers." },
    { "gone",           ERR_UNAVAILABLE,    "it took too long to find a number", NULL },
    { "unpriced",       ERR_SPEND_CAP,      "Twilio does not say what the number costs, and there is a limit",
      "Take the limit away with switchhook tenant limits --number-rent none, or try again later." },
};
/* clang-format on */

static enum err refuse(struct ctx *cx, const char *verdict)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (strcmp(refusals[i].word, verdict) != 0) continue;
        if (cx->err.code == OK) cx->err.cure = refusals[i].cure;
        return ctx_fail(cx, refusals[i].err, "%s", refusals[i].why);
    }
    return ctx_fail(cx, ERR_INTERNAL, "number_open: verdict %.40s", verdict);
}

/* Says again what was said to the first of equal requests. */
static enum err again(struct ctx *cx, const struct sql_number_open *first, struct number_bought *out)
{
    if (strcmp(first->state, "rejected") == 0) return twilio_refused_again(cx, first->twilio_code, first->reason);
    if (strcmp(first->state, "failed") == 0)
        return ctx_fail(cx, ERR_UNAVAILABLE, "%s", first->reason == NULL ? "nothing was bought" : first->reason);
    *out = (struct number_bought){
        .id = first->number_id, .e164 = first->e164, .sid = first->twilio_sid, .replayed = true
    };
    return OK;
}

/* A number by name is looked up as well: for its price, and for what the country asks. */
static enum err find(struct ctx *cx, struct purchase *p)
{
    struct number_search s = p->order->search;
    struct phone         ph;
    if (s.country == NULL || *s.country == '\0') s.country = p->open.country;
    if (p->order->e164 != NULL) {
        if (!phone_parse(p->order->e164, strlen(p->order->e164), NULL, &ph) || *ph.region == '\0')
            return ctx_fail(cx, ERR_INVALID_NUMBER, "phoneNumber: not a number of any country");
        s = (struct number_search){ .country = arena_strdup(cx->arena, ph.region),
                                    .contains = p->order->e164,
                                    .type = *ph.type == '\0' ? NULL : arena_strdup(cx->arena, ph.type) };
    }
    TRY(number_search(cx, &s, &p->found));
    for (size_t i = 0; i < p->found.offers.n; i++) {
        if (p->order->e164 != NULL && strcmp(p->found.offers.v[i].e164, p->order->e164) != 0) continue;
        p->offer = p->found.offers.v[i];
        return OK;
    }
    cx->err.cure = "Search again, with fewer wishes or in another place.";
    return ctx_fail(cx, ERR_NO_NUMBERS, "Twilio sells no such number at the moment");
}

/* What regulation asks for is found among what the account has, or the refusal says what is missing. */
static enum err satisfy(struct ctx *cx, const struct twilio *t, struct purchase *p)
{
    const struct number_found *f = &p->found;
    p->bundle = p->order->bundle;
    p->address = p->order->address;
    if (f->regulated != NULL && *f->regulated && p->bundle == NULL) {
        TRY(twilio_bundle_find(cx, t, f->country, f->type, &p->bundle));
        if (p->bundle == NULL) {
            cx->err.cure =
                "Have a bundle approved in Twilio's console under Phone Numbers, Regulatory Compliance; it is "
                "found by itself, or named by bundleSid.";
            return ctx_fail(cx, ERR_BUNDLE, "%s asks for a regulatory bundle before a %s number is sold", f->country,
                            f->type);
        }
    }
    if (strcmp(p->offer.address, "none") != 0 && p->address == NULL) {
        TRY(twilio_address_find(cx, t, f->country, p->offer.address, &p->address));
        if (p->address == NULL) {
            cx->err.cure =
                "Add the address in Twilio's console under Phone Numbers, Regulatory Compliance, Addresses; it "
                "is found by itself, or named by addressSid.";
            return ctx_fail(cx, ERR_BUNDLE, "%s asks for %s address before a %s number is sold", f->country,
                            strcmp(p->offer.address, "any") == 0 ? "an" : p->offer.address, f->type);
        }
    }
    return OK;
}

static enum err capped(struct ctx *cx, const struct purchase *p, const struct sql_number_promise *v)
{
    const char *unit = p->found.currency == NULL ? "" : p->found.currency;
    if (strcmp(v->verdict, "price") == 0) {
        cx->err.cure = "Raise maxMonthlyPrice, or choose a cheaper type of number.";
        return ctx_fail(cx, ERR_SPEND_CAP, "it costs %s %s a month, over the %s that the request allows",
                        p->found.price, unit, p->order->max_price);
    }
    if (strcmp(v->verdict, "cap") == 0) {
        cx->err.cure = "Raise it with switchhook tenant limits --number-rent, or release a number.";
        return ctx_fail(cx, ERR_SPEND_CAP, "with its %s %s a month the rent of %s would pass the tenant's cap of %s",
                        p->found.price, unit, v->rent, v->cap);
    }
    return refuse(cx, v->verdict);
}

static enum err promise(struct ctx *cx, const struct purchase *p)
{
    struct sql_number_promise    v;
    struct sql_number_promise_in in = { .id = p->open.id,
                                        .e164 = p->offer.e164,
                                        .number_type = p->found.type,
                                        .capabilities = p->offer.capabilities,
                                        .monthly_price = p->found.price,
                                        .currency = p->found.currency,
                                        .max_price = p->order->max_price,
                                        .bundle_sid = p->bundle,
                                        .address_sid = p->address,
                                        .origin = p->order->origin };
    const struct db_call         calls[] = { { &sql_number_lock_stmt, NULL, 1, NULL },
                                             { &sql_number_promise_stmt, &in, 1, &v } };
    TRY(db_all(cx, calls, 2));
    return strcmp(v.verdict, "sending") == 0 ? OK : capped(cx, p, &v);
}

/* Writes how it ended. A failure to write is not the caller's: the sweep will find out. */
static const char *settle(struct ctx *cx, const struct sql_number_settle_in *in)
{
    struct error             before = cx->err;
    struct sql_number_settle row = { 0 };
    for (int i = 0; i < 2; i++) {
        ctx_forgive(cx);
        if (sql_number_settle(cx, in, &row) != ERR_UNAVAILABLE) break;
    }
    cx->err = before;
    return row.number_id;
}

static bool unsure(enum err e)
{
    return e == ERR_UNKNOWN || e == ERR_UPSTREAM || e == ERR_TOO_LARGE;
}

/* asked: the request to buy may have left; before that a failure bought nothing. */
static void settle_failure(struct ctx *cx, const char *id, bool asked)
{
    const enum err e = cx->err.code;
    const int64_t  code = twilio_refusal(&cx->err);
    const bool     rejected = asked && code != 0 && e != ERR_RATE_LIMITED && e != ERR_UNAVAILABLE;
    (void)settle(cx, &(const struct sql_number_settle_in){ .id = id,
                                                           .state = asked && unsure(e) ? "unknown"
                                                                    : rejected         ? "rejected"
                                                                                       : "failed",
                                                           .twilio_code = code == 0 ? NULL : &code,
                                                           .reason = arena_strdup(cx->arena, cx->err.msg) });
}

static enum err prepare(struct ctx *cx, struct purchase *p, struct twilio *account, struct twilio_hooks *hooks)
{
    TRY(twilio_load(cx, account));
    TRY(number_hooks(cx, p->open.fallback_name, hooks));
    TRY(find(cx, p));
    TRY(satisfy(cx, account, p));
    hooks->bundle_sid = p->bundle;
    hooks->address_sid = p->address;
    return promise(cx, p);
}

enum err number_buy(struct ctx *cx, const struct number_order *order, struct number_bought *out)
{
    struct purchase      p = { .order = order };
    struct twilio        account;
    struct twilio_hooks  hooks = { 0 };
    struct twilio_number made;
    TRY(open(cx, order, &p.open));
    if (strcmp(p.open.verdict, "again") == 0) return again(cx, &p.open, out);
    if (strcmp(p.open.verdict, "open") != 0) return refuse(cx, p.open.verdict);
    if (prepare(cx, &p, &account, &hooks) != OK) {
        settle_failure(cx, p.open.id, false);
        return cx->err.code;
    }
    if (twilio_number_buy(cx, &account, p.offer.e164, &hooks, &made) != OK) {
        const enum err e = cx->err.code;
        settle_failure(cx, p.open.id, true);
        if (!unsure(e)) return e;
        ctx_forgive(cx);
        *out = (struct number_bought){ .e164 = p.offer.e164 };
        return OK;
    }
    const char *id =
        settle(cx, &(const struct sql_number_settle_in){ .id = p.open.id,
                                                         .state = "bought",
                                                         .twilio_sid = made.sid,
                                                         .drift = number_drift(cx, &made, p.open.fallback_name) });
    *out = (struct number_bought){ .id = id, .e164 = p.offer.e164, .sid = made.sid };
    return OK;
}

enum err number_resolve(struct ctx *cx, const char *purchase_id)
{
    struct sql_number_purchase  p = { 0 };
    struct sql_number_settle    row;
    struct sql_number_settle_in end = { .id = purchase_id, .state = "failed", .reason = "Twilio has not sold it" };
    struct twilio               account;
    struct twilio_numbers       all;
    const struct twilio_number *seen = NULL;
    TRY(sql_number_purchase(cx, &(const struct sql_number_purchase_in){ purchase_id }, &p));
    if (p.state == NULL) return OK;
    if (strcmp(p.state, "looking") == 0) return p.age_s < GIVE_UP_S ? OK : sql_number_settle(cx, &end, &row);
    TRY(twilio_load(cx, &account));
    TRY(twilio_numbers_list(cx, &account, p.e164, &all));
    for (size_t i = 0; i < all.n; i++)
        if (strcmp(all.v[i].e164, p.e164) == 0) seen = &all.v[i];
    if (seen == NULL && p.age_s < GIVE_UP_S) return OK;
    if (seen != NULL)
        end = (struct sql_number_settle_in){ .id = purchase_id,
                                             .state = "bought",
                                             .twilio_sid = seen->sid,
                                             .drift = number_drift(cx, seen, p.fallback_name) };
    return sql_number_settle(cx, &end, &row);
}
