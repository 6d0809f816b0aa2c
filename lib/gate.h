/* The gate before every call that costs money: a stolen key gets no further than the tenant's limits. Where a call may
 * go is looked up here; dial_verdict() in the database decides, in the transaction that promises the call, about
 * countries, do-not-call lists, consent, hours and what was used up. */
#ifndef GATE_H
#define GATE_H
#include "ctx.h"
#include "phone.h"

#include <stdbool.h>

/* What decides about a destination. */
struct gate {
    char region[sizeof((struct phone *)0)->region]; /* "" for a number of no country: nobody allows it */
    bool premium;
};

/** Looks a number up in the numbering plans. */
struct gate gate_look(const char *e164);

/** Records why the gate let no call out. word: "gate_" and the word of calls.gate_refused; about: the list, the hour,
 * NULL: nothing more to say. DESTINATION, SPEND_CAP, STOPPED, DO_NOT_CALL, CONSENT, HOURS; RATE_LIMITED for calls a
 * second and at once, which pass by waiting. */
enum err gate_refused(struct ctx *, const char *word, const char *about);

/** The refusal as a sentence for the telephone. word: of calls.gate_refused; one that is not known here has a sentence
 * too. Static. */
const char *gate_spoken(const char *word);

/** May the agent's own phone be rung? It may be set by whoever holds a key, so it is held to the same countries ("GB
 *  US"). DESTINATION. */
enum err gate_agent(struct ctx *, const char *e164, const char *countries) MUST_CHECK;

#endif
