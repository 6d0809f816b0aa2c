/* Whose webhook is this: accounts at Twilio with their tenants and tokens, cached. */
#ifndef ACCOUNT_H
#define ACCOUNT_H
#include "db.h"
#include "veil.h"

struct account {
    const char        *sid, *tenant;
    const char        *tokens[2]; /* primary, and while one is rotated the secondary */
    size_t             ntokens;   /* 0: its tokens could not be opened; nothing verifies */
    const struct veil *veil;      /* NULL: the tenant seals nothing */
};

/* All accounts as they were at one moment, in memory of their own. */
struct accounts;

/** An empty cache. The caller frees it. */
struct accounts *accounts_new(void);
void             accounts_free(struct accounts *);

/** Replaces everything by the rows of account_list.sql, opening their tokens with keys. A token that does not open is
 * left out and logged. */
void accounts_fill(struct accounts *, const struct seal_keys *, const struct db_rows *);

/** The account of that SID, or NULL. Valid until the next accounts_fill(). */
const struct account *accounts_find(const struct accounts *, const char *sid);

#endif
