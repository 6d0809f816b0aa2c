/* Signatures, digests and seeded chance, in the simulator's own code. */
#pragma once
#include "form.h"

#include <stdint.h>

/** X-Twilio-Signature over url and the pairs (none for GET); 28 characters into out.
 *  https://www.twilio.com/docs/usage/security#validating-requests */
void sign_request(const char *token, const char *url, const struct form *f, char out[32]);
/** Lower-case hex SHA-256. */
void sha256_hex(const void *p, size_t n, char out[65]);
/** Standard base64 to bytes; returns the length, or -1. */
int  base64_decode(const char *text, unsigned char *out, size_t cap);

/** A seeded stream of numbers (splitmix64): the same seed, the same stream. */
void        chance_seed(uint64_t seed);
/** Draws from another stream from now on; NULL: from the seeded one. */
void        chance_from(uint64_t *other);
uint64_t    chance(void);
uint64_t    chance_of(const char *text); /* of a text, not of the stream */
/** A SID: two letters and 32 hex digits of the stream; kept. */
const char *chance_sid(const char *prefix);
/** UUID v4 of a stream of its own; kept. */
const char *chance_uuid(void);
