/* Recordings: what is said on which channel and when; rendered as WAV when somebody asks. */
#include "rec.h"

#include "hooks.h"
#include "sign.h"

#include <stdlib.h>
#include <string.h>

enum { READY_MS = 1500, ABSENT_MS = 500, MARK = 160 };

struct recording *rec_start(struct call *c, const char *source, bool dual, const struct rec_report *report)
{
    struct recording *r = keep(sizeof *r);
    *r = (struct recording){ .sid = chance_sid("RE"),
                             .source = source,
                             .call = c,
                             .channels = dual ? 2 : 1,
                             .status = "in-progress",
                             .started = clock_now(),
                             .report = *report };
    list_add(&world.recordings, r);
    world_log("recording %s of %s starts (%s, %d channels)", r->sid, c != NULL ? c->sid : "-", source, r->channels);
    hook_recording(r, REC_ON_PROGRESS);
    return r;
}

void rec_add(struct recording *r, const struct piece *p)
{
    if (p->len_ms <= 0) return;
    if (r->n == r->cap) {
        struct piece *old = r->v;
        r->cap = 2 * r->cap + 8;
        r->v = keep(r->cap * sizeof *r->v);
        if (r->n > 0) memcpy(r->v, old, r->n * sizeof *r->v);
    }
    r->v[r->n++] = *p;
}

void rec_say(struct recording *r, int channel, int64_t at, const struct speech *s)
{
    int64_t offset = at - r->started, skip = offset < 0 ? -offset : 0;
    rec_add(r, &(struct piece){ .channel = channel,
                                .at_ms = offset < 0 ? 0 : offset,
                                .from_ms = skip,
                                .len_ms = speech_ms(s) - skip,
                                .speech = s });
}

static void ready(void *arg)
{
    struct recording *r = arg;
    bool              absent = r->duration_ms < ABSENT_MS;
    r->status = absent ? "absent" : "completed";
    if (absent) r->duration_ms = 0;
    world_log("recording %s %s, %lld ms", r->sid, r->status, (long long)r->duration_ms);
    hook_recording(r, absent ? REC_ON_ABSENT : REC_ON_COMPLETED);
    if (r->done != NULL) r->done(r);
}

void rec_stop(struct recording *r)
{
    if (strcmp(r->status, "in-progress") != 0 && strcmp(r->status, "paused") != 0) return;
    rec_resume(r);
    r->duration_ms = clock_now() - r->started;
    r->status = "processing";
    rec_cut(r);
    (void)clock_in(READY_MS, ready, r);
}

int64_t rec_seconds(const struct recording *r)
{
    return (r->duration_ms + 500) / 1000;
}

static void le(struct buf *b, uint32_t x, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        char c = (char)(x >> 8 * i & 0xff);
        buf_add(b, &c, 1);
    }
}

static void header(struct buf *b, uint32_t data, uint32_t channels)
{
    buf_add(b, "RIFF", 4);
    le(b, 36 + data, 4);
    buf_add(b, "WAVEfmt ", 8);
    le(b, 16, 4);
    le(b, 1, 2);
    le(b, channels, 2);
    le(b, RATE, 4);
    le(b, RATE * 2 * channels, 4);
    le(b, 2 * channels, 2);
    le(b, 16, 2);
    buf_add(b, "data", 4);
    le(b, data, 4);
}

static void place(int16_t *frames, size_t n, size_t channels, const struct piece *p)
{
    size_t at = (size_t)p->at_ms * RATE / 1000, from = (size_t)p->from_ms * RATE / 1000;
    size_t ch = channels == 2 ? (size_t)p->channel : 0;
    size_t to = from + (size_t)p->len_ms * RATE / 1000;
    for (size_t i = from; i < p->speech->n && i < to && at + i - from < n; i++) {
        int16_t *f = &frames[(at + i - from) * channels + ch];
        int      x = *f + p->speech->pcm[i];
        *f = (int16_t)(x > 32767 ? 32767 : x < -32768 ? -32768 : x);
    }
}

uint64_t rec_mark(const struct recording *r)
{
    return chance_of(r->sid);
}

void rec_wav(const struct recording *r, int channels, struct buf *out)
{
    size_t   n = (size_t)r->duration_ms * RATE / 1000, ch = (size_t)channels;
    int16_t *frames = calloc(n * ch + 1, sizeof *frames);
    uint64_t mark = rec_mark(r);
    if (frames == NULL) abort();
    for (size_t i = 0; i < r->n; i++) place(frames, n, ch, &r->v[i]);
    /* An inaudible mark of the SID in the first 20 ms: no two recordings are the same bytes. */
    for (size_t i = 0; i < MARK * ch && i < n * ch; i++)
        if (frames[i] == 0) frames[i] = (int16_t)((i % ch == 0 ? mark : ~mark) >> i / ch % 64 & 1);
    header(out, (uint32_t)(n * ch * 2), (uint32_t)ch);
    buf_add(out, frames, n * ch * 2);
    free(frames);
}

const char *rec_sha256(struct recording *r)
{
    if (r->sha256 == NULL && strcmp(r->status, "completed") == 0) {
        struct buf b = { 0 };
        char       hex[65];
        rec_wav(r, r->channels, &b);
        sha256_hex(b.at, b.len, hex);
        r->sha256 = keep_str(hex);
        buf_free(&b);
    }
    return r->sha256;
}
