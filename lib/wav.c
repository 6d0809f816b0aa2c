/* RIFF/WAVE: header, peaks, levels, channels. Files may be hundreds of megabytes and are read in blocks. */
#include "wav.h"

#include <math.h>
#include <string.h>

enum { BLOCK_FRAMES = 16 * 1024, CHUNKS_MAX = 64, PCM = 1, EXTENSIBLE = 0xFFFE, FMT_MAX = 40 };

static uint32_t le(const unsigned char *p, int bytes)
{
    uint32_t v = 0;
    for (int i = bytes - 1; i >= 0; i--) v = v << 8 | p[i];
    return v;
}

static enum err bad(struct ctx *cx, const char *why)
{
    return ctx_fail(cx, ERR_MALFORMED, "not a WAV file that can be used: %s", why);
}

static enum err format(struct ctx *cx, const unsigned char *f, size_t n, struct wav *out)
{
    uint32_t tag = le(f, 2);
    if (tag == EXTENSIBLE && n >= 26) tag = le(f + 24, 2); /* the first bytes of its sub-format */
    out->channels = (int)le(f + 2, 2);
    out->rate = le(f + 4, 4);
    if (tag != PCM) return bad(cx, "not PCM");
    if (le(f + 14, 2) != 16) return bad(cx, "not 16 bits a sample");
    if (out->channels < 1 || out->channels > 2) return bad(cx, "neither one nor two channels");
    if (out->rate < 8000 || out->rate > 48000) return bad(cx, "its rate is not 8 to 48 kHz");
    if (le(f + 12, 2) != (uint32_t)out->channels * 2) return bad(cx, "frames of another size");
    return OK;
}

/* Where the file ends; -1 if it cannot be told. */
static int64_t size_of(FILE *f)
{
    return fseeko(f, 0, SEEK_END) == 0 ? (int64_t)ftello(f) : -1;
}

/* Goes through the chunks until the samples: fmt comes before data, others may stand between.
 *   RIFF size WAVE | fmt_ size ... | LIST size ... | data size samples */
static enum err chunks(struct ctx *cx, FILE *f, int64_t size, struct wav *w, int64_t *data)
{
    unsigned char head[8], fmt[FMT_MAX];
    int64_t       at = 12;
    for (int i = 0; i < CHUNKS_MAX; i++) {
        if (fseeko(f, at, SEEK_SET) != 0 || fread(head, 1, sizeof head, f) != sizeof head) return bad(cx, "no samples");
        int64_t len = le(head + 4, 4);
        at += (int64_t)sizeof head;
        if (memcmp(head, "data", 4) == 0) {
            w->at = at;
            *data = len;
            return w->channels > 0 ? OK : bad(cx, "samples before their format");
        }
        if (memcmp(head, "fmt ", 4) == 0) {
            size_t n = len < FMT_MAX ? (size_t)len : FMT_MAX;
            if (len < 16 || fread(fmt, 1, n, f) != n) return bad(cx, "its format is cut");
            TRY(format(cx, fmt, n, w));
        }
        at += len + len % 2; /* chunks are padded to an even length */
        if (at > size) return bad(cx, "it is cut");
    }
    return bad(cx, "too many chunks");
}

enum err wav_read(struct ctx *cx, FILE *f, struct wav *out)
{
    unsigned char head[12];
    struct wav    w = { .channels = 0 };
    int64_t       data = 0, size = size_of(f);
    if (size < 0 || fseeko(f, 0, SEEK_SET) != 0 || fread(head, 1, sizeof head, f) != sizeof head
        || memcmp(head, "RIFF", 4) != 0 || memcmp(head + 8, "WAVE", 4) != 0)
        return bad(cx, "it does not begin with RIFF and WAVE");
    TRY(chunks(cx, f, size, &w, &data));
    if (data > size - w.at) return bad(cx, "samples are missing at its end");
    w.frames = data / (2 * w.channels);
    if (w.frames == 0) return bad(cx, "no samples");
    *out = w;
    return OK;
}

int64_t wav_seconds(const struct wav *w)
{
    return (w->frames + w->rate / 2) / w->rate;
}

