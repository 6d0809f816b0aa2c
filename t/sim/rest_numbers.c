/* Twilio's IncomingPhoneNumbers and AvailablePhoneNumbers. */
#include "rest_numbers.h"
#include "papers.h"
#include "rest.h"
#include "sign.h"
#include "url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_text(cJSON *o, const struct number *x, const char *json, const char *name, const char *otherwise)
{
    const char *v = form_get(&x->set, name);
    json_text(o, json, v != NULL ? v : otherwise);
}

void number_capabilities(cJSON *o, const struct number_kind *k, bool upper)
{
    const char *can = k != NULL ? k->can : "vs";
    cJSON      *c = cJSON_AddObjectToObject(o, "capabilities");
    json_bool(c, "voice", strchr(can, 'v') != NULL);
    json_bool(c, upper ? "SMS" : "sms", strchr(can, 's') != NULL);
    json_bool(c, upper ? "MMS" : "mms", strchr(can, 'm') != NULL);
    json_bool(c, "fax", false);
}

static cJSON *show(void *item)
{
    const struct number *x = item;
    cJSON               *o = cJSON_CreateObject();
    json_text(o, "sid", x->sid);
    json_text(o, "account_sid", world.who.account);
    json_text(o, "phone_number", x->e164);
    set_text(o, x, "friendly_name", "FriendlyName", x->e164);
    json_text(o, "address_requirements", number_kind(x->e164) != NULL ? number_kind(x->e164)->needs : "none");
    set_text(o, x, "address_sid", "AddressSid", NULL);
    set_text(o, x, "bundle_sid", "BundleSid", NULL);
    set_text(o, x, "identity_sid", "IdentitySid", NULL);
    json_text(o, "api_version", "2010-04-01");
    json_bool(o, "beta", false);
    number_capabilities(o, number_kind(x->e164), false);
    json_date(o, "date_created", x->created);
    json_date(o, "date_updated", x->created);
    json_text(o, "origin", "twilio");
    set_text(o, x, "sms_application_sid", "SmsApplicationSid", NULL);
    set_text(o, x, "sms_fallback_method", "SmsFallbackMethod", "POST");
    set_text(o, x, "sms_fallback_url", "SmsFallbackUrl", "");
    set_text(o, x, "sms_method", "SmsMethod", "POST");
    set_text(o, x, "sms_url", "SmsUrl", "");
    set_text(o, x, "status_callback", "StatusCallback", "");
    set_text(o, x, "status_callback_method", "StatusCallbackMethod", "POST");
    set_text(o, x, "trunk_sid", "TrunkSid", NULL);
    json_text(o, "uri", rest_uri("/IncomingPhoneNumbers/%s.json", x->sid));
    json_text(o, "voice_receive_mode", "voice");
    set_text(o, x, "voice_application_sid", "VoiceApplicationSid", NULL);
    json_bool(o, "voice_caller_id_lookup",
              form_get(&x->set, "VoiceCallerIdLookup") != NULL
                  && strcmp(form_get(&x->set, "VoiceCallerIdLookup"), "true") == 0);
    set_text(o, x, "voice_fallback_method", "VoiceFallbackMethod", "POST");
    set_text(o, x, "voice_fallback_url", "VoiceFallbackUrl", NULL);
    set_text(o, x, "voice_method", "VoiceMethod", "POST");
    set_text(o, x, "voice_url", "VoiceUrl", "");
    json_text(o, "emergency_status", "Inactive");
    json_text(o, "emergency_address_sid", NULL);
    json_text(o, "emergency_address_status", "unregistered");
    json_text(o, "status", "in-use");
    json_text(o, "type", x->type);
    return o;
}

static const char *sid_of(void *item)
{
    const struct number *x = item;
    return x->sid;
}

static struct number *by_sid(const char *sid)
{
    for (size_t i = 0; i < world.numbers.n; i++) {
        struct number *x = world.numbers.v[i];
        if (!x->released && strcmp(x->sid, sid) == 0) return x;
    }
    return NULL;
}

/* Later settings replace earlier ones; numbers outlive the memory of requests. */
void number_settle(struct number *x, const struct form *f)
{
    struct form all = { 0 };
    for (size_t i = 0; i < x->set.n; i++)
        if (!form_has(f, x->set.v[i].name)) form_add(&all, x->set.v[i].name, x->set.v[i].value);
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->v[i].name, "PhoneNumber") != 0 && strcmp(f->v[i].name, "AreaCode") != 0)
            form_add(&all, f->v[i].name, f->v[i].value);
    form_free(&x->set);
    x->set = all;
}

