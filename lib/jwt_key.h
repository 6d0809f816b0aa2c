/* Beneath jwt.c: base64url, JSON Web Keys, public-key signatures. */
#ifndef JWT_KEY_H
#define JWT_KEY_H
#include "jwt.h"

enum { JWT_KID_MAX = 255, JWT_RSA_MIN = 256, JWT_RSA_MAX = 512 }; /* RSA: bytes of the modulus */

/** base64url without padding, in the arena. https://www.rfc-editor.org/rfc/rfc4648#section-5 */
const char *jwt_base64(struct arena *, const void *bytes, size_t n);

/** Reads it again; false for padding, another alphabet, and bits that no byte needs: each value has one spelling. *out
 *  is NUL-terminated behind *len. */
bool jwt_unbase64(struct arena *, const char *s, size_t n, unsigned char **out, size_t *len);

/** Was the token signed by the owner of this RSA or P-256 key? */
bool jwt_key_verify(const struct jwt_key *, const struct jwt *);

#endif
