/* Settings: the table, and reading it from file and environment. */
#include "config.h"

#include "buf.h"
#include "check.h"
#include "env.h"
#include "limit.h"
#include "region.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum setting_type { URL, ORIGIN, STR, DIR, WORD, BOOL, SECONDS, DAYS };

enum { SECRET_MAX = 8192, SECONDS_MAX = 3600, DAYS_MAX = 36500 };

/* aliases: other names of the same setting, parted by spaces. words: of a WORD, " one two ". */
struct setting {
    const char       *name;
    unsigned short    off;
    enum setting_type type;
    bool              secret;
    const char       *fallback, *aliases, *words, *doc;
};

#define AT(member) offsetof(struct config, member)

/* clang-format off */
static const struct setting settings[] = {
    { "PUBLIC_URL", AT(public_url), ORIGIN, false, NULL, "NEXT_PUBLIC_APP_URL TWILIO_WEBHOOK_URL", NULL,
      "The one public origin, https://host[:port]: what Twilio calls and signs." },
    { "DATABASE_URL", AT(database_url), STR, true, "dbname=switchhook", NULL, NULL,
      "PostgreSQL, as conninfo or postgresql:// URI; workers put their own role over its user." },
    { "RECORDINGS_DIR", AT(recordings_dir), DIR, false, "/var/lib/switchhook/recordings", NULL, NULL,
      "Where recordings are kept: <tenant>/<sid>.wav." },
    { "RECORDINGS_STORAGE", AT(recordings_storage), WORD, false, "disk", NULL, " disk s3 twilio ",
      "disk: in RECORDINGS_DIR; s3: in a bucket; twilio: left there, and passed on to who listens." },
    { "RECORDINGS_ENCRYPTION", AT(recordings_encryption), BOOL, false, "0", NULL, NULL,
      "1: their files are encrypted, each with a key of its own." },
    { "PLAY_DIR", AT(play_dir), DIR, false, "/run/switchhook/play", NULL, NULL,
      "Where an encrypted one lies in the clear for 15 minutes after somebody listened; keep it in memory." },
    { "S3_ENDPOINT", AT(s3_endpoint), URL, false, NULL, NULL, NULL,
      "Any S3-compatible storage, https://host[:port]; nginx/remote.conf names its host as well." },
    { "S3_BUCKET", AT(s3_bucket), STR, false, NULL, NULL, NULL,
      "The bucket; none where the host of the endpoint names it." },
    { "S3_REGION", AT(s3_region), STR, false, "us-east-1", NULL, NULL,
      "The bucket's region." },
    { "S3_ACCESS_KEY_ID", AT(s3_access_key_id), STR, false, NULL, NULL, NULL,
      "A key that may put, get and delete objects of the bucket." },
    { "S3_SECRET_ACCESS_KEY", AT(s3_secret_access_key), STR, true, NULL, NULL, NULL,
      "The secret of that key." },
    { "STATE_DIR", AT(state_dir), DIR, false, "/var/lib/switchhook", NULL, NULL,
      "Where spool/, fallback/ and erasures/ are kept." },
    { "KEY_FILE", AT(key_file), DIR, false, "/etc/switchhook/keys", NULL, NULL,
      "Master keys, one \"id hex\" a line, the newest last; mode 0400 or 0600." },
    { "LOG_LEVEL", AT(log_level), WORD, false, "info", NULL, " debug info warn error ",
      "What is logged: debug, info, warn or error." },
    { "LOG_PII", AT(log_pii), BOOL, false, "0", NULL, NULL,
      "1: whole phone numbers in the log." },
    { "OPENAI_BASE_URL", AT(openai_base_url), URL, false, "https://api.openai.com/v1", NULL, NULL,
      "Any OpenAI-compatible endpoint, for transcription and analysis." },
    { "OPENAI_API_KEY", AT(openai_api_key), STR, true, NULL, NULL, NULL,
      "Its key; without one recordings are not transcribed." },
    { "TRANSCRIBE_MODEL", AT(transcribe_model), STR, false, "gpt-4o-mini-transcribe", NULL, NULL,
      "The model that turns audio into text." },
    { "ANALYSE_MODEL", AT(analyse_model), STR, false, "gpt-4o-mini", NULL, NULL,
      "The model that reads sentiment, summary and action items." },
    { "SWEEP_LEASE_SECONDS", AT(sweep_lease_seconds), SECONDS, false, "120", NULL, NULL,
      "How long a job stays with a sweep that has fallen silent; a living one renews it at each third." },
    { "RETENTION_DAYS_DEFAULT", AT(retention_days_default), DAYS, false, NULL, NULL, NULL,
      "For how many days audio, text and metadata of calls stay where a tenant says nothing; none: for ever." },
    { "SMTP_URL", AT(smtp_url), STR, true, NULL, NULL, NULL,
      "Where mail goes out, smtps://user:password@host or smtp://host:port; without it no invitation and no link." },
    { "MAIL_FROM", AT(mail_from), STR, false, NULL, NULL, NULL,
      "The address that mail comes from." },
    { "WEBHOOKS_TO_LOOPBACK", AT(webhooks_to_loopback), BOOL, false, "0", NULL, NULL,
      "1: webhooks may go to http://127.0.0.1, for a demo or a test." },
    { "TWILIO_ACCOUNT_SID", AT(twilio_account_sid), STR, false, NULL, NULL, NULL,
      "Account of the default tenant." },
    { "TWILIO_AUTH_TOKEN", AT(twilio_auth_token), STR, true, NULL, NULL, NULL,
      "Its auth token: verifies webhooks, and is the REST password if there is no API key." },
    { "TWILIO_API_KEY_SID", AT(twilio_api_key_sid), STR, false, NULL, NULL, NULL,
      "Its API key: preferred for REST, and mints browser tokens." },
    { "TWILIO_API_KEY_SECRET", AT(twilio_api_key_secret), STR, true, NULL, NULL, NULL,
      "The secret of that key." },
    { "TWILIO_TWIML_APP_SID", AT(twilio_twiml_app_sid), STR, false, NULL, NULL, NULL,
      "The TwiML App that browser calls go through." },
    { "TWILIO_PHONE_NUMBER", AT(twilio_phone_number), STR, false, NULL, NULL, NULL,
      "Default caller ID of the default tenant." },
    { "FORWARD_PHONE_NUMBER", AT(forward_phone_number), STR, false, NULL, NULL, NULL,
      "Where calls to that number are forwarded." },
    { "TWILIO_REGION", AT(twilio_region), STR, false, NULL, NULL, NULL,
      "Region of the account's credentials and numbers, such as ie1." },
    { "TWILIO_EDGE", AT(twilio_edge), STR, false, NULL, NULL, NULL,
      "Edge that region is reached through, such as dublin." },
    { "TWILIO_API_BASE_URL", AT(twilio_api_base_url), URL, false, NULL, NULL, NULL,
      "Twilio's REST API; wins over region and edge." },
    { "ENCRYPTION_KEY", AT(encryption_key), STR, true, NULL, NULL, NULL,
      "A master key as other set-ups have it; it belongs in the key file." },
};
/* clang-format on */

