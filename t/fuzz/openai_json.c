/* Replies of models: any bytes are a transcript, an analysis, or a refusal; what is kept can be read back. */
#include "analysis.h"
#include "fuzz.h"
#include "limit.h"
#include "openai.h"

static const struct transcript_span  spans[] = { { 0, 2 }, { 3, 9 } };
static const struct transcript_piece piece = { "agent", 0, 10, spans, 2 };

static void heard(struct ctx *cx, const char *s, size_t n)
{
    struct transcript  t = { .n = 0 }, again = { .n = 0 };
    const struct json *reply = NULL;
    const char        *json = NULL, *text = NULL;
    struct analysis    a;
    if (json_parse(cx, s, n, JSON_REPLY_MAX, &reply) != OK || transcript_add(cx, &t, &piece, reply) != OK) return;
    transcript_sort(cx, &t);
    for (size_t i = 0; i < t.n; i++) PROMISE(t.v[i].text[0] != '\0' && t.v[i].start <= t.v[i].end && t.v[i].end <= 10);
    PROMISE(transcript_text(cx, &t, &text) == OK && transcript_json(cx, &t, &json) == OK);
    PROMISE(transcript_read(cx, json, &again) == OK && again.n == t.n);
    if (analysis_read(cx, s, &t, &a) != OK) ctx_forgive(cx);
}

static void answered(struct ctx *cx, const char *s, size_t n)
{
    static struct segment   lines[] = { { "agent", 0, 1, "I will call you back." } };
    const struct transcript t = { lines, 1, 1, NULL };
    const struct http_reply refusal = { .status = 400, .body = s, .len = n };
    const char             *content = NULL;
    const struct json      *items = NULL;
    struct analysis         a;
    PROMISE(openai_refused(cx, &refusal) != OK);
    ctx_forgive(cx);
    if (openai_content(cx, s, n, &content) == OK) s = content;
    ctx_forgive(cx);
    if (analysis_read(cx, s, &t, &a) != OK) return;
    PROMISE(json_parse(cx, a.action_items, strlen(a.action_items), JSON_REPLY_MAX, &items) == OK);
    PROMISE(json_parse(cx, a.topics, strlen(a.topics), JSON_REPLY_MAX, &items) == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct ctx *cx = fuzz_ctx();
    const char *s = arena_copy(cx->arena, (const char *)bytes, n);
    heard(cx, s, n);
    ctx_forgive(cx);
    answered(cx, s, n);
    return 0;
}
