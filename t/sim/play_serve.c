/* The documents of a scenario: TwiML that it answers itself, from a port of its own. */
#include "http.h"
#include "play.h"
#include "world.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE_MS = 20 };

struct document {
    const char *name;
    struct term when[TERMS_MAX]; /* parameters that a request must have */
    size_t      n;
    int         status;
    long        times; /* how often it is served, -1: always */
    struct buf  text;
};

static struct list documents;
static const char *base;

static bool wanted(const struct document *d, const struct request *q)
{
    if (d->times == 0 || strcmp(q->path + 1, d->name) != 0) return false;
    for (size_t i = 0; i < d->n; i++) {
        const char *name = d->when[i].name, *got = form_get(&q->form, name);
        if (got == NULL) got = form_get(&q->query, name);
        if (got == NULL || strcmp(got, d->when[i].value) != 0) return false;
    }
    return true;
}

/* The first document that fits; what has none is only heard: 204. */
static void answer(struct request *q, struct reply *r)
{
    r->status = 204;
    for (size_t i = 0; i < documents.n; i++) {
        struct document *d = documents.v[i];
        if (!wanted(d, q)) continue;
        if (d->times > 0) d->times--;
        r->status = d->status;
        r->type = "text/xml";
        if (d->text.len > 0) buf_str(&r->body, d->text.at);
        return;
    }
}

void serve_start(void)
{
    base = keep_fmt("http://127.0.0.1:%d", http_start(0, answer));
}

const char *serve_base(void)
{
    return base;
}

void serve_begin(const struct command *c)
{
    struct document *d = keep(sizeof *d);
    *d = (struct document){ .name = c->arg[0], .status = 200, .times = -1 };
    for (size_t i = 0; i < c->n; i++) {
        const struct term *t = &c->v[i];
        if (strcmp(t->name, "status") == 0) d->status = (int)strtol(t->value, NULL, 10);
        else if (strcmp(t->name, "times") == 0) d->times = strtol(t->value, NULL, 10);
        else d->when[d->n++] = *t;
    }
    list_add(&documents, d);
}

void serve_line(const char *text)
{
    struct document *d = documents.v[documents.n - 1];
    buf_fmt(&d->text, "%s\n", text);
}

void serve_run(int ms)
{
    struct pollfd in = { .fd = http_fd(), .events = POLLIN };
    for (int64_t end = clock_real_ms() + ms; clock_real_ms() < end;) {
        (void)poll(&in, 1, http_wait(SLICE_MS));
        http_run();
    }
}

void serve_stop(void)
{
    http_stop();
    for (size_t i = 0; i < documents.n; i++) buf_free(&((struct document *)documents.v[i])->text);
    free(documents.v);
}
