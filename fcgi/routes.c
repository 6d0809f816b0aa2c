/* THE tables of URLs: here what Twilio, the guides and machines ask; calls and figures in routes_calls.c, everything
 * else of the API in routes_desk.c. An alias of a guide is a row with the same handler. Order does not matter: no path
 * fits two rows. */
#include "handlers.h"

#include "event.h"
#include "rows.h"

const struct route *const route_tables[] = { twilio_routes, calls_routes, desk_routes, NULL };

/* clang-format off */
const struct route twilio_routes[] = {
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
    HOOK(POST, "/api/twilio/voice/consent",         CONSENT,   "A caller was asked and has pressed a key, or none."),
    HOOK(POST, "/api/twilio/v/:intent/consent",     CONSENT,   "The same in a call of ours; registered by ourselves."),
    HOOK(POST, "/api/twilio/v/:intent/callee",      CALLEE,    "A phone we rang was picked up: what does it hear?"),
    HOOK(POST, "/api/twilio/v/:intent/callee-consent", CALLEE_CONSENT, "Who picked up has pressed a key, or none."),
    HOOK(POST, "/api/twilio/v/:intent/answer",      ANSWER,    "A call of ours was answered; registered by ourselves."),
    HOOK(POST, "/api/twilio/v/:intent/status",      STATUS,    "A call of ours has moved on; registered by ourselves."),
    HOOK(POST, "/api/twilio/v/:intent/recording",   RECORDING, "Its recording has moved on; registered by ourselves."),
    HOOK(POST, "/api/twilio/v/:intent/dial",        DIAL,      "Its Dial is over; registered by ourselves."),

    GUIDE(POST, "/api/calls/initiate",        USER,  JSON, calls_initiate, &initiate_in, "GuideCall",
        "Places a call: {to, contactId?, record?, from?, userId?, clientId?, campaignId?, links?, mode?, message?}."),
    GUIDE(POST, "/api/calling/initiate",      USER,  JSON, calls_initiate, &initiate_in, "GuideCall",
        "Alias of /api/calls/initiate."),
    GUIDE(POST, "/api/twilio/make-call",      USER,  JSON, calls_make, &make_in, "GuideCall",
        "Places a call: {fromNumber?, toNumber, clientId?, contactId?, message?}."),
    { POOL_API, METHOD_POST, "/api/twilio/token", AUTH_USER, SHAPE_GUIDE, BODY_MAYBE, phone_token, 0,
        "A token of one hour for the browser's phone of who asks; a key names the user: {userId}.",
        &guide_token_in, NULL, "GuideToken", 200, IDEM_FRESH },
    { POOL_API, METHOD_POST, "/api/twilio/twiml", AUTH_USER, SHAPE_GUIDE, BODY_JSON, phone_preview, 0,
        "What a browser's call would be told, as JSON with a login instead of Twilio's signature: {To, CallerId?}.",
        &preview_in, NULL, "TwiML", 200, IDEM_FRESH },
    GUIDE(GET,  "/api/twilio/recording/:sid", LINK,  NONE, recordings_of_call, NULL, "GuideRecordings",
        "The recordings of a call, each with a link that expires; with .wav the audio itself."),
    GUIDE_ASK("/api/admin/twilio/available-numbers", ADMIN, numbers_offers, &guide_offers_query, "GuideNumbers",
        "Numbers that Twilio sells, with price and requirements: ?areaCode, country, contains, type, limit."),
    GUIDE_ASK("/api/twilio/purchase-number",  ADMIN, numbers_offers, &guide_offers_query, "GuideNumbers",
        "Alias of /api/admin/twilio/available-numbers."),
    GUIDE(POST, "/api/twilio/purchase-number", ADMIN, JSON, numbers_buy, &guide_buy_in, "GuidePurchase",
        "Buys a number, or the first that fits: {areaCode?, phoneNumber?, country?, clientId?, userId?, ...}."),
    GUIDE(POST, "/api/admin/twilio/purchase-number", ADMIN, JSON, numbers_buy, &guide_buy_in, "GuidePurchase",
        "Alias of /api/twilio/purchase-number."),
    GUIDE(POST, "/api/admin/twilio/assign-number", ADMIN, JSON, numbers_assign, &guide_assign_in, "GuideAssignment",
        "Gives a number to somebody: {phoneNumber, userId | clientId, forwardTo?}."),
    GUIDE(GET,  "/api/webhook/clerk/test",    ADMIN, NONE, ops_environment, NULL, "Environment",
        "Which settings are there; never their values."),
    GUIDE(GET,  "/api/health",                PUBLIC, NONE, ops_health, NULL, "Health",
        "200 while the database answers, else 503."),
    GUIDE(GET,  "/healthz",                   PUBLIC, NONE, ops_alive, NULL, "Health",
        "200 while a worker answers; from this machine alone."),
    GUIDE(GET,  "/readyz",                    PUBLIC, NONE, ops_ready, NULL, "Ready",
        "200 while calls can be taken: database, migrations, spool; from this machine alone."),

    ASK("/api/v1/openapi.json",          PUBLIC, openapi_show, 0, NULL, "OpenApi",
        "This description of the API, OpenAPI 3.1."),
    TABLE_END(1),
};
/* clang-format on */
