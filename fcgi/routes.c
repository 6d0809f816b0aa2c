/* THE table of URLs. An alias of a guide is a row with the same handler. Order does not matter: no path fits two rows.
 */
#include "handlers.h"

#include "event.h"

/* clang-format off */
#define HOOK(method, path, kind, doc) \
    { POOL_HOOKS, METHOD_##method, path, AUTH_TWILIO, SHAPE_TWIML, BODY_FORM, NULL, EVENT_##kind, doc, \
      NULL, NULL, NULL, 0, IDEM_TAKEN }
#define API(method, path, auth, shape, body, handler, doc) \
    { POOL_API, METHOD_##method, path, AUTH_##auth, SHAPE_##shape, BODY_##body, handler, 0, doc, \
      NULL, NULL, NULL, 0, IDEM_TAKEN }
#define LOGIN(method, path, auth, body, handler, in, query, status, reply, doc) \
    { POOL_AUTH, METHOD_##method, path, AUTH_##auth, SHAPE_V1, BODY_##body, handler, 0, doc, in, query, reply, status, \
      IDEM_TAKEN }
/* A question and a change of the API, and an alias of a guide, with their tables. */
#define ASK(path, auth, handler, arg, query, reply, doc) \
    { POOL_API, METHOD_GET, path, AUTH_##auth, SHAPE_V1, BODY_NONE, handler, arg, doc, NULL, query, reply, 200, \
      IDEM_TAKEN }
