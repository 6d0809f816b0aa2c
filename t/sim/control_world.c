/* The control API about the world as a whole: faults, ledger, clock, reset. */
#include "fault.h"
#include "http.h"
#include "ledger.h"
#include "message.h"
#include "rec.h"
#include "rest.h"
#include "send.h"

#include <string.h>

/* POST /sim/faults: one fault or an array of them -> 201 */
void sim_fault_add(struct request *q, struct reply *r)
{
    cJSON      *o = cJSON_Parse(q->body), *reply = cJSON_CreateObject();
    const char *why = "not JSON";
    bool        ok = o != NULL;
    for (const cJSON *f = cJSON_IsArray(o) ? o->child : o; f != NULL && ok; f = cJSON_IsArray(o) ? f->next : NULL)
        ok = fault_add(f, &why);
    json_text(reply, ok ? "ok" : "error", ok ? "set" : why);
    reply_json(r, ok ? 201 : 400, reply);
    cJSON_Delete(o);
}

void sim_fault_list(struct request *q, struct reply *r)
{
    cJSON *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "faults");
    (void)q;
    for (size_t i = 0; i < world.faults.n; i++) {
        const struct fault *f = world.faults.v[i];
        cJSON              *j = cJSON_CreateObject();
        json_text(j, "fault", f->name);
        json_int(j, "count", f->count);
        json_text(j, "call", f->call);
        json_text(j, "kind", f->kind);
        cJSON_AddItemToArray(a, j);
    }
    reply_json(r, 200, o);
}

void sim_fault_clear(struct request *q, struct reply *r)
{
    (void)q;
    world.faults.n = 0;
    r->status = 204;
}

/* GET /sim/ledger[?sha256=no][&number=…][&own=…]: the digests of many recordings take time. */
void sim_ledger(struct request *q, struct reply *r)
{
    const char  *sha = form_get(&q->query, "sha256");
    struct scope s = scope_of(&q->query);
    reply_json(r, 200, ledger_all(sha == NULL || strcmp(sha, "no") != 0, &s));
    scope_free(&s);
}

void sim_alerts(struct request *q, struct reply *r)
{
    cJSON       *o = cJSON_CreateObject();
    struct scope s = scope_of(&q->query);
    cJSON_AddItemToObject(o, "alerts", ledger_alerts(&s));
    scope_free(&s);
    reply_json(r, 200, o);
}

/* POST /sim/reset {"all":true also forgets numbers and phones} -> 204 */
void sim_reset(struct request *q, struct reply *r)
{
    cJSON *o = cJSON_Parse(q->body);
    http_resume();
    world_reset(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "all")));
    cJSON_Delete(o);
    r->status = 204;
}

/* POST /sim/clock {speed, advance_s, skew_s}: skew is added to all dates that Twilio sends. */
void sim_clock(struct request *q, struct reply *r)
{
    cJSON       *o = cJSON_Parse(q->body);
    const cJSON *speed = cJSON_GetObjectItemCaseSensitive(o, "speed"),
                *advance = cJSON_GetObjectItemCaseSensitive(o, "advance_s");
    const cJSON *skew = cJSON_GetObjectItemCaseSensitive(o, "skew_s");
    if (cJSON_IsNumber(speed) && speed->valueint >= 1) clock_set_speed(speed->valueint);
    if (cJSON_IsNumber(advance) && advance->valuedouble > 0) clock_advance((int64_t)(advance->valuedouble * 1000));
    if (cJSON_IsNumber(skew)) world.skew_ms = (int64_t)(skew->valuedouble * 1000);
    cJSON_Delete(o);
    sim_state(q, r);
}

static int64_t busy_recordings(const struct scope *s)
{
    int64_t n = 0;
    for (size_t i = 0; i < world.recordings.n; i++) {
        const struct recording *x = world.recordings.v[i];
        bool                    over = strcmp(x->status, "completed") == 0 || strcmp(x->status, "absent") == 0;
        n += !over && scope_recording(s, x);
    }
    return n;
}

static int64_t busy_messages(const struct scope *s)
{
    int64_t n = 0;
    for (size_t i = 0; i < world.messages.n; i++) {
        const struct message *m = world.messages.v[i];
        bool                  travels = strcmp(m->status, "queued") == 0 || strcmp(m->status, "sent") == 0;
        n += travels && (scope_number(s, m->from) || scope_number(s, m->to));
    }
    return n;
}

static int64_t open_calls(const struct scope *s)
{
    const struct list *l = s->all ? &world.calls : &s->calls;
    int64_t            n = 0;
    for (size_t i = 0; i < l->n; i++) n += !status_final(((const struct call *)l->v[i])->status);
    return n;
}

/* GET /sim[?number=…][&own=…] -> what is going on; idle is true when no call, webhook or recording is in work. */
void sim_state(struct request *q, struct reply *r)
{
    cJSON       *o = cJSON_CreateObject();
    struct scope s = scope_of(&q->query);
    int64_t      calls = open_calls(&s), recordings = busy_recordings(&s), messages = busy_messages(&s);
    int64_t      pending = (int64_t)send_pending(&s), planned = s.all ? world.planned : 0;
    json_int(o, "speed", clock_speed());
    json_int(o, "now_ms", clock_now());
    json_int(o, "calls", (int64_t)world.calls.n);
    json_int(o, "open_calls", calls);
    json_int(o, "pending_webhooks", pending);
    json_int(o, "busy_recordings", recordings);
    json_int(o, "busy_messages", messages);
    json_int(o, "webhooks", (int64_t)world.hooks.n);
    json_int(o, "planned_calls", planned);
    json_bool(o, "idle", planned <= 0 && calls == 0 && recordings == 0 && messages == 0 && pending == 0);
    scope_free(&s);
    reply_json(r, 200, o);
}
