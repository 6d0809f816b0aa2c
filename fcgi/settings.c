/* What a tenant decides for itself: how calls are met, its account at Twilio, whose pages may call us. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "config.h"
#include "origin.h"
#include "region.h"
#include "sql.h"
#include "tenant_key.h"
#include "twilio.h"

#include <string.h>

enum { SPOKEN_MAX = 4096, SECRET_MAX = 200 };

struct settings {
    const char *name, *time_zone, *country, *language, *voice, *greeting, *connecting, *disclosure_mode, *disclosure;
    const char *unanswered, *default_number, *calling_hours, *holidays, *consent_mode, *disclosure_question,
        *disclosure_goodbye, *disclosure_refused;
    const bool    *record, *transcribe, *encrypt_metadata, *disclosure_agents, *disposition_required;
    const int64_t *transcribe_over_seconds, *ring_timeout_seconds, *abandoned_seconds, *answer_within_seconds,
        *wrap_up_seconds;
};

struct account {
    const char *account_sid, *auth_token, *auth_token_secondary, *api_key_sid, *api_key_secret, *twiml_app_sid;
    const char *region, *edge;
};

struct origins {
    const char *list;
};

struct recordings {
    const int64_t *link_seconds;
    const char    *storage;
    const bool    *encrypt;
};

#define AT(member) offsetof(struct settings, member)
#define OF(member) offsetof(struct account, member)

/* clang-format off */
static const struct field settings_rows[] = {
    { "name",                    FIELD_TEXT,  AT(name),                    true,  1, 200, NULL },
    { "time_zone",               FIELD_TEXT,  AT(time_zone),               false, 1, 64, NULL },
    { "country",                 FIELD_TEXT,  AT(country),                 false, 2, 2, NULL },
    { "language",                FIELD_TEXT,  AT(language),                false, 2, 20, NULL },
    { "voice",                   FIELD_TEXT,  AT(voice),                   false, 1, 100, NULL },
    { "greeting",                FIELD_TEXT,  AT(greeting),                false, 0, SPOKEN_MAX, NULL },
    { "connecting",              FIELD_TEXT,  AT(connecting),              false, 0, SPOKEN_MAX, NULL },
    { "disclosure_mode",         FIELD_WORD,  AT(disclosure_mode),         false, 0, 0, " off announce keypress " },
    { "disclosure",              FIELD_TEXT,  AT(disclosure),              false, 0, SPOKEN_MAX, NULL },
    { "disclosure_question",     FIELD_TEXT,  AT(disclosure_question),     false, 1, SPOKEN_MAX, NULL },
    { "disclosure_goodbye",      FIELD_TEXT,  AT(disclosure_goodbye),      false, 1, SPOKEN_MAX, NULL },
    { "disclosure_refused",      FIELD_WORD,  AT(disclosure_refused),      false, 0, 0, " continue end " },
    { "disclosure_agents",       FIELD_BOOL,  AT(disclosure_agents),       false, 0, 0, NULL },
    { "unanswered",              FIELD_TEXT,  AT(unanswered),              false, 0, SPOKEN_MAX, NULL },
    { "record",                  FIELD_BOOL,  AT(record),                  false, 0, 0, NULL },
    { "transcribe",              FIELD_BOOL,  AT(transcribe),              false, 0, 0, NULL },
    { "transcribe_over_seconds", FIELD_INT,   AT(transcribe_over_seconds), false, 0, 3600, NULL },
    { "ring_timeout_seconds",    FIELD_INT,   AT(ring_timeout_seconds),    false, 5, 600, NULL },
    { "default_number",          FIELD_PHONE, AT(default_number),          false, 0, 0, NULL },
    { "encrypt_metadata",        FIELD_BOOL,  AT(encrypt_metadata),        false, 0, 0, NULL },
    { "calling_hours",           FIELD_TEXT,  AT(calling_hours),           false, 3, 200, NULL },
    { "holidays",                FIELD_TEXT,  AT(holidays),                false, 10, 2000, NULL },
    { "consent_mode",            FIELD_WORD,  AT(consent_mode),            false, 0, 0, " off required " },
    { "abandoned_seconds",       FIELD_INT,   AT(abandoned_seconds),       false, 0, 600, NULL },
    { "answer_within_seconds",   FIELD_INT,   AT(answer_within_seconds),   false, 0, 600, NULL },
    { "wrap_up_seconds",         FIELD_INT,   AT(wrap_up_seconds),         false, 0, 900, NULL },
    { "disposition_required",    FIELD_BOOL,  AT(disposition_required),    false, 0, 0, NULL },
};
static const struct field account_rows[] = {
    { "account_sid",          FIELD_TEXT, OF(account_sid),          true,  34, 34, NULL },
    { "auth_token",           FIELD_TEXT, OF(auth_token),           true,  16, SECRET_MAX, NULL },
    { "auth_token_secondary", FIELD_TEXT, OF(auth_token_secondary), false, 16, SECRET_MAX, NULL },
    { "api_key_sid",          FIELD_TEXT, OF(api_key_sid),          false, 34, 34, NULL },
    { "api_key_secret",       FIELD_TEXT, OF(api_key_secret),       false, 16, SECRET_MAX, NULL },
    { "twiml_app_sid",        FIELD_TEXT, OF(twiml_app_sid),        false, 34, 34, NULL },
    { "region",               FIELD_TEXT, OF(region),               false, 3, 3, NULL },
    { "edge",                 FIELD_TEXT, OF(edge),                 false, 2, 40, NULL },
};
static const struct field origins_rows[] = {
    { "origins", FIELD_RAW, offsetof(struct origins, list), true, 0, 0, NULL },
};
static const struct field recordings_rows[] = {
    { "link_seconds", FIELD_INT,  offsetof(struct recordings, link_seconds), false, 30, 900, NULL },
    { "storage",      FIELD_WORD, offsetof(struct recordings, storage),      false, 0, 0, " disk s3 twilio " },
    { "encrypt",      FIELD_BOOL, offsetof(struct recordings, encrypt),      false, 0, 0, NULL },
};
/* clang-format on */
const struct fields recordings_in = FIELDS(recordings_rows, struct recordings);
/* What the database knows better than a shape. */
static const struct {
    const char *member, *expected;
} doubts[] = {
    { "time_zone", "expected a zone of the tz database, such as Europe/London" },
    { "default_number", "is not a number of this tenant" },
    { "calling_hours", "expected law, or spans such as mon-fri 08:00-21:00, sat 09:00-17:00" },
    { "holidays", "expected days such as 2026-12-25 2026-12-26" },
};
const struct fields settings_patch = FIELDS_PARTIAL(settings_rows, struct settings);
const struct fields account_in = FIELDS(account_rows, struct account);
const struct fields origins_in = FIELDS(origins_rows, struct origins);

