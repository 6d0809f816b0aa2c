/* Families: a call and its legs have time and chance of their own, so that how quickly a server answers one call
 * changes nothing for another, nor for the same call in the next run of the same seed. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct family {
    uint64_t stream; /* of chance() */
    int      asking; /* documents under way */
    int64_t  until;  /* simulated ms: what is due later waits for them */
};

/** One whose chance begins where the present stream stands. */
struct family *family_new(void);
/** What happens from now on happens to this one, NULL: to nobody; returns whom it happened to before. */
struct family *family_enter(struct family *f);
struct family *family_current(void);
/** A document is asked for: until the answer is here the family's time stops at an instant. */
void           family_ask(struct family *f, int64_t until);
void           family_answered(struct family *f);
/** Must what is due at this instant wait? */
bool           family_waits(const struct family *f, int64_t due);