#define DO(method, path, auth, handler, arg, in, status, reply, idem, doc) \
    { POOL_API, METHOD_##method, path, AUTH_##auth, SHAPE_V1, BODY_JSON, handler, arg, doc, in, NULL, reply, status, \
      IDEM_##idem }
/* A change that says everything by its path. */
#define ACT(method, path, auth, handler, status, reply, doc) \
    { POOL_API, METHOD_##method, path, AUTH_##auth, SHAPE_V1, BODY_NONE, handler, 0, doc, NULL, NULL, reply, status, \
      IDEM_TAKEN }
/* A word to a live call. */
#define TELL(path, arg, doc) \
    { POOL_API, METHOD_POST, path, AUTH_USER, SHAPE_V1, BODY_NONE, controls_act, arg, doc, NULL, NULL, "CallControl", \
      200, IDEM_TAKEN }
/* A table of numbers, as spreadsheets write it. */
#define SHEET(method, path, auth, handler, reply, doc) \
    { POOL_API, METHOD_##method, path, AUTH_##auth, SHAPE_V1, BODY_CSV, handler, 0, doc, NULL, NULL, reply, 200, \
      IDEM_TAKEN }
#define GUIDE(method, path, auth, body, handler, in, reply, doc) \
    { POOL_API, METHOD_##method, path, AUTH_##auth, SHAPE_GUIDE, BODY_##body, handler, 0, doc, in, NULL, reply, 200, \
      IDEM_TAKEN }

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

    GUIDE(POST, "/api/calls/initiate",        USER,  JSON, calls_initiate, &initiate_in, "GuideCall",
        "Places a call: {to, contactId?, record?, from?, userId?, clientId?, campaignId?, links?, mode?, message?}."),
    GUIDE(POST, "/api/calling/initiate",      USER,  JSON, calls_initiate, &initiate_in, "GuideCall",
        "Alias of /api/calls/initiate."),
    GUIDE(POST, "/api/twilio/make-call",      USER,  JSON, calls_make, &make_in, "GuideCall",
        "Places a call: {fromNumber?, toNumber, clientId?, contactId?, message?}."),
    GUIDE(GET,  "/api/twilio/recording/:sid", USER,  NONE, recordings_of_call, NULL, "GuideRecordings",
        "The recordings of a call; with .wav its audio."),
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
    ASK("/api/v1/calls",                 USER, calls_list, 0, &page_query, "[Call]",
        "Calls, newest first."),
    DO(POST, "/api/v1/calls",            USER, calls_place, 0, &place_in, 201, "CallDetail", REQUIRED,
        "Places a call; 202 while nobody knows whether Twilio has taken it."),
    ASK("/api/v1/calls/:id",             USER, calls_show, 0, NULL, "CallDetail",
        "One call with legs, events, recordings, text and analysis; by id or CallSid."),
    ASK("/api/v1/calls/:id/recordings",  USER, calls_recordings, 0, NULL, "[Recording]",
        "The recordings of a call."),
    TELL("/api/v1/calls/:id/end",        CONTROL_END,
        "Ends a live call."),
    DO(POST, "/api/v1/calls/:id/transfer", USER, controls_transfer, CONTROL_TRANSFER, &transfer_in, 200, "CallControl",
        TAKEN, "Gives the customer to a number, a user or a client; mode warm: asks there first."),
    TELL("/api/v1/calls/:id/transfer/complete", CONTROL_COMPLETE,
        "Leaves the customer with whom the agent has asked."),
    TELL("/api/v1/calls/:id/transfer/cancel", CONTROL_CANCEL,
        "Comes back to the customer without whom the agent has asked."),
    TELL("/api/v1/calls/:id/hold",       CONTROL_HOLD,
        "Puts the customer on hold."),
    TELL("/api/v1/calls/:id/resume",     CONTROL_RESUME,
        "Comes back to the customer."),
    DO(POST, "/api/v1/calls/:id/dtmf",   USER, controls_dtmf, CONTROL_DTMF, &dtmf_in, 200, "CallControl", TAKEN,
        "Sends tones to the customer's side."),
    DO(POST, "/api/v1/calls/:id/recording/pause", USER, controls_pause, CONTROL_PAUSE, &pause_in, 200, "CallControl",
        TAKEN, "Pauses the recording for so many seconds."),
    TELL("/api/v1/calls/:id/recording/resume", CONTROL_UNPAUSE,
        "Resumes the recording."),
    ASK("/api/v1/events",                USER, feed_show, 0, &feed_query, "[Event]",
        "What happened after a cursor, in order; 304: nothing new. Without a cursor: the one to begin with."),
    ASK("/api/v1/contacts",              USER, nouns_list, NOUN_CONTACT, &page_query, "[Contact]",
        "Contacts, newest first."),
    DO(POST, "/api/v1/contacts",         USER, nouns_add, NOUN_CONTACT, &contact_in, 201, "Contact", TAKEN,
        "Adds a contact."),
    ASK("/api/v1/contacts/:id",          USER, nouns_show, NOUN_CONTACT, NULL, "Contact",
        "One contact."),
    DO(PATCH, "/api/v1/contacts/:id",    USER, nouns_change, NOUN_CONTACT, &contact_patch, 200, "Contact", TAKEN,
        "Changes a contact; If-Match guards against another's change."),
    ASK("/api/v1/clients",               USER, nouns_list, NOUN_CLIENT, &page_query, "[Client]",
        "Clients, newest first."),
    DO(POST, "/api/v1/clients",          MANAGER, nouns_add, NOUN_CLIENT, &client_in, 201, "Client", TAKEN,
        "Adds a client."),
    ASK("/api/v1/clients/:id",           USER, nouns_show, NOUN_CLIENT, NULL, "Client",
        "One client."),
    DO(PATCH, "/api/v1/clients/:id",     MANAGER, nouns_change, NOUN_CLIENT, &client_patch, 200, "Client", TAKEN,
        "Changes a client; If-Match guards against another's change."),
    ASK("/api/v1/campaigns",             USER, nouns_list, NOUN_CAMPAIGN, &page_query, "[Campaign]",
        "Campaigns, newest first."),
    DO(POST, "/api/v1/campaigns",        MANAGER, nouns_add, NOUN_CAMPAIGN, &campaign_in, 201, "Campaign", TAKEN,
        "Adds a campaign."),
    ASK("/api/v1/campaigns/:id",         USER, nouns_show, NOUN_CAMPAIGN, NULL, "Campaign",
        "One campaign."),
    DO(PATCH, "/api/v1/campaigns/:id",   MANAGER, nouns_change, NOUN_CAMPAIGN, &campaign_patch, 200, "Campaign", TAKEN,
        "Changes a campaign; If-Match guards against another's change."),
    ASK("/api/v1/numbers",               USER, nouns_list, NOUN_NUMBER, &page_query, "[Number]",
        "Numbers, newest first."),
    ASK("/api/v1/numbers/:id",           USER, nouns_show, NOUN_NUMBER, NULL, "Number",
        "One number."),
    DO(PATCH, "/api/v1/numbers/:id",     ADMIN, nouns_change, NOUN_NUMBER, &number_patch, 200, "Number", TAKEN,
        "Changes what a number serves and says; If-Match guards against another's change."),

    ASK("/api/v1/dnc-lists",             USER, nouns_list, NOUN_DNC, &page_query, "[DncList]",
        "Do-not-call lists, newest first."),
    DO(POST, "/api/v1/dnc-lists",        MANAGER, nouns_add, NOUN_DNC, &dnc_in, 201, "DncList", TAKEN,
        "Adds a do-not-call list."),
    ASK("/api/v1/dnc-lists/:id",         USER, nouns_show, NOUN_DNC, NULL, "DncList",
        "One do-not-call list."),
    DO(PATCH, "/api/v1/dnc-lists/:id",   MANAGER, nouns_change, NOUN_DNC, &dnc_patch, 200, "DncList", TAKEN,
        "Renames a do-not-call list; If-Match guards against another's change."),
    ACT(DELETE, "/api/v1/dnc-lists/:id", ADMIN, dnc_remove, 204, NULL,
        "Removes a do-not-call list with its numbers."),
    ASK("/api/v1/dnc-lists/:id/entries", USER, dnc_entries, 0, &dnc_query, "[DncEntry]",
        "Numbers of a do-not-call list, newest first; ?number= looks for one."),
    DO(POST, "/api/v1/dnc-lists/:id/entries", USER, dnc_add, 0, &dnc_entry_in, 201, "DncEntry", TAKEN,
        "Puts a number on a do-not-call list."),
    SHEET(PUT, "/api/v1/dnc-lists/:id/import", MANAGER, dnc_import, "DncImport",
        "Puts the numbers of a text/csv on a do-not-call list; says which rows hold none."),
    ACT(DELETE, "/api/v1/dnc-lists/:id/entries/:number", MANAGER, dnc_forget, 204, NULL,
        "Takes a number off a do-not-call list."),
    ASK("/api/v1/dnc-entries",           USER, dnc_entries, 0, &dnc_query, "[DncEntry]",
        "Numbers of all do-not-call lists; ?number= says which have one."),
    ASK("/api/v1/consents",              USER, nouns_list, NOUN_CONSENT, &page_query, "[Consent]",
        "Who allowed or forbade what, newest first."),
    DO(POST, "/api/v1/consents",         USER, nouns_add, NOUN_CONSENT, &consent_in, 201, "Consent", TAKEN,
        "Records that somebody granted, refused or withdrew consent."),
    ASK("/api/v1/consents/:id",          USER, nouns_show, NOUN_CONSENT, NULL, "Consent",
        "One consent record."),

    ASK("/api/v1/me",                    USER, me_show, 0, NULL, "Me",
        "Who asks: user or key, role, tenant, session, and the X-CSRF-Token of the session."),
    ACT(DELETE, "/api/v1/sessions/:id",  SELF, sessions_revoke, 204, NULL,
        "Ends another session of one's own."),
    ASK("/api/v1/users",                 ADMIN, users_list, 0, &page_query, "[User]",
        "The people of the tenant, newest first."),
    DO(POST, "/api/v1/users",            ADMIN, users_invite, 0, &user_in, 201, "User", TAKEN,
        "Invites somebody by mail; the link in it sets a password."),
    ASK("/api/v1/users/:id",             ADMIN, users_show, 0, NULL, "User",
        "One user."),
    DO(PATCH, "/api/v1/users/:id",       ADMIN, users_change, 0, &user_patch, 200, "User", TAKEN,
        "Changes role, name, phone, or closes the door at once; If-Match guards against another's change."),
    ACT(POST, "/api/v1/users/:id/invitation", ADMIN, users_invite_again, 202, "Accepted",
        "Sends the invitation once more."),
    ASK("/api/v1/settings",              MANAGER, settings_show, 0, NULL, "Settings",
        "The tenant's settings."),
    DO(PATCH, "/api/v1/settings",        ADMIN, settings_change, 0, &settings_patch, 200, "Settings", TAKEN,
        "Changes settings, null gives the default back; If-Match guards against another's change."),
    ASK("/api/v1/settings/twilio",       ADMIN, settings_twilio, 0, NULL, "TwilioAccount",
        "The tenant's account at Twilio, without its secrets."),
    DO(PUT, "/api/v1/settings/twilio",   ADMIN, settings_twilio_set, 0, &account_in, 200, "TwilioAccount", TAKEN,
        "Gives the tenant its account at Twilio; secrets go in and never come out."),
    ASK("/api/v1/settings/origins",      ADMIN, settings_origins, 0, NULL, "Origins",
        "The origins whose pages may call the API from a browser."),
    DO(PUT, "/api/v1/settings/origins",  ADMIN, settings_origins_set, 0, &origins_in, 200, "Origins", TAKEN,
        "Replaces the origins whose pages may call the API from a browser."),

    LOGIN(POST,   "/api/v1/sessions",       PUBLIC, JSON, sessions_open, &login_in, NULL, 201, "Login",
        "Logs in; the session is a cookie."),
    LOGIN(GET,    "/api/v1/sessions",       SELF,   NONE, sessions_list, NULL, NULL, 200, "[Session]",
        "One's own sessions."),
    LOGIN(DELETE, "/api/v1/sessions",       SELF,   NONE, sessions_close, NULL, &session_ending, 204, NULL,
        "Logs out; all=true: everywhere."),
    LOGIN(POST,   "/api/v1/me/password",    SELF,   JSON, me_password, &password_change_in, NULL, 204, NULL,
        "Changes one's own password; every other session ends."),
    LOGIN(POST,   "/api/v1/password",       PUBLIC, JSON, password_set, &password_link_in, NULL, 204, NULL,
        "Sets a password by the link of a mail."),
    LOGIN(POST,   "/api/v1/password/reset", PUBLIC, JSON, password_reset, &password_lost_in, NULL, 202, "Accepted",
        "Has a link mailed that sets a new password; says the same whoever asks."),
    { .path = NULL },
};
/* clang-format on */
