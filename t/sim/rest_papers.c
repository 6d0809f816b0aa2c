/* What stands between a buyer and a number: prices, regulations, approved bundles, addresses.
 * https://www.twilio.com/docs/phone-numbers/regulatory/api */
#include "control.h"
#include "papers.h"
#include "rest.h"
#include "rest_numbers.h"
#include "sign.h"

#include <string.h>

/* clang-format off */

/* What a number costs a month, by country and type, and whether a bundle is asked for. */
static const struct {
    const char *country, *type, *word, *price; /* type: of number_kind; word: of the pricing product */
    bool        regulated;
} RULES[] = {
    { "US", "Local",    "local",     "1.15", false },
    { "US", "TollFree", "toll free", "2.15", false },
    { "CA", "Local",    "local",     "1.15", false },
    { "GB", "Local",    "local",     "1.15", true },
    { "GB", "Mobile",   "mobile",    "1.25", true },
    { "GB", "TollFree", "toll free", "2.15", true },
    { "GB", "National", "national",  "1.15", true },
    { "IE", "Local",    "local",     "3.00", true },
    { "IE", "Mobile",   "mobile",    "3.50", true },
    { "DE", "Local",    "local",     "1.15", true },
    { "FR", "Local",    "local",     "1.15", true },
    { "ES", "Local",    "local",     "1.15", true },
    { "PT", "Local",    "local",     "1.15", false },
    { "AU", "Local",    "local",     "3.00", true },
};
/* clang-format on */
enum { N_RULES = sizeof RULES / sizeof *RULES };

/* "toll-free" and "TollFree" are the same to two products. */
static bool is_type(size_t rule, const char *word)
{
    return word == NULL || strcmp(word, RULES[rule].word) == 0
           || (strcmp(word, "toll-free") == 0 && strcmp(RULES[rule].type, "TollFree") == 0);
}

/* GET /v1/PhoneNumbers/Countries/{country} of the pricing product. https://www.twilio.com/docs/phone-numbers/pricing */
void pricing_numbers(struct request *q, struct reply *r)
{
    cJSON *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "phone_number_prices");
    json_text(o, "country", q->seg[0]);
    json_text(o, "iso_country", q->seg[0]);
    json_text(o, "price_unit", "USD");
    json_text(o, "url", keep_fmt("%s%s", world.base, q->path));
    for (size_t i = 0; i < N_RULES; i++) {
        if (strcmp(RULES[i].country, q->seg[0]) != 0) continue;
        cJSON *p = cJSON_CreateObject();
        json_text(p, "number_type", RULES[i].word);
        json_text(p, "base_price", RULES[i].price);
        json_text(p, "current_price", RULES[i].price);
        cJSON_AddItemToArray(a, p);
    }
    const bool known = cJSON_GetArraySize(a) > 0;
    if (known) reply_json(r, 200, o);
    else {
        cJSON_Delete(o);
        rest_not_found(q, r);
    }
}

static void meta(struct request *q, struct reply *r, cJSON *o)
{
    cJSON *m = cJSON_AddObjectToObject(o, "meta");
    json_text(m, "key", "results");
    json_int(m, "page", 0);
    json_int(m, "page_size", 50);
    json_text(m, "first_page_url", keep_fmt("%s%s?PageSize=50&Page=0", world.base, q->path));
    json_text(m, "previous_page_url", NULL);
    json_text(m, "next_page_url", NULL);
    json_text(m, "url", keep_fmt("%s%s?PageSize=50&Page=0", world.base, q->path));
    reply_json(r, 200, o);
}

/* GET /v2/RegulatoryCompliance/Regulations ?IsoCountry&NumberType */
void regulations_list(struct request *q, struct reply *r)
{
    cJSON *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "results");
    for (size_t i = 0; i < N_RULES; i++) {
        if (!RULES[i].regulated || !rest_equal(&q->query, "IsoCountry", RULES[i].country)
            || !is_type(i, form_get(&q->query, "NumberType")))
            continue;
        cJSON *x = cJSON_CreateObject();
        json_text(x, "sid", keep_fmt("RN%032zx", i));
        json_text(x, "friendly_name", keep_fmt("%s: %s - Business", RULES[i].country, RULES[i].type));
        json_text(x, "iso_country", RULES[i].country);
        json_text(x, "number_type", strcmp(RULES[i].type, "TollFree") == 0 ? "toll-free" : RULES[i].word);
        json_text(x, "end_user_type", "business");
        (void)cJSON_AddObjectToObject(x, "requirements");
        json_text(x, "url", keep_fmt("%s%s/RN%032zx", world.base, q->path, i));
        cJSON_AddItemToArray(a, x);
    }
    meta(q, r, o);
}

static const struct paper *paper_of(const char *sid)
{
    for (size_t i = 0; sid != NULL && i < world.papers.n; i++) {
        const struct paper *p = world.papers.v[i];
        if (strcmp(p->sid, sid) == 0) return p;
    }
    return NULL;
}