/* GET /api/v1/settings -> 200 */
enum err settings_show(struct req *rq, struct res *rs)
{
    struct sql_settings_show row;
    TRY(sql_settings_show(rq->ctx, &row));
    return res_json(rs, 200, row.doc);
}

/* PATCH /api/v1/settings If-Match? -> 200: absent members stay, null gives the default back. */
enum err settings_change(struct req *rq, struct res *rs)
{
    struct ctx                   *cx = rq->ctx;
    const struct settings        *in = rq->in;
    const bool                    any = *rq->if_match == '\0' || strcmp(rq->if_match, "*") == 0;
    struct sql_settings_change    done;
    struct seal_data              key;
    struct sql_settings_change_in change = { .patch = field_print(cx, rq->json, rq->route->in, rq->in),
                                             .etag = any ? NULL : rq->if_match,
                                             .actor = auth_actor(rq),
                                             .origin = rq->remote };
    if (in->country != NULL
        && (in->country[0] < 'A' || in->country[0] > 'Z' || in->country[1] < 'A' || in->country[1] > 'Z'))
        return field_fault(cx, ERR_INVALID, "/country", "country", "expected two capitals of ISO 3166, such as GB");
    if (in->encrypt_metadata != NULL && *in->encrypt_metadata) TRY(tenant_key(cx, &key));
    TRY(sql_settings_change(cx, &change, &done));
    if (strcmp(done.verdict, "stale") == 0) return ctx_fail(cx, ERR_STALE, "they have been changed meanwhile");
    if (strcmp(done.verdict, "done") == 0) return res_json(rs, 200, done.doc);
    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++)
        if (strcmp(done.verdict, doubts[i].member) == 0)
            (void)field_fault(cx, ERR_INVALID, arena_printf(cx->arena, "/%s", done.verdict), "reference",
                              doubts[i].expected);
    return cx->err.code != OK ? cx->err.code : ctx_fail(cx, ERR_INTERNAL, "settings_change: %.40s", done.verdict);
}

/* GET /api/v1/settings/twilio -> 200 which account; its secrets only as whether they are there. */
enum err settings_twilio(struct req *rq, struct res *rs)
{
    struct sql_twilio_show row = { .doc = NULL };
    TRY(sql_twilio_show(rq->ctx, &row));
    return row.doc != NULL ? res_json(rs, 200, row.doc) : ctx_fail(rq->ctx, ERR_NOT_FOUND, "no Twilio account is set");
}

static enum err sid(struct ctx *cx, const char *name, const char *value, const char *prefix)
{
    if (value == NULL || check_sid(value, prefix)) return OK;
    return field_fault(cx, ERR_INVALID, name, "sid",
                       arena_printf(cx->arena, "expected %s and 32 lower-case hex digits", prefix));
}

