/* Segments of speech: read from replies, guarded, merged, written. */
#include "transcript.h"

#include "buf.h"
#include "limit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SEGMENTS_JSON_MAX = 4 << 20, LOOP = 3 };

const char *transcript_speaker(const char *kind, const char *root_role, int channels, int channel)
{
    if (strcmp(kind, "voicemail") == 0) return "customer";
    if (channels != 2 || root_role == NULL) return "unknown";
    bool customer = strcmp(root_role, "customer") == 0;
    return customer == (channel == 0) ? "customer" : "agent";
}

/* The text without blanks around it and without control bytes, which could pass for a line of somebody else. */
static const char *tidy(struct ctx *cx, const char *text)
{
    while (isspace((unsigned char)*text)) text++;
    char *out = arena_strdup(cx->arena, text);
    for (char *p = out; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F) *p = ' ';
    for (size_t n = strlen(out); n > 0 && out[n - 1] == ' '; n--) out[n - 1] = '\0';
    return out;
}

void transcript_put(struct ctx *cx, struct transcript *t, const struct segment *s)
{
    if (t->n == t->size) {
        size_t          size = t->size == 0 ? 64 : 2 * t->size;
        struct segment *v = arena_alloc(cx->arena, size * sizeof *v);
        if (t->n > 0) memcpy(v, t->v, t->n * sizeof *v);
        t->v = v;
        t->size = size;
    }
    t->v[t->n++] = *s;
}

static double number(const struct json *o, const char *name, double fallback)
{
    double v = fallback;
    return json_number(json_get(o, name), &v) ? v : fallback;
}

/* https://github.com/openai/whisper/blob/main/whisper/transcribe.py: the thresholds its own decoder works with */
static bool doubted(const struct json *s)
{
    return (number(s, "no_speech_prob", 0) > 0.6 && number(s, "avg_logprob", 0) < -1.0)
           || number(s, "compression_ratio", 0) > 2.4;
}

/* Does it fall where the channel is loud, give or take a second? Models place words badly, but not into long silence.
 */
static bool heard(const struct transcript_piece *p, double start, double end)
{
    for (size_t i = 0; i < p->nspans; i++)
        if (start <= p->spans[i].end + 1 && end >= p->spans[i].start - 1) return true;
    return p->nspans == 0;
}

static enum err segment(struct ctx *cx, struct transcript *t, const struct transcript_piece *p, const struct json *s)
{
    const char *text = json_text(json_get(s, "text"));
    double      start = number(s, "start", -1), end = number(s, "end", -1);
    if (text == NULL || start < 0 || end < start) return ctx_fail(cx, ERR_MALFORMED, "a segment without text or times");
    text = tidy(cx, text);
    if (doubted(s) || *text == '\0' || start > p->length) return OK;
    if (end > p->length) end = p->length;
    if (!heard(p, p->start + start, p->start + end)) return OK;
    transcript_put(cx, t, &(const struct segment){ p->speaker, p->start + start, p->start + end, text });
    return OK;
}

/* Runs of LOOP and more equal texts from `from` on: a model that found nothing to hear repeats itself. */
static void collapse(struct transcript *t, size_t from)
{
    size_t kept = from;
    for (size_t i = from; i < t->n;) {
        size_t run = 1;
        while (i + run < t->n && strcasecmp(t->v[i].text, t->v[i + run].text) == 0) run++;
        for (size_t k = 0; k < (run >= LOOP ? 1 : run); k++) t->v[kept++] = t->v[i + k];
        i += run;
    }
    t->n = kept;
}

