/* Twilio's AvailablePhoneNumbers: numbers that look like those of a country. */
#include "rest.h"
#include "rest_numbers.h"
#include "sign.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */

/* How numbers look: digits as they are, 'N' 2-9, 'X' 0-9; and what they can: voice, SMS, MMS. */
static const struct number_kind KINDS[] = {
    { "US", "Local",    "+1415NXXXXXX",   "San Francisco", "CA", "94105", "none", "vsm" },
    { "US", "Local",    "+1212NXXXXXX",   "New York",      "NY", "10001", "none", "vsm" },
    { "US", "Local",    "+1512NXXXXXX",   "Austin",        "TX", "78701", "none", "vsm" },
    { "US", "TollFree", "+1888NXXXXXX",   NULL,            NULL, NULL,    "none", "vsm" },
    { "CA", "Local",    "+1416NXXXXXX",   "Toronto",       "ON", NULL,    "none", "vsm" },
    { "GB", "Local",    "+44207NXXXXXX",  "London",        NULL, NULL,    "any", "v" },
    { "GB", "Local",    "+44161NXXXXXX",  "Manchester",    NULL, NULL,    "any", "v" },
    { "GB", "Mobile",   "+447400XXXXXX",  NULL,            NULL, NULL,    "any", "vs" },
    { "GB", "TollFree", "+44808NXXXXXX",  NULL,            NULL, NULL,    "any", "v" },
    { "GB", "National", "+44330NXXXXXX",  NULL,            NULL, NULL,    "any", "v" },
    { "IE", "Local",    "+3531NXXXXXX",   "Dublin",        NULL, NULL,    "local", "v" },
    { "IE", "Mobile",   "+35385NXXXXXX",  NULL,            NULL, NULL,    "any", "vs" },
    { "DE", "Local",    "+4930NXXXXXXX",  "Berlin",        NULL, NULL,    "local", "v" },
    { "FR", "Local",    "+331NXXXXXXX",   "Paris",         NULL, NULL,    "local", "v" },
    { "ES", "Local",    "+3491NXXXXXX",   "Madrid",        NULL, NULL,    "local", "v" },
    { "PT", "Local",    "+35121NXXXXXX",  "Lisboa",        NULL, NULL,    "any", "v" },
    { "AU", "Local",    "+612NXXXXXXX",   "Sydney",        NULL, NULL,    "any", "v" },
};
/* clang-format on */

enum { N_KINDS = sizeof KINDS / sizeof *KINDS, TRIES = 4000 };

const struct number_kind *number_kind(const char *e164)
{
    const struct number_kind *best = NULL;
    size_t                    len = 0;
    for (size_t i = 0; i < N_KINDS; i++) {
        size_t n = strcspn(KINDS[i].shape, "NX");
        if (n <= len || strncmp(KINDS[i].shape, e164, n) != 0) continue;
        best = &KINDS[i];
        len = n;
    }
    return best;
}

/* The index-th number of a shape: the same for everybody, every time. */
const char *number_shaped(const struct number_kind *k, const char *prefix, unsigned index)
{
    char    *s = keep_str(k->shape);
    uint64_t h = chance_of(keep_fmt("%s %s %u", k->shape, prefix, index));
    size_t   fixed = strlen(prefix);
    for (size_t i = 0; s[i] != '\0'; i++) {
        if (i < fixed) s[i] = prefix[i];
        else if (s[i] == 'N') s[i] = (char)('2' + h % 8);
        else if (s[i] == 'X') s[i] = (char)('0' + h % 10);
        if (i % 5 == 4) h = h * 0x9e3779b97f4a7c15u + 1;
        else h /= 10;
    }
    return s;
}

