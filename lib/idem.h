/* Idempotency-Key: one effect and one answer for all repetitions of a request.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ */
#ifndef IDEM_H
#define IDEM_H
#include "db.h"
#include "erasure.h"

#include <stdbool.h>

/* A request under its key. */
struct idem {
    const char *key;
    char        attempt[37]; /* set by idem_begin() */
};

/* An answer that was given, or is to be kept. head: more header lines, or NULL. */
struct idem_reply {
    int         status;
    const char *type, *head, *body;
};

/** Takes the key for this request, whose equals have the same parts: n texts, such as who asks, method, address, and
 * the body. *again: there is an answer, in *out; else the caller works and then calls idem_end() or idem_drop().
 * redo: a first attempt that has been silent for a minute counts for nothing. INVALID: the key. IDEM_RUNNING,
 * IDEM_REUSED: another request has it. Keys belong to cx->tenant and live 24 hours. cx->keys seals what is kept. */
enum err idem_begin(struct ctx *, struct idem *, const struct db_bytes *parts, size_t n, bool redo, bool *again,
                    struct idem_reply *out) MUST_CHECK;

/** Keeps the answer for those who ask again. Leaves cx->err as it is. */
void idem_end(struct ctx *, const struct idem *, const struct idem_reply *);

/** Gives the key free, for nothing was done. Leaves cx->err as it is. */
void idem_drop(struct ctx *, const struct idem *);

/** Answers of cx->tenant that tell of an erased person become "it is erased"; a repetition is still refused. */
enum err idem_forget(struct ctx *, const struct subject *) MUST_CHECK;

#endif
