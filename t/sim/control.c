/* The control API under /sim: starts calls, sets up phones, numbers and faults, shows the truth. */
#include "control.h"

#include "call.h"
#include "ledger.h"

#include <stdlib.h>
#include <string.h>

void control_refuse(struct reply *r, int status, const char *why)
{
    cJSON *o = cJSON_CreateObject();
    json_text(o, "error", why);
    reply_json(r, status, o);
}

const char *control_text_of(const cJSON *o, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsString(v) ? keep_str(v->valuestring) : NULL;
}

int64_t control_ms_of(const cJSON *o, const char *name, double otherwise_s)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return (int64_t)(1000 * (cJSON_IsNumber(v) ? v->valuedouble : otherwise_s));
}

/* ["customer: hello", {"who":"agent","text":"hi"}] */
struct script control_script_of(const cJSON *lines)
{
    struct script s = { .v = keep((size_t)cJSON_GetArraySize(lines) * sizeof *s.v + 1) };
    const cJSON  *l;
    cJSON_ArrayForEach(l, lines)
    {
        const char *text = cJSON_IsString(l) ? l->valuestring : control_text_of(l, "text"),
                   *who = cJSON_IsString(l) ? text : control_text_of(l, "who");
        if (text == NULL || text[0] == '\0') continue;
        bool agent = who != NULL && strncmp(who, "agent", 5) == 0;
        if (cJSON_IsString(l) && (strncmp(text, "agent:", 6) == 0 || strncmp(text, "customer:", 9) == 0))
            text = strchr(text, ':') + 1;
        s.v[s.n++] = (struct line){ .agent = agent, .text = keep_str(text + strspn(text, " ")) };
    }
    return s;
}

/* "1 2#", or ["1", "2#"] joined by sep. */
const char *control_joined(const cJSON *o, const char *name, char sep)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name), *item;
    struct buf   b = { 0 };
    if (!cJSON_IsArray(v)) return control_text_of(o, name);
    buf_str(&b, "");
    cJSON_ArrayForEach(item, v)
    {
        if (b.len > 0) buf_add(&b, &sep, 1);
        if (cJSON_IsString(item)) buf_str(&b, item->valuestring);
    }
    const char *kept = keep_str(b.at);
    buf_free(&b);
    return kept;
}

static void extras(struct call *c, const cJSON *o)
{
    const cJSON *v, *params = cJSON_GetObjectItemCaseSensitive(o, "params");
    const char  *app = control_text_of(o, "application_sid");
    if (app != NULL) form_add(&c->extra, "ApplicationSid", app);
    cJSON_ArrayForEach(v, params) if (cJSON_IsString(v)) form_add(&c->extra, v->string, v->valuestring);
}

static void describe(struct call *c, const cJSON *o)
{
    const char *end = control_text_of(o, "voicemail_end"), *hangup = control_text_of(o, "hangup"),
               *url = control_text_of(o, "voice_url");
    c->caller_name = control_text_of(o, "caller_name");
    c->forwarded_from = control_text_of(o, "forwarded_from");
    c->script = control_script_of(cJSON_GetObjectItemCaseSensitive(o, "lines"));
    c->presses = control_joined(o, "presses", ' ');
    c->says = control_joined(o, "says", '|');
    c->gives_up_ms = control_ms_of(o, "caller_hangs_up_after_s", 0);
    c->caller_ends = hangup != NULL && strcmp(hangup, "caller") == 0;
    c->agent = strncmp(c->from, "client:", 7) == 0;
    if (end != NULL) c->voicemail_end = end;
    if (url != NULL) c->url = url;
    extras(c, o);
}

/* POST /sim/calls {from, to, lines…} -> 201 {sid} */
void sim_call_create(struct request *q, struct reply *r)
{
    cJSON      *o = cJSON_Parse(q->body);
    const char *from = control_text_of(o, "from"), *to = control_text_of(o, "to");
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "anonymous"))) from = "anonymous";
    if (from == NULL || to == NULL) {
        control_refuse(r, 400, "from and to are needed");
        cJSON_Delete(o);
        return;
    }
    const char    *sid = control_text_of(o, "application_sid");
    struct number *n = world_number(to), *app = sid != NULL ? world_application(sid) : NULL;
    if (n == NULL && app == NULL && control_text_of(o, "voice_url") == NULL) {
        control_refuse(r, 404, "to: not a number of this account; POST /sim/numbers first");
        cJSON_Delete(o);
        return;
    }
    struct call *c = call_new(from, to, "inbound", NULL);
    c->phone = NULL; /* it is called, it does not ring */
    c->number = n;
    if (app != NULL) call_by_settings(c, &app->set);
    else if (n != NULL) call_by_number(c);
    describe(c, o);
    cJSON_Delete(o);
    call_inbound(c);
    cJSON *reply = cJSON_CreateObject();
    json_text(reply, "sid", c->sid);
    reply_json(r, 201, reply);
}

void sim_call_list(struct request *q, struct reply *r)
{
    const char *state = form_get(&q->query, "state");
    cJSON      *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "calls");
    for (size_t i = 0; i < world.calls.n; i++) {
        struct call *c = world.calls.v[i];
        bool         open = !status_final(c->status);
        if (state == NULL || (strcmp(state, "open") == 0) == open) cJSON_AddItemToArray(a, ledger_call(c));
    }
    reply_json(r, 200, o);
}

void sim_call_fetch(struct request *q, struct reply *r)
{
    struct call *c = world_call(q->seg[0]);
    if (c == NULL) control_refuse(r, 404, "no such call");
    else reply_json(r, 200, ledger_call(c));
}

/* POST /sim/calls/{sid}/hangup: the person on this leg hangs up. */
void sim_call_hangup(struct request *q, struct reply *r)
{
    struct call *c = world_call(q->seg[0]);
    if (c == NULL) {
        control_refuse(r, 404, "no such call");
        return;
    }
    call_hang_up(c);
    reply_json(r, 200, ledger_call(c));
}

/* POST /sim/calls/{sid}/answer, .../reject: whoever sits at a phone that rings, such as one that answers no by itself.
 */
void sim_call_answer(struct request *q, struct reply *r)
{
    struct call *c = world_call(q->seg[0]);
    bool         answer = strstr(q->path, "/answer") != NULL;
    if (c == NULL || !call_take(c, answer)) control_refuse(r, 404, "no such call, or it does not ring");
    else reply_json(r, 200, ledger_call(c));
}

/* POST /sim/calls/{sid}/redirect {"url", "method"?}: as a program of the account would by REST. */
void sim_call_redirect(struct request *q, struct reply *r)
{
    struct call *c = world_call(q->seg[0]);
    cJSON       *o = cJSON_Parse(q->body);
    const char  *url = control_text_of(o, "url"), *method = control_text_of(o, "method");
    cJSON_Delete(o);
    if (c == NULL || status_final(c->status)) control_refuse(r, 404, "no such call, or it is over");
    else if (url == NULL) control_refuse(r, 400, "url is needed");
    else {
        call_redirect(c, url, method, NULL);
        reply_json(r, 200, ledger_call(c));
    }
}
