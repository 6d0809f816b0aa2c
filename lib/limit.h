/* Every limit on what comes from outside, and why it stands where it stands. */
#ifndef LIMIT_H
#define LIMIT_H

enum {
    HOOK_BODY_MAX = 64 * 1024, /* Twilio's callbacks are under 4 KiB; nginx refuses more before a worker sees it */
    API_BODY_MAX = 256 * 1024, /* JSON of the API; cJSON needs about ten times as much memory */
    URI_MAX = 8 * 1024,        /* path and query; nginx's own line limit */
    FORM_FIELDS_MAX = 200,     /* Twilio sends about 60; with the body limit it bounds what a form takes of the arena */
    JSON_DEPTH_MAX = 32,       /* deeper than any document we define */
    JSON_REPLY_MAX = 2 << 20,  /* a reply of Twilio or of a model; 1,000 calls a page are under 2 MiB */
    MEDIA_MAX = 512 << 20,     /* a recording: four hours of two channels are 440 MiB */
    TRANSCRIBE_MAX = 24 << 20, /* one upload to a model; the providers' own limit is 25 MB */
    TRANSCRIPT_MAX = 1 << 20,  /* text of one call: ten hours of talk */
    IDEM_KEY_MAX = 255,        /* Stripe's limit, which clients know */
    SAY_MAX = 4096,            /* characters of one Say: https://www.twilio.com/docs/voice/twiml/say */
    EVENT_BATCH_MAX = 128,     /* webhooks of one transaction; 64 measured equal, 16 8 % slower */
    ENV_FILE_MAX = 64 * 1024,  /* a settings file is a page or two */
    JWT_MAX = 8 * 1024,        /* a bearer token; nginx's own limit of a header line */
    JWT_KEYS_MAX = 32,         /* keys of one issuer; rotation needs two or three */
    JWKS_MAX = 64 * 1024,      /* an issuer's key set, certificates included */
    SPOOL_RECORD_MAX = 90 * 1024 /* a webhook with its path and head; sealed it is a third longer */
};

#endif
