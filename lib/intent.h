/* Outbound calls: promised in the database first, then placed at Twilio, at most once each.
 *   sending --> created | rejected | failed        (Twilio answered, or nothing left this machine)
 *      '-----> unknown --> created | failed        (it may have arrived: never dialled again, found by webhook or list)
 */
#ifndef INTENT_H
#define INTENT_H
#include "db.h"

#include <stdbool.h>

/* What is asked for. NULL: not said. Contacts, clients and campaigns go by our id or the CRM's own. */
struct intent {
    const char     *to, *from; /* E.164 */
    const char     *contact, *client, *campaign, *user;
    const char     *message; /* spoken to the customer; then the call ends */
    const char     *mode;    /* customer_first (also NULL), agent_first */
    const char     *links;   /* JSON list */
    const bool     *record, *transcribe;
    bool            test;
    const char     *asked_by; /* uuid of the user who asks */
    const char     *actor;    /* user:<id> or key:<prefix>: whose request it is */
    const char     *origin;   /* address it came from */
    const char     *idem_key; /* Idempotency-Key; NULL: an equal request within 10 s is the same one */
    struct db_bytes request;  /* what makes two requests equal: the body as it came */
};

struct intent_result {
    const char *call_id, *call_sid, *status; /* call_sid NULL and status "unknown": nobody knows yet */
    bool        replayed;                    /* the answer to an earlier, equal request */
};

/** Places a call, or finds that an equal request has placed it. An answer of Twilio's that never came is OK with status
 *  "unknown". NOT_OWNED, NO_NUMBER (caller ID), NOT_CONFIGURED, NOT_FOUND (contact, client, campaign, user), INVALID
 * (nobody to connect to), those of gate_refused(), IDEM_RUNNING, IDEM_REUSED; refusals
 * of Twilio as twilio.h has them; UNAVAILABLE: nothing was sent. */
enum err intent_dial(struct ctx *, const struct intent *, struct intent_result *out) MUST_CHECK;

/** Looks for a promised call among Twilio's and binds it; after 10 minutes without a trace it failed. *settled: nothing
 * is left to do about it. */
enum err intent_resolve(struct ctx *, const char *call_id, bool *settled) MUST_CHECK;

#endif
