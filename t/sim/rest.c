/* The table of routes, who may call them, and what their handlers share. */
#include "rest.h"

#include "fault.h"
#include "papers.h"
#include "rec.h"
#include "sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum who { TWILIO, TWILIO_ANY, OPENAI, ANYBODY }; /* TWILIO_ANY: the path names no account */

#define AC "/2010-04-01/Accounts/*"

/* clang-format off */
static const struct route {
    const char  *method, *path; /* '*' is one segment or a part of it */
    enum who     who;
    http_answer *answer;
} ROUTES[] = {
    { "POST",   AC "/Calls.json",                         TWILIO,  calls_create },
    { "GET",    AC "/Calls.json",                         TWILIO,  calls_list },
    { "GET",    AC "/Calls/*/Recordings.json",            TWILIO,  recordings_of_call },
    { "POST",   AC "/Calls/*/Recordings.json",            TWILIO,  recordings_start },
    { "POST",   AC "/Calls/*/Recordings/*.json",          TWILIO,  recordings_update },
    { "GET",    AC "/Calls/*/Recordings/*.json",          TWILIO,     recordings_fetch },
    { "DELETE", AC "/Calls/*/Recordings/*.json",          TWILIO,     recordings_delete },
    { "GET",    AC "/Calls/*.json",                       TWILIO,  calls_fetch },
    { "POST",   AC "/Calls/*.json",                       TWILIO,  calls_update },
    { "DELETE", AC "/Calls/*.json",                       TWILIO,  calls_delete },
    { "GET",    AC "/Recordings.json",                    TWILIO,  recordings_list },
    { "GET",    AC "/Recordings/*.json",                  TWILIO,  recordings_fetch },
    { "DELETE", AC "/Recordings/*.json",                  TWILIO,  recordings_delete },
    { "GET",    AC "/Recordings/*.wav",                   TWILIO,  recordings_wav },
    { "GET",    AC "/Recordings/*.mp3",                   TWILIO,  recordings_mp3 },
    { "GET",    AC "/Recordings/*",                       TWILIO,  recordings_wav },
    { "GET",    AC "/IncomingPhoneNumbers.json",          TWILIO,  numbers_list },
    { "POST",   AC "/IncomingPhoneNumbers.json",          TWILIO,  numbers_create },
    { "POST",   AC "/IncomingPhoneNumbers/Local.json",    TWILIO,  numbers_create },
    { "POST",   AC "/IncomingPhoneNumbers/Mobile.json",   TWILIO,  numbers_create },
    { "POST",   AC "/IncomingPhoneNumbers/TollFree.json", TWILIO,  numbers_create },
    { "GET",    AC "/IncomingPhoneNumbers/*.json",        TWILIO,  numbers_fetch },
    { "POST",   AC "/IncomingPhoneNumbers/*.json",        TWILIO,  numbers_update },
    { "DELETE", AC "/IncomingPhoneNumbers/*.json",        TWILIO,  numbers_delete },
    { "GET",    AC "/AvailablePhoneNumbers.json",         TWILIO,  numbers_countries },
    { "GET",    AC "/AvailablePhoneNumbers/*/*.json",     TWILIO,  numbers_search },
    { "GET",    AC "/Addresses.json",                     TWILIO,  addresses_list },
    { "GET",    AC "/Conferences.json",                   TWILIO,  rooms_list },
    { "GET",    AC "/Conferences/*/Participants.json",    TWILIO,  members_list },
    { "POST",   AC "/Conferences/*/Participants.json",    TWILIO,  members_create },
    { "GET",    AC "/Conferences/*/Participants/*.json",  TWILIO,  members_fetch },
    { "POST",   AC "/Conferences/*/Participants/*.json",  TWILIO,  members_update },
    { "DELETE", AC "/Conferences/*/Participants/*.json",  TWILIO,  members_delete },
    { "GET",    AC "/Conferences/*/Recordings.json",      TWILIO,  recordings_of_room },
    { "GET",    AC "/Conferences/*.json",                 TWILIO,  rooms_fetch },
    { "POST",   AC "/Conferences/*.json",                 TWILIO,  rooms_update },
    { "GET",    AC "/Queues.json",                        TWILIO,  queues_list },
    { "POST",   AC "/Queues.json",                        TWILIO,  queues_create },
    { "GET",    AC "/Queues/*/Members.json",              TWILIO,  queue_members_list },
    { "GET",    AC "/Queues/*/Members/*.json",            TWILIO,  queue_members_fetch },
    { "POST",   AC "/Queues/*/Members/*.json",            TWILIO,  queue_members_update },
    { "GET",    AC "/Queues/*.json",                      TWILIO,  queues_fetch },
    { "POST",   AC "/Queues/*.json",                      TWILIO,  queues_update },
    { "DELETE", AC "/Queues/*.json",                      TWILIO,  queues_delete },
    { "GET",    AC "/Applications.json",                  TWILIO,  apps_list },
    { "POST",   AC "/Applications.json",                  TWILIO,  apps_create },
    { "GET",    AC "/Applications/*.json",                TWILIO,  apps_fetch },
    { "POST",   AC "/Applications/*.json",                TWILIO,  apps_update },
    { "DELETE", AC "/Applications/*.json",                TWILIO,  apps_delete },
    { "GET",    AC "/Messages.json",                      TWILIO,  messages_list },
    { "POST",   AC "/Messages.json",                      TWILIO,  messages_create },
    { "GET",    AC "/Messages/*.json",                    TWILIO,  messages_fetch },
    { "POST",   AC "/Messages/*.json",                    TWILIO,  messages_update },
    { "DELETE", AC "/Messages/*.json",                    TWILIO,  messages_delete },
    { "GET",    AC "/Usage/Records.json",                 TWILIO,  usage_records },
    { "GET",    AC "/Usage/Records/*.json",               TWILIO,  usage_records },
    { "GET",    AC "/Balance.json",                       TWILIO,  account_balance },
    { "GET",    AC ".json",                               TWILIO,  account_fetch },
    { "GET",    "/2010-04-01/Accounts.json",              TWILIO_ANY, accounts_list },
    { "GET",    "/v1/Alerts",                             TWILIO_ANY, alerts_list },
    { "GET",    "/v1/Alerts/*",                           TWILIO_ANY, alerts_fetch },
    { "GET",    "/v2/Voice/Numbers/*",                    TWILIO_ANY, pricing_voice },
    { "GET",    "/v1/PhoneNumbers/Countries/*",           TWILIO_ANY, pricing_numbers },
    { "GET",    "/v2/RegulatoryCompliance/Regulations",   TWILIO_ANY, regulations_list },
    { "GET",    "/v2/RegulatoryCompliance/Bundles",       TWILIO_ANY, bundles_list },
    { "POST",   "/v1/audio/transcriptions",               OPENAI,  ai_transcribe },
    { "POST",   "/v1/chat/completions",                   OPENAI,  ai_chat },
    { "GET",    "/v1/models",                             OPENAI,  ai_models },
    { "POST",   "/sim/calls",                             ANYBODY, sim_call_create },
    { "GET",    "/sim/calls",                             ANYBODY, sim_call_list },
    { "GET",    "/sim/calls/*",                           ANYBODY, sim_call_fetch },
    { "POST",   "/sim/calls/*/hangup",                    ANYBODY, sim_call_hangup },
    { "POST",   "/sim/calls/*/answer",                    ANYBODY, sim_call_answer },
    { "POST",   "/sim/calls/*/reject",                    ANYBODY, sim_call_answer },
    { "POST",   "/sim/calls/*/redirect",                  ANYBODY, sim_call_redirect },
    { "POST",   "/sim/numbers",                           ANYBODY, sim_number_create },
    { "GET",    "/sim/numbers",                           ANYBODY, sim_number_list },
    { "POST",   "/sim/papers",                            ANYBODY, sim_paper_create },
    { "PUT",    "/sim/phones/*",                          ANYBODY, sim_phone_put },
    { "GET",    "/sim/phones",                            ANYBODY, sim_phone_list },
    { "POST",   "/sim/faults",                            ANYBODY, sim_fault_add },
    { "GET",    "/sim/faults",                            ANYBODY, sim_fault_list },
    { "DELETE", "/sim/faults",                            ANYBODY, sim_fault_clear },
    { "GET",    "/sim/ledger",                            ANYBODY, sim_ledger },
    { "GET",    "/sim/alerts",                            ANYBODY, sim_alerts },
    { "POST",   "/sim/reset",                             ANYBODY, sim_reset },
    { "POST",   "/sim/clock",                             ANYBODY, sim_clock },
    { "POST",   "/sim/messages",                          ANYBODY, sim_message_create },
    { "GET",    "/sim/messages",                          ANYBODY, sim_message_list },
    { "POST",   "/sim/storm",                             ANYBODY, sim_storm },
    { "GET",    "/sim/summary",                           ANYBODY, sim_summary },
    { "GET",    "/sim",                                   ANYBODY, sim_state },
};
/* clang-format on */

