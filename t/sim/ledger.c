/* The ledger: ground truth of everything that happened, and the state of calls, as JSON. */
#include "ledger.h"

#include "hooks.h"
#include "papers.h"
#include "rest.h"

#include <string.h>

static int64_t unix_or(const struct call *c, int64_t at)
{
    return at >= 0 ? call_unix(c, at) : -1;
}

cJSON *ledger_call(const struct call *c)
{
    cJSON *o = cJSON_CreateObject();
    json_text(o, "sid", c->sid);
    json_text(o, "parent_call_sid", c->parent != NULL ? c->parent->sid : NULL);
    json_text(o, "account_sid", world.who.account);
    json_text(o, "from", c->from);
    json_text(o, "to", c->to);
    json_text(o, "direction", c->direction);
    json_text(o, "status", status_word(c->status));
    json_int(o, "duration", call_seconds(c));
    (void)cJSON_AddNumberToObject(o, "duration_ms",
                                  c->answered_at >= 0 && c->ended_at >= 0 ? (double)(c->ended_at - c->answered_at) : 0);
    json_time(o, "created_at", call_unix(c, c->now0));
    json_time(o, "ringing_at", unix_or(c, c->ringing_at));
    json_time(o, "answered_at", unix_or(c, c->answered_at));
    json_time(o, "ended_at", unix_or(c, c->ended_at));
    json_text(o, "answered_by", c->answered_by);
    json_text(o, "caller_name", c->caller_name);
    json_text(o, "number_sid", c->number != NULL ? c->number->sid : NULL);
    json_int(o, "sip_response_code", c->sip);
    json_text(o, "error_code", c->error_code);
    json_text(o, "role", c->agent ? "agent" : "customer");
    json_bool(o, "deleted", c->deleted);
    return o;
}

static cJSON *lines_of(const struct recording *x, int channel)
{
    cJSON *a = cJSON_CreateArray();
    for (size_t i = 0; i < x->n; i++) {
        const struct piece *p = &x->v[i];
        if (p->channel != channel) continue;
        cJSON  *o = cJSON_CreateObject();
        int64_t end = p->at_ms + p->len_ms;
        json_text(o, "text", p->speech->text);
        (void)cJSON_AddNumberToObject(o, "start_s", (double)p->at_ms / 1000);
        (void)cJSON_AddNumberToObject(o, "end_s", (double)(end < x->duration_ms ? end : x->duration_ms) / 1000);
        cJSON_AddItemToArray(a, o);
    }
    return a;
}

static cJSON *show_recording(struct recording *x, bool sha)
{
    cJSON *o = cJSON_CreateObject();
    json_text(o, "sid", x->sid);
    json_text(o, "call_sid", x->call != NULL ? x->call->sid : NULL);
    json_text(o, "conference_sid", x->conference);
    json_text(o, "status", x->status);
    json_text(o, "source", x->source);
    json_int(o, "channels", x->channels);
    (void)cJSON_AddNumberToObject(o, "duration_s", (double)x->duration_ms / 1000);
    json_int(o, "duration", rec_seconds(x));
    json_text(o, "sha256", sha ? rec_sha256(x) : NULL);
    json_bool(o, "deleted", x->deleted);
    cJSON *lines = cJSON_AddArrayToObject(o, "lines");
    for (int ch = 0; ch < 2; ch++) cJSON_AddItemToArray(lines, lines_of(x, ch));
    return o;
}

static cJSON *show_hook(const struct delivery *d)
{
    cJSON *o = cJSON_CreateObject(), *a;
    json_text(o, "kind", d->kind);
    json_text(o, "url", d->url);
    json_text(o, "method", d->method);
    json_text(o, "call_sid", d->call);
    json_text(o, "idempotency_token", d->token);
    json_text(o, "params_sha256", d->params_hash);
    json_text(o, "params", d->params);
    json_time(o, "at", d->at);
    json_text(o, "reply", d->reply);
    json_int(o, "http", d->n > 0 ? d->attempts[d->n - 1].status : 0);
    json_int(o, "tries", (int64_t)d->n);
    json_text(o, "note", d->n > 0 ? d->attempts[0].note : NULL);
    a = cJSON_AddArrayToObject(o, "attempts");
    for (size_t i = 0; i < d->n; i++) {
        cJSON *t = cJSON_CreateObject();
        json_int(t, "status", d->attempts[i].status);
        json_int(t, "ms", d->attempts[i].ms);
        json_int(t, "error", d->attempts[i].error);
        json_text(t, "note", d->attempts[i].note);
        cJSON_AddItemToArray(a, t);
    }
    return o;
}

