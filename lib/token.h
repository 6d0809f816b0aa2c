/* API keys and sessions: made, read, hashed. Only hashes are stored. */
#ifndef TOKEN_H
#define TOKEN_H
#include "ctx.h"

#include <stdbool.h>

enum { TOKEN_HASH = 32 };

/* shk_live_ | shk_test_, 12 of [0-9a-z], _, 43 of [0-9A-Za-z]: 256 bits nobody can guess. */
struct token {
    const char   *text;             /* the whole key: shown once */
    const char   *prefix;           /* up to the id: names the key in lists and logs */
    unsigned char hash[TOKEN_HASH]; /* SHA-256 of text; it needs no salt, for the text is random */
};

/** A fresh key. test: marks it for test calls. */
void token_make(struct arena *, bool test, struct token *out);

/** Is this key, or prefix of one, for tests? */
bool token_for_tests(const char *key);

/** Reads a key from a request. UNAUTHENTICATED if it has another shape. */
enum err token_read(struct ctx *, const char *text, struct token *out) MUST_CHECK;

/** A fresh session id of 43 characters and its hash. */
const char *token_session(struct arena *, unsigned char hash[TOKEN_HASH]);

/** The hash of a session id as a cookie brought it; false if it has another shape. */
bool token_session_hash(const char *text, unsigned char hash[TOKEN_HASH]);

#endif
