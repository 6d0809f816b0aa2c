/* Twilio's Queues and their members. */
#include "rest.h"
#include "waitline.h"

#include <stdlib.h>
#include <string.h>

static cJSON *show(void *item)
{
    const struct waitline *x = item;
    cJSON                 *o = cJSON_CreateObject();
    json_text(o, "account_sid", world.who.account);
    json_text(o, "sid", x->sid);
    json_text(o, "friendly_name", x->name);
    json_int(o, "current_size", (int64_t)x->waiting.n);
    json_int(o, "average_wait_time", x->served > 0 ? x->waited_ms / x->served / 1000 : 0);
    json_int(o, "max_size", x->max);
    json_date(o, "date_created", x->unix0);
    json_date(o, "date_updated", x->unix0);
    json_text(o, "uri", rest_uri("/Queues/%s.json", x->sid));
    return o;
}

static const char *sid_of(void *item)
{
    return ((const struct waitline *)item)->sid;
}

static cJSON *show_member(void *item)
{
    const struct waiting *w = item;
    cJSON                *o = cJSON_CreateObject();
    size_t                position = 1;
    while (position <= w->line->waiting.n && w->line->waiting.v[position - 1] != item) position++;
    json_text(o, "call_sid", w->call->sid);
    json_text(o, "queue_sid", w->line->sid);
    json_int(o, "position", (int64_t)position);
    json_int(o, "wait_time", waitline_seconds(w));
    json_date(o, "date_enqueued", call_unix(w->call, w->since));
    json_text(o, "uri", rest_uri("/Queues/%s/Members/%s.json", w->line->sid, w->call->sid));
    return o;
}

static const char *member_sid(void *item)
{
    return ((const struct waiting *)item)->call->sid;
}

static struct waitline *by_sid(const struct request *q, struct reply *r)
{
    for (size_t i = 0; i < world.queues.n; i++) {
        struct waitline *x = world.queues.v[i];
        if (!x->deleted && strcmp(x->sid, q->seg[1]) == 0) return x;
    }
    rest_not_found(q, r);
    return NULL;
}

void queues_list(struct request *q, struct reply *r)
{
    struct list found = { 0 };
    for (size_t i = 0; i < world.queues.n; i++)
        if (!((const struct waitline *)world.queues.v[i])->deleted) list_add(&found, world.queues.v[i]);
    rest_page(q, r, &(struct page){ "queues", found.v, found.n, show, sid_of });
    free(found.v);
}

static void set_size(struct waitline *x, const struct form *f)
{
    const char *size = form_get(f, "MaxSize");
    if (size != NULL) x->max = strtol(size, NULL, 10);
}

void queues_create(struct request *q, struct reply *r)
{
    const char *name = form_get(&q->form, "FriendlyName"), *size = form_get(&q->form, "MaxSize");
    if (name == NULL || name[0] == '\0' || strlen(name) > 64) rest_fail(r, 400, 22001, "Invalid Queue FriendlyName");
    else if (waitline_of(name, false) != NULL) rest_fail(r, 400, 22003, "Queue %s already exists", name);
    else if (size != NULL && (strtol(size, NULL, 10) < 1 || strtol(size, NULL, 10) > 5000))
        rest_fail(r, 400, 22002, "Invalid Queue MaxSize");
    else {
        struct waitline *x = waitline_of(name, true);
        set_size(x, &q->form);
        reply_json(r, 201, show(x));
    }
}

void queues_fetch(struct request *q, struct reply *r)
{
    struct waitline *x = by_sid(q, r);
    if (x != NULL) reply_json(r, 200, show(x));
}

void queues_update(struct request *q, struct reply *r)
{
    struct waitline *x = by_sid(q, r);
    if (x == NULL) return;
    if (form_has(&q->form, "FriendlyName")) x->name = keep_str(form_get(&q->form, "FriendlyName"));
    set_size(x, &q->form);
    reply_json(r, 200, show(x));
}

void queues_delete(struct request *q, struct reply *r)
{
    struct waitline *x = by_sid(q, r);
    if (x == NULL) return;
    if (x->waiting.n > 0) {
        rest_fail(r, 400, 22004, "Queue is not empty");
        return;
    }
    x->deleted = true;
    r->status = 204;
}

void queue_members_list(struct request *q, struct reply *r)
{
    struct waitline *x = by_sid(q, r);
    if (x != NULL)
        rest_page(q, r, &(struct page){ "queue_members", x->waiting.v, x->waiting.n, show_member, member_sid });
}

static struct waiting *member_of(const struct request *q, struct reply *r)
{
    struct waitline *x = by_sid(q, r);
    if (x == NULL) return NULL;
    for (size_t i = 0; i < x->waiting.n; i++) {
        struct waiting *w = x->waiting.v[i];
        if ((strcmp(q->seg[2], "Front") == 0 && i == 0) || strcmp(w->call->sid, q->seg[2]) == 0) return w;
    }
    rest_not_found(q, r);
    return NULL;
}

void queue_members_fetch(struct request *q, struct reply *r)
{
    struct waiting *w = member_of(q, r);
    if (w != NULL) reply_json(r, 200, show_member(w));
}

/* POST Queues/{sid}/Members/{sid or Front}.json {Url, Method}: takes the caller out and gives him a document. */
void queue_members_update(struct request *q, struct reply *r)
{
    struct waiting *w = member_of(q, r);
    const char     *url = form_get(&q->form, "Url");
    if (w == NULL) return;
    if (url == NULL) {
        rest_fail(r, 400, 21205, "Url is required");
        return;
    }
    cJSON *o = show_member(w);
    waitline_redirect(w, keep_str(url), keep_str(form_get(&q->form, "Method")));
    reply_json(r, 200, o);
}
