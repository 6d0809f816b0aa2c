/* Numbers come and go: adopted, given to somebody, taken back, returned to Twilio. */
#include "number.h"

#include "check.h"
#include "phone.h"
#include "sql.h"

#include <string.h>

/* ---- adoption ---- */

/* The price of the type before: an account has many numbers of few kinds. */
struct price {
    const char *country, *type, *price, *currency;
};

static void price_of(struct ctx *cx, const struct twilio *t, const char *country, const char *type, struct price *p)
{
    if (p->country != NULL && strcmp(p->country, country) == 0 && strcmp(p->type, type) == 0) return;
    *p = (struct price){ .country = country, .type = type };
    if (*country == '\0' || twilio_number_price(cx, t, country, type, &p->price, &p->currency) != OK) ctx_forgive(cx);
}

static enum err adopt(struct ctx *cx, const struct twilio *t, const struct twilio_number *n, struct price *p,
                      const char *actor, const char *origin)
{
    struct phone            ph = { .region = "" };
    struct sql_number_adopt row;
    (void)phone_parse(n->e164, strlen(n->e164), NULL, &ph); /* false: of no country, and without a price */
    const char *type = *ph.type == '\0' ? NULL : arena_strdup(cx->arena, ph.type);
    price_of(cx, t, arena_strdup(cx->arena, ph.region), type == NULL ? "local" : type, p);
    return sql_number_adopt(cx,
                            &(const struct sql_number_adopt_in){ .e164 = n->e164,
                                                                 .twilio_sid = n->sid,
                                                                 .number_type = type,
                                                                 .capabilities = n->capabilities,
                                                                 .monthly_price = p->price,
                                                                 .currency = p->currency,
                                                                 .actor = actor,
                                                                 .origin = origin },
                            &row);
}

enum err number_adopt(struct ctx *cx, const char *e164, const char *actor, const char *origin, int64_t *adopted,
                      int64_t *left)
{
    struct twilio         account;
    struct twilio_numbers all;
    struct price          p = { 0 };
    int64_t               n = 0;
    TRY(twilio_load(cx, &account));
    TRY(twilio_numbers_list(cx, &account, e164, &all));
    for (size_t i = 0; i < all.n; i++) {
        if ((e164 != NULL && strcmp(all.v[i].e164, e164) != 0) || !check_e164(all.v[i].e164)) continue;
        TRY(adopt(cx, &account, &all.v[i], &p, actor, origin));
        n++;
    }
    if (e164 != NULL && n == 0) {
        cx->err.cure = "Buy it, or check the account and its region.";
        return ctx_fail(cx, ERR_NOT_FOUND, "the account at Twilio has no such number");
    }
    *adopted = n;
    return number_apply_waiting(cx, left);
}

/* ---- whose it is ---- */

static const char *uuid_or_null(const char *s)
{
    return s != NULL && check_uuid(s) ? s : NULL;
}

static enum err missing(struct ctx *cx)
{
    return ctx_fail(cx, ERR_NOT_FOUND, "no such number");
}

/* clang-format off */
static const struct {
    const char *word;
    enum err    err;
    const char *why;
} refusals[] = {
    { "nobody",     ERR_INVALID,   "say whose it shall be: a user, a client, a campaign or a pool" },
    { "disabled",   ERR_CONFLICT,  "the number is disabled" },
    { "user",       ERR_NOT_FOUND, "userId: no such user" },
    { "client",     ERR_NOT_FOUND, "clientId: no such client" },
    { "campaign",   ERR_NOT_FOUND, "campaignId: no such campaign" },
    { "forward_to", ERR_INVALID,   "forwardTo: a number cannot forward to itself" },
};
/* clang-format on */

enum err number_assign(struct ctx *cx, const struct number_target *t, const char **doc)
{
    struct sql_number_assign    row;
    struct sql_number_assign_in in = { .id = t->id,
                                       .e164 = t->e164,
                                       .user_id = t->user,
                                       .client = t->client,
                                       .client_id = uuid_or_null(t->client),
                                       .campaign = t->campaign,
                                       .campaign_id = uuid_or_null(t->campaign),
                                       .pool = t->pool,
                                       .forward_to = t->forward_to,
                                       .actor = t->actor,
                                       .origin = t->origin };
    TRY(sql_number_assign(cx, &in, &row));
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (strcmp(refusals[i].word, row.verdict) == 0) return ctx_fail(cx, refusals[i].err, "%s", refusals[i].why);
    if (row.doc == NULL) return missing(cx);
    *doc = row.doc;
    return OK;
}

enum err number_unassign(struct ctx *cx, const struct number_target *t, const char **doc)
{
    struct sql_number_unassign    row = { 0 };
    struct sql_number_unassign_in in = { .id = t->id, .e164 = t->e164, .actor = t->actor, .origin = t->origin };
    TRY(sql_number_unassign(cx, &in, &row));
    if (row.doc == NULL) return missing(cx);
    *doc = row.doc;
    return OK;
}

enum err number_release(struct ctx *cx, const struct number_target *t, bool at_once, const char **doc)
{
    struct sql_number_release    row;
    struct sql_number_release_in in = {
        .id = t->id, .e164 = t->e164, .at_once = at_once, .actor = t->actor, .origin = t->origin
    };
    TRY(sql_number_release(cx, &in, &row));
    if (strcmp(row.verdict, "held") == 0) {
        cx->err.cure = "Unassign it first, or take it from whom the refusal names.";
        return ctx_fail(cx, ERR_HELD, "the number is still held by: %.180s", row.holders);
    }
    if (row.doc == NULL) return missing(cx);
    *doc = row.doc;
    return OK;
}

/* It is given to nobody from the moment that Twilio is asked. A DELETE may be repeated, and what has gone already is as
 * good. */
enum err number_give_back(struct ctx *cx, const char *id)
{
    struct sql_number_going n = { 0 };
    struct sql_number_gone  gone;
    struct twilio           account;
    TRY(sql_number_going(cx, &(const struct sql_number_going_in){ id }, &n));
    if (n.e164 == NULL) return OK;
    if (n.twilio_sid != NULL) {
        TRY(twilio_load(cx, &account));
        const enum err e = twilio_number_release(cx, &account, n.twilio_sid);
        if (e != OK && e != ERR_NOT_FOUND) return e;
        if (e != OK) ctx_forgive(cx);
    }
    return sql_number_gone(cx, &(const struct sql_number_gone_in){ id, "sweep" }, &gone);
}
