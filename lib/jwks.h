/* Sets of keys that issuers publish: fetched, kept for minutes, fetched again when a key is not in them. */
#ifndef JWKS_H
#define JWKS_H
#include "jwt.h"

enum {
    JWKS_FRESH_S = 300,   /* a set is used so long without asking */
    JWKS_STALE_S = 3600,  /* and so long while its address does not answer */
    JWKS_UNKNOWN_S = 60,  /* a key that is not in the set makes us ask at most so often */
    JWKS_RETRY_S = 5,     /* an address that failed is asked again after so long */
    JWKS_FETCH_MS = 3000, /* one request */
    JWKS_URLS = 16        /* sets that a process keeps */
};

/** Finds the key of a token in the set at url, which comes from a tenant's settings and never from the token. What is
 *  kept is the process's and shared by its requests. UNAUTHENTICATED: no key fits. UNAVAILABLE: the set cannot be had,
 *  and none is kept. */
enum err jwks_key(struct ctx *, const char *url, const struct jwt *, struct jwt_key *out) MUST_CHECK;

#endif