enum { SETTINGS = sizeof settings / sizeof *settings };

static const char default_file[] = "/etc/switchhook/switchhook.env";

/* What one load reads from: the file, and the environment where it may. */
struct source {
    struct env file;
    bool       secrets; /* the environment's secrets count */
};

/* The raw value of a name and in *from where it stands; NULL: nowhere. Empty counts as not set. */
static const char *raw(const struct source *s, const char *name, bool secret, const char **from)
{
    const char *v = secret && !s->secrets ? NULL : getenv(name);
    *from = "the environment";
    if (v != NULL && *v != '\0') return v;
    v = env_get(&s->file, name);
    *from = "the settings file";
    return v == NULL || *v == '\0' ? NULL : v;
}

/* NAME, or the first line of the file that NAME_FILE names: a file may hold a secret wherever its name stands. */
static enum err named(struct ctx *cx, const struct source *s, const char *name, bool secret, const char **out)
{
    const char *from, *by_file = arena_printf(cx->arena, "%s_FILE", name), *path = raw(s, by_file, false, &from), *text;
    size_t      n;
    *out = raw(s, name, secret, &from);
    if (path == NULL) return OK;
    if (*out != NULL) return ctx_fail(cx, ERR_INVALID, "%s and %s are both set: keep one", name, by_file);
    if (env_slurp(cx, path, SECRET_MAX, &text, &n) != OK) {
        const char *why = arena_strdup(cx->arena, cx->err.msg);
        ctx_forgive(cx);
        return ctx_fail(cx, ERR_INVALID, "%s: %s", by_file, why);
    }
    *out = arena_copy(cx->arena, text, strcspn(text, "\r\n"));
    return OK;
}

static const char *unslashed(struct arena *a, const char *s)
{
    size_t n = strlen(s);
    while (n > 0 && s[n - 1] == '/') n--;
    return arena_copy(a, s, n);
}

static size_t origin_len(const char *url)
{
    const char *host = strstr(url, "://");
    return host == NULL ? 0 : (size_t)(host + 3 - url) + strcspn(host + 3, "/?#");
}

/* A value in its canonical form; NULL: it has not the setting's shape. */
static const char *canonical(struct arena *a, const struct setting *s, const char *v)
{
    int64_t n;
    switch (s->type) {
    case URL: return check_url(v) ? unslashed(a, v) : NULL;
    case ORIGIN: v = unslashed(a, v); return check_url(v) && origin_len(v) == strlen(v) ? v : NULL;
    case DIR: return v[0] == '/' ? unslashed(a, v) : NULL;
    case WORD: return check_word(v, s->words) ? v : NULL;
    case BOOL:
        if (check_word(v, " 1 true yes on ")) return "1";
        return check_word(v, " 0 false no off ") ? "0" : NULL;
    case SECONDS: return check_int(v, 1, SECONDS_MAX, &n) ? v : NULL;
    case DAYS: return check_int(v, 1, DAYS_MAX, &n) ? v : NULL;
    case STR: break;
    }
    return v;
}

