/* Typed fields of a delivery: internal to lib/ingest*.c. */
#ifndef INGEST_READ_H
#define INGEST_READ_H
#include "event.h"

/** The readers of the kinds: one event into a row of its statement (struct sql_ingest_*_in) and its event_type, the
 * word under which it is shown. INVALID, naming the field, where it cannot be understood. */
typedef enum err ingest_read_fn(struct ctx *, const struct event *, void *row, const char **event_type);
ingest_read_fn   ingest_read_answer, ingest_read_status, ingest_read_dial, ingest_read_recording, ingest_read_callee;

/** Two rows of one leg, or of one recording, in one batch: the first takes what the second knows. */
typedef void    ingest_merge_fn(void *into, const void *row);
ingest_merge_fn ingest_merge_status, ingest_merge_recording;

/** The outside party of a delivery as it is stored: sealed where the tenant seals. The other party is a number of the
 * tenant's own, by which the call is found; where it is not, nothing is stored with it. */
void ingest_hide(struct ctx *, const struct event *, const char **outside, const char **customer_number);

struct sql_ingest_answer;

/** What routing needs of a call, opened: the number an intent dials, the words it says. */
const struct sql_ingest_answer *ingest_readable(struct ctx *, const struct event *, const struct sql_ingest_answer *);

/** The CallSid if it is one, else "". */
const char *ingest_call_sid(const struct event *);

#endif
