/* Routing: what a call shall do next, from what the database knows about it. Pure: no database, no XML. */
#ifndef FLOW_H
#define FLOW_H
#include "event.h"
#include "plan.h"

struct sql_ingest_answer;
struct sql_ingest_dial;
struct sql_ingest_callee;

/** The plan of a call that asks what to do. public_url: where our webhooks are. */
void flow_answer(struct ctx *, const char *public_url, const struct event *, const struct sql_ingest_answer *,
                 struct plan *out);

/** The plan of a customer who was asked whether he may be recorded, as flow_answer() goes on. granted: he may. */
void flow_consent(struct ctx *, const char *public_url, const struct event *, const struct sql_ingest_answer *,
                  bool granted, struct plan *out);

/** The plan of a phone that we rang, before it is connected: who talks for the tenant is told, a customer is told or
 * asked. pressed: he has been, and granted says what he said. */
void flow_callee(struct ctx *, const char *public_url, const struct sql_ingest_callee *, bool pressed, bool granted,
                 struct plan *out);

/** The plan of a caller whose Dial is over: nothing after a talk; the conference where the other leg was taken there;
 * else the phone that comes next, if there is one; else a sentence and the end. */
void flow_dial(struct ctx *, const char *public_url, const struct sql_ingest_dial *, struct plan *out);

/** The plan of a leg that joins a conference: its recording, if recording_url says who is told of it; tones that it
 * hears first, digits NULL: none. There is no Dial action: when the conference is over the leg ends. */
void flow_room(const char *room, const char *recording_url, const char *digits, struct plan *out);

/** The address of one of our webhooks; intent: of a call that we placed, NULL: of another. what: status, dial... */
const char *flow_hook(struct arena *, const char *public_url, const char *intent, const char *what);

/** Would an inbound call be forwarded to where its tenant does not call? It is then treated as one that nobody takes.
 */
bool flow_abroad(struct ctx *, const struct sql_ingest_answer *);

/* The query of a Dial's action: a browser was rung, the phone of its user is next. */
#define FLOW_THEN_PHONE "then=phone"

/** What is said where nobody knows the number that was dialled. */
void flow_unknown(struct plan *out);

#endif
