/* Messages: SMS in and out, with their states and replies. */
#pragma once
#include "world.h"

struct message {
    const char *sid, *from, *to, *body, *direction, *status, *service, *error;
    const char *callback;
    struct list media;          /* URLs */
    int64_t     unix0, updated; /* Unix ms */
    bool        deleted, redacted;
};

/** A message we send: goes through sent to delivered, reporting to callback. */
struct message *message_send(const char *from, const char *to, const char *body, const char *callback,
                             const char *service);
/** A message that comes in: the number's SmsUrl is asked, its replies are sent. */
struct message *message_receive(const char *from, const char *to, const char *body);
/** How many segments a text needs: 160 or 70 characters, 153 or 67 when there are more. */
int             message_segments(const char *body);
