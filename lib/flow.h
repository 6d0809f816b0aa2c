/* Routing: what a call shall do next, from what the database knows about it. Pure: no database, no XML. */
#ifndef FLOW_H
#define FLOW_H
#include "event.h"
#include "plan.h"

struct sql_ingest_answer;
struct sql_ingest_dial;

/** The plan of a call that asks what to do. public_url: where our webhooks are. */
void flow_answer(struct ctx *, const char *public_url, const struct event *, const struct sql_ingest_answer *,
                 struct plan *out);

/** The plan of a caller whose Dial is over: nothing after a talk; else the phone that comes next, if there is one; else
 * a sentence and the end. */
void flow_dial(struct ctx *, const char *public_url, const struct sql_ingest_dial *, struct plan *out);

/** Would an inbound call be forwarded to where its tenant does not call? It is then treated as one that nobody takes.
 */
bool flow_abroad(struct ctx *, const struct sql_ingest_answer *);

/* The query of a Dial's action: a browser was rung, the phone of its user is next. */
#define FLOW_THEN_PHONE "then=phone"

/** What is said where nobody knows the number that was dialled. */
void flow_unknown(struct plan *out);

#endif
