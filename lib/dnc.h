/* Numbers of do-not-call lists as they are stored. */
#ifndef DNC_H
#define DNC_H
#include "ctx.h"

struct dnc_numbers {
    const char *kept;   /* as they shall stand */
    const char *others; /* as they may stand while what is stored follows the tenant's option; NULL: not at all */
};

/** E.164 numbers with blanks between, sealed where the tenant seals (veil.h); both lists have one order.
 * NOT_CONFIGURED: the tenant's key does not open. */
enum err dnc_keep(struct ctx *, const char *numbers, struct dnc_numbers *out) MUST_CHECK;

#endif
