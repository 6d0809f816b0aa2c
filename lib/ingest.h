/* From deliveries to rows: the one way in for webhooks, spool, replay and reconciliation. */
#ifndef INGEST_H
#define INGEST_H
#include "event.h"
#include "plan.h"

/* A batch of events as one transaction, made by ingest_prepare(). */
struct ingest;

/** Reads n events (1..EVENT_BATCH_MAX) into the rows of their kinds' statements. An event whose fields cannot be
 * understood is still stored as it came, with event_type "malformed". Lives in cx->arena; the events must outlive it.
 */
struct ingest *ingest_prepare(struct ctx *, struct event *const *v, size_t n);

/** At most two more statements behind those of the first transaction. They must outlive it. */
void ingest_also(struct ingest *, const struct db_call *, size_t n);

/** The statements of the transaction, for db_send() or db_all(). */
const struct db_call *ingest_calls(const struct ingest *, size_t *n);

/** After the commit: a second transaction, where facts had come before the call that they belong to. n is 0 if none is
 * needed. */
const struct db_call *ingest_rest(struct ctx *, struct ingest *, size_t *n);

/** After all commits: what the i-th event's call shall do next. Kinds that answer nothing get an empty plan. */
void ingest_plan(struct ctx *, const struct ingest *, size_t i, const char *public_url, struct plan *out);

/** Was the i-th event understood? */
bool ingest_understood(const struct ingest *, size_t i);

/** prepare, one round trip, done: for those who can wait. */
enum err ingest(struct ctx *, struct event *const *v, size_t n) MUST_CHECK;

#endif
