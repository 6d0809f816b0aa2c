/* A batch of deliveries on its way into the database: internal to lib/ingest*.c. */
#ifndef INGEST_BATCH_H
#define INGEST_BATCH_H
#include "event.h"
#include "limit.h"

struct sql_ingest_answer;
struct sql_ingest_consent;

/* Rows of one statement, each leg or recording once; where[i] is the row of the i-th event. */
struct lane {
    char  *rows, *out;
    size_t n;
};

/* How many kinds of rows there are, answers first; how many statements a batch may take. */
enum { LANES = 5, LANE_ANSWER = 0, STATEMENTS = LANES + 8 };

struct ingest {
    struct event *const       *v;
    size_t                     n, ncalls;
    struct lane                lane[LANES];
    size_t                     where[EVENT_BATCH_MAX];
    bool                       understood[EVENT_BATCH_MAX];
    struct sql_ingest_consent *granted; /* of events with keys, by key_at */
    size_t                     key_at[EVENT_BATCH_MAX];
    struct db_call             calls[STATEMENTS];
};

/** One more statement of the batch, over n rows; none for no rows. out: where its rows go. */
void ingest_add(struct ingest *, const struct db_stmt *, const void *in, size_t n, void *out);

/** Does Twilio wait for a call's first instruction? */
bool ingest_answers(enum event_kind);

/** What the database said about the i-th event, which is an answer. */
const struct sql_ingest_answer *ingest_answer_of(const struct ingest *, size_t i);

/* ingest_consent.c */

/** Keys that were pressed, each leg's once: comes behind the statements that know their calls. */
void ingest_add_consents(struct ctx *, struct ingest *);

/** Did the i-th event, a key, grant it? After the commit. */
bool ingest_granted(const struct ingest *, size_t i);

/* ingest_browser.c */

/** Calls of browsers, each once: the gate's verdict comes before the answer that tells it. */
void ingest_add_browsers(struct ctx *, struct ingest *);

/** Is the i-th event an inbound call that would be forwarded to where its tenant does not call? */
bool ingest_refused(struct ctx *, const struct ingest *, size_t i);

/** Marks those calls. */
void ingest_add_refused(struct ctx *, struct ingest *);

#endif