/* Reads n frames (BLOCK_FRAMES at most) from `from` on; false at an error of the disk. */
static bool block(FILE *f, const struct wav *w, int64_t from, int64_t n, unsigned char *buf)
{
    size_t frame = (size_t)w->channels * 2;
    return fseeko(f, w->at + from * (int64_t)frame, SEEK_SET) == 0 && fread(buf, frame, (size_t)n, f) == (size_t)n;
}

static int sample(const unsigned char *buf, int64_t i)
{
    return (int16_t)le(buf + 2 * i, 2);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

enum err wav_peaks(struct ctx *cx, FILE *f, const struct wav *w, struct db_bytes *out)
{
    const int64_t  slices = least(w->frames, WAV_PEAK_SLICES);
    unsigned char *peaks = arena_alloc(cx->arena, (size_t)(slices * w->channels));
    unsigned char *buf = arena_alloc(cx->arena, (size_t)BLOCK_FRAMES * 4);
    for (int64_t at = 0; at < w->frames; at += BLOCK_FRAMES) {
        int64_t n = least(BLOCK_FRAMES, w->frames - at);
        if (!block(f, w, at, n, buf)) return ctx_fail(cx, ERR_INTERNAL, "the recording cannot be read");
        for (int64_t i = 0; i < n * w->channels; i++) {
            int64_t slice = (at + i / w->channels) * slices / w->frames;
            int     loud = sample(buf, i);
            loud = (loud < 0 ? -(loud + 1) : loud) >> 7;
            unsigned char *to = &peaks[slice * w->channels + i % w->channels];
            if (loud > *to) *to = (unsigned char)loud;
        }
    }
    *out = (struct db_bytes){ peaks, (size_t)(slices * w->channels) };
    return OK;
}

enum err wav_levels(struct ctx *cx, FILE *f, const struct wav *w, int channel, struct wav_levels *out)
{
    const int64_t   window = w->rate * WAV_WINDOW_MS / 1000, n = (w->frames + window - 1) / window;
    unsigned short *v = arena_alloc(cx->arena, (size_t)n * sizeof *v);
    unsigned char  *buf = arena_alloc(cx->arena, (size_t)window * 4);
    for (int64_t k = 0; k < n; k++) {
        int64_t len = least(window, w->frames - k * window);
        double  sum = 0;
        if (!block(f, w, k * window, len, buf)) return ctx_fail(cx, ERR_INTERNAL, "the recording cannot be read");
        for (int64_t i = 0; i < len; i++) {
            double s = sample(buf, i * w->channels + channel);
            sum += s * s;
        }
        v[k] = (unsigned short)sqrt(sum / (double)len);
    }
    *out = (struct wav_levels){ v, (size_t)n, window };
    return OK;
}

static void put(unsigned char *to, uint32_t v, int bytes)
{
    for (int i = 0; i < bytes; i++) to[i] = (unsigned char)(v >> 8 * i & 0xFF);
}

static void header(unsigned char *h, uint32_t rate, uint32_t bytes)
{
    memcpy(h, "RIFF....WAVEfmt ....", 20);
    put(h + 4, bytes + WAV_HEAD - 8, 4);
    put(h + 16, 16, 4);
    put(h + 20, PCM, 2);
    put(h + 22, 1, 2);
    put(h + 24, rate, 4);
    put(h + 28, rate * 2, 4);
    put(h + 32, 2, 2);
    put(h + 34, 16, 2);
    memcpy(h + 36, "data", 4);
    put(h + 40, bytes, 4);
}

enum err wav_channel(struct ctx *cx, FILE *f, const struct wav *w, int channel, int64_t from, int64_t n,
                     unsigned char *buf)
{
    unsigned char *frames = arena_alloc(cx->arena, (size_t)BLOCK_FRAMES * 4);
    header(buf, (uint32_t)w->rate, (uint32_t)n * 2);
    for (int64_t done = 0; done < n; done += BLOCK_FRAMES) {
        int64_t now = least(BLOCK_FRAMES, n - done);
        if (!block(f, w, from + done, now, frames)) return ctx_fail(cx, ERR_INTERNAL, "the recording cannot be read");
        for (int64_t i = 0; i < now; i++)
            memcpy(buf + WAV_HEAD + 2 * (done + i), frames + 2 * (i * w->channels + channel), 2);
    }
    return OK;
}
