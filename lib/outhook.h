/* Webhooks out by Standard Webhooks: secrets, signatures, and what an answer means for the next attempt.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
#ifndef OUTHOOK_H
#define OUTHOOK_H
#include "ctx.h"

#include <stdbool.h>

enum { OUTHOOK_ATTEMPTS = 10, OUTHOOK_TIMEOUT_MS = 15 * 1000, OUTHOOK_RESPONSE_MAX = 2048 };

/* What becomes of a delivery. */
enum outhook_fate { OUTHOOK_DELIVERED, OUTHOOK_RETRY, OUTHOOK_FAILED };

/** "whsec_" and 32 random bytes in base64. */
const char *outhook_secret(struct arena *);

/** Where an endpoint's secret is sealed. */
const char *outhook_place(struct arena *, const char *endpoint);

/** The value of webhook-signature: "v1,<base64 of HMAC-SHA-256 of id.timestamp.body>", one for each secret that is not
 * NULL, parted by spaces. INVALID: a secret is none. */
enum err outhook_sign(struct ctx *, const char *const *secrets, size_t n, const char *id, int64_t timestamp_s,
                      const char *body, const char **out) MUST_CHECK;

/** The fate after attempt n (1 is the first) that was answered with status, 0: not at all; retry_after_s: -1 if absent.
 * Only 2xx is a success; 410 and the tenth failure are the end; 429 and 503 are given the time that they ask for, at
 * most a day. *pause_ms: of RETRY, with up to a tenth more or less, by spin (any number). */
enum outhook_fate outhook_next(int n, int status, int64_t retry_after_s, uint64_t spin, int64_t *pause_ms);

#endif
