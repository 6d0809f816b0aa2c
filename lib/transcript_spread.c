/* Texts that came without times: where their sentences belong. */
#include "transcript.h"

#include <string.h>
#include <strings.h>

enum { EVEN_MAX = 256 * 1024, LOOP = 3 };

/* Bytes of the sentence at s with the blanks behind it. */
static size_t sentence(const char *s)
{
    static const char *const wide[] = { "\xE3\x80\x82", "\xEF\xBC\x9F", "\xEF\xBC\x81" }; /* of Chinese and Japanese */
    for (const char *p = s; *p != '\0'; p++) {
        for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
            if (strncmp(p, wide[i], 3) == 0) return (size_t)(p - s) + 3 + strspn(p + 3, " ");
        if (strchr(".?!", *p) == NULL || (p[1] != ' ' && p[1] != '\0')) continue;
        return (size_t)(p - s) + 1 + strspn(p + 1, " ");
    }
    return strlen(s);
}

/* Sentences that come three or more times in a row, in any case: once is kept, for nobody speaks so, and models do. */
static const char *unlooped(struct ctx *cx, const char *text)
{
    char  *out = arena_alloc(cx->arena, strlen(text) + 1), *at = out;
    size_t n;
    for (const char *s = text; *s != '\0'; s += n) {
        size_t run = 1, k;
        n = sentence(s);
        const size_t words = n - (s[n - 1] == ' ');
        for (const char *next = s + n; *next != '\0'; next += k, run++) {
            k = sentence(next);
            if (k < words || k > n || strncasecmp(next, s, words) != 0) break;
        }
        memcpy(at, s, n);
        at += n;
        if (run >= LOOP)
            for (size_t i = 1; i < run; i++) n += sentence(s + n);
    }
    *at = '\0';
    return out;
}

/* A piece being spread: what its spans hold together, and how long the text is. */
struct spread {
    const struct transcript_piece *p;
    const char                    *text;
    double                         spoken, bytes;
};

/* The span in which the middle of the sentence of n bytes at s lies. */
static size_t place(const struct spread *d, const char *s, size_t n)
{
    double left = ((double)(s - d->text) + (double)n / 2) / d->bytes * d->spoken;
    size_t i = 0;
    for (; i + 1 < d->p->nspans; i++) {
        left -= d->p->spans[i].end - d->p->spans[i].start;
        if (left < 0) break;
    }
    return i;
}

static void put(struct ctx *cx, struct transcript *t, const struct transcript_piece *p, size_t span, const char *s,
                size_t n)
{
    const struct transcript_span whole = { p->start, p->start + p->length };
    const struct transcript_span to = p->nspans == 0 ? whole : p->spans[span];
    while (n > 0 && s[n - 1] == ' ') n--;
    transcript_put(cx, t, &(const struct segment){ p->speaker, to.start, to.end, arena_copy(cx->arena, s, n) });
}

void transcript_spread(struct ctx *cx, struct transcript *t, const struct transcript_piece *p, const char *text)
{
    text = unlooped(cx, text);
    struct spread d = { .p = p, .text = text, .bytes = (double)strlen(text) };
    if (d.bytes > EVEN_MAX) { /* nobody says so much in one piece: not worth the search */
        put(cx, t, p, 0, text, strlen(text));
        return;
    }
    for (size_t i = 0; i < p->nspans; i++) d.spoken += p->spans[i].end - p->spans[i].start;
    for (const char *from = text; *from != '\0';) {
        const char  *end = from + sentence(from);
        const size_t span = place(&d, from, (size_t)(end - from));
        for (size_t n; *end != '\0' && place(&d, end, n = sentence(end)) == span;) end += n;
        put(cx, t, p, span, from, (size_t)(end - from));
        from = end;
    }
}
