/* Tombstones: what was erased, outside the database, so that an older copy of it is erased again. A line an erasure,
 * and nothing in it names a person:
 *
 *   1 <id> <tenant> <asked: unix microseconds> <mark, or -> <contacts: JSON>
 *
 * The mark is an HMAC with a key of the key file (erasure.h). Lines are only added. */
#ifndef TOMB_H
#define TOMB_H
#include "ctx.h"

#include <stdbool.h>
#include <stddef.h>

struct tomb {
    const char *id, *tenant, *mark; /* mark NULL: a contact without a number */
    const char *contacts;           /* JSON: a list of ids */
    int64_t     asked_us;
};

struct tombs {
    struct tomb *v; /* by id, each once */
    size_t       n;
};

/** Reads <state_dir>/erasures/tombstones; none is there: n is 0. A torn last line does not count. INTERNAL: it cannot
 * be read. */
enum err tomb_read(struct ctx *, const char *state_dir, struct tombs *out) MUST_CHECK;

/** Is it among them? */
bool tomb_has(const struct tombs *, const char *id);

/** Adds n of them, durably: OK means that they survive a power cut. INTERNAL: they do not. */
enum err tomb_add(struct ctx *, const char *state_dir, const struct tomb *, size_t n) MUST_CHECK;

#endif
