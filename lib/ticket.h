/* Signed links: one address, one viewer of one tenant, until a moment. Nothing is stored; a link also ends when what
 * its viewer was let in by has ended, which is for the caller to ask. */
#ifndef TICKET_H
#define TICKET_H
#include "ctx.h"

/* Who a link was made for. kind: session, user or key; id: its id, or the key's prefix; role: at that moment. */
struct ticket {
    const char *tenant, *kind, *id, *role;
};

/** The text that opens path until until_s (unix seconds), made of letters, digits, dots, - and _. NOT_CONFIGURED:
 * cx->keys is NULL. */
enum err ticket_make(struct ctx *, const char *path, const struct ticket *, int64_t until_s,
                     const char **out) MUST_CHECK;

/** Whose a link is. UNAUTHENTICATED: not ours, of another address, or over; every byte of text and path counts. */
enum err ticket_read(struct ctx *, const char *path, const char *text, struct ticket *out) MUST_CHECK;

#endif