void rest_fail(struct reply *r, int status, int code, const char *fmt, ...)
{
    char    text[512];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args); /* a long value is cut in a message */
    va_end(args);
    cJSON *o = cJSON_CreateObject();
    json_int(o, "code", code);
    json_text(o, "message", text);
    json_text(o, "more_info", keep_fmt("https://www.twilio.com/docs/errors/%d", code));
    json_int(o, "status", status);
    reply_json(r, status, o);
    world_log("rest: %d %d %s", status, code, text);
}

void rest_not_found(const struct request *q, struct reply *r)
{
    rest_fail(r, 404, 20404, "The requested resource %s was not found", q->path);
}

/* Matches a path; what '*' took goes to seg. */
static bool fits(const char *pattern, const char *path, const char **seg)
{
    size_t same = strcspn(pattern, "*");
    if (pattern[same] == '\0') return strcmp(pattern, path) == 0;
    if (strncmp(pattern, path, same) != 0) return false;
    path += same;
    size_t max = strcspn(path, "/");
    for (size_t n = 1; n <= max; n++) {
        if (!fits(pattern + same + 1, path + n, seg + 1)) continue;
        char *s = keep_mem(path, n);
        (void)percent_decode(s, n, false);
        *seg = s;
        return true;
    }
    return false;
}

