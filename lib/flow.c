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
};

static struct step *add(struct plan *p, enum step_kind kind)
{
    struct step *s = &p->v[p->n++];
    *s = (struct step){ .kind = kind };
    return s;
}

static void say(struct plan *p, const char *text, const char *voice, const char *language)
{
    if (text == NULL || text[0] == '\0') return;
    struct step *s = add(p, STEP_SAY);
    s->text = text;
    s->voice = voice;
    s->language = language;
}

const char *flow_hook(struct arena *a, const char *public_url, const char *intent, const char *what)
{
    if (intent == NULL) return arena_printf(a, "%s/api/twilio/voice/%s" PERSISTENT, public_url, what);
    return arena_printf(a, "%s/api/twilio/v/%s/%s" PERSISTENT, public_url, intent, what);
}

static const char *hook(const struct input *in, const char *what)
{
    return flow_hook(in->cx->arena, in->public_url, in->row->intent_id, what);
}

static void dial(const struct input *in, struct plan *p)
{
    const struct sql_ingest_answer *row = in->row;
    struct step                    *s = add(p, STEP_DIAL);
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
        say(p, row->unanswered, row->voice, row->language);
        (void)add(p, STEP_HANGUP);
        return;
    }
    say(p, row->say, row->voice, row->language);
    if (row->record != NULL) say(p, row->disclosure, row->voice, row->language);
    dial(&here, p);
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

/* The agent is on the line and the customer is rung: nobody could tell the customer, so a disclosure forbids recording.
 */
static void agent_waits(const struct input *in, struct plan *p)
{
    const struct sql_ingest_answer *row = in->row;
    struct sql_ingest_answer        silent = *row;
    struct input                    quiet = *in;
    if (row->disclosure != NULL) silent.record = NULL;
    quiet.row = &silent;
    if (why_not(row) != NULL) {
        say(p, why_not(row), row->voice, row->language);
        (void)add(p, STEP_HANGUP);
        return;
    }
    say(p, row->say, row->voice, row->language);
    dial(&quiet, p);
}

static void message(const struct input *in, struct plan *p)
{
    say(p, in->row->say, in->row->voice, in->row->language);
    (void)add(p, STEP_HANGUP);
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
    say(out, "The number you have called is not in service. Goodbye.", NULL, NULL);
    (void)add(out, STEP_HANGUP);
}

void flow_answer(struct ctx *cx, const char *public_url, const struct event *ev, const struct sql_ingest_answer *row,
                 struct plan *out)
{
    const struct input in = { cx, public_url, ev, row };
    flow_unknown(out);
    for (size_t i = 0; row->route != NULL && i < sizeof routes / sizeof *routes; i++) {
        if (strcmp(routes[i].word, row->route) != 0) continue;
        *out = (struct plan){ .n = 0 };
        routes[i].plan(&in, out);
    }
}

void flow_room(const char *room, const char *recording_url, const char *digits, struct plan *out)
{
    *out = (struct plan){ .n = 0 };
    if (recording_url != NULL) add(out, STEP_RECORD)->recording_url = recording_url;
    if (digits != NULL) add(out, STEP_KEYS)->digits = digits;
    add(out, STEP_ROOM)->room = room;
    (void)add(out, STEP_HANGUP);
}

void flow_dial(struct ctx *cx, const char *public_url, const struct sql_ingest_dial *row, struct plan *out)
{
    const struct sql_ingest_answer next = { .dial_to = row->dial_to,
                                            .caller_id = row->caller_id,
                                            .record = row->record,
                                            .ring_timeout_s = row->ring_timeout_s == NULL ? 0 : *row->ring_timeout_s };
    const struct input             in = { .cx = cx, .public_url = public_url, .row = &next };
    *out = (struct plan){ .n = 0 };
    if (row->room != NULL) {
        const char *url = flow_hook(cx->arena, public_url, row->intent_id, "recording");
        flow_room(row->room, row->record == NULL ? NULL : url, NULL, out);
        return;
    }
    if (!row->answered && row->dial_to != NULL && !abroad(cx, row->dial_to, row->countries)) {
        dial(&in, out);
        return;
    }
    if (!row->answered) say(out, row->unanswered, row->voice, row->language);
    (void)add(out, STEP_HANGUP);
}
