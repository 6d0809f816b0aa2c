/* THE table of URLs. An alias of a guide is a row with the same handler. Order does not matter: no path fits two rows.
 */
#include "handlers.h"

#include "event.h"

#define HOOK(method, path, kind, doc)                                                                   \
    {                                                                                                   \
        POOL_HOOKS, METHOD_##method, path, AUTH_TWILIO, SHAPE_TWIML, BODY_FORM, NULL, EVENT_##kind, doc \
    }
#define API(method, path, auth, shape, body, handler, doc)                                        \
    {                                                                                             \
        POOL_API, METHOD_##method, path, AUTH_##auth, SHAPE_##shape, BODY_##body, handler, 0, doc \
    }
#define LOGIN(method, path, auth, body, handler, doc)                                         \
    {                                                                                         \
        POOL_AUTH, METHOD_##method, path, AUTH_##auth, SHAPE_V1, BODY_##body, handler, 0, doc \
    }

/* clang-format off */
const struct route routes[] = {
    HOOK(POST, "/api/twilio/voice/answer",          ANSWER,    "A call asks what to do."),
    HOOK(POST, "/api/webhooks/twilio/voice",        ANSWER,    "Alias of /api/twilio/voice/answer."),
    HOOK(POST, "/api/twilio/webhook",               ANSWER,    "Alias of /api/twilio/voice/answer."),
    HOOK(GET,  "/api/twilio/twiml",                 ANSWER,    "A call asks what to do, its fields in the query."),
    HOOK(POST, "/api/twilio/twiml",                 BROWSER,   "A browser's call asks what to do."),
    HOOK(POST, "/api/twilio/voice/status",          STATUS,    "A call or one of its legs has moved on."),
    HOOK(POST, "/api/webhooks/twilio/status",       STATUS,    "Alias of /api/twilio/voice/status."),
    HOOK(POST, "/api/twilio/status",                STATUS,    "Alias of /api/twilio/voice/status."),
    HOOK(POST, "/api/twilio/voice/recording",       RECORDING, "A recording has moved on."),
    HOOK(POST, "/api/webhooks/twilio/recording",    RECORDING, "Alias of /api/twilio/voice/recording."),
    HOOK(POST, "/api/twilio/recording-status",      RECORDING, "Alias of /api/twilio/voice/recording."),
    HOOK(POST, "/api/twilio/voice/dial",            DIAL,      "A Dial is over: what now?"),
    HOOK(POST, "/api/twilio/v/:intent/answer",      ANSWER,    "A call of ours was answered; registered by ourselves."),
    HOOK(POST, "/api/twilio/v/:intent/status",      STATUS,    "A call of ours has moved on; registered by ourselves."),
    HOOK(POST, "/api/twilio/v/:intent/recording",   RECORDING, "Its recording has moved on; registered by ourselves."),
    HOOK(POST, "/api/twilio/v/:intent/dial",        DIAL,      "Its Dial is over; registered by ourselves."),

    API(POST, "/api/calls/initiate",          USER,   GUIDE, JSON, calls_initiate,
        "Places a call: {to, contactId?, record?, from?, userId?, clientId?, campaignId?, links?, mode?, message?}."),
    API(POST, "/api/calling/initiate",        USER,   GUIDE, JSON, calls_initiate,
        "Alias of /api/calls/initiate."),
    API(POST, "/api/twilio/make-call",        USER,   GUIDE, JSON, calls_make,
        "Places a call: {fromNumber?, toNumber, clientId?, contactId?, message?}."),
    API(GET,  "/api/twilio/recording/:sid",   USER,   GUIDE, NONE, recordings_of_call,
        "The recordings of a call; with .wav its audio."),
    API(GET,  "/api/v1/calls",                USER,   V1,    NONE, calls_list,
        "Calls, newest first: limit (1 to 100), cursor."),
    API(GET,  "/api/v1/calls/:id",            USER,   V1,    NONE, calls_show,
        "One call with legs, events, recordings, text and analysis; by id or CallSid."),
    API(GET,  "/api/health",                  PUBLIC, GUIDE, NONE, ops_health,
        "200 while the database answers, else 503."),

    LOGIN(POST,   "/api/v1/sessions", PUBLIC, JSON, sessions_open,
        "Logs in: {email, password}; the session is a cookie."),
    LOGIN(DELETE, "/api/v1/sessions", USER,   NONE, sessions_close,
        "Logs out."),
    { .path = NULL },
};
/* clang-format on */