static bool basic(const struct request *q)
{
    unsigned char text[512];
    if (q->authorization == NULL || strncmp(q->authorization, "Basic ", 6) != 0) return false;
    int n = base64_decode(q->authorization + 6, text, sizeof text - 1);
    if (n < 0) return false;
    text[n] = '\0';
    const struct credentials *w = &world.who;
    const char               *got = (const char *)text;
    if (strcmp(got, keep_fmt("%s:%s", w->account, w->token)) == 0) return true;
    return w->key != NULL && w->secret != NULL && strcmp(got, keep_fmt("%s:%s", w->key, w->secret)) == 0;
}

static bool bearer(const struct request *q)
{
    if (world.who.openai == NULL || world.who.openai[0] == '\0') return true;
    return q->authorization != NULL && strcmp(q->authorization, keep_fmt("Bearer %s", world.who.openai)) == 0;
}

static bool allowed(const struct route *route, struct request *q, struct reply *r)
{
    bool other = route->who == TWILIO && strcmp(q->seg[0], world.who.account) != 0;
    if ((route->who == TWILIO || route->who == TWILIO_ANY) && (!basic(q) || other)) {
        form_add(&r->headers, "WWW-Authenticate", "Basic realm=\"Twilio API\"");
        rest_fail(r, 401, 20003, "Authenticate");
        return false;
    }
    if (route->who == OPENAI && !bearer(q)) {
        reply_json(r, 401,
                   cJSON_Parse(
                       "{\"error\":{\"message\":\"Incorrect API key "
                       "provided.\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_api_key\"}}"));
        return false;
    }
    return true;
}

