/* Recognition: the samples of an upload are found among all lines ever spoken; whole recordings, channels and chunks
 * alike. */
#include "ai.h"
#include "rec.h"
#include "rest.h"
#include "speech.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 24, STRIDE = 400, LOUD = 60 * WINDOW, PROOF = 8000 };

#define BASE 0x9e3779b97f4a7c15u

/* Every STRIDE samples of a line a loud window is an anchor: its hash says which line, and where in it. */
static struct anchor {
    uint64_t             hash;
    const struct speech *speech; /* NULL: free */
    uint32_t             at;
} * table;
static size_t n_table, cap_table, indexed;

static uint64_t hash_at(const int16_t *x)
{
    uint64_t h = 0;
    for (int i = 0; i < WINDOW; i++) h = h * BASE + (uint16_t)x[i];
    return h;
}

static bool loud(const int16_t *x)
{
    int sum = 0;
    for (int i = 0; i < WINDOW; i++) sum += abs(x[i]);
    return sum > LOUD;
}

static void put(struct anchor *t, size_t cap, struct anchor a)
{
    size_t i = (a.hash >> 20) % cap;
    while (t[i].speech != NULL) i = (i + 1) % cap;
    t[i] = a;
}

static void add_anchor(struct anchor a)
{
    if (2 * (n_table + 1) > cap_table) {
        size_t         cap = cap_table > 0 ? 2 * cap_table : 4096;
        struct anchor *t = calloc(cap, sizeof *t);
        if (t == NULL) abort();
        for (size_t i = 0; i < cap_table; i++)
            if (table[i].speech != NULL) put(t, cap, table[i]);
        free(table);
        table = t;
        cap_table = cap;
    }
    put(table, cap_table, a);
    n_table++;
}

static void index_new_lines(void)
{
    for (; indexed < speech_count(); indexed++) {
        const struct speech *s = speech_at(indexed);
        for (size_t at = 0; at + WINDOW <= s->n; at += STRIDE) {
            size_t from = at;
            while (from + WINDOW <= s->n && from < at + STRIDE && !loud(s->pcm + from)) from++;
            if (from + WINDOW <= s->n && from < at + STRIDE)
                add_anchor((struct anchor){ hash_at(s->pcm + from), s, (uint32_t)from });
        }
    }
}

/* How many samples from p on are those of the line, blocks of PROOF at a time; less than a block counts as none. */
static size_t same_from(const int16_t *x, size_t n, size_t p, const struct anchor *a)
{
    size_t left = n - p < a->speech->n - a->at ? n - p : a->speech->n - a->at, same = 0;
    while (same < left) {
        size_t len = left - same < PROOF ? left - same : PROOF;
        if (memcmp(x + p + same, a->speech->pcm + a->at + same, len * sizeof *x) != 0) break;
        same += len;
    }
    return same;
}

/* The line that fits longest: many begin with the same words. */
static const struct anchor *found(const int16_t *x, size_t n, size_t p, uint64_t h)
{
    const struct anchor *best = NULL;
    size_t               most = 0;
    for (size_t i = (h >> 20) % cap_table; table[i].speech != NULL; i = (i + 1) % cap_table) {
        size_t same = table[i].hash == h ? same_from(x, n, p, &table[i]) : 0;
        if (same <= most) continue;
        best = &table[i];
        most = same;
    }
    return best;
}

/* The part of a text that is said between two moments of its line. */
static const char *words_between(const struct speech *s, size_t from, size_t to)
{
    if (s->text[0] == '[') return s->text;
    size_t len = strlen(s->text), a = from * len / s->n, b = to * len / s->n;
    if (from < s->n / 20) a = 0;
    if (to > s->n - s->n / 20) b = len;
    while (a > 0 && a < len && s->text[a - 1] != ' ') a++;
    while (b < len && b > a && s->text[b] != ' ') b--;
    while (a < b && s->text[a] == ' ') a++;
    return keep_mem(s->text + a, b > a ? b - a : 0);
}

static void add_segment(struct heard *h, const char *text, int64_t start, int64_t end)
{
    if (text[0] == '\0' || text[0] == '[') return; /* tones are no words */
    if (h->n == h->cap) {
        h->cap = 2 * h->cap + 16;
        h->v = grow(h->v, h->cap, sizeof *h->v);
    }
    h->v[h->n++] = (struct segment){ text, start, end };
}

