/* SMS through Twilio. https://www.twilio.com/docs/messaging/api/message-resource */
#ifndef TWILIO_MESSAGE_H
#define TWILIO_MESSAGE_H
#include "twilio.h"

struct twilio_message {
    const char *to, *from, *body;
};

/** Sends an SMS; *sid is what Twilio calls it. Fails as the functions of twilio.h do: never repeat it on UNKNOWN. */
enum err twilio_message_send(struct ctx *, const struct twilio *, const struct twilio_message *,
                             const char **sid) MUST_CHECK;

/** Looks for such an SMS among those of a day (UTC, of since_ms) and later. *sid is NULL if there is none. */
enum err twilio_message_find(struct ctx *, const struct twilio *, const struct twilio_message *, int64_t since_ms,
                             const char **sid) MUST_CHECK;

#endif
