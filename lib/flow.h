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

/** The plan of a caller whose Dial is over: nothing after a talk, else a sentence and the end. */
void flow_dial(const struct sql_ingest_dial *, struct plan *out);

/** What is said where nobody knows the number that was dialled. */
void flow_unknown(struct plan *out);

#endif
