/* What stands between a buyer and a number: price, regulation, bundle, address. */
#include "check.h"
#include "twilio_ask.h"
#include "twilio_number.h"

#include <string.h>
#include <strings.h>

enum { QUERY_MAX = 512 };

static const char *text(const struct json *doc, const char *name)
{
    const char *v = json_text(json_get(doc, name));
    return v == NULL ? "" : v;
}

static enum err get(struct ctx *cx, const struct twilio *t, const char *product, const char *path,
                    const struct buf *query, const struct json **out)
{
    const char *whole = query == NULL || query->len == 0 ? path : arena_printf(cx->arena, "%s?%s", path, query->at);
    return twilio_ask(cx, t, &(const struct twilio_ask){ .product = product, .path = whole }, out);
}

/* The price list writes our toll-free with a blank. */
static const char *price_word(const char *type)
{
    return strcmp(type, "toll-free") == 0 ? "toll free" : type;
}

static bool decimal(const char *s)
{
    size_t whole = strspn(s, "0123456789");
    return whole > 0 && whole <= 8
           && (s[whole] == '\0'
               || (s[whole] == '.' && strlen(s + whole) <= 6
                   && s[whole + 1 + strspn(s + whole + 1, "0123456789")] == '\0'));
}

enum err twilio_number_price(struct ctx *cx, const struct twilio *t, const char *country, const char *type,
                             const char **price, const char **currency)
{
    const struct json *doc;
    TRY(get(cx, t, "pricing", arena_printf(cx->arena, "v1/PhoneNumbers/Countries/%s", country), NULL, &doc));
    for (const struct json *p = json_first(json_get(doc, "phone_number_prices")); p != NULL; p = json_next(p)) {
        if (strcasecmp(text(p, "number_type"), price_word(type)) != 0) continue;
        if (!decimal(text(p, "current_price")) || strlen(text(doc, "price_unit")) != 3) continue;
        char *unit = arena_strdup(cx->arena, text(doc, "price_unit"));
        for (char *c = unit; *c != '\0'; c++)
            if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
        *price = text(p, "current_price");
        *currency = unit;
        return OK;
    }
    return ctx_fail(cx, ERR_NOT_FOUND, "Twilio lists no price for such numbers");
}

enum err twilio_number_regulated(struct ctx *cx, const struct twilio *t, const char *country, const char *type,
                                 bool *out)
{
    struct buf         query = buf_new(cx->arena, QUERY_MAX);
    const struct json *doc;
    twilio_field(&query, "IsoCountry", country);
    twilio_field(&query, "NumberType", type);
    TRY(get(cx, t, "numbers", "v2/RegulatoryCompliance/Regulations", &query, &doc));
    *out = json_count(json_get(doc, "results")) > 0;
    return OK;
}

enum err twilio_bundle_find(struct ctx *cx, const struct twilio *t, const char *country, const char *type,
                            const char **sid)
{
    struct buf         query = buf_new(cx->arena, QUERY_MAX);
    const struct json *doc;
    twilio_field(&query, "Status", "twilio-approved");
    twilio_field(&query, "IsoCountry", country);
    twilio_field(&query, "NumberType", type);
    TRY(get(cx, t, "numbers", "v2/RegulatoryCompliance/Bundles", &query, &doc));
    const char *found = NULL;
    for (const struct json *b = json_first(json_get(doc, "results")); b != NULL && found == NULL; b = json_next(b))
        if (check_sid(text(b, "sid"), "BU") && strcmp(text(b, "status"), "twilio-approved") == 0)
            found = text(b, "sid");
    *sid = found;
    return OK;
}

enum err twilio_address_find(struct ctx *cx, const struct twilio *t, const char *country, const char *requirement,
                             const char **sid)
{
    struct buf         query = buf_new(cx->arena, QUERY_MAX);
    const struct json *doc;
    const char        *here = NULL, *away = NULL;
    twilio_field(&query, "PageSize", "200");
    TRY(get(cx, t, NULL, "Addresses.json", &query, &doc));
    for (const struct json *a = json_first(json_get(doc, "addresses")); a != NULL; a = json_next(a)) {
        const char **to = strcmp(text(a, "iso_country"), country) == 0 ? &here : &away;
        if (*to == NULL && check_sid(text(a, "sid"), "AD")) *to = text(a, "sid");
    }
    if (strcmp(requirement, "local") == 0) *sid = here;
    else if (strcmp(requirement, "foreign") == 0) *sid = away;
    else *sid = here != NULL ? here : away;
    return OK;
}
