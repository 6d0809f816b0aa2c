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
#define DROP(path, auth, arg, doc) \
    { POOL_API, METHOD_DELETE, path, AUTH_##auth, SHAPE_V1, BODY_NONE, nouns_delete, arg, doc, NULL, NULL, NULL, 204, \
      IDEM_TAKEN }
#define LIFT(path, arg, doc) \
    { POOL_API, METHOD_DELETE, path, AUTH_MANAGER, SHAPE_V1, BODY_NONE, holds_lift, arg, doc, NULL, NULL, NULL, 204, \
      IDEM_TAKEN }
#define GUIDE(method, path, auth, body, handler, in, reply, doc) \
    { POOL_API, METHOD_##method, path, AUTH_##auth, SHAPE_GUIDE, BODY_##body, handler, 0, doc, in, NULL, reply, 200, \
      IDEM_TAKEN }

#define GUIDE_ASK(path, auth, handler, query, reply, doc) \
    { POOL_API, METHOD_GET, path, AUTH_##auth, SHAPE_GUIDE, BODY_NONE, handler, 0, doc, NULL, query, reply, 200, \
      IDEM_TAKEN }
/* A change by path and query. */
#define ERASE(path, auth, handler, query, status, reply, doc) \
    { POOL_API, METHOD_DELETE, path, AUTH_##auth, SHAPE_V1, BODY_NONE, handler, 0, doc, NULL, query, reply, status, \
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
    ASK("/api/v1/calls",                 USER, calls_list, 0, &search_query, "[Call]",
        "Calls, newest first; all, or those of a number."),
    DO(POST, "/api/v1/calls",            USER, calls_place, 0, &place_in, 201, "CallDetail", REQUIRED,
        "Places a call; 202 while nobody knows whether Twilio has taken it."),
    ASK("/api/v1/calls/:id",             USER, calls_show, 0, NULL, "CallDetail",
        "One call with legs, events, recordings, text and analysis; by id or CallSid."),
    ASK("/api/v1/calls/:id/recordings",  USER, calls_recordings, 0, NULL, "[Recording]",
        "The recordings of a call."),
    ASK("/api/v1/recordings",            USER, recordings_list, 0, &page_query, "[Recording]",
        "Recordings, newest first."),
    ASK("/api/v1/recordings/:id",        USER, recordings_show, 0, NULL, "Recording",
        "One recording."),
    ASK("/api/v1/recordings/:id/audio",  LINK, recordings_audio, 0, &audio_query, "Audio",
        "Its audio, with ranges; download=1: as a file."),
    ASK("/api/v1/recordings/:id/waveform", USER, recordings_wave, 0, NULL, "Waveform",
        "How loud each channel is, from end to end."),
    DO(POST, "/api/v1/recordings/:id/links", USER, recordings_link, 0, &link_in, 201, "Link", TAKEN,
        "A signed link to the audio, which expires and ends with its maker's session or key."),
    ACT(DELETE, "/api/v1/recordings/:id", MANAGER, recordings_erase, 204, NULL,
        "Deletes its audio, here and at Twilio; 409 while a legal hold stands."),
    ASK("/api/v1/holds",                 MANAGER, holds_list, 0, &page_query, "[Hold]",
        "Legal holds, newest first, lifted ones included."),
    DO(PUT, "/api/v1/calls/:id/hold",    MANAGER, holds_place, HOLD_CALL, &hold_in, 200, "Hold", TAKEN,
        "Places a legal hold: the call's recordings cannot be deleted."),
    LIFT("/api/v1/calls/:id/hold", HOLD_CALL,
        "Lifts a call's legal hold."),
    DO(PUT, "/api/v1/contacts/:id/hold", MANAGER, holds_place, HOLD_CONTACT, &hold_in, 200, "Hold", TAKEN,
        "Places a legal hold on all that a contact's calls recorded."),
    LIFT("/api/v1/contacts/:id/hold", HOLD_CONTACT,
        "Lifts a contact's legal hold."),
    DO(PUT, "/api/v1/clients/:id/hold",  MANAGER, holds_place, HOLD_CLIENT, &hold_in, 200, "Hold", TAKEN,
        "Places a legal hold on all that a client's calls recorded."),
    LIFT("/api/v1/clients/:id/hold", HOLD_CLIENT,
        "Lifts a client's legal hold."),
    ASK("/api/v1/clients/:id/recordings", USER, recordings_list, 0, &page_query, "[Recording]",
        "The recordings of a client's calls, newest first."),
    ASK("/api/v1/events",                USER, feed_show, 0, &feed_query, "[Event]",
        "What happened after a cursor, in order; 304: nothing new. Without a cursor: the one to begin with."),
    ASK("/api/v1/contacts",              USER, nouns_list, NOUN_CONTACT, &search_query, "[Contact]",
        "Contacts, newest first; all, or those of a number."),
    DO(POST, "/api/v1/contacts",         USER, nouns_add, NOUN_CONTACT, &contact_in, 201, "Contact", TAKEN,
        "Adds a contact."),
    ASK("/api/v1/contacts/:id",          USER, nouns_show, NOUN_CONTACT, NULL, "Contact",
        "One contact."),
    DO(PATCH, "/api/v1/contacts/:id",    USER, nouns_change, NOUN_CONTACT, &contact_patch, 200, "Contact", TAKEN,
        "Changes a contact; If-Match guards against another's change."),
    DROP("/api/v1/contacts/:id",          USER, NOUN_CONTACT,
        "Deletes a contact for good; calls keep their numbers. If-Match guards."),
    ASK("/api/v1/clients",               USER, nouns_list, NOUN_CLIENT, &page_query, "[Client]",
        "Clients, newest first."),
    DO(POST, "/api/v1/clients",          MANAGER, nouns_add, NOUN_CLIENT, &client_in, 201, "Client", TAKEN,
        "Adds a client."),
    ASK("/api/v1/clients/:id",           USER, nouns_show, NOUN_CLIENT, NULL, "Client",
        "One client."),
    DO(PATCH, "/api/v1/clients/:id",     MANAGER, nouns_change, NOUN_CLIENT, &client_patch, 200, "Client", TAKEN,
        "Changes a client; If-Match guards against another's change."),
    DROP("/api/v1/clients/:id",           MANAGER, NOUN_CLIENT,
        "Deletes a client, which calls go on naming; 409 while a number serves it. If-Match guards."),
    ASK("/api/v1/campaigns",             USER, nouns_list, NOUN_CAMPAIGN, &page_query, "[Campaign]",
        "Campaigns, newest first."),
    DO(POST, "/api/v1/campaigns",        MANAGER, nouns_add, NOUN_CAMPAIGN, &campaign_in, 201, "Campaign", TAKEN,
        "Adds a campaign."),
    ASK("/api/v1/campaigns/:id",         USER, nouns_show, NOUN_CAMPAIGN, NULL, "Campaign",
        "One campaign."),
    DO(PATCH, "/api/v1/campaigns/:id",   MANAGER, nouns_change, NOUN_CAMPAIGN, &campaign_patch, 200, "Campaign", TAKEN,
        "Changes a campaign; If-Match guards against another's change."),
    DROP("/api/v1/campaigns/:id",         MANAGER, NOUN_CAMPAIGN,
        "Deletes a campaign, which calls go on naming; 409 while a number serves it. If-Match guards."),
    ASK("/api/v1/conversations",         USER, nouns_list, NOUN_CONVERSATION, &page_query, "[Conversation]",
        "Conversations, newest first: the calls with one contact or number, for each campaign of their own."),
    ASK("/api/v1/conversations/:id",     USER, nouns_show, NOUN_CONVERSATION, NULL, "Conversation",
        "One conversation."),
    DO(PATCH, "/api/v1/conversations/:id", USER, nouns_change, NOUN_CONVERSATION, &conversation_patch, 200,
        "Conversation", TAKEN,
        "Closes a conversation, and the next call opens another; If-Match guards against another's change."),
    ASK("/api/v1/numbers",               USER, nouns_list, NOUN_NUMBER, &page_query, "[Number]",
        "Numbers, newest first."),
    ASK("/api/v1/numbers/:id",           USER, nouns_show, NOUN_NUMBER, NULL, "Number",
        "One number."),
    DO(PATCH, "/api/v1/numbers/:id",     ADMIN, nouns_change, NOUN_NUMBER, &number_patch, 200, "Number", TAKEN,
        "Changes what a number serves and says; If-Match guards against another's change."),

    { POOL_API, METHOD_POST, "/api/v1/tokens", AUTH_USER, SHAPE_V1, BODY_MAYBE, phone_token_v1, 0,
        "A token of one hour for the browser's phone of who asks; a key names the user.",
        &token_in, NULL, "VoiceToken", 200, IDEM_FRESH },
    ASK("/api/v1/available-numbers",     ADMIN, numbers_offers, 0, &offers_query, "AvailableNumbers",
        "Numbers that Twilio sells, with price and requirements."),
    DO(POST, "/api/v1/numbers",          ADMIN, numbers_buy, 0, &buy_in, 201, "Purchase", REQUIRED,
        "Buys a number, or the first that fits; 202 while nobody knows whether Twilio has sold it."),
    DO(POST, "/api/v1/number-adoptions", ADMIN, numbers_adopt, 0, &adopt_in, 200, "Adoption", TAKEN,
        "Takes numbers that the account has already, one or all, and sets their URLs."),
    ACT(POST, "/api/v1/number-checks",   ADMIN, numbers_check_all, 200, "NumberChecks",
        "Compares all numbers with what Twilio has."),
    ASK("/api/v1/numbers/:id/health",    USER, numbers_health, 0, NULL, "NumberHealth",
        "What the last look at Twilio has found out about a number."),
    ACT(POST, "/api/v1/numbers/:id/check", ADMIN, numbers_check, 200, "NumberHealth",
        "Compares a number with what Twilio has."),
    ACT(POST, "/api/v1/numbers/:id/apply", ADMIN, numbers_apply, 200, "NumberHealth",
        "Sets a number's URLs at Twilio and reads them back."),
    ASK("/api/v1/numbers/:id/assignments", USER, numbers_history, 0, NULL, "[Assignment]",
        "Who had a number when."),
    DO(POST, "/api/v1/numbers/:id/assignment", ADMIN, numbers_assign, 0, &assign_in, 200, "Number", TAKEN,
        "Gives a number to a user, a client, a campaign or a pool, and to nobody else."),
    ACT(DELETE, "/api/v1/numbers/:id/assignment", ADMIN, numbers_unassign, 200, "Number",
        "Takes a number from whoever has it; it cools down."),
    ERASE("/api/v1/numbers/:id",         ADMIN, numbers_release, &release_query, 202, "Number",
        "Gives a number back to Twilio once it has cooled; now=true: at once. 409 while somebody holds it."),

    ASK("/api/v1/me",                    USER, me_show, 0, NULL, "Me",
        "Who asks: user or key, role, tenant, session, and the X-CSRF-Token of the session."),
    DO(PATCH, "/api/v1/me",              SELF, phone_prefer, 0, &phone_patch, 200, "User", TAKEN,
        "Says where one's own calls ring first, phone, browser or both, and whether a browser of one's own rings."),
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
    ASK("/api/v1/keys",                  ADMIN, keys_list, 0, &page_query, "[Key]",
        "The API keys of the tenant, newest first: what they are for, never themselves."),
    DO(POST, "/api/v1/keys",             ADMIN, keys_add, 0, &key_in, 201, "NewKey", TAKEN,
        "Makes an API key and shows it, this once."),
    ASK("/api/v1/keys/:id",              ADMIN, keys_show, 0, NULL, "Key",
        "One API key."),
    ACT(DELETE, "/api/v1/keys/:id",      ADMIN, keys_end, 204, NULL,
        "Ends an API key at once; it stays in the list."),
    ASK("/api/v1/audit",                 ADMIN, audit_list, 0, &audit_query, "[AuditEntry]",
        "Who did and saw what, from where, with what was and what is; newest first."),
    ASK("/api/v1/settings",              MANAGER, settings_show, 0, NULL, "Settings",
        "The tenant's settings."),
    DO(PATCH, "/api/v1/settings",        ADMIN, settings_change, 0, &settings_patch, 200, "Settings", TAKEN,
        "Changes settings, null gives the default back; If-Match guards against another's change."),
    ASK("/api/v1/settings/limits",       MANAGER, limits_show, 0, NULL, "Limits",
        "What the tenant may call and ask for."),
    DO(PATCH, "/api/v1/settings/limits", ADMIN, limits_change, 0, &limits_patch, 200, "Limits", TAKEN,
        "Changes what the tenant may call, and stops all calls; a key may only tighten. If-Match guards."),
    ASK("/api/v1/settings/twilio",       ADMIN, settings_twilio, 0, NULL, "TwilioAccount",
        "The tenant's account at Twilio, without its secrets."),
    DO(PUT, "/api/v1/settings/twilio",   ADMIN, settings_twilio_set, 0, &account_in, 200, "TwilioAccount", TAKEN,
        "Gives the tenant its account at Twilio; secrets go in and never come out."),
    ASK("/api/v1/settings/origins",      ADMIN, settings_origins, 0, NULL, "Origins",
        "The origins whose pages may call the API from a browser."),
    DO(PUT, "/api/v1/settings/origins",  ADMIN, settings_origins_set, 0, &origins_in, 200, "Origins", TAKEN,
        "Replaces the origins whose pages may call the API from a browser."),

    ASK("/api/v1/settings/recordings",   MANAGER, settings_recordings, 0, NULL, "RecordingSettings",
        "Where recordings are kept, whether encrypted, and how long a link opens one."),
    DO(PUT, "/api/v1/settings/recordings", ADMIN, settings_recordings_set, 0, &recordings_in, 200, "RecordingSettings",
        TAKEN, "Replaces them for recordings to come; what is absent is the default."),

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