enum err transcript_add(struct ctx *cx, struct transcript *t, const struct transcript_piece *p,
                        const struct json *reply)
{
    const char        *text = json_text(json_get(reply, "text")), *language = json_text(json_get(reply, "language"));
    const struct json *segments = json_get(reply, "segments");
    const size_t       from = t->n;
    if (text == NULL) return ctx_fail(cx, ERR_MALFORMED, "the reply holds no text");
    if (t->language == NULL && language != NULL && *language != '\0') t->language = tidy(cx, language);
    if (segments != NULL && json_type(segments) == JSON_ARRAY) {
        for (const struct json *s = json_first(segments); s != NULL; s = json_next(s)) TRY(segment(cx, t, p, s));
        collapse(t, from);
        return OK;
    }
    text = tidy(cx, text);
    if (*text != '\0') transcript_spread(cx, t, p, text);
    return OK;
}

/* qsort() is not stable: ties are decided by place, which is the address while it sorts pointers. */
static int earlier(const void *a, const void *b)
{
    const struct segment *x = *(const struct segment *const *)a, *y = *(const struct segment *const *)b;
    if (x->start < y->start) return -1;
    if (x->start > y->start) return 1;
    return x < y ? -1 : x > y;
}

void transcript_sort(struct ctx *cx, struct transcript *t)
{
    const struct segment **order = arena_alloc(cx->arena, (t->n + 1) * sizeof *order);
    struct segment        *v = arena_alloc(cx->arena, (t->n + 1) * sizeof *v);
    for (size_t i = 0; i < t->n; i++) order[i] = &t->v[i];
    qsort(order, t->n, sizeof *order, earlier);
    for (size_t i = 0; i < t->n; i++) v[i] = *order[i];
    t->v = v;
    t->size = t->n;
}

enum err transcript_text(struct ctx *cx, const struct transcript *t, const char **out)
{
    struct buf b = buf_new(cx->arena, TRANSCRIPT_MAX);
    for (size_t i = 0; i < t->n; i++) {
        const struct segment *s = &t->v[i];
        if (i > 0) buf_str(&b, "\n");
        if (strcmp(s->speaker, "unknown") != 0)
            buf_str(&b, strcmp(s->speaker, "agent") == 0 ? "Agent: " : "Customer: ");
        buf_str(&b, s->text);
    }
    if (b.full) return ctx_fail(cx, ERR_TOO_LARGE, "the transcript is over %d bytes", TRANSCRIPT_MAX);
    *out = b.at;
    return OK;
}

enum err transcript_json(struct ctx *cx, const struct transcript *t, const char **out)
{
    struct buf b = buf_new(cx->arena, SEGMENTS_JSON_MAX);
    buf_str(&b, "[");
    for (size_t i = 0; i < t->n; i++) {
        const struct segment *s = &t->v[i];
        buf_printf(&b, "%s{\"speaker\":\"%s\",\"start\":%.2f,\"end\":%.2f,\"text\":", i == 0 ? "" : ",", s->speaker,
                   s->start, s->end);
        buf_json(&b, s->text);
        buf_str(&b, "}");
    }
    buf_str(&b, "]");
    if (b.full) return ctx_fail(cx, ERR_TOO_LARGE, "the transcript is over %d bytes", SEGMENTS_JSON_MAX);
    *out = b.at;
    return OK;
}

static const char *speaker_of(const char *word)
{
    static const char *const words[] = { "customer", "agent" };
    for (size_t i = 0; word != NULL && i < 2; i++)
        if (strcmp(word, words[i]) == 0) return words[i];
    return "unknown";
}

enum err transcript_read(struct ctx *cx, const char *segments, struct transcript *out)
{
    const struct json *root = NULL;
    struct transcript  t = { .n = 0 };
    TRY(json_parse(cx, segments, strlen(segments), (size_t)2 * SEGMENTS_JSON_MAX, &root));
    for (const struct json *s = json_first(root); s != NULL; s = json_next(s)) {
        const char *text = json_text(json_get(s, "text"));
        if (text == NULL) return ctx_fail(cx, ERR_MALFORMED, "a segment without text");
        transcript_put(cx, &t,
                       &(const struct segment){ speaker_of(json_text(json_get(s, "speaker"))), number(s, "start", 0),
                                                number(s, "end", 0), text });
    }
    *out = t;
    return OK;
}
