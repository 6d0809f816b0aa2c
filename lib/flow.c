/* Routing of calls: a table of routes, each a function that appends steps. */
#include "flow.h"

#include "check.h"
#include "gate.h"
#include "sql.h"

#include <string.h>

/* How Twilio shall try our webhooks: five times, whatever went wrong, within its 15 s. The fragment is neither sent nor
 * signed. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides */
#define PERSISTENT "#rc=5&rp=all&ct=2000&rt=5000&tt=15000"

struct input {
    struct ctx                     *cx;
    const char                     *public_url;
    const struct event             *event;
    const struct sql_ingest_answer *row;
    bool                            decided; /* he has been greeted and asked */
};

const char *flow_hook(struct arena *a, const char *public_url, const char *intent, const char *what)
{
    if (intent == NULL) return arena_printf(a, "%s/api/twilio/voice/%s" PERSISTENT, public_url, what);
    return arena_printf(a, "%s/api/twilio/v/%s/%s" PERSISTENT, public_url, intent, what);
}

/* The address of a webhook about a phone that is rung, which is a leg without a CallSid as yet. */
static const char *callee_hook(struct ctx *cx, const char *public_url, const char *call, const char *what)
{
    return call == NULL ? NULL : flow_hook(cx->arena, public_url, call, what);
}

static const char *hook(const struct input *in, const char *what)
{
    return flow_hook(in->cx->arena, in->public_url, in->row->intent_id, what);
}

/* told: the phone hears something before it is connected. */
static void dial(const struct input *in, bool told, struct plan *p)
{
    const struct sql_ingest_answer *row = in->row;
    struct step                    *s = plan_add(p, STEP_DIAL);
    const bool                      both = row->ring_both && row->dial_to != NULL;
    s->to = row->ring_client == NULL ? row->dial_to : arena_printf(in->cx->arena, "client:%s", row->ring_client);
    s->also = row->ring_client != NULL && both ? row->dial_to : NULL;
    s->call_id = row->call_id;
    s->caller_id = row->caller_id;
    s->record = row->record;
    s->timeout_s = (unsigned)row->ring_timeout_s;
    s->action = hook(in, row->ring_client != NULL && row->dial_to != NULL && !both ? "dial?" FLOW_THEN_PHONE : "dial");
    s->leg_url = hook(in, "status");
    s->recording_url = row->record == NULL ? NULL : hook(in, "recording");
    if (told) s->callee_url = callee_hook(in->cx, in->public_url, row->call_id, "callee");
}

/* The agent's own phone may have been set by whoever holds a key, so it is held to the same countries as a call. */
static bool abroad(struct ctx *cx, const char *e164, const char *countries)
{
    if (e164 == NULL || countries == NULL || gate_agent(cx, e164, countries) == OK) return false;
    ctx_forgive(cx);
    return true;
}

bool flow_abroad(struct ctx *cx, const struct sql_ingest_answer *row)
{
    return row->route != NULL && strcmp(row->route, "inbound") == 0 && abroad(cx, row->dial_to, row->countries);
}

/* The customer is on the line: greeting, disclosure, the agent's browser or phone. */
static void customer_waits(const struct input *in, struct plan *p)
{
    const struct sql_ingest_answer *row = in->row;
    struct sql_ingest_answer        home = *row;
    struct input                    here = *in;
    if (flow_abroad(in->cx, row)) home.dial_to = NULL;
    here.row = &home;
    if (home.dial_to == NULL && home.ring_client == NULL) {
        plan_say(p, row->unanswered, row->voice, row->language);
        (void)plan_add(p, STEP_HANGUP);
        return;
    }
    if (!in->decided) plan_say(p, row->say, row->voice, row->language);
    if (row->question != NULL) {
        plan_ask(p, row->disclosure, row->question, row->disclosure_voice, row->disclosure_language,
                 hook(in, "consent"));
        return;
    }
    if (row->record != NULL && !in->decided)
        plan_say(p, row->disclosure, row->disclosure_voice, row->disclosure_language);
    dial(&here, row->record != NULL && row->agents, p);
}

/* Why a call that an agent or his browser asks for is not placed; NULL: it is. */
static const char *why_not(const struct sql_ingest_answer *row)
{
    static const char emergency[] = " 000 110 111 112 113 117 118 119 911 988 999 ";
    if (row->dial_to != NULL && check_word(row->dial_to, emergency))
        return "Emergency numbers cannot be called from here. Please use another phone.";
    if (row->dial_to == NULL || !check_e164(row->dial_to)) return "This is not a number that can be called.";
    if (row->refused != NULL) return gate_spoken(row->refused);
    return row->caller_id == NULL ? "You have no number to call from." : NULL;
}

/* The agent is on the line and the customer is rung: he is told or asked when he has picked up, and his leg is recorded
 * from then on; the Dial would record from the moment of his answer. */