static enum err account_check(struct ctx *cx, const struct account *in)
{
    const char *secrets[] = { in->auth_token, in->auth_token_secondary, in->api_key_secret };
    (void)sid(cx, "/account_sid", in->account_sid, "AC");
    (void)sid(cx, "/api_key_sid", in->api_key_sid, "SK");
    (void)sid(cx, "/twiml_app_sid", in->twiml_app_sid, "AP");
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (secrets[i] != NULL && !check_header(secrets[i]))
            (void)field_fault(cx, ERR_INVALID, "/auth_token", "type", "expected printable ASCII in every secret");
    if ((in->api_key_sid == NULL) != (in->api_key_secret == NULL))
        (void)field_fault(cx, ERR_INVALID, "/api_key_secret", "pair", "a key needs its secret, and the reverse");
    if (in->region != NULL && region_edge(in->region) == NULL)
        (void)field_fault(cx, ERR_INVALID, "/region", "word", "is not a region of Twilio");
    return cx->err.code;
}

/* PUT /api/v1/settings/twilio {account_sid, auth_token, ...} -> 200 as GET: the whole account anew. Secrets go in and
 * never come out. 409: another tenant has this account, for a webhook carries nothing else that tells whose it is. */
enum err settings_twilio_set(struct req *rq, struct res *rs)
{
    struct ctx              *cx = rq->ctx;
    const struct account    *in = rq->in;
    struct seal_data         key;
    struct sql_twilio_set    done;
    struct sql_twilio_set_in set = { .account_sid = in->account_sid,
                                     .api_key_sid = in->api_key_sid,
                                     .twiml_app_sid = in->twiml_app_sid,
                                     .region = in->region,
                                     .edge = in->edge,
                                     .api_base_url = cx->cfg->twilio_api_set,
                                     .actor = auth_actor(rq),
                                     .origin = rq->remote };
    TRY(account_check(cx, in));
    TRY(tenant_key(cx, &key));
    TRY(twilio_seal(cx, &key, "auth_token", in->auth_token, &set.auth_token));
    TRY(twilio_seal(cx, &key, "auth_token_secondary", in->auth_token_secondary, &set.auth_token_secondary));
    TRY(twilio_seal(cx, &key, "api_key_secret", in->api_key_secret, &set.api_key_secret));
    if (sql_twilio_set(cx, &set, &done) == ERR_CONFLICT) {
        ctx_forgive(cx);
        return ctx_fail(cx, ERR_CONFLICT, "account_sid: another tenant has this account");
    }
    return cx->err.code != OK ? cx->err.code : res_json(rs, 200, done.doc);
}

/* GET /api/v1/settings/origins -> 200 {"origins":[...]} */
enum err settings_origins(struct req *rq, struct res *rs)
{
    struct sql_origins_show row;
    TRY(sql_origins_show(rq->ctx, &row));
    return res_json(rs, 200, row.doc);
}

/* PUT /api/v1/settings/origins {"origins":["https://crm.example", "http://localhost:3000"]} -> 200 as GET */
enum err settings_origins_set(struct req *rq, struct res *rs)
{
    struct ctx               *cx = rq->ctx;
    const struct origins     *in = rq->in;
    struct sql_origins_set    done;
    struct sql_origins_set_in set = { in->list, auth_actor(rq), rq->remote };
    const struct json        *list = json_get(rq->json, "origins");
    size_t                    i = 0;
    if (json_count(list) > ORIGINS_MAX)
        return field_fault(cx, ERR_INVALID, "/origins", "range", "expected at most 100 origins");
    for (const struct json *o = json_first(list); o != NULL; o = json_next(o), i++) {
        const char *text = json_text(o);
        if (text == NULL || !origin_valid(text))
            (void)field_fault(cx, ERR_INVALID, arena_printf(cx->arena, "/origins/%zu", i), "origin",
                              "expected scheme://host[:port] in lower case, without a path, as a browser sends it");
    }
    if (cx->err.code != OK) return cx->err.code;
    TRY(sql_origins_set(cx, &set, &done));
    return res_json(rs, 200, done.doc);
}

/* GET /api/v1/settings/recordings -> 200 {"link_seconds","storage","encrypt"} */
enum err settings_recordings(struct req *rq, struct res *rs)
{
    struct sql_recording_settings_show row;
    TRY(sql_recording_settings_show(rq->ctx, &row));
    return res_json(rs, 200, row.doc);
}

/* PUT /api/v1/settings/recordings {link_seconds?, storage?, encrypt?} -> 200 as GET: what is absent is the default. It
 * counts for recordings to come. */
enum err settings_recordings_set(struct req *rq, struct res *rs)
{
    const struct recordings                   *in = rq->in;
    struct sql_recording_settings_set          done;
    const struct sql_recording_settings_set_in set = { in->link_seconds, in->storage, in->encrypt, auth_actor(rq),
                                                       rq->remote };
    TRY(sql_recording_settings_set(rq->ctx, &set, &done));
    return res_json(rs, 200, done.doc);
}
