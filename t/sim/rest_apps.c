/* Twilio's Applications, usage records and prices. */
#include "call.h"
#include "rec.h"
#include "rest.h"
#include "sign.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const char *const MEMBERS[][2] = {
    { "friendly_name", "FriendlyName" },
    { "voice_url", "VoiceUrl" },
    { "voice_method", "VoiceMethod" },
    { "voice_fallback_url", "VoiceFallbackUrl" },
    { "voice_fallback_method", "VoiceFallbackMethod" },
    { "status_callback", "StatusCallback" },
    { "status_callback_method", "StatusCallbackMethod" },
    { "sms_url", "SmsUrl" },
    { "sms_method", "SmsMethod" },
    { "sms_fallback_url", "SmsFallbackUrl" },
    { "sms_fallback_method", "SmsFallbackMethod" },
    { "sms_status_callback", "SmsStatusCallback" },
    { "message_status_callback", "MessageStatusCallback" },
};
/* clang-format on */

static cJSON *show(void *item)
{
    const struct number *x = item;
    cJSON               *o = cJSON_CreateObject();
    json_text(o, "account_sid", world.who.account);
    json_text(o, "api_version", "2010-04-01");
    json_date(o, "date_created", x->created);
    json_date(o, "date_updated", x->created);
    json_text(o, "sid", x->sid);
    for (size_t i = 0; i < sizeof MEMBERS / sizeof *MEMBERS; i++)
        json_text(o, MEMBERS[i][0], form_get(&x->set, MEMBERS[i][1]));
    json_bool(o, "voice_caller_id_lookup", false);
    json_bool(o, "public_application_connect_enabled", false);
    json_text(o, "uri", rest_uri("/Applications/%s.json", x->sid));
    return o;
}

static const char *sid_of(void *item)
{
    return ((const struct number *)item)->sid;
}

struct number *world_application(const char *sid)
{
    for (size_t i = 0; i < world.applications.n; i++) {
        struct number *x = world.applications.v[i];
        if (!x->released && strcmp(x->sid, sid) == 0) return x;
    }
    return NULL;
}

static struct number *by_sid(const struct request *q, struct reply *r)
{
    struct number *x = world_application(q->seg[1]);
    if (x == NULL) rest_not_found(q, r);
    return x;
}

void apps_list(struct request *q, struct reply *r)
{
    struct list found = { 0 };
    for (size_t i = 0; i < world.applications.n; i++) {
        struct number *x = world.applications.v[i];
        if (!x->released && rest_equal(&q->query, "FriendlyName", form_get(&x->set, "FriendlyName")))
            list_add(&found, x);
    }
    rest_page(q, r, &(struct page){ "applications", found.v, found.n, show, sid_of });
    free(found.v);
}

void apps_create(struct request *q, struct reply *r)
{
    struct number *x = keep(sizeof *x);
    *x = (struct number){ .sid = chance_sid("AP"), .created = clock_wall_ms(), .set = form_copy(&q->form) };
    list_add(&world.applications, x);
    reply_json(r, 201, show(x));
}

void apps_fetch(struct request *q, struct reply *r)
{
    struct number *x = by_sid(q, r);
    if (x != NULL) reply_json(r, 200, show(x));
}

void apps_update(struct request *q, struct reply *r)
{
    struct number *x = by_sid(q, r);
    if (x == NULL) return;
    number_settle(x, &q->form);
    reply_json(r, 200, show(x));
}

void apps_delete(struct request *q, struct reply *r)
{
    struct number *x = by_sid(q, r);
    if (x == NULL) return;
    x->released = true;
    r->status = 204;
}

