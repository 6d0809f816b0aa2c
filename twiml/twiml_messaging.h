/* twiml_messaging.h: replies to messages. Part of twiml.h. */
#ifndef TWIML_MESSAGING_H
#define TWIML_MESSAGING_H
#include "twiml_types.h"

/** https://www.twilio.com/docs/messaging/twiml/message */
struct twiml_message {
    size_t      size;
    const char *text; /* NULL or "" when a Body follows */
    const char *to, *from, *action, *method, *status_callback;
};

struct twiml_body {
    size_t      size;
    const char *text;
};

struct twiml_media {
    size_t      size;
    const char *text; /* URL */
};

#endif
