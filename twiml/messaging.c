/* The attributes of twiml_messaging.h, in the order in which they are written. */
#include "twiml.h"

#include "verbs.h"

/* clang-format off */

TEXT_SECOND(twiml_message);
TEXT_SECOND(twiml_body);
TEXT_SECOND(twiml_media);

const struct attr tw_message_attrs[] = {
    ATTR(message, to,              "to",             STR,   NULL),
    ATTR(message, from,            "from",           STR,   NULL),
    ATTR(message, action,          "action",         STR,   NULL),
    ATTR(message, method,          "method",         STR,   NULL),
    ATTR(message, status_callback, "statusCallback", STR,   NULL),
    END
};