/* Finds the lines in one channel. */
static void scan(const int16_t *x, size_t n, struct heard *h)
{
    uint64_t top = 1, hash = 0;
    if (n < WINDOW || cap_table == 0) return;
    for (int i = 1; i < WINDOW; i++) top *= BASE;
    for (size_t p = 0, fresh = 0; p + WINDOW <= n; p++) {
        hash = fresh == p ? hash_at(x + p) : (hash - top * (uint16_t)x[p - 1]) * BASE + (uint16_t)x[p + WINDOW - 1];
        const struct anchor *a = found(x, n, p, hash);
        if (a == NULL) continue;
        size_t from = a->at > p ? a->at - p : 0, start = p > a->at ? p - a->at : 0;
        size_t to = from + (n - start) < a->speech->n ? from + (n - start) : a->speech->n, end = start + to - from;
        add_segment(h, words_between(a->speech, from, to), (int64_t)(start * 1000 / RATE),
                    (int64_t)(end * 1000 / RATE));
        if (end <= p) end = p + 1;
        p = end - 1; /* the loop steps on */
        fresh = end;
    }
}

static uint32_t le(const char *p, int bytes)
{
    uint32_t x = 0;
    for (int i = bytes - 1; i >= 0; i--) x = x << 8 | (unsigned char)p[i];
    return x;
}

/* The samples of a PCM WAV, one channel after the other; NULL if it is none. */
static int16_t *decode(const char *wav, size_t len, size_t *frames, size_t *channels, uint32_t *rate)
{
    size_t at = 12, bits = 0, data = 0;
    *channels = 0;
    if (len < 44 || memcmp(wav, "RIFF", 4) != 0 || memcmp(wav + 8, "WAVE", 4) != 0) return NULL;
    while (at + 8 <= len) {
        size_t size = le(wav + at + 4, 4);
        if (memcmp(wav + at, "fmt ", 4) == 0 && at + 24 <= len) {
            *channels = le(wav + at + 10, 2);
            *rate = le(wav + at + 12, 4);
            bits = le(wav + at + 22, 2);
        }
        if (memcmp(wav + at, "data", 4) == 0) {
            data = at + 8;
            if (size > len - data) size = len - data;
            *frames = *channels > 0 ? size / 2 / *channels : 0;
            break;
        }
        at += 8 + size + size % 2;
    }
    if (data == 0 || bits != 16 || *channels < 1 || *channels > 2) return NULL;
    int16_t *x = calloc(*frames * *channels + 1, sizeof *x);
    for (size_t i = 0; x != NULL && i < *frames * *channels; i++)
        x[i % *channels * *frames + i / *channels] = (int16_t)(uint16_t)le(wav + data + 2 * i, 2);
    return x;
}

static int by_start(const void *a, const void *b)
{
    const struct segment *x = a, *y = b;
    return (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);
}

/* The recording whose mark the upload bears at its start. */
static const char *bearer_of(const int16_t *x, size_t n)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < 64 && i < n; i++)
        if (x[i] == 1) bits |= (uint64_t)1 << i;
        else if (x[i] != 0) return NULL;
    for (size_t i = world.recordings.n; i-- > 0;) {
        const struct recording *r = world.recordings.v[i];
        if (rec_mark(r) == bits || ~rec_mark(r) == bits) return r->sid;
    }
    return NULL;
}

bool hear(const char *wav, size_t len, struct heard *h)
{
    size_t   n = 0, channels = 0;
    uint32_t rate = RATE;
    int16_t *x = decode(wav, len, &n, &channels, &rate);
    if (x == NULL || rate == 0) {
        free(x);
        return false;
    }
    index_new_lines();
    for (size_t ch = 0; ch < channels; ch++) scan(x + ch * n, n, h);
    h->recording = bearer_of(x, n);
    free(x);
    if (h->n > 1) qsort(h->v, h->n, sizeof *h->v, by_start);
    h->duration_s = (double)n / rate;
    struct buf b = { 0 };
    buf_str(&b, "");
    for (size_t i = 0; i < h->n; i++) buf_fmt(&b, "%s%s", i > 0 ? " " : "", h->v[i].text);
    h->text = keep_str(b.at);
    buf_free(&b);
    return true;
}

void hear_free(struct heard *h)
{
    free(h->v);
}
