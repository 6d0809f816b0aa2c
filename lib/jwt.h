/* JSON Web Tokens: HS256 made and verified, RS256 and ES256 verified with a JSON Web Key. What a token says about
 * itself decides nothing: the key's own type says which algorithm it may be used with.
 * https://www.rfc-editor.org/rfc/rfc7519 https://www.rfc-editor.org/rfc/rfc8725 */
#ifndef JWT_H
#define JWT_H
#include "json.h"

#include <stdbool.h>
#include <stddef.h>

enum jwt_alg { JWT_HS256, JWT_RS256, JWT_ES256 };

/* A token taken apart, nothing of it believed yet. Lives in the arena. */
struct jwt {
    const char          *alg, *kid; /* of the header; kid NULL: none */
    const char          *issuer;    /* "" if it names none */
    const struct json   *header, *claims;
    const char          *text; /* the token; its first `signed_len` bytes are what was signed */
    size_t               signed_len;
    const unsigned char *signature;
    size_t               signature_len;
};

/* One key. Numbers are big-endian bytes without leading zeros, in the arena. */
struct jwt_key {
    enum jwt_alg         alg;
    const void          *secret; /* HS256 */
    size_t               secret_len;
    const unsigned char *a, *b; /* RS256: modulus and exponent; ES256: x and y of P-256, 32 bytes each */
    size_t               a_len, b_len;
};

/* What a token must be good for. */
struct jwt_expect {
    const char *issuer, *audience;
    int64_t     now_s; /* unix */
};

enum { JWT_LEEWAY_S = 60 }; /* how far the issuer's clock may be from ours */

/** Reads the three parts. UNAUTHENTICATED, saying why: over JWT_MAX bytes, base64url that is padded or not in its one
 * spelling, JSON that json_parse() refuses (a name twice, for one), an alg that we do not know, crit, another typ than
 * JWT, a nested token. */
enum err jwt_read(struct ctx *, const char *token, struct jwt *out) MUST_CHECK;

/** Checks the signature. UNAUTHENTICATED: it was not made with this key, or the header names another algorithm than the
 * key's. */
enum err jwt_verify(struct ctx *, const struct jwt *, const struct jwt_key *) MUST_CHECK;

/** Checks exp (which must be there), nbf and iat with JWT_LEEWAY_S, iss, and aud (a string or a list that holds it).
 * UNAUTHENTICATED, naming the claim. */
enum err jwt_claims(struct ctx *, const struct jwt *, const struct jwt_expect *) MUST_CHECK;

/** Does aud, a string or a list of strings, name this audience? */
bool jwt_is_for(const struct jwt *, const char *audience);

/** The text of a claim; NULL: absent, or no text. */
const char *jwt_text(const struct jwt *, const char *claim);

/** Finds the key of a token in a JSON Web Key Set: the one with its kid, or the only one that fits its alg where it has
 * none. RSA of 2,048 to 4,096 bits and P-256, made for signatures. NOT_FOUND: there is none; MALFORMED: no key set. */
enum err jwt_key_of(struct ctx *, const struct json *set, const struct jwt *, struct jwt_key *out) MUST_CHECK;

/** A token signed with HS256. header and claims: JSON objects; the header names the algorithm. In the arena. */
const char *jwt_make(struct arena *, const char *header, const char *claims, const void *secret, size_t secret_len);

#endif
