/* What each kind of command asks of Twilio, in which order. */
#ifndef CONTROL_STEP_H
#define CONTROL_STEP_H
#include "live.h"

/** Does it. What is so from now on is in the patch, also where it fails half-way. */
enum err control_step(struct live *) MUST_CHECK;

/** Finds out whether it was done; does again only what changes nothing when done twice. *done false with OK: it was
 * not, and nobody will do it. */
enum err control_look(struct live *, bool *done) MUST_CHECK;

#endif
