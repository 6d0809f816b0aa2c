/* Where somebody speaks in a channel, by its levels. */
#include "wav.h"

bool wav_speech(const struct wav_levels *l, int64_t from, int64_t n)
{
    enum { ENOUGH = 3 }; /* windows */
    int loud = 0;
    for (int64_t k = from / l->window; k < (int64_t)l->n && k * l->window < from + n; k++) loud += l->v[k] >= WAV_LOUD;
    return loud >= ENOUGH;
}

size_t wav_spans(struct arena *a, const struct wav_levels *l, int64_t from, int64_t n, size_t max,
                 struct wav_span **out)
{
    enum { PAUSE = 5 }; /* windows */
    struct wav_span *v = arena_alloc(a, max * sizeof *v);
    size_t           count = 0;
    for (int64_t k = from / l->window; k < (int64_t)l->n && k * l->window < from + n; k++) {
        const int64_t begin = k * l->window, end = begin + l->window;
        if (l->v[k] < WAV_LOUD) continue;
        if (count > 0 && (count == max || begin - v[count - 1].to <= PAUSE * l->window)) v[count - 1].to = end;
        else v[count++] = (struct wav_span){ begin, end };
    }
    *out = v;
    return count;
}

int64_t wav_cut(const struct wav *w, const struct wav_levels *l, int64_t from, int64_t max)
{
    const int64_t left = w->frames - from, minute = 60 * w->rate;
    if (left <= max) return left;
    int64_t end = (from + max) / l->window - 1, best = end;
    int64_t begin = (from + (max > minute ? max - minute : max / 2)) / l->window;
    for (int64_t k = end; k > begin; k--)
        if (l->v[k] < l->v[best]) best = k;
    int64_t cut = best * l->window + l->window / 2 - from;
    return cut > 0 && cut < max ? cut : max;
}
