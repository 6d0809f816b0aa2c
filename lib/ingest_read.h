/* Typed fields of a delivery: internal to lib/ingest*.c. */
#ifndef INGEST_READ_H
#define INGEST_READ_H
#include "event.h"

/** The readers of the kinds: one event into a row of its statement (struct sql_ingest_*_in) and its event_type, the
 * word under which it is shown. INVALID, naming the field, where it cannot be understood. */
typedef enum err ingest_read_fn(struct ctx *, const struct event *, void *row, const char **event_type);
ingest_read_fn   ingest_read_answer, ingest_read_status, ingest_read_dial, ingest_read_recording;

/** Two rows of one leg, or of one recording, in one batch: the first takes what the second knows. */
typedef void    ingest_merge_fn(void *into, const void *row);
ingest_merge_fn ingest_merge_status, ingest_merge_recording;

/** The CallSid if it is one, else "". */
const char *ingest_call_sid(const struct event *);

#endif
