/* What was said, word for word: quotes and keywords are looked for in it. */
#ifndef SAID_H
#define SAID_H
#include "buf.h"
#include "transcript.h"

#include <stdbool.h>

/* All that was said, and all that each speaker said: a quote may go on where somebody else put in a word. */
struct said {
    struct buf all, customer, agent;
};

/** Takes a transcript's words. What nobody is named for counts as the customer's. */
void said_listen(struct ctx *, const struct transcript *, struct said *out);

/** Was it said, as whole words? Case, punctuation and blanks do not count. An empty quote was not, nor was one of over
 * 500 bytes. */
bool said_at_all(struct ctx *, const struct said *, const char *quote);

/** Was it said by "anybody", "agent" or "customer"? False for any other. */
bool said_by(struct ctx *, const struct said *, const char *who, const char *phrase);

#endif
