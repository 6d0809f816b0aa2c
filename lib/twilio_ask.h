/* One request to Twilio: internal to lib/twilio*.c. */
#ifndef TWILIO_ASK_H
#define TWILIO_ASK_H
#include "buf.h"
#include "twilio.h"

enum { TWILIO_FORM_MAX = 16 * 1024 };

/** One request below /2010-04-01/Accounts/<sid>/; form NULL: a GET. Fails as twilio.h says. */
enum err twilio_ask(struct ctx *, const struct twilio *, const char *path, const struct buf *form,
                    const struct json **out) MUST_CHECK;

/** Adds a field to a form or query; NULL adds nothing. */
void twilio_field(struct buf *, const char *name, const char *value);

#endif
