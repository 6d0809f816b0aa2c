/* Requests to models, and what their refusals mean. */
#include "openai.h"

#include "buf.h"
#include "config.h"
#include "limit.h"

#include <string.h>

enum { MODELS_MS = 10 * 1000, SILENCE_S = 300, CHAT_MAX = 8 << 20, WORD_MAX = 64 };

static const char provider[] = "https://api.openai.com";

enum err openai_ready(struct ctx *cx)
{
    const struct config *c = cx->cfg;
    bool own = c->openai_base_url != NULL && strncmp(c->openai_base_url, provider, sizeof provider - 1) != 0;
    if (own || c->openai_api_key != NULL) return OK;
    return ctx_fail(cx, ERR_NOT_CONFIGURED, "OPENAI_API_KEY is not set (or OPENAI_BASE_URL, for a server of your own)");
}

static const char *url_of(struct ctx *cx, const char *path)
{
    const char *base = cx->cfg->openai_base_url == NULL ? "https://api.openai.com/v1" : cx->cfg->openai_base_url;
    size_t      n = strlen(base);
    while (n > 0 && base[n - 1] == '/') n--;
    return arena_printf(cx->arena, "%.*s%s", (int)n, base, path);
}

static enum err send(struct ctx *cx, struct openai *o, struct http_request *rq, struct http_reply *reply)
{
    rq->method = "POST";
    rq->bearer = cx->cfg->openai_api_key;
    rq->max = JSON_REPLY_MAX;
    rq->silence_s = SILENCE_S;
    rq->goes_on = o->goes_on;
    rq->goes_on_arg = o->goes_on_arg;
    o->retry_after_s = -1;
    o->quota = false;
    TRY(http_send(cx, rq, reply));
    o->retry_after_s = reply->retry_after_s;
    return OK;
}

/* The word by which a server names its error: never its sentence, which may repeat what we sent. */
static const char *cause(struct ctx *cx, const struct http_reply *reply)
{
    static const char *const members[] = { "code", "type" };
    const struct json       *root = NULL;
    struct ctx               quiet = *cx; /* a body that is no JSON is no failure here */
    if (json_parse(&quiet, reply->body, reply->len, JSON_REPLY_MAX, &root) != OK) return "";
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *word = json_text(json_get(json_get(root, "error"), members[i]));
        size_t n = word == NULL ? 0 : strspn(word, "abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
        if (n > 0 && n < WORD_MAX && word[n] == '\0') return word;
    }
    return "";
}

static bool out_of_money(const char *word)
{
    static const char *const words[] = { "insufficient_quota", "billing_hard_limit_reached", "billing_not_active" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i]) == 0) return true;
    return false;
}

/* https://platform.openai.com/docs/guides/error-codes */
enum err openai_refused(struct ctx *cx, const struct http_reply *reply)
{
    const int   status = reply->status;
    const char *word = cause(cx, reply), *gap = word[0] == '\0' ? "" : ", ";
    enum err    e = ERR_UPSTREAM_REFUSED;
    if (status == 401 || status == 402 || status == 403 || status == 404 || out_of_money(word)) e = ERR_UPSTREAM_AUTH;
    else if (status == 429) e = ERR_RATE_LIMITED;
    else if (status >= 500 || status == 408 || status == 409 || status < 400) e = ERR_UPSTREAM;
    return ctx_fail(cx, e, "the model's server refused (%d%s%s)%s", status, gap, word,
                    e != ERR_UPSTREAM_AUTH ? ""
                    : status == 404        ? ": see OPENAI_BASE_URL and the model's name"
                                           : ": see OPENAI_API_KEY and its quota");
}

/* What a refusal means, and whether it is for want of money. */
static enum err refused(struct ctx *cx, struct openai *o, const struct http_reply *reply)
{
    o->quota = reply->status == 402 || out_of_money(cause(cx, reply));
    return openai_refused(cx, reply);
}

static enum err transcribe_as(struct ctx *cx, struct openai *o, const struct openai_audio *a, bool segments,
                              struct http_reply *reply)
{
    struct http_part parts[5] = {
        { .name = "model", .text = a->model },
        { .name = "response_format", .text = segments ? "verbose_json" : "json" },
        { .name = "file", .file = "recording.wav", .type = "audio/wav", .bytes = a->wav, .len = a->len },
    };
    size_t n = 3;
    if (a->language != NULL) parts[n++] = (struct http_part){ .name = "language", .text = a->language };
    if (segments) parts[n++] = (struct http_part){ .name = "timestamp_granularities[]", .text = "segment" };
    struct http_request rq = { .url = url_of(cx, "/audio/transcriptions"), .parts = parts, .nparts = n };
    return send(cx, o, &rq, reply);
}