void numbers_countries(struct request *q, struct reply *r)
{
    cJSON *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "countries");
    for (size_t i = 0; i < N_KINDS; i++) {
        if (i > 0 && strcmp(KINDS[i].country, KINDS[i - 1].country) == 0) continue;
        cJSON *c = cJSON_CreateObject();
        json_text(c, "country_code", KINDS[i].country);
        json_text(c, "country", KINDS[i].country);
        json_text(c, "uri", rest_uri("/AvailablePhoneNumbers/%s.json", KINDS[i].country));
        json_bool(c, "beta", false);
        (void)cJSON_AddObjectToObject(c, "subresource_uris");
        cJSON_AddItemToArray(a, c);
    }
    json_text(o, "uri", q->path);
    reply_json(r, 200, o);
}

static cJSON *offer(const struct number_kind *k, const char *e164)
{
    cJSON *o = cJSON_CreateObject();
    json_text(o, "friendly_name", e164);
    json_text(o, "phone_number", e164);
    json_text(o, "lata", NULL);
    json_text(o, "locality", k->locality);
    json_text(o, "rate_center", NULL);
    json_text(o, "latitude", NULL);
    json_text(o, "longitude", NULL);
    json_text(o, "region", k->region);
    json_text(o, "postal_code", k->postcode);
    json_text(o, "iso_country", k->country);
    json_text(o, "address_requirements", k->needs);
    json_bool(o, "beta", false);
    number_capabilities(o, k, true);
    return o;
}

/* SmsEnabled=true wants numbers that can, =false those that cannot. */
static bool can_enough(const struct form *query, const struct number_kind *k)
{
    static const char *const names[] = { "VoiceEnabled", "SmsEnabled", "MmsEnabled" };
    for (size_t i = 0; i < 3; i++) {
        const char *wanted = form_get(query, names[i]);
        if (wanted != NULL && wanted[0] != '\0' && (strcmp(wanted, "true") == 0) != (strchr(k->can, "vsm"[i]) != NULL))
            return false;
    }
    const char *none = form_get(query, "ExcludeAllAddressRequired");
    return none == NULL || strcmp(none, "true") != 0 || strcmp(k->needs, "none") == 0;
}

static bool place_fits(const struct form *query, const struct number_kind *k)
{
    return rest_equal(query, "InRegion", k->region) && rest_equal(query, "InLocality", k->locality)
           && rest_equal(query, "InPostalCode", k->postcode);
}

/* GET AvailablePhoneNumbers/{country}/{type}.json */
void numbers_search(struct request *q, struct reply *r)
{
    const char *contains = form_get(&q->query, "Contains"), *area = form_get(&q->query, "AreaCode"),
               *size = form_get(&q->query, "PageSize");
    long   wanted = size != NULL ? strtol(size, NULL, 10) : 30, n = 0;
    bool   country = false;
    cJSON *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "available_phone_numbers");
    for (unsigned t = 0; t < TRIES && n < wanted; t++) {
        const struct number_kind *k = &KINDS[t % N_KINDS];
        country |= strcmp(k->country, q->seg[1]) == 0;
        if (strcmp(k->country, q->seg[1]) != 0 || strcmp(k->type, q->seg[2]) != 0 || !place_fits(&q->query, k)
            || !can_enough(&q->query, k))
            continue;
        if (area != NULL && strncmp(k->shape, keep_fmt("+1%s", area), strlen(area) + 2) != 0) continue;
        const char *prefix =
            contains != NULL && contains[0] == '+' ? keep_mem(contains, strspn(contains, "+0123456789")) : "";
        size_t fixed = strcspn(k->shape, "NX"), both = strlen(prefix) < fixed ? strlen(prefix) : fixed;
        if (strncmp(prefix, k->shape, both) != 0) continue;
        const char *e164 =
            number_shaped(k, strlen(prefix) > fixed && strlen(prefix) < strlen(k->shape) ? prefix : "", t / N_KINDS);
        if (!number_fits(contains, e164) || world_number(e164) != NULL) continue;
        cJSON_AddItemToArray(a, offer(k, e164));
        n++;
    }
    json_text(o, "uri", q->path);
    if (country) reply_json(r, 200, o);
    else {
        cJSON_Delete(o);
        rest_not_found(q, r);
    }
}
