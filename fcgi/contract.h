/* What every request under /api/v1 is promised, whatever its handler: strict input, one answer for one
 * Idempotency-Key, entity tags. */
#ifndef CONTRACT_H
#define CONTRACT_H
#include "route.h"

/** Between auth and handler: fills rq->args and rq->in from the route's tables, and takes the request's
 * Idempotency-Key. *answered: rs is the answer that an equal request got. INVALID, MALFORMED: input or key.
 * IDEM_RUNNING, IDEM_REUSED: another request has the key. */
enum err contract_open(struct req *, struct res *, bool *answered) MUST_CHECK;

/** When rs is complete, also as a problem: keeps it for the key, gives it its ETag, and makes it a 304 where the client
 * has it. */
void contract_close(struct req *, struct res *);

#endif
