/* What an API key is for: words that narrow what its role may do. */
#ifndef SCOPE_H
#define SCOPE_H
#include "request.h"

/** May a key with these words ("calls:read calls:write"; NULL: all) call rq's route? A route needs <resource>:read for
 * GET and <resource>:write for the rest; the resource is the name behind /api/v1/, or the row of a guide's path. admin
 * stands for every word, and is what it takes to change users, keys and settings. */
bool scope_allows(const struct req *, const char *scopes);

/** The word that rq's route needs, in the arena. */
const char *scope_needed(const struct req *);

#endif
