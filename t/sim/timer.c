/* What is due when: a heap of timers in simulated time. */
#include "clock.h"

#include "family.h"
#include "mem.h"

#include <stdbool.h>
#include <stdlib.h>

struct timer {
    int64_t  due;
    uint64_t turn; /* equal times run in the order they were set */
    void (*fn)(void *arg);
    void          *arg;
    struct family *family; /* to whom it happens, NULL: nobody */
};

static struct timer **heap;
static size_t         n_timers, cap_timers;
static uint64_t       turns;
static struct timer **held; /* due, but their family waits for a document */
static size_t         n_held, cap_held;

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

static void push(struct timer *t)
{
    if (n_timers == cap_timers) {
        cap_timers = 2 * cap_timers + 64;
        heap = grow(heap, cap_timers, sizeof *heap);
    }
    size_t i = n_timers++;
    heap[i] = t;
    for (; i > 0 && before(heap[i], heap[(i - 1) / 2]); i = (i - 1) / 2) swap(i, (i - 1) / 2);
}

struct timer *clock_in(int64_t ms, void (*fn)(void *arg), void *arg)
{
    struct timer *t = grow(NULL, 1, sizeof *t);
    *t = (struct timer){
        .due = clock_now() + (ms > 0 ? ms : 0), .turn = turns++, .fn = fn, .arg = arg, .family = family_current()
    };
    push(t);
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

static void hold(struct timer *t)
{
    if (n_held == cap_held) {
        cap_held = 2 * cap_held + 64;
        held = grow(held, cap_held, sizeof *held);
    }
    held[n_held++] = t;
}

void clock_release(const struct family *f)
{
    size_t n = 0;
    for (size_t i = 0; i < n_held; i++) {
        if (held[i]->family == f) push(held[i]);
        else held[n++] = held[i];
    }
    n_held = n;
}

void clock_run(void)
{
    int64_t now = clock_running();
    while (n_timers > 0 && (heap[0]->fn == NULL || heap[0]->due <= now)) {
        struct timer *t = pop();
        if (t->fn != NULL && family_waits(t->family, t->due)) {
            hold(t);
            continue;
        }
        clock_freeze(t->due);
        struct family *outer = family_enter(t->family);
        if (t->fn != NULL) t->fn(t->arg);
        (void)family_enter(outer);
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
    while (n_held > 0) free(held[--n_held]);
    free(heap);
    free(held);
    held = NULL;
    cap_held = 0;
    heap = NULL;
    cap_timers = 0;
}
