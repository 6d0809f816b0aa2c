/* Queues: callers who wait for somebody to dequeue them. */
#include "waitline.h"

#include "sign.h"
#include "url.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEFAULT = 1000, PATIENCE_MS = 120000 };

void waitline_take_out(struct list *l, const void *what)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i] != what) l->v[n++] = l->v[i];
    l->n = n;
}

struct waitline *waitline_of(const char *name, bool make)
{
    for (size_t i = 0; i < world.queues.n; i++) {
        struct waitline *q = world.queues.v[i];
        if (!q->deleted && strcmp(q->name, name) == 0) return q;
    }
    if (!make) return NULL;
    struct waitline *q = keep(sizeof *q);
    *q = (struct waitline){
        .sid = chance_sid("QU"), .name = keep_str(name), .unix0 = clock_wall_ms(), .max = MAX_DEFAULT
    };
    list_add(&world.queues, q);
    return q;
}

int64_t waitline_seconds(const struct waiting *w)
{
    return (clock_now() - w->since) / 1000;
}

void waitline_result(struct waiting *w, const char *word)
{
    struct call *c = w->call;
    struct form  more = { 0 };
    form_add(&more, "QueueResult", word);
    if (w->line != NULL && strcmp(word, "queue-full") != 0) {
        form_add(&more, "QueueSid", w->line->sid);
        form_addf(&more, "QueueTime", "%lld", (long long)waitline_seconds(w));
    }
    c->verb = NULL;
    c->on_gone = NULL;
    nest_end(c, &w->nest);
    if (w->action == NULL) {
        form_free(&more);
        run_next(c);
    } else if (status_final(c->status)) run_notify(c, "enqueue", w->action, w->method, &more);
    else run_url(c, "enqueue", w->action, w->method, &more);
}

static void wait_document(struct waiting *w)
{
    struct form more = { 0 };
    size_t      position = 1;
    while (position <= w->line->waiting.n && w->line->waiting.v[position - 1] != w) position++;
    form_add(&more, "QueueSid", w->line->sid);
    form_addf(&more, "QueuePosition", "%zu", position);
    form_addf(&more, "QueueTime", "%lld", (long long)waitline_seconds(w));
    form_addf(&more, "AvgQueueTime", "%lld",
              (long long)(w->line->served > 0 ? w->line->waited_ms / w->line->served / 1000 : 0));
    form_addf(&more, "CurrentQueueSize", "%zu", w->line->waiting.n);
    form_addf(&more, "MaxQueueSize", "%ld", w->line->max);
    run_url(w->call, "wait", w->wait_url, w->wait_method, &more);
}

static void wait_over(struct call *c)
{
    wait_document(c->verb);
}

static void hung_up(struct call *c)
{
    struct waiting *w = c->verb;
    waitline_take_out(&w->line->waiting, w);
    waitline_result(w, status_final(c->status) ? "hangup" : "redirected");
}

void enqueue_run(struct call *c, const xmlNode *n)
{
    struct waiting *w = keep(sizeof *w);
    const char     *max = run_attr(n, "maxQueueSize");
    *w = (struct waiting){ .call = c,
                           .action = run_attr_url(c, n, "action"),
                           .method = run_attr(n, "method"),
                           .wait_url = run_attr_url(c, n, "waitUrl"),
                           .wait_method = run_attr(n, "waitUrlMethod"),
                           .since = clock_now(),
                           .line = waitline_of(run_content(n), true) };
    if ((long)w->line->waiting.n >= (max != NULL ? strtol(max, NULL, 10) : w->line->max)) {
        waitline_result(w, "queue-full");
        return;
    }
    c->verb = w;
    c->on_gone = hung_up;
    call_patience(c, PATIENCE_MS);
    list_keep(&w->line->waiting, w);
    nest_begin(c, &w->nest, wait_over);
    if (run_attr(n, "waitUrl") != NULL && run_attr(n, "waitUrl")[0] != '\0') wait_document(w);
    else c->at_end = NULL;
    waitline_serve(w->line);
}

void leave_run(struct call *c, const xmlNode *n)
{
    (void)n;
    if (c->on_gone != hung_up) {
        run_after(c, 0);
        return;
    }
    struct waiting *w = c->verb;
    waitline_take_out(&w->line->waiting, w);
    waitline_result(w, "leave");
}

void waitline_redirect(struct waiting *w, const char *url, const char *method)
{
    struct call *c = w->call;
    waitline_take_out(&w->line->waiting, w);
    c->verb = NULL;
    c->on_gone = NULL;
    nest_end(c, &w->nest);
    if (w->action != NULL) {
        struct form more = { 0 };
        form_add(&more, "QueueResult", "redirected");
        form_add(&more, "QueueSid", w->line->sid);
        form_addf(&more, "QueueTime", "%lld", (long long)waitline_seconds(w));
        run_notify(c, "enqueue", w->action, w->method, &more);
    }
    run_url(c, "voice", url, method, NULL);
}
