/* Settings: one table of names, types, defaults and sentences, read from the environment file and the environment. */
#ifndef CONFIG_H
#define CONFIG_H
#include "ctx.h"

#include <stdbool.h>
#include <stdio.h>

/* Every value is NUL-terminated and lives as long as the arena it was loaded into. NULL: not set and without a default.
 */
struct config {
    const char *public_url;         /* the one public origin, no trailing slash: what Twilio signs */
    const char *database_url;       /* conninfo or postgresql:// URI; programs put their own role over it */
    const char *recordings_dir;     /* <tenant>/<sid>.wav */
    const char *state_dir;          /* spool/, fallback/ */
    const char *key_file;           /* master keys, one "id hex" a line, the newest last; mode 0400 or 0600 */
    const char *play_dir;           /* decrypted copies of recordings that somebody listens to */
    const char *recordings_storage; /* disk, s3, twilio: where a tenant that says nothing keeps them */
    const char *s3_endpoint, *s3_bucket, *s3_region, *s3_access_key_id, *s3_secret_access_key;
    const char *log_level; /* debug, info, warn, error */
    const char *openai_base_url, *openai_api_key;
    const char *transcribe_model, *analyse_model;
    const char *sweep_lease_seconds;    /* 1 to 3600 */
    const char *retention_days_default; /* 1 to 36500; NULL: for ever */
    const char *smtp_url, *mail_from;
    const char *twilio_account_sid, *twilio_auth_token; /* of the default tenant, read by setup alone */
    const char *twilio_api_key_sid, *twilio_api_key_secret, *twilio_twiml_app_sid;
    const char *twilio_phone_number, *forward_phone_number;
    const char *twilio_region, *twilio_edge;
    const char *twilio_api_set;        /* TWILIO_API_BASE_URL as it was given; NULL: it was not */
    const char *twilio_api_base_url;   /* https://api.twilio.com unless region, edge or this says otherwise */
    const char *encryption_key;        /* G1's; setup moves it into the key file */
    bool        recordings_encryption; /* files of recordings are encrypted, where the tenant says nothing */
    bool        log_pii;               /* whole phone numbers in the log */
    bool        webhooks_to_loopback;  /* endpoints of webhooks may be on this machine */
};

/* Where secrets may come from: long-running programs take none from their environment. */
enum config_source { CONFIG_FILE_ONLY_SECRETS, CONFIG_ENV_SECRETS };

/** Reads path (NULL: $SWITCHHOOK_ENV, else /etc/switchhook/switchhook.env; an absent default file is no error), then
 * the environment over it. NAME_FILE gives a value by file. INVALID, naming the setting, for a bad value, for
 * PUBLIC_URL and an alias that disagree, and for a file that is not KEY=VALUE. */
enum err config_load(struct ctx *, const char *path, enum config_source, struct config *out) MUST_CHECK;

/** Prints every setting with its value; of secrets the first four characters and the length. */
void config_show(const struct config *, FILE *);

/** {"NAME":true if it has a value, ...}: what is set, never to what. */
const char *config_presence(struct arena *, const struct config *);

/** The table as text, "NAME\tdefault\tsentence" a line: what README and switchhook.env(5) are compared with. */
void config_describe(FILE *);

#endif