struct number *number_new(const char *e164, const struct form *f)
{
    struct number            *x = keep(sizeof *x);
    const struct number_kind *k = number_kind(e164);
    *x =
        (struct number){ .sid = chance_sid("PN"), .e164 = keep_str(e164), .type = "local", .created = clock_wall_ms() };
    if (k != NULL && strcmp(k->type, "Mobile") == 0) x->type = "mobile";
    if (k != NULL && strcmp(k->type, "TollFree") == 0) x->type = "toll-free";
    number_settle(x, f);
    list_add(&world.numbers, x);
    return x;
}

static bool urls_ok(const struct form *f, struct reply *r)
{
    static const char *const names[] = { "VoiceUrl", "VoiceFallbackUrl", "StatusCallback", "SmsUrl", "SmsFallbackUrl" };
    static const int         codes[] = { 21402, 21405, 21403, 21502, 21502 };
    for (size_t i = 0; i < 5; i++) {
        const char *v = form_get(f, names[i]);
        if (v == NULL || v[0] == '\0' || url_ok(v)) continue;
        rest_fail(r, 400, codes[i], "%s is not valid: %s", names[i], v);
        return false;
    }
    return true;
}

void numbers_create(struct request *q, struct reply *r)
{
    const char *e164 = form_get(&q->form, "PhoneNumber"), *area = form_get(&q->form, "AreaCode");
    if (!urls_ok(&q->form, r)) return;
    if (e164 == NULL && area != NULL) {
        const struct number_kind *k = number_kind(keep_fmt("+1%s", area));
        if (k == NULL) {
            rest_fail(r, 400, 21452, "No phone numbers found in area code %s", area);
            return;
        }
        for (unsigned i = 0; e164 == NULL || world_number(e164) != NULL; i++) e164 = number_shaped(k, "", i);
    }
    if (e164 == NULL) rest_fail(r, 400, 21451, "PhoneNumber or AreaCode is required");
    else if (strcmp(e164, "+15005550000") == 0 || world_number(e164) != NULL)
        rest_fail(r, 400, 21422, "Invalid PhoneNumber: %s is not available", e164);
    else if (strcmp(e164, "+15005550001") == 0 || e164[0] != '+' || strspn(e164 + 1, "0123456789") != strlen(e164) - 1
             || strlen(e164) < 8)
        rest_fail(r, 400, 21421, "PhoneNumber is invalid: %s", e164);
    else if (papers_ok(e164, &q->form, r)) reply_json(r, 201, show(number_new(e164, &q->form)));
}

bool number_fits(const char *pattern, const char *e164)
{
    if (pattern == NULL || pattern[0] == '\0') return true;
    size_t n = strcspn(pattern, "*%");
    if (pattern[0] == '+') return strncmp(pattern, e164, n) == 0;
    char *plain = keep_mem(pattern, strlen(pattern));
    for (char *c = plain; *c != '\0';) {
        if (*c == '*' || *c == '%' || *c == '$') memmove(c, c + 1, strlen(c));
        else c++;
    }
    return strstr(e164, plain) != NULL;
}

void numbers_list(struct request *q, struct reply *r)
{
    struct list found = { 0 };
    for (size_t i = world.numbers.n; i-- > 0;) {
        struct number *x = world.numbers.v[i];
        const char    *name = form_get(&x->set, "FriendlyName");
        if (!x->released && number_fits(form_get(&q->query, "PhoneNumber"), x->e164)
            && rest_equal(&q->query, "FriendlyName", name != NULL ? name : x->e164))
            list_add(&found, x);
    }
    rest_page(q, r, &(struct page){ "incoming_phone_numbers", found.v, found.n, show, sid_of });
    free(found.v);
}

void numbers_fetch(struct request *q, struct reply *r)
{
    struct number *x = by_sid(q->seg[1]);
    if (x != NULL) reply_json(r, 200, show(x));
    else rest_not_found(q, r);
}

void numbers_update(struct request *q, struct reply *r)
{
    struct number *x = by_sid(q->seg[1]);
    if (x == NULL) {
        rest_not_found(q, r);
        return;
    }
    if (!urls_ok(&q->form, r)) return;
    number_settle(x, &q->form);
    reply_json(r, 200, show(x));
}

void numbers_delete(struct request *q, struct reply *r)
{
    struct number *x = by_sid(q->seg[1]);
    if (x == NULL) {
        rest_not_found(q, r);
        return;
    }
    x->released = true;
    r->status = 204;
}