enum err openai_transcribe(struct ctx *cx, struct openai *o, const struct openai_audio *a, const struct json **out)
{
    struct http_reply reply = { .status = 0 };
    if (a->len > TRANSCRIBE_MAX) return ctx_fail(cx, ERR_TOO_LARGE, "more audio than one request takes");
    TRY(transcribe_as(cx, o, a, true, &reply));
    if (reply.status == 400) TRY(transcribe_as(cx, o, a, false, &reply));
    if (reply.status != 200) return refused(cx, o, &reply);
    return json_parse(cx, reply.body, reply.len, JSON_REPLY_MAX, out);
}

static void message(struct buf *b, const char *role, const char *text)
{
    buf_printf(b, "{\"role\":\"%s\",\"content\":", role);
    buf_json(b, text);
    buf_str(b, "}");
}

static enum err chat_as(struct ctx *cx, struct openai *o, const char *system, const char *user, const char *schema,
                        struct http_reply *reply)
{
    struct buf b = buf_new(cx->arena, CHAT_MAX);
    buf_str(&b, "{\"model\":");
    buf_json(&b, cx->cfg->analyse_model);
    buf_str(&b, ",\"messages\":[");
    message(&b, "system", system);
    buf_str(&b, ",");
    message(&b, "user", user);
    if (schema == NULL) buf_str(&b, "],\"response_format\":{\"type\":\"json_object\"}}");
    else {
        buf_str(&b, "],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                    "{\"name\":\"call_analysis\",\"strict\":true,\"schema\":");
        buf_str(&b, schema);
        buf_str(&b, "}}}");
    }
    if (b.full) return ctx_fail(cx, ERR_UPSTREAM_REFUSED, "the transcript is too long for one request");
    struct http_request rq = { .url = url_of(cx, "/chat/completions"),
                               .body = b.at,
                               .content_type = "application/json" };
    return send(cx, o, &rq, reply);
}

enum err openai_content(struct ctx *cx, const char *body, size_t len, const char **out)
{
    const struct json *root = NULL;
    TRY(json_parse(cx, body, len, JSON_REPLY_MAX, &root));
    const struct json *choice = json_first(json_get(root, "choices")), *said = json_get(choice, "message");
    const char *finish = json_text(json_get(choice, "finish_reason")), *text = json_text(json_get(said, "content"));
    if (json_text(json_get(said, "refusal")) != NULL)
        return ctx_fail(cx, ERR_MALFORMED, "the model declined to answer");
    if (finish != NULL && strcmp(finish, "stop") != 0)
        return ctx_fail(cx, ERR_MALFORMED, "the model's answer is not whole (%.32s)", finish);
    if (text == NULL || text[0] == '\0') return ctx_fail(cx, ERR_MALFORMED, "the model's answer is empty");
    *out = text;
    return OK;
}

enum err openai_chat(struct ctx *cx, struct openai *o, const char *system, const char *user, const char *schema,
                     const char **out)
{
    struct http_reply reply = { .status = 0 };
    TRY(chat_as(cx, o, system, user, schema, &reply));
    if (reply.status == 400) TRY(chat_as(cx, o, system, user, NULL, &reply)); /* older servers know no schemas */
    if (reply.status != 200) return refused(cx, o, &reply);
    return openai_content(cx, reply.body, reply.len, out);
}

enum err openai_models(struct ctx *cx, const struct json **out)
{
    struct http_reply   reply = { .status = 0 };
    struct http_request rq = { .method = "GET",
                               .url = url_of(cx, "/models"),
                               .bearer = cx->cfg->openai_api_key,
                               .max = JSON_REPLY_MAX,
                               .timeout_ms = MODELS_MS };
    TRY(openai_ready(cx));
    TRY(http_send(cx, &rq, &reply));
    if (reply.status != 200) return openai_refused(cx, &reply);
    return json_parse(cx, reply.body, reply.len, JSON_REPLY_MAX, out);
}

const char *openai_endpoint(struct ctx *cx)
{
    const char *url = url_of(cx, ""), *host = strstr(url, "://"), *at = host == NULL ? NULL : strchr(host, '@');
    return at == NULL ? url : arena_printf(cx->arena, "%.*s%s", (int)(host + 3 - url), url, at + 1);
}