/* GET /v2/RegulatoryCompliance/Bundles ?Status&IsoCountry&NumberType */
void bundles_list(struct request *q, struct reply *r)
{
    cJSON *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "results");
    for (size_t i = world.papers.n; i-- > 0;) {
        const struct paper *p = world.papers.v[i];
        if (strncmp(p->sid, "BU", 2) != 0 || !rest_equal(&q->query, "Status", p->status)
            || !rest_equal(&q->query, "IsoCountry", p->country) || !rest_equal(&q->query, "NumberType", p->type))
            continue;
        cJSON *x = cJSON_CreateObject();
        json_text(x, "sid", p->sid);
        json_text(x, "account_sid", world.who.account);
        json_text(x, "regulation_sid", NULL);
        json_text(x, "friendly_name", "A bundle");
        json_text(x, "status", p->status);
        json_text(x, "valid_until", NULL);
        json_text(x, "email", "papers@example.com");
        json_text(x, "status_callback", NULL);
        json_time(x, "date_created", p->created);
        json_time(x, "date_updated", p->created);
        json_text(x, "url", keep_fmt("%s%s/%s", world.base, q->path, p->sid));
        (void)cJSON_AddObjectToObject(x, "links");
        cJSON_AddItemToArray(a, x);
    }
    meta(q, r, o);
}

static cJSON *show_address(void *item)
{
    const struct paper *p = item;
    cJSON              *o = cJSON_CreateObject();
    json_text(o, "sid", p->sid);
    json_text(o, "account_sid", world.who.account);
    json_text(o, "customer_name", "Fish & chips");
    json_text(o, "friendly_name", "Main office");
    json_text(o, "street", "1 Example Road");
    json_text(o, "street_secondary", NULL);
    json_text(o, "city", "London");
    json_text(o, "region", "London");
    json_text(o, "postal_code", "EC1A 1AA");
    json_text(o, "iso_country", p->country);
    json_bool(o, "emergency_enabled", false);
    json_bool(o, "validated", true);
    json_bool(o, "verified", true);
    json_date(o, "date_created", p->created);
    json_date(o, "date_updated", p->created);
    json_text(o, "uri", rest_uri("/Addresses/%s.json", p->sid));
    return o;
}

static const char *sid_of(void *item)
{
    const struct paper *p = item;
    return p->sid;
}

/* GET Addresses.json ?CustomerName&FriendlyName&IsoCountry */
void addresses_list(struct request *q, struct reply *r)
{
    struct list found = { 0 };
    for (size_t i = world.papers.n; i-- > 0;) {
        struct paper *p = world.papers.v[i];
        if (strncmp(p->sid, "AD", 2) == 0 && rest_equal(&q->query, "IsoCountry", p->country)) list_add(&found, p);
    }
    rest_page(q, r, &(struct page){ "addresses", found.v, found.n, show_address, sid_of });
    list_free(&found);
}

/* POST /sim/papers {kind: bundle|address, country, type, status} -> 201 {sid}; {strict: true}: from now on numbers are
 * sold to those who have what is asked for */
void sim_paper_create(struct request *q, struct reply *r)
{
    cJSON        *o = cJSON_Parse(q->body), *reply = cJSON_CreateObject();
    const char   *kind = control_text_of(o, "kind"), *country = control_text_of(o, "country");
    const char   *type = control_text_of(o, "type"), *status = control_text_of(o, "status");
    struct paper *p = keep(sizeof *p);
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "strict"))) world.papers_strict = true;
    if (kind != NULL) {
        *p = (struct paper){ .sid = chance_sid(strcmp(kind, "bundle") == 0 ? "BU" : "AD"),
                             .country = country != NULL ? country : "GB",
                             .type = type != NULL ? type : "local",
                             .status = status != NULL ? status : "twilio-approved",
                             .created = clock_wall_ms() };
        list_add(&world.papers, p);
        json_text(reply, "sid", p->sid);
    }
    cJSON_Delete(o);
    reply_json(r, 201, reply);
}

bool papers_ok(const char *e164, const struct form *f, struct reply *r)
{
    const struct number_kind *k = number_kind(e164);
    const char               *bundle = form_get(f, "BundleSid"), *address = form_get(f, "AddressSid");
    const struct paper       *b = paper_of(bundle), *a = paper_of(address);
    bool                      regulated = false;
    for (size_t i = 0; k != NULL && i < N_RULES; i++)
        if (strcmp(RULES[i].country, k->country) == 0 && strcmp(RULES[i].type, k->type) == 0)
            regulated = RULES[i].regulated;
    if (bundle != NULL && (b == NULL || strcmp(b->status, "twilio-approved") != 0))
        rest_fail(r, 400, 21649, "Bundle %s is not approved", bundle);
    else if (world.papers_strict && regulated && b == NULL)
        rest_fail(r, 400, 21649, "Bundle required: %s needs an approved regulatory bundle", e164);
    else if (address != NULL && a == NULL) rest_fail(r, 400, 21631, "Address %s was not found", address);
    else if (world.papers_strict && k != NULL && strcmp(k->needs, "none") != 0 && a == NULL)
        rest_fail(r, 400, 21631, "Phone Number Requires an Address but the 'AddressSid' parameter was empty.");
    else if (world.papers_strict && k != NULL && strcmp(k->needs, "local") == 0 && strcmp(a->country, k->country) != 0)
        rest_fail(r, 400, 21615, "PhoneNumber Requires a Local Address");
    else return true;
    return false;
}
