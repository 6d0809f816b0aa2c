/* Recordings at Twilio. https://www.twilio.com/docs/voice/api/recording */
#include "twilio.h"

#include "http.h"
#include "limit.h"

enum { TIMEOUT_MS = 15000 };

enum err twilio_recording_delete(struct ctx *cx, const struct twilio *t, const char *sid)
{
    struct http_reply         reply;
    const struct http_request rq = {
        .method = "DELETE",
        .url = arena_printf(cx->arena, "%s/2010-04-01/Accounts/%s/Recordings/%s.json", t->base, t->sid, sid),
        .user = t->user,
        .password = t->password,
        .max = JSON_REPLY_MAX,
        .timeout_ms = TIMEOUT_MS,
    };
    TRY(http_send(cx, &rq, &reply));
    if (reply.status == 404 || (reply.status >= 200 && reply.status < 300)) return OK;
    return twilio_refused(cx, reply.status, reply.body, reply.len);
}
