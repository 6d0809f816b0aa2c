/* Numbers for sale: how a search is put to Twilio, and what comes with an offer. */
#include "number.h"

#include "check.h"
#include "phone.h"
#include "sql.h"

#include <string.h>

enum { SEARCH_DEFAULT = 20, CONTAINS_MIN = 2, CONTAINS_MAX = 16, AREA_MAX = 8 };

/* Digits as they come, without what people write around them; NULL: other characters, or none, or too many. */
static const char *digits(struct arena *a, const char *text)
{
    char  *out = arena_alloc(a, strlen(text) + 1);
    size_t n = 0;
    for (; *text != '\0'; text++) {
        if (*text >= '0' && *text <= '9') out[n++] = *text;
        else if (strchr(" ()-.", *text) == NULL) return NULL;
    }
    out[n] = '\0';
    return n > 0 && n <= AREA_MAX ? out : NULL;
}

static enum err by_area(struct ctx *cx, const char *country, const char *area, struct number_pattern *out)
{
    struct phone_plan plan;
    const char       *d = digits(cx->arena, area);
    const bool        north = strcmp(country, "US") == 0 || strcmp(country, "CA") == 0;
    if (d == NULL || (north && strlen(d) != 3) || !phone_plan(country, &plan))
        return ctx_fail(cx, ERR_INVALID, north ? "the area code: three digits" : "the area code: digits");
    if (north) {
        *out = (struct number_pattern){ .area_code = d, .prefix = arena_printf(cx->arena, "+1%s", d) };
        return OK;
    }
    const size_t trunk = strlen(plan.trunk);
    if (trunk > 0 && strncmp(d, plan.trunk, trunk) == 0 && d[trunk] != '\0') d += trunk;
    *out = (struct number_pattern){ .contains = arena_printf(cx->arena, "%s%s*", plan.code, d),
                                    .prefix = arena_printf(cx->arena, "+%s%s", plan.code, d) };
    return OK;
}

enum err number_pattern(struct ctx *cx, const char *country, const struct number_search *s, struct number_pattern *out)
{
    static const char all[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*%+$";
    const bool        area = s->area != NULL && *s->area != '\0', has = s->contains != NULL && *s->contains != '\0';
    if (area && has) return ctx_fail(cx, ERR_INVALID, "either an area code or a pattern");
    if (area) return by_area(cx, country, s->area, out);
    if (has) {
        const size_t n = strlen(s->contains);
        if (n < CONTAINS_MIN || n > CONTAINS_MAX || strspn(s->contains, all) != n)
            return ctx_fail(cx, ERR_INVALID, "the pattern: 2 to 16 digits or letters, * for one, %% for some");
    }
    *out = (struct number_pattern){ .contains = has ? s->contains : NULL };
    return OK;
}

static bool alpha2(const char *s)
{
    return strlen(s) == 2 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2;
}

/* What Twilio does not say is left out: an offer without a price is still one. */
static void learn(struct ctx *cx, const struct twilio *t, struct number_found *f)
{
    bool *regulated = arena_alloc(cx->arena, sizeof *regulated);
    if (twilio_number_price(cx, t, f->country, f->type, &f->price, &f->currency) != OK) ctx_forgive(cx);
    if (twilio_number_regulated(cx, t, f->country, f->type, regulated) == OK) f->regulated = regulated;
    else ctx_forgive(cx);
}

/* Contains matches anywhere in a number; an area code stands at its beginning. */
static void keep_prefix(struct number_found *f)
{
    const char *prefix = f->pattern.prefix;
    size_t      n = 0;
    for (size_t i = 0; prefix != NULL && i < f->offers.n; i++)
        if (strncmp(f->offers.v[i].e164, prefix, strlen(prefix)) == 0) f->offers.v[n++] = f->offers.v[i];
    if (prefix != NULL) f->offers.n = n;
}

enum err number_search(struct ctx *cx, const struct number_search *s, struct number_found *out)
{
    struct sql_number_home home;
    struct twilio          account;
    struct number_found    f = { .type = s->type == NULL ? "local" : s->type };
    TRY(sql_number_home(cx, &home));
    f.country = s->country == NULL || *s->country == '\0' ? home.country : s->country;
    if (!alpha2(f.country)) return ctx_fail(cx, ERR_INVALID, "country: two capital letters, such as GB");
    TRY(number_pattern(cx, f.country, s, &f.pattern));
    TRY(twilio_load(cx, &account));
    const struct twilio_wish wish = { .country = f.country,
                                      .type = f.type,
                                      .area_code = f.pattern.area_code,
                                      .contains = f.pattern.contains,
                                      .sms = s->sms != NULL && *s->sms,
                                      .mms = s->mms != NULL && *s->mms,
                                      .limit = s->limit == NULL ? SEARCH_DEFAULT : *s->limit };
    const enum err           e = twilio_offers_list(cx, &account, &wish, &f.offers);
    if (e == ERR_NOT_FOUND) { /* no such numbers in that country */
        ctx_forgive(cx);
        f.offers = (struct twilio_offers){ 0 };
    } else if (e != OK) return e;
    keep_prefix(&f);
    learn(cx, &account, &f);
    *out = f;
    return OK;
}
