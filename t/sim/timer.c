/* What is due when: a heap of timers in simulated time. */
#include "clock.h"

#include "mem.h"

#include <stdbool.h>
#include <stdlib.h>

struct timer {
    int64_t  due;
    uint64_t turn; /* equal times run in the order they were set */
    void (*fn)(void *arg);
    void *arg;
};

static struct timer **heap;
static size_t         n_timers, cap_timers;
static uint64_t       turns;

static bool before(const struct timer *a, const struct timer *b)
{
    return a->due != b->due ? a->due < b->due : a->turn < b->turn;
}

static void swap(size_t a, size_t b)
{
    struct timer *t = heap[a];
    heap[a] = heap[b];
    heap[b] = t;
}

struct timer *clock_in(int64_t ms, void (*fn)(void *arg), void *arg)
{
    struct timer *t = grow(NULL, 1, sizeof *t);
    *t = (struct timer){ .due = clock_now() + (ms > 0 ? ms : 0), .turn = turns++, .fn = fn, .arg = arg };
    if (n_timers == cap_timers) {
        cap_timers = 2 * cap_timers + 64;
        heap = grow(heap, cap_timers, sizeof *heap);
    }
    size_t i = n_timers++;
    heap[i] = t;
    for (; i > 0 && before(heap[i], heap[(i - 1) / 2]); i = (i - 1) / 2) swap(i, (i - 1) / 2);
    return t;
}

void clock_cancel(struct timer **t)
{
    if (*t != NULL) (*t)->fn = NULL; /* freed when it comes up */
    *t = NULL;
}

static struct timer *pop(void)
{
    struct timer *top = heap[0];
    heap[0] = heap[--n_timers];
    for (size_t i = 0;;) {
        size_t least = i, l = 2 * i + 1, r = l + 1;
        if (l < n_timers && before(heap[l], heap[least])) least = l;
        if (r < n_timers && before(heap[r], heap[least])) least = r;
        if (least == i) return top;
        swap(i, least);
        i = least;
    }
}

void clock_run(void)
{
    int64_t now = clock_running();
    while (n_timers > 0 && (heap[0]->fn == NULL || heap[0]->due <= now)) {
        struct timer *t = pop();
        clock_freeze(t->due);
        if (t->fn != NULL) t->fn(t->arg);
        free(t);
    }
    clock_freeze(-1);
}

int clock_wait(int max)
{
    if (n_timers == 0) return max;
    int64_t ms = heap[0]->due - clock_running();
    if (ms <= 0) return 0;
    ms = ms / clock_speed() + 1;
    return ms < max ? (int)ms : max;
}

void clock_clear(void)
{
    while (n_timers > 0) free(pop());
    free(heap);
    heap = NULL;
    cap_timers = 0;
}
