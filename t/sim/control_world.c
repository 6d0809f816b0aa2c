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

/* GET /sim/ledger[?sha256=no]: the digests of many recordings take time. */
void sim_ledger(struct request *q, struct reply *r)
{
    const char *sha = form_get(&q->query, "sha256");
    reply_json(r, 200, ledger_all(sha == NULL || strcmp(sha, "no") != 0));
}

void sim_alerts(struct request *q, struct reply *r)
{
    cJSON *o = cJSON_CreateObject();
    (void)q;
    cJSON_AddItemToObject(o, "alerts", ledger_alerts());
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

static bool busy(const struct recording *x)
{
    return strcmp(x->status, "completed") != 0 && strcmp(x->status, "absent") != 0;
}

static bool travelling(const struct message *m)
{
    return strcmp(m->status, "queued") == 0 || strcmp(m->status, "sent") == 0;
}

/* GET /sim -> what is going on; idle is true when no call, webhook or recording is in work. */
void sim_state(struct request *q, struct reply *r)
{
    cJSON  *o = cJSON_CreateObject();
    int64_t open = 0, recordings = 0, messages = 0, pending = (int64_t)send_pending();
    (void)q;
    for (size_t i = 0; i < world.calls.n; i++) open += !status_final(((const struct call *)world.calls.v[i])->status);
    for (size_t i = 0; i < world.recordings.n; i++) recordings += busy(world.recordings.v[i]);
    for (size_t i = 0; i < world.messages.n; i++) messages += travelling(world.messages.v[i]);
    json_int(o, "speed", clock_speed());
    json_int(o, "now_ms", clock_now());
    json_int(o, "calls", (int64_t)world.calls.n);
    json_int(o, "open_calls", open);
    json_int(o, "pending_webhooks", pending);
    json_int(o, "busy_recordings", recordings);
    json_int(o, "busy_messages", messages);
    json_int(o, "webhooks", (int64_t)world.hooks.n);
    json_int(o, "planned_calls", world.planned);
    json_bool(o, "idle", world.planned <= 0 && open == 0 && recordings == 0 && messages == 0 && pending == 0);
    reply_json(r, 200, o);
}
