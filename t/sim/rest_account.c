/* The account itself: what Twilio says of it, what it has left, and the alerts of its debugger. */
#include "rest.h"

#include <stdlib.h>
#include <string.h>

enum { ALERTS_DEFAULT = 50, ALERTS_MAX = 1000 };

static cJSON *show_account(void *item)
{
    cJSON *o = cJSON_CreateObject();
    (void)item;
    json_text(o, "sid", world.who.account);
    json_text(o, "friendly_name", "Switchhook simulator");
    json_text(o, "status", "active");
    json_text(o, "type", "Full");
    json_text(o, "owner_account_sid", world.who.account);
    json_date(o, "date_created", 1700000000000);
    json_date(o, "date_updated", 1700000000000);
    json_text(o, "auth_token", "********************************");
    json_text(o, "uri", rest_uri(".json"));
    (void)cJSON_AddObjectToObject(o, "subresource_uris");
    return o;
}

static const char *account_sid(void *item)
{
    (void)item;
    return world.who.account;
}

void account_fetch(struct request *q, struct reply *r)
{
    (void)q;
    reply_json(r, 200, show_account(NULL));
}

void accounts_list(struct request *q, struct reply *r)
{
    void *only[] = { &world.who };
    bool  is =
        rest_equal(&q->query, "FriendlyName", "Switchhook simulator") && rest_equal(&q->query, "Status", "active");
    rest_page(q, r, &(struct page){ "accounts", only, is, show_account, account_sid });
}

void account_balance(struct request *q, struct reply *r)
{
    cJSON *o = cJSON_CreateObject();
    (void)q;
    json_text(o, "account_sid", world.who.account);
    json_text(o, "balance", "97.46");
    json_text(o, "currency", "USD");
    reply_json(r, 200, o);
}

static cJSON *show_alert(const struct alert *x)
{
    cJSON *j = cJSON_CreateObject();
    json_text(j, "sid", x->sid);
    json_text(j, "account_sid", world.who.account);
    json_text(j, "error_code", x->code);
    json_text(j, "alert_text", x->text);
    json_text(j, "log_level", "error");
    json_text(j, "resource_sid", x->call);
    json_text(j, "service_sid", NULL);
    json_text(j, "request_method", "POST");
    json_text(j, "request_url", x->url);
    json_text(j, "api_version", "2010-04-01");
    json_text(j, "more_info", keep_fmt("https://www.twilio.com/docs/errors/%s", x->code));
    json_time(j, "date_created", x->at);
    json_time(j, "date_generated", x->at);
    json_time(j, "date_updated", x->at);
    json_text(j, "url", keep_fmt("%s/v1/Alerts/%s", world.base, x->sid));
    return j;
}

static const char *alerts_url(const struct request *q, long size, long page)
{
    struct form f = { 0 };
    struct buf  b = { 0 };
    for (size_t i = 0; i < q->query.n; i++)
        if (strncmp(q->query.v[i].name, "Page", 4) != 0) form_add(&f, q->query.v[i].name, q->query.v[i].value);
    form_addf(&f, "PageSize", "%ld", size);
    form_addf(&f, "Page", "%ld", page);
    form_encode(&f, &b);
    const char *url = keep_fmt("%s%s?%s", world.base, q->path, b.at);
    buf_free(&b);
    form_free(&f);
    return url;
}

static bool alert_fits(const struct form *query, const struct alert *x)
{
    const char *from = form_get(query, "StartDate"), *to = form_get(query, "EndDate"), *at = clock_rfc3339(x->at);
    if (!rest_equal(query, "LogLevel", "error")) return false;
    if (from != NULL && from[0] != '\0' && strncmp(at, from, strcspn(from, "Z")) < 0) return false;
    return to == NULL || to[0] == '\0' || strncmp(at, to, strcspn(to, "Z")) <= 0;
}

/* GET /v1/Alerts ?LogLevel=&StartDate=&EndDate=&PageSize=&Page=: newest first.
 * https://www.twilio.com/docs/usage/monitor-alert */
void alerts_list(struct request *q, struct reply *r)
{
    const char *wanted = form_get(&q->query, "PageSize"), *nth = form_get(&q->query, "Page");
    long        size = wanted != NULL ? strtol(wanted, NULL, 10) : ALERTS_DEFAULT, n = 0;
    long        page = nth != NULL ? strtol(nth, NULL, 10) : 0;
    cJSON      *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "alerts");
    if (size < 1 || size > ALERTS_MAX) size = ALERTS_DEFAULT;
    for (size_t i = world.alerts.n; i-- > 0;) {
        if (!alert_fits(&q->query, world.alerts.v[i])) continue;
        if (n >= page * size && n < (page + 1) * size) cJSON_AddItemToArray(a, show_alert(world.alerts.v[i]));
        n++;
    }
    cJSON *meta = cJSON_AddObjectToObject(o, "meta");
    json_text(meta, "key", "alerts");
    json_int(meta, "page", page);
    json_int(meta, "page_size", size);
    json_text(meta, "first_page_url", alerts_url(q, size, 0));
    json_text(meta, "previous_page_url", page > 0 ? alerts_url(q, size, page - 1) : NULL);
    json_text(meta, "next_page_url", n > (page + 1) * size ? alerts_url(q, size, page + 1) : NULL);
    json_text(meta, "url", alerts_url(q, size, page));
    reply_json(r, 200, o);
}

void alerts_fetch(struct request *q, struct reply *r)
{
    for (size_t i = 0; i < world.alerts.n; i++) {
        const struct alert *x = world.alerts.v[i];
        if (strcmp(x->sid, q->seg[0]) != 0) continue;
        reply_json(r, 200, show_alert(x));
        return;
    }
    rest_not_found(q, r);
}
