/* Identifiers: UUIDs that sort by time, and random text nobody can guess. */
#ifndef ID_H
#define ID_H
#include "arena.h"

/** A version 7 UUID as text (RFC 9562): 48 bits of milliseconds, 74 random bits. out holds 37 bytes. */
void id_uuid7(char out[37]);

/** n random characters of [0-9A-Za-z], each from getrandom() without bias; NUL-terminated, in the arena. */
const char *id_random(struct arena *, size_t n);

/** The same of [0-9a-z]: where upper and lower case may not differ. */
const char *id_random_lower(struct arena *, size_t n);

/** n random bytes from getrandom(). */
void id_bytes(void *out, size_t n);

#endif
