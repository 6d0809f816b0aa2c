/* Everything the simulator knows: the account, numbers, phones, calls, recordings, webhooks. One world a process. */
#include "call.h"
#include "rec.h"
#include "send.h"
#include "sign.h"
#include "twiml_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct world world;

static FILE *log_file;

void list_add(struct list *l, void *p)
{
    if (l->n == l->cap) {
        l->cap = 2 * l->cap + 64;
        l->v = grow(l->v, l->cap, sizeof *l->v);
    }
    l->v[l->n++] = p;
}

void list_free(struct list *l)
{
    free(l->v);
    *l = (struct list){ 0 };
}

void list_keep(struct list *l, void *p)
{
    if (l->n == l->cap) {
        void **old = l->v;
        l->cap = 2 * l->cap + 8;
        l->v = keep(l->cap * sizeof *l->v);
        for (size_t i = 0; i < l->n; i++) l->v[i] = old[i];
    }
    l->v[l->n++] = p;
}

static void empty(struct list *l)
{
    free(l->v);
    *l = (struct list){ 0 };
}

void world_reset(bool all)
{
    struct world *w = &world;
    struct list  *lists[] = { &w->calls,  &w->recordings, &w->hooks,  &w->alerts,      &w->dials, &w->ai,
                              &w->faults, &w->messages,   &w->queues, &w->conferences, &w->noted, &w->posts };
    clock_clear();
    send_clear();
    for (size_t i = 0; i < w->calls.n; i++) {
        struct call *c = w->calls.v[i];
        run_drop(c);
        form_free(&c->extra);
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) empty(lists[i]);
    chance_seed(w->seed);
    w->skew_ms = w->planned = 0;
    if (!all) return;
    for (size_t i = 0; i < w->numbers.n; i++) form_free(&((struct number *)w->numbers.v[i])->set);
    for (size_t i = 0; i < w->applications.n; i++) form_free(&((struct number *)w->applications.v[i])->set);
    empty(&w->numbers);
    empty(&w->papers);
    w->papers_strict = false;
    empty(&w->phones);
    empty(&w->applications);
}

struct number *world_number(const char *e164)
{
    for (size_t i = 0; i < world.numbers.n; i++) {
        struct number *n = world.numbers.v[i];
        if (!n->released && strcmp(n->e164, e164) == 0) return n;
    }
    return NULL;
}

struct phone *world_phone(const char *address, bool make)
{
    for (size_t i = 0; i < world.phones.n; i++) {
        struct phone *p = world.phones.v[i];
        if (strcmp(p->address, address) == 0) return p;
    }
    if (!make) return NULL;
    struct phone *p = keep(sizeof *p);
    *p = (struct phone){ .address = keep_str(address), .answer = "yes", .after_ms = 3000 };
    list_add(&world.phones, p);
    return p;
}

struct call *world_call(const char *sid)
{
    for (size_t i = world.calls.n; i-- > 0;) {
        struct call *c = world.calls.v[i];
        if (!c->deleted && strcmp(c->sid, sid) == 0) return c;
    }
    return NULL;
}

struct recording *world_recording(const char *sid)
{
    for (size_t i = world.recordings.n; i-- > 0;) {
        struct recording *r = world.recordings.v[i];
        if (strcmp(r->sid, sid) == 0) return r;
    }
    return NULL;
}

void world_alert(const char *code, const struct call *c, const char *url, const char *text)
{
    struct alert *a = keep(sizeof *a);
    *a = (struct alert){ .sid = chance_sid("NO"),
                         .code = keep_str(code),
                         .text = keep_str(text),
                         .call = c != NULL ? c->sid : NULL,
                         .url = keep_str(url),
                         .at = c != NULL ? call_unix(c, clock_now()) : clock_wall_ms() };
    list_add(&world.alerts, a);
    world_log("alert %s %s %s: %s", code, c != NULL ? c->sid : "-", url != NULL ? url : "-", text);
}

void world_log_open(const char *path)
{
    if (path != NULL && path[0] != '\0') log_file = fopen(path, "ae");
}

void world_log(const char *fmt, ...)
{
    va_list args;
    if (log_file == NULL) return;
    int64_t now = clock_now();
    (void)fprintf(log_file, "%6lld.%03d ", (long long)(now / 1000), (int)(now % 1000));
    va_start(args, fmt);
    (void)vfprintf(log_file, fmt, args);
    va_end(args);
    (void)fputc('\n', log_file);
    (void)fflush(log_file);
}
