/* SHA-256, HMAC and base64 over OpenSSL. */
#ifndef DIGEST_H
#define DIGEST_H
#include "arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { DIGEST_SHA256 = 32 };

/** SHA-256 of n bytes. */
void digest_sha256(const void *bytes, size_t n, unsigned char out[DIGEST_SHA256]);

/** HMAC-SHA-256. */
void digest_hmac256(const void *key, size_t key_len, const void *bytes, size_t n, unsigned char out[DIGEST_SHA256]);

/** SHA-256 of a stream in pieces. digest_end() frees; the struct is opaque. */
struct digest;
struct digest *digest_begin(void);
void           digest_add(struct digest *, const void *bytes, size_t n);
void           digest_end(struct digest *, unsigned char out[DIGEST_SHA256]);

/** Lower-case hex of n bytes, in the arena. */
const char *digest_hex(struct arena *, const void *bytes, size_t n);

/** The n bytes that 2n digits of lower-case hex stand for; false: text is something else. */
bool digest_unhex(const char *text, void *out, size_t n);

/** Standard base64 with padding, in the arena. */
const char *digest_base64(struct arena *, const void *bytes, size_t n);

/** The bytes of standard base64 with padding, in the arena; NULL if it is none. */
const void *digest_unbase64(struct arena *, const char *text, size_t *n);

/** Equal, in time that depends on n alone. */
bool digest_same(const void *a, const void *b, size_t n);

#endif