/* Fault rest_status: kind is the method; number that of the call or recording it is about, or the To of the form. */
static bool failing(const struct request *q, struct reply *r)
{
    const char             *sid = q->seg[1];
    const struct recording *x = sid != NULL && strncmp(sid, "RE", 2) == 0 ? world_recording(sid) : NULL;
    struct occasion         o = { .kind = q->method, .call = sid, .to = form_get(&q->form, "To") };
    if (x != NULL) o.call = x->call != NULL ? x->call->sid : NULL;
    const struct fault *f = fault_at("rest_status", &o);
    if (f == NULL) return false;
    if (f->retry_after >= 0) form_addf(&r->headers, "Retry-After", "%d", f->retry_after);
    if (f->status == 429) rest_fail(r, 429, 20429, "Too Many Requests");
    else rest_fail(r, f->status > 0 ? f->status : 500, 20500, "Internal Server Error");
    return true;
}

/* What the ledger keeps of a request that changes something. */
static void note(const struct request *q, const struct reply *r)
{
    struct posted *x = keep(sizeof *x);
    struct buf     b = { 0 };
    const char    *path = strstr(q->path, "/Accounts/"), *sid = q->seg[2] != NULL ? q->seg[2] : q->seg[1];
    if (path != NULL) path = strchr(path + strlen("/Accounts/"), '/');
    if (path == NULL || strcmp(q->method, "GET") == 0 || strcmp(path, "/Calls.json") == 0) return;
    form_encode(&q->form, &b);
    buf_str(&b, "");
    *x = (struct posted){ .method = keep_str(q->method),
                          .path = keep_str(path),
                          .params = keep_str(b.at),
                          .call = q->seg[1] != NULL && strncmp(q->seg[1], "CA", 2) == 0 ? q->seg[1] : sid,
                          .number = keep_str(form_get(&q->form, "From")),
                          .status = r->status,
                          .at = clock_wall_ms() };
    buf_free(&b);
    list_add(&world.posts, x);
}

/* Fault rest_cut: what was asked is done, and the reply is lost after so many bytes. */
static void lose(const struct request *q, struct reply *r)
{
    struct occasion     o = { .kind = q->method, .call = q->seg[1], .to = form_get(&q->form, "To") };
    const struct fault *f = fault_at("rest_cut", &o);
    if (f != NULL) r->cut_at = f->at_byte;
}

void rest_answer(struct request *q, struct reply *r)
{
    bool elsewhere = false;
    for (size_t i = 0; i < sizeof ROUTES / sizeof *ROUTES; i++) {
        const struct route *route = &ROUTES[i];
        memset(q->seg, 0, sizeof q->seg);
        if (!fits(route->path, q->path, q->seg)) continue;
        if (strcmp(route->method, q->method) != 0) {
            elsewhere = true;
            continue;
        }
        bool       ours = route->who == TWILIO || route->who == TWILIO_ANY;
        const bool noted = ours && noted_about(q);
        if (allowed(route, q, r) && !(ours && failing(q, r)) && !(noted && noted_fails(q, r))
            && rest_params_known(route->answer, q, r))
            route->answer(q, r);
        if (noted) noted_keep(q, r);
        if (ours) note(q, r);
        if (ours) lose(q, r);
        return;
    }
    if (elsewhere) rest_fail(r, 405, 20004, "Method not allowed");
    else rest_not_found(q, r);
}

void json_text(cJSON *o, const char *name, const char *value)
{
    if (value != NULL) (void)cJSON_AddStringToObject(o, name, value);
    else (void)cJSON_AddNullToObject(o, name);
}

void json_int(cJSON *o, const char *name, int64_t value)
{
    (void)cJSON_AddNumberToObject(o, name, (double)value);
}

void json_bool(cJSON *o, const char *name, bool value)
{
    (void)cJSON_AddBoolToObject(o, name, value);
}

void json_date(cJSON *o, const char *name, int64_t unix_ms)
{
    json_text(o, name, unix_ms >= 0 ? clock_rfc2822(unix_ms) : NULL);
}

void json_time(cJSON *o, const char *name, int64_t unix_ms)
{
    json_text(o, name, unix_ms >= 0 ? clock_rfc3339(unix_ms) : NULL);
}