/* What an alias says in the setting's own form. TWILIO_WEBHOOK_URL is a whole webhook's address: its origin counts. */
static const char *alias_value(struct arena *a, const char *alias, const char *v)
{
    static const char answer_paths[] = " /api/twilio/voice/answer /api/webhooks/twilio/voice /api/twilio/webhook ";
    if (strcmp(alias, "TWILIO_WEBHOOK_URL") != 0) return v;
    size_t n = origin_len(v);
    return check_url(v) && check_word(v + n, answer_paths) ? arena_copy(a, v, n) : "";
}

static enum err shaped(struct ctx *cx, const struct setting *s, const char *name, const char *v, const char **out)
{
    static const char *const wanted[] = {
        [URL] = "an https URL (http only to this machine)",
        [ORIGIN] = "https://host[:port] without a path",
        [STR] = "text",
        [DIR] = "an absolute path",
        [WORD] = "one of the words",
        [BOOL] = "1 or 0",
        [SECONDS] = "1 to 3600 seconds",
        [DAYS] = "1 to 36500 days",
    };
    *out = check_utf8(v, strlen(v)) ? canonical(cx->arena, s, v) : NULL;
    if (*out != NULL) return OK;
    return ctx_fail(cx, ERR_INVALID, "%s: expected %s%s", name, wanted[s->type], s->type == WORD ? s->words : "");
}

/* Name and aliases must say the same: which of them Twilio signs must not be a question. */
static enum err one(struct ctx *cx, const struct source *src, const struct setting *s, const char **out)
{
    const char *v, *first = s->name;
    TRY(named(cx, src, s->name, s->secret, &v));
    if (v != NULL) TRY(shaped(cx, s, s->name, v, &v));
    for (const char *a = s->aliases; a != NULL && *a != '\0';) {
        size_t      n = strcspn(a, " ");
        const char *alias = arena_copy(cx->arena, a, n), *said;
        a += n + (a[n] == ' ');
        TRY(named(cx, src, alias, s->secret, &said));
        if (said == NULL) continue;
        TRY(shaped(cx, s, alias, alias_value(cx->arena, alias, said), &said));
        if (v != NULL && strcasecmp(v, said) != 0)
            return ctx_fail(cx, ERR_INVALID, "%s says %s, but %s says %s: they must be one origin", first, v, alias,
                            said);
        if (v == NULL) first = alias;
        v = said;
    }
    *out = v == NULL ? s->fallback : v;
    return OK;
}

static void put(struct config *c, const struct setting *s, const char *v)
{
    char *at = (char *)c + s->off;
    if (s->type == BOOL) *(bool *)at = v != NULL && *v == '1';
    else *(const char **)(void *)at = v;
}

enum err config_load(struct ctx *cx, const char *path, enum config_source source, struct config *out)
{
    struct source src = { .secrets = source == CONFIG_ENV_SECRETS };
    struct config c = { 0 };
    const char   *given = path != NULL ? path : getenv("SWITCHHOOK_ENV");
    enum err      e = env_read(cx, given != NULL ? given : default_file, &src.file);
    if (e == ERR_NOT_FOUND && given == NULL) ctx_forgive(cx);
    else if (e == ERR_NOT_FOUND) cx->err.code = ERR_INVALID;
    if (cx->err.code != OK) return cx->err.code;
    for (size_t i = 0; i < SETTINGS; i++) {
        const char *v = NULL;
        TRY(one(cx, &src, &settings[i], &v));
        put(&c, &settings[i], v == NULL ? NULL : arena_strdup(cx->arena, v));
    }
    c.twilio_api_set = c.twilio_api_base_url;
    c.twilio_api_base_url = region_base(cx->arena, c.twilio_api_base_url, c.twilio_region, c.twilio_edge);
    *out = c;
    return OK;
}

void config_show(const struct config *c, FILE *f)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        const struct setting *s = &settings[i];
        const char           *at = (const char *)c + s->off;
        const char *v = s->type == BOOL ? (*(const bool *)at ? "1" : "0") : *(const char *const *)(const void *)at;
        if (v == NULL) (void)fprintf(f, "%s is not set\n", s->name);
        else if (s->secret) (void)fprintf(f, "%s=%.4s... (%zu characters)\n", s->name, v, strlen(v));
        else (void)fprintf(f, "%s=%s\n", s->name, v);
    }
}

const char *config_presence(struct arena *a, const struct config *c)
{
    struct buf b = buf_new(a, ENV_FILE_MAX);
    for (size_t i = 0; i < SETTINGS; i++) {
        const struct setting *s = &settings[i];
        const char           *at = (const char *)c + s->off;
        const bool set = s->type == BOOL ? *(const bool *)at : *(const char *const *)(const void *)at != NULL;
        buf_printf(&b, "%s\"%s\":%s", i == 0 ? "{" : ",", s->name, set ? "true" : "false");
    }
    buf_str(&b, "}");
    return b.at;
}

void config_describe(FILE *f)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        const struct setting *s = &settings[i];
        (void)fprintf(f, "%s\t%s\t%s\n", s->name, s->fallback == NULL ? "" : s->fallback, s->doc);
    }
}
