/* Erasure of a person: by what he is found, and how an erasure is found again in an older copy of the database. */
#ifndef ERASURE_H
#define ERASURE_H
#include "ctx.h"

#include <stdbool.h>
#include <stddef.h>

/* Somebody who is to be erased, as the statements take him. */
struct subject {
    const char *number;  /* E.164; NULL: a contact without one */
    const char *numbers; /* JSON: the number as columns have it, plain and as its token */
    const char *words;   /* JSON: the number as it may stand in free text, the longest first */
};

/** Who has that number; NULL: nobody, and both lists are empty. By cx->veil for cx->tenant. */
struct subject erasure_subject(struct ctx *, const char *number);

/** Does one of the n bytes at text begin one of the person's words? */
bool erasure_tells(const struct subject *, const char *text, size_t n);

/** What a row of erasures keeps of a number of cx->tenant: its mark "erased1|<key id>|<HMAC>", by the newest master
 * key, and the number, sealed until the erasure is done. Both are NULL where the number is. NOT_CONFIGURED: no key
 * file. */
enum err erasure_seal(struct ctx *, const char *id, const char *number, const char **mark,
                      const char **subject) MUST_CHECK;

/** The number of a contact of cx->tenant, NULL for none; known: there is that contact. NOT_CONFIGURED: it is sealed,
 * and does not open. */
enum err erasure_contact(struct ctx *, const char *id, bool *known, const char **number) MUST_CHECK;

/** The mark of a tenant's number by the key called id. NULL: there is no such key. */
const char *erasure_mark(struct ctx *, const char *id, const char *tenant, const char *number);

/** The marks that a number of a tenant may have, by every key of the key file, with blanks between; NULL where there is
 * none. */
const char *erasure_marks(struct ctx *, const char *tenant, const char *number);

/** The place that erasures.subject is sealed for. */
const char *erasure_place(struct ctx *, const char *id);

/** Tombstones and database learn of each other what only one of them knows. restored: erasures that the database did
 * not know. For a role that sees every tenant's. cx->tenant is none afterwards. */
enum err erasure_sync(struct ctx *, const char *state_dir, int64_t *restored) MUST_CHECK;

/** Looks for the numbers behind marks of cx->tenant, where erasures ask for it, and has those erased again that are
 *  there. again: how many. NOT_CONFIGURED: a mark was made with a key that the key file does not have; the others are
 *  looked for all the same. */
enum err erasure_seek(struct ctx *, int64_t *again) MUST_CHECK;

#endif
