/* How many requests a minute: of one key or user, and of all of a tenant. Never asked about Twilio's webhooks. */
#ifndef RATE_H
#define RATE_H
#include "ctx.h"

/* What the RateLimit headers say; max 0: nothing was counted. */
struct rate {
    int64_t max, remaining, reset_s, retry_s;
};

/** Counts a request of cx->tenant's subject (a key's prefix or a user's id). A round trip of its own, for it counts
 *  whatever becomes of the request; it also sets cx->veil. RATE_LIMITED, *out filled all the same: over one of the
 * limits. */
enum err rate_take(struct ctx *, const char *subject, struct rate *out) MUST_CHECK;

#endif