static void usage(cJSON *a, const char *category, int64_t count, int64_t amount, const char *unit, double price)
{
    cJSON *o = cJSON_CreateObject();
    json_text(o, "account_sid", world.who.account);
    json_text(o, "api_version", "2010-04-01");
    json_text(o, "category", category);
    json_text(o, "description", category);
    json_text(o, "count", keep_fmt("%lld", (long long)count));
    json_text(o, "count_unit", strncmp(category, "calls", 5) == 0 ? "calls" : category);
    json_text(o, "usage", keep_fmt("%lld", (long long)amount));
    json_text(o, "usage_unit", unit);
    (void)cJSON_AddNumberToObject(o, "price", price);
    json_text(o, "price_unit", "usd");
    const char *today = keep_mem(clock_rfc3339(clock_wall_ms()), 10);
    json_text(o, "start_date", today);
    json_text(o, "end_date", today);
    json_text(o, "as_of", clock_rfc3339(clock_wall_ms()));
    json_text(o, "uri", rest_uri("/Usage/Records.json?Category=%s", category));
    (void)cJSON_AddObjectToObject(o, "subresource_uris");
    cJSON_AddItemToArray(a, o);
}

/* GET Usage/Records[/period].json: what happened since the last reset, whatever the period. */
void usage_records(struct request *q, struct reply *r)
{
    cJSON  *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "usage_records");
    int64_t in = 0, in_minutes = 0, out = 0, out_minutes = 0, rec_minutes = 0;
    for (size_t i = 0; i < world.calls.n; i++) {
        const struct call *c = world.calls.v[i];
        bool               inbound = strcmp(c->direction, "inbound") == 0;
        if (c->answered_at < 0 || !status_final(c->status)) continue;
        *(inbound ? &in : &out) += 1;
        *(inbound ? &in_minutes : &out_minutes) += (call_seconds(c) + 59) / 60;
    }
    for (size_t i = 0; i < world.recordings.n; i++) rec_minutes += (rec_seconds(world.recordings.v[i]) + 59) / 60;
    if (rest_equal(&q->query, "Category", "calls"))
        usage(a, "calls", in + out, in_minutes + out_minutes, "minutes",
              (double)in_minutes * 0.0085 + (double)out_minutes * 0.014);
    if (rest_equal(&q->query, "Category", "calls-inbound"))
        usage(a, "calls-inbound", in, in_minutes, "minutes", (double)in_minutes * 0.0085);
    if (rest_equal(&q->query, "Category", "calls-outbound"))
        usage(a, "calls-outbound", out, out_minutes, "minutes", (double)out_minutes * 0.014);
    if (rest_equal(&q->query, "Category", "recordings"))
        usage(a, "recordings", (int64_t)world.recordings.n, rec_minutes, "minutes", (double)rec_minutes * 0.0025);
    if (rest_equal(&q->query, "Category", "sms"))
        usage(a, "sms", (int64_t)world.messages.n, (int64_t)world.messages.n, "messages",
              (double)world.messages.n * 0.0075);
    json_text(o, "first_page_uri", q->path);
    json_text(o, "next_page_uri", NULL);
    json_text(o, "previous_page_uri", NULL);
    json_int(o, "page", 0);
    json_int(o, "page_size", 50);
    json_int(o, "start", 0);
    json_int(o, "end", 0);
    json_text(o, "uri", q->path);
    reply_json(r, 200, o);
}

/* GET /v2/Voice/Numbers/{number} of the pricing product. */
void pricing_voice(struct request *q, struct reply *r)
{
    cJSON *o = cJSON_CreateObject(), *a, *p;
    json_text(o, "destination_number", q->seg[0]);
    json_text(o, "iso_country", strncmp(q->seg[0], "+44", 3) == 0 ? "GB" : "US");
    json_text(o, "price_unit", "USD");
    a = cJSON_AddArrayToObject(o, "outbound_call_prices");
    p = cJSON_CreateObject();
    json_text(p, "base_price", "0.014");
    json_text(p, "current_price", "0.014");
    cJSON_AddItemToArray(a, p);
    p = cJSON_AddObjectToObject(o, "inbound_call_price");
    json_text(p, "base_price", "0.0085");
    json_text(p, "current_price", "0.0085");
    reply_json(r, 200, o);
}
