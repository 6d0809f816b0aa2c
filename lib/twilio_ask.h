/* Requests below an account, for the modules that speak of its resources. */
#ifndef TWILIO_ASK_H
#define TWILIO_ASK_H
#include "buf.h"
#include "twilio.h"

/** Adds a member to a form or query; a value of NULL adds nothing. */
void twilio_field(struct buf *, const char *name, const char *value);

/** One request below /2010-04-01/Accounts/<sid>/; form NULL: a GET. Fails as twilio.h has it. */
enum err twilio_ask(struct ctx *, const struct twilio *, const char *path, const struct buf *form,
                    const struct json **out) MUST_CHECK;

#endif
