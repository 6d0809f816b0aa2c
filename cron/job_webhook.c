/* Job webhook: a message goes to an endpoint. ref: webhook_deliveries.id. It ends itself: its pauses are its own. */
#include "check.h"
#include "clock.h"
#include "config.h"
#include "egress.h"
#include "http.h"
#include "id.h"
#include "json.h"
#include "outhook.h"
#include "seal.h"
#include "sql.h"
#include "sweep.h"
#include "veil.h"

#include <string.h>

enum { BODY_MAX = 20 * 1024 };

/* What came of one attempt. */
struct attempt {
    int         status; /* 0: no answer */
    int64_t     duration_ms, retry_after_s;
    const char *response, *error;
};

static enum err opened(struct ctx *cx, const struct sql_webhook_load *row, const char *sealed, const char **out)
{
    const struct seal_data key = { cx->tenant, row->data_key };
    *out = NULL;
    if (sealed == NULL) return OK;
    if (cx->keys == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "the key file could not be read");
    return seal_data_open(cx, cx->keys, &key, outhook_place(cx->arena, row->endpoint), sealed, out);
}

/* As it is signed and sent: without spaces. */
static enum err minified(struct ctx *cx, const char *body, const char **out)
{
    const struct json *doc;
    TRY(json_parse(cx, body, strlen(body), 2 * BODY_MAX, &doc));
    *out = json_print(cx, doc);
    return OK;
}

/* PostgreSQL takes neither NUL nor what is not UTF-8. */
static const char *readable(struct ctx *cx, const char *bytes, size_t n)
{
    char *out = arena_copy(cx->arena, bytes, n);
    for (size_t i = 0; i < n;) {
        size_t step = out[i] == '\0' ? 0 : check_utf8_char(out + i);
        if (step == 0) out[i] = '?';
        i += step == 0 ? 1 : step;
    }
    return out;
}

static enum err prepare(struct ctx *cx, const struct sql_webhook_load *row, const char **body, const char **heads)
{
    const int64_t now = clock_unix_ms() / 1000;
    const char   *secrets[2], *signature;
    if (strstr(row->body, "\"sealed1|") != NULL) { /* told as the tenant's own people see it */
        TRY(veil_load(cx));
        TRY(veil_ready(cx));
    }
    TRY(minified(cx, veil_json_open(cx, cx->veil, row->body), body));
    TRY(opened(cx, row, row->secret, &secrets[0]));
    TRY(opened(cx, row, row->old_secret, &secrets[1]));
    TRY(outhook_sign(cx, secrets, 2, row->message, now, *body, &signature));
    heads[0] = arena_printf(cx->arena, "webhook-id: %s", row->message);
    heads[1] = arena_printf(cx->arena, "webhook-timestamp: %lld", (long long)now);
    heads[2] = arena_printf(cx->arena, "webhook-signature: %s", signature);
    heads[3] = NULL;
    return OK;
}

static struct attempt attempt(struct ctx *cx, const char *url, const char *body, const char *const *heads)
{
    const bool                local = cx->cfg->webhooks_to_loopback;
    const int64_t             began = clock_ms();
    struct attempt            a = { .retry_after_s = -1, .response = "" };
    struct http_reply         reply = { .status = 0 };
    const struct http_request rq = {
        .method = "POST",
        .url = url,
        .body = body,
        .content_type = "application/json",
        .head = heads,
        .max = OUTHOOK_RESPONSE_MAX,
        .cut = true,
        .timeout_ms = OUTHOOK_TIMEOUT_MS,
        .silence_s = OUTHOOK_TIMEOUT_MS / 1000,
        .reach = local ? egress_public_or_local : egress_public,
    };
    job_allow(cx, OUTHOOK_TIMEOUT_MS);
    if (egress_url(cx, url, local) == OK && http_send(cx, &rq, &reply) == OK) {
        a.status = reply.status;
        a.retry_after_s = reply.retry_after_s;
        a.response = readable(cx, reply.body, reply.len);
        if (a.status < 200 || a.status >= 300)
            a.error = a.status >= 300 && a.status < 400 ? "a redirect, which is not followed"
                                                        : arena_printf(cx->arena, "it answered %d", a.status);
    } else a.error = arena_strdup(cx->arena, cx->err.msg);
    ctx_forgive(cx);
    a.duration_ms = clock_ms() - began;
    return a;
}

static enum err note(struct ctx *cx, struct job *job, const struct sql_webhook_note_in *in)
{
    struct sql_webhook_note row = { .held = false };
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_webhook_note(cx, in, &row));
    return row.held ? OK : job_lost(cx, job);
}

enum err job_webhook(struct ctx *cx, struct job *job)
{
    static const char *const   words[] = { "delivered", "retry", "failed" };
    struct sql_webhook_load    row = { .endpoint = NULL };
    const char                *body, *heads[4];
    uint64_t                   spin;
    struct sql_webhook_note_in in = { .job = job->id, .token = job->token, .delivery = job->ref, .response = "" };
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_webhook_load(cx, &(const struct sql_webhook_load_in){ job->ref }, &row));
    if (row.endpoint == NULL) return job_finish(cx, job);
    if (!row.wanted) {
        in.verdict = "dropped";
        return note(cx, job, &in);
    }
    if (prepare(cx, &row, &body, heads) != OK) return job_ends(cx, job, JOB_PARK, -1);
    const struct attempt a = attempt(cx, row.url, body, heads);
    const int64_t        status = a.status;
    id_bytes(&spin, sizeof spin);
    in.verdict = words[outhook_next((int)row.attempts + 1, a.status, a.retry_after_s, spin, &in.delay_ms)];
    in.status = a.status == 0 ? NULL : &status;
    in.duration_ms = &a.duration_ms;
    in.response = a.response;
    in.error = a.error;
    return note(cx, job, &in);
}