static void agent_waits(const struct input *in, struct plan *p)
{
    const struct sql_ingest_answer *row = in->row;
    struct sql_ingest_answer        silent = *row;
    struct input                    quiet = *in;
    const bool                      told = row->question != NULL || (row->record != NULL && row->disclosure != NULL);
    if (told) silent.record = NULL;
    quiet.row = &silent;
    if (why_not(row) != NULL) {
        plan_say(p, why_not(row), row->voice, row->language);
        (void)plan_add(p, STEP_HANGUP);
        return;
    }
    plan_say(p, row->say, row->voice, row->language);
    if (told && row->agents) plan_say(p, row->disclosure, row->disclosure_voice, row->disclosure_language);
    dial(&quiet, told, p);
}

static void message(const struct input *in, struct plan *p)
{
    plan_say(p, in->row->say, in->row->voice, in->row->language);
    (void)plan_add(p, STEP_HANGUP);
}

static const struct {
    const char *word;
    void (*plan)(const struct input *, struct plan *);
} routes[] = {
    { "inbound", customer_waits },  { "customer_first", customer_waits },
    { "agent_first", agent_waits }, { "browser", agent_waits },
    { "message", message },
};

void flow_unknown(struct plan *out)
{
    *out = (struct plan){ .n = 0 };
    plan_say(out, "The number you have called is not in service. Goodbye.", NULL, NULL);
    (void)plan_add(out, STEP_HANGUP);
}

void flow_answer(struct ctx *cx, const char *public_url, const struct event *ev, const struct sql_ingest_answer *row,
                 struct plan *out)
{
    const struct input in = { cx, public_url, ev, row, false };
    flow_unknown(out);
    for (size_t i = 0; row->route != NULL && i < sizeof routes / sizeof *routes; i++) {
        if (strcmp(routes[i].word, row->route) != 0) continue;
        *out = (struct plan){ .n = 0 };
        routes[i].plan(&in, out);
    }
}

void flow_consent(struct ctx *cx, const char *public_url, const struct event *ev, const struct sql_ingest_answer *row,
                  bool granted, struct plan *out)
{
    struct sql_ingest_answer said = *row;
    const struct input       in = { cx, public_url, ev, &said, true };
    said.question = NULL;
    said.record = granted ? row->record_as : NULL;
    flow_unknown(out);
    if (row->route == NULL) return;
    *out = (struct plan){ .n = 0 };
    if (granted || row->goodbye == NULL) {
        customer_waits(&in, out);
        return;
    }
    plan_say(out, row->goodbye, row->disclosure_voice, row->disclosure_language);
    (void)plan_add(out, STEP_HANGUP);
}

void flow_callee(struct ctx *cx, const char *public_url, const struct sql_ingest_callee *row, bool pressed,
                 bool granted, struct plan *out)
{
    const char *voice = row->disclosure_voice, *language = row->disclosure_language;
    *out = (struct plan){ .n = 0 };
    if (!pressed && row->question != NULL) {
        plan_ask(out, row->disclosure, row->question, voice, language,
                 callee_hook(cx, public_url, row->call_id, "callee-consent"));
        return;
    }
    if (pressed && !granted) {
        if (row->goodbye == NULL) return;
        plan_say(out, row->goodbye, voice, language);
        (void)plan_add(out, STEP_HANGUP);
        return;
    }
    if (!pressed && row->recorded) plan_say(out, row->disclosure, voice, language);
    if (row->customer && (pressed || (row->recorded && row->disclosure != NULL)))
        plan_add(out, STEP_RECORD)->recording_url = callee_hook(cx, public_url, row->call_id, "recording");
}

void flow_room(const char *room, const char *recording_url, const char *digits, struct plan *out)
{
    *out = (struct plan){ .n = 0 };
    if (recording_url != NULL) plan_add(out, STEP_RECORD)->recording_url = recording_url;
    if (digits != NULL) plan_add(out, STEP_KEYS)->digits = digits;
    plan_add(out, STEP_ROOM)->room = room;
    (void)plan_add(out, STEP_HANGUP);
}

void flow_dial(struct ctx *cx, const char *public_url, const struct sql_ingest_dial *row, struct plan *out)
{
    const struct sql_ingest_answer next = { .dial_to = row->dial_to,
                                            .caller_id = row->caller_id,
                                            .record = row->record,
                                            .call_id = row->call_id,
                                            .ring_timeout_s = row->ring_timeout_s == NULL ? 0 : *row->ring_timeout_s };
    const struct input             in = { .cx = cx, .public_url = public_url, .row = &next };
    *out = (struct plan){ .n = 0 };
    if (row->room != NULL) {
        const char *url = flow_hook(cx->arena, public_url, row->intent_id, "recording");
        flow_room(row->room, row->record == NULL ? NULL : url, NULL, out);
        return;
    }
    if (!row->answered && row->dial_to != NULL && !abroad(cx, row->dial_to, row->countries)) {
        dial(&in, row->agents, out);
        return;
    }
    if (!row->answered) plan_say(out, row->unanswered, row->voice, row->language);
    (void)plan_add(out, STEP_HANGUP);
}