static cJSON *show_dial(const struct dialled *d)
{
    cJSON *o = cJSON_CreateObject();
    json_text(o, "sid", d->sid);
    json_text(o, "to", d->to);
    json_text(o, "from", d->from);
    json_int(o, "status", d->status);
    if (d->cut_at >= 0) json_int(o, "cut_at", d->cut_at);
    else json_text(o, "cut_at", NULL);
    json_text(o, "params", d->params);
    json_time(o, "at", d->at);
    return o;
}

static cJSON *show_post(const struct posted *x)
{
    cJSON *o = cJSON_CreateObject();
    json_text(o, "method", x->method);
    json_text(o, "path", x->path);
    json_text(o, "params", x->params);
    json_int(o, "status", x->status);
    json_time(o, "at", x->at);
    return o;
}

static cJSON *show_ai(const struct asked *x)
{
    cJSON *o = cJSON_CreateObject();
    json_text(o, "kind", x->kind);
    json_int(o, "status", x->status);
    json_text(o, "recording_sid", x->recording);
    json_text(o, "model", x->model);
    json_text(o, "text", x->text);
    json_time(o, "at", x->at);
    return o;
}

static cJSON *show_alert(const struct alert *x)
{
    cJSON *o = cJSON_CreateObject();
    json_text(o, "sid", x->sid);
    json_text(o, "error_code", x->code);
    json_text(o, "text", x->text);
    json_text(o, "call_sid", x->call);
    json_text(o, "url", x->url);
    json_time(o, "at", x->at);
    return o;
}

cJSON *ledger_alerts(const struct scope *s)
{
    cJSON *a = cJSON_CreateArray();
    for (size_t i = 0; i < world.alerts.n; i++) {
        const struct alert *x = world.alerts.v[i];
        if (scope_call(s, x->call) || scope_url(s, x->url)) cJSON_AddItemToArray(a, show_alert(x));
    }
    return a;
}

static bool heard_in(const struct scope *s, const struct asked *x)
{
    const struct recording *r = x->recording != NULL && !s->all ? world_recording(x->recording) : NULL;
    return s->all || (r != NULL && scope_recording(s, r));
}

cJSON *ledger_all(bool sha, const struct scope *s)
{
    cJSON *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "calls");
    for (size_t i = 0, n = s->all ? world.calls.n : s->calls.n; i < n; i++)
        cJSON_AddItemToArray(a, ledger_call(s->all ? world.calls.v[i] : s->calls.v[i]));
    a = cJSON_AddArrayToObject(o, "recordings");
    for (size_t i = 0; i < world.recordings.n; i++)
        if (scope_recording(s, world.recordings.v[i]))
            cJSON_AddItemToArray(a, show_recording(world.recordings.v[i], sha));
    a = cJSON_AddArrayToObject(o, "webhooks");
    for (size_t i = 0; i < world.hooks.n; i++)
        if (scope_hook(s, world.hooks.v[i])) cJSON_AddItemToArray(a, show_hook(world.hooks.v[i]));
    a = cJSON_AddArrayToObject(o, "dials");
    for (size_t i = 0; i < world.dials.n; i++) {
        const struct dialled *d = world.dials.v[i];
        if (scope_number(s, d->from) || scope_number(s, d->to)) cJSON_AddItemToArray(a, show_dial(d));
    }
    a = cJSON_AddArrayToObject(o, "posts");
    for (size_t i = 0; i < world.posts.n; i++) {
        const struct posted *x = world.posts.v[i];
        if (scope_call(s, x->call) || (x->number != NULL && scope_number(s, x->number)))
            cJSON_AddItemToArray(a, show_post(x));
    }
    a = cJSON_AddArrayToObject(o, "ai");
    for (size_t i = 0; i < world.ai.n; i++)
        if (heard_in(s, world.ai.v[i])) cJSON_AddItemToArray(a, show_ai(world.ai.v[i]));
    a = cJSON_AddArrayToObject(o, "numbers");
    for (size_t i = 0; s->all && i < world.noted.n; i++) cJSON_AddItemToArray(a, noted_show(world.noted.v[i]));
    cJSON_AddItemToObject(o, "alerts", ledger_alerts(s));
    json_int(o, "pending_webhooks", (int64_t)send_pending(s));
    return o;
}
