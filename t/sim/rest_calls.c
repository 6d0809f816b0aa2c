/* Twilio's Calls resource. */
#include "rest_calls.h"
#include "call.h"
#include "rest.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { PRICE_AFTER_MS = 10000 };

static const char *price_of(const struct call *c)
{
    if (!status_final(c->status) || clock_now() - c->ended_at < PRICE_AFTER_MS) return NULL;
    int64_t minutes = (call_seconds(c) + 59) / 60,
            micro = minutes * (strcmp(c->direction, "inbound") == 0 ? 8500 : 14000);
    return micro == 0 ? "0" : keep_fmt("-%lld.%05lld", (long long)(micro / 1000000), (long long)(micro % 1000000 / 10));
}

cJSON *call_json(void *item)
{
    static const char *const subs[] = { "Notifications", "Recordings", "Payments",      "Events",
                                        "Siprec",        "Streams",    "Transcriptions" };
    const struct call       *c = item;
    cJSON                   *o = cJSON_CreateObject();
    bool                     over = status_final(c->status);
    json_text(o, "sid", c->sid);
    json_date(o, "date_created", call_unix(c, c->now0));
    json_date(o, "date_updated", call_unix(c, c->updated_at));
    json_text(o, "parent_call_sid", c->parent != NULL ? c->parent->sid : NULL);
    json_text(o, "account_sid", world.who.account);
    json_text(o, "to", c->to);
    json_text(o, "to_formatted", c->to);
    json_text(o, "from", c->from);
    json_text(o, "from_formatted", c->from);
    json_text(o, "phone_number_sid", c->number != NULL ? c->number->sid : NULL);
    json_text(o, "status", status_word(c->status == INITIATED ? QUEUED : c->status));
    json_date(o, "start_time", c->status == QUEUED ? -1 : call_unix(c, c->now0));
    json_date(o, "end_time", over ? call_unix(c, c->ended_at) : -1);
    json_text(o, "duration", over ? keep_fmt("%lld", (long long)call_seconds(c)) : NULL);
    json_text(o, "price", price_of(c));
    json_text(o, "price_unit", "USD");
    json_text(o, "direction", c->direction);
    json_text(o, "answered_by", c->answered_by);
    json_text(o, "api_version", "2010-04-01");
    json_text(o, "forwarded_from", c->forwarded_from);
    json_text(o, "group_sid", NULL);
    json_text(o, "caller_name", c->caller_name);
    json_text(o, "queue_time", "0");
    json_text(o, "trunk_sid", NULL);
    json_text(o, "uri", rest_uri("/Calls/%s.json", c->sid));
    cJSON *u = cJSON_AddObjectToObject(o, "subresource_uris");
    for (size_t i = 0; i < sizeof subs / sizeof *subs; i++) {
        char *name = keep_str(subs[i]);
        name[0] = (char)tolower(name[0]);
        json_text(u, name, rest_uri("/Calls/%s/%s.json", c->sid, subs[i]));
    }
    return o;
}

static const char *sid_of(void *item)
{
    const struct call *c = item;
    return c->sid;
}

void calls_fetch(struct request *q, struct reply *r)
{
    struct call *c = world_call(q->seg[1]);
    if (c != NULL) reply_json(r, 200, call_json(c));
    else rest_not_found(q, r);
}

void calls_list(struct request *q, struct reply *r)
{
    struct list found = { 0 };
    for (size_t i = world.calls.n; i-- > 0;) {
        struct call *c = world.calls.v[i];
        bool         fits = !c->deleted && rest_equal(&q->query, "To", c->to) && rest_equal(&q->query, "From", c->from)
                    && rest_equal(&q->query, "ParentCallSid", c->parent != NULL ? c->parent->sid : NULL)
                    && rest_equal(&q->query, "Status", status_word(c->status == INITIATED ? QUEUED : c->status));
        if (fits && rest_dated(&q->query, "StartTime", call_unix(c, c->now0))
            && rest_dated(&q->query, "EndTime", c->ended_at >= 0 ? call_unix(c, c->ended_at) : clock_wall_ms()))
            list_add(&found, c);
    }
    rest_page(q, r, &(struct page){ "calls", found.v, found.n, call_json, sid_of });
    free(found.v);
}

static bool change_status(struct call *c, const char *status, struct reply *r)
{
    bool early = c->status < IN_PROGRESS;
    if (strcmp(status, "completed") != 0 && strcmp(status, "canceled") != 0) {
        rest_fail(r, 400, 20001, "Invalid Status: %s", status);
        return false;
    }
    if (status_final(c->status) || (strcmp(status, "canceled") == 0 && !early)) {
        rest_fail(r, 400, 21220, "Call is not in-progress. Cannot redirect.");
        return false;
    }
    if (c->status == QUEUED) c->progress.events = 0; /* canceled while still queued fires no callback */
    if (early) call_end(c, CANCELED, 487);
    else call_end(c, COMPLETED, 200);
    return true;
}

/* POST Calls/{sid}.json: ends a call, or gives it a new document. */
void calls_update(struct request *q, struct reply *r)
{
    struct call *c = world_call(q->seg[1]);
    const char  *status = form_get(&q->form, "Status"), *url = form_get(&q->form, "Url"),
               *twiml = form_get(&q->form, "Twiml");
    if (c == NULL) {
        rest_not_found(q, r);
        return;
    }
    if (status != NULL && !change_status(c, status, r)) return;
    if (status == NULL && (url != NULL || twiml != NULL)) {
        if (!call_document_given(&q->form, r)) return;
        if (c->status != IN_PROGRESS) {
            rest_fail(r, 400, 21220, "Call is not in-progress. Cannot redirect.");
            return;
        }
        call_redirect(c, keep_str(url), keep_str(form_get(&q->form, "Method")), keep_str(twiml));
    }
    reply_json(r, 200, call_json(c));
}

void calls_delete(struct request *q, struct reply *r)
{
    struct call *c = world_call(q->seg[1]);
    if (c == NULL) rest_not_found(q, r);
    else if (!status_final(c->status)) rest_fail(r, 409, 20009, "Call is in progress and cannot be deleted");
    else {
        c->deleted = true;
        r->status = 204;
    }
}
