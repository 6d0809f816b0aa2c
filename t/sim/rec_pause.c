/* Pauses of recordings: what is said in them is nowhere in the audio. */
#include "rec.h"

void rec_pause(struct recording *r, bool skip)
{
    bool paused = r->n_pauses > 0 && r->pauses[r->n_pauses - 1].to < 0;
    if (paused || r->n_pauses == PAUSES_MAX) return;
    r->pauses[r->n_pauses++] = (struct pause){ .from = clock_now() - r->started, .to = -1, .skip = skip };
    r->status = "paused";
}

void rec_resume(struct recording *r)
{
    struct pause *last = r->n_pauses > 0 ? &r->pauses[r->n_pauses - 1] : NULL;
    if (last == NULL || last->to >= 0) return;
    last->to = clock_now() - r->started;
    r->status = "in-progress";
}

/* The part of a piece between two moments, moved to where it is heard. */
static void part(struct recording *r, const struct piece *p, int64_t from, int64_t to, int64_t skipped)
{
    int64_t begin = p->at_ms > from ? p->at_ms : from, end = p->at_ms + p->len_ms < to ? p->at_ms + p->len_ms : to;
    rec_add(r, &(struct piece){ .channel = p->channel,
                                .at_ms = begin - skipped,
                                .from_ms = p->from_ms + begin - p->at_ms,
                                .len_ms = end - begin,
                                .speech = p->speech });
}

/*   said      |---------------------------|
 *   pauses          [ skip ]    [ silent ]
 *   heard     |-----||------|           |-|      */
void rec_cut(struct recording *r)
{
    struct recording heard = { 0 };
    int64_t          skipped = 0, from = 0;
    for (size_t k = 0; k <= r->n_pauses; k++) {
        const struct pause *next = k < r->n_pauses ? &r->pauses[k] : NULL;
        int64_t             to = next != NULL ? next->from : r->duration_ms;
        for (size_t i = 0; i < r->n; i++) part(&heard, &r->v[i], from, to, skipped);
        if (next == NULL) break;
        from = next->to;
        if (next->skip) skipped += next->to - next->from;
    }
    r->duration_ms -= skipped;
    r->v = heard.v;
    r->n = heard.n;
    r->cap = heard.cap;
}
