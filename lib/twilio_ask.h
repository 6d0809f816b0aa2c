/* One request to Twilio's REST API, for the modules that know its resources. */
#ifndef TWILIO_ASK_H
#define TWILIO_ASK_H
#include "buf.h"
#include "twilio.h"

enum { TWILIO_FORM_MAX = 16 * 1024 };

struct twilio_ask {
    const char       *product; /* "numbers", "pricing": a host of its own; NULL: the account itself */
    const char       *path;    /* below the account (or the product's host), with its query; NULL: the account itself */
    const struct buf *form;    /* NULL: a GET */
    bool              erase;   /* DELETE: there is no document */
};

/** Fails as twilio.h says; a DELETE leaves *out alone. */
enum err twilio_ask(struct ctx *, const struct twilio *, const struct twilio_ask *, const struct json **out) MUST_CHECK;

/** Adds a parameter to a form or query; NULL adds none. */
void twilio_field(struct buf *, const char *name, const char *value);

#endif
