/* Queues: callers who wait for somebody to dequeue them. */
#include "waitline.h"

#include "hooks.h"
#include "sign.h"
#include "talk.h"
#include "url.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEFAULT = 1000, PATIENCE_MS = 120000 };

struct taking { /* an agent's <Dial><Queue> */
    struct call      *call;
    struct waitline  *line;
    struct waiting   *taken;
    const char       *action, *method, *url, *url_method, *record;
    struct rec_report report;
    struct recording *rec;
    struct timer     *timeout;
    bool              bridged, over;
    int64_t           since;
};

static void take_out(struct list *l, const void *what)
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

static void result(struct waiting *w, const char *word)
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
    take_out(&w->line->waiting, w);
    result(w, status_final(c->status) ? "hangup" : "redirected");
}

static void serve(struct waitline *q);

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
        result(w, "queue-full");
        return;
    }
    c->verb = w;
    c->on_gone = hung_up;
    call_patience(c, PATIENCE_MS);
    list_add(&w->line->waiting, w);
    nest_begin(c, &w->nest, wait_over);
    if (run_attr(n, "waitUrl") != NULL && run_attr(n, "waitUrl")[0] != '\0') wait_document(w);
    else c->at_end = NULL;
    serve(w->line);
}

void leave_run(struct call *c, const xmlNode *n)
{
    (void)n;
    if (c->on_gone != hung_up) {
        run_after(c, 0);
        return;
    }
    struct waiting *w = c->verb;
    take_out(&w->line->waiting, w);
    result(w, "leave");
}

void waitline_redirect(struct waiting *w, const char *url, const char *method)
{
    struct call *c = w->call;
    take_out(&w->line->waiting, w);
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

/* The agent's Dial is over. */
static void done(struct taking *t, const char *word)
{
    struct call *c = t->call;
    struct form  more = { 0 };
    if (t->over) return;
    t->over = true;
    clock_cancel(&t->timeout);
    take_out(&t->line->agents, t);
    c->verb = NULL;
    c->on_gone = NULL;
    talk_stop(c);
    if (t->rec != NULL) rec_stop(t->rec);
    form_add(&more, "DialCallStatus", word);
    if (t->taken != NULL) form_add(&more, "DialCallSid", t->taken->call->sid);
    form_add(&more, "DialBridged", t->bridged ? "true" : "false");
    if (t->bridged) form_addf(&more, "DialCallDuration", "%lld", (long long)((clock_now() - t->since + 999) / 1000));
    if (t->rec != NULL) form_add(&more, "RecordingUrl", hook_recording_url(t->rec));
    if (t->action == NULL) {
        form_free(&more);
        run_next(c);
    } else if (status_final(c->status)) run_notify(c, "dial_status", t->action, t->method, &more);
    else run_url(c, "dial_status", t->action, t->method, &more);
}

static void taken_gone(struct call *c)
{
    struct waiting *w = c->verb;
    struct taking  *t = w->with->verb;
    result(w, "bridged");
    done(t, "completed");
}

static void agent_gone(struct call *c)
{
    struct taking  *t = c->verb;
    struct waiting *w = t->taken;
    done(t, t->bridged ? "completed" : "no-answer");
    if (w != NULL) result(w, "bridged");
}

static void join_up(struct taking *t)
{
    struct waiting *w = t->taken;
    nest_end(w->call, &w->nest);
    t->call->agent = true;
    w->call->agent = false;
    w->call->on_gone = taken_gone;
    t->bridged = true;
    t->since = clock_now();
    if (t->record != NULL && strncmp(t->record, "record-from", 11) == 0)
        t->rec = rec_start(t->call, "DialVerb", strstr(t->record, "dual") != NULL, &t->report);
    talk_start(t->call, w->call);
    if (t->rec != NULL) talk_record(t->call->talk, t->rec, t->call);
}

static void announced(struct call *c)
{
    struct waiting *w = c->verb;
    join_up(w->with->verb);
}

static void take(struct taking *t, struct waiting *w)
{
    struct form more = { 0 };
    clock_cancel(&t->timeout);
    take_out(&t->line->waiting, w);
    take_out(&t->line->agents, t);
    t->taken = w;
    w->with = t->call;
    w->line->served++;
    w->line->waited_ms += clock_now() - w->since;
    w->call->on_gone = taken_gone;
    clock_cancel(&w->call->step);
    call_patience(w->call, 0);
    if (t->url == NULL) {
        join_up(t);
        return;
    }
    form_add(&more, "QueueSid", w->line->sid);
    form_addf(&more, "QueueTime", "%lld", (long long)waitline_seconds(w));
    form_add(&more, "DequeingCallSid", t->call->sid);
    w->call->at_end = announced;
    run_url(w->call, "whisper", t->url, t->url_method, &more);
}

static void serve(struct waitline *q)
{
    while (q->waiting.n > 0 && q->agents.n > 0) take(q->agents.v[0], q->waiting.v[0]);
}

static void nobody(void *arg)
{
    struct taking *t = arg;
    t->timeout = NULL;
    done(t, "no-answer");
}

void waitline_dial(struct call *c, const xmlNode *dial, const xmlNode *n)
{
    struct taking *t = keep(sizeof *t);
    const char    *events = run_attr(dial, "recordingStatusCallbackEvent");
    call_answer(c);
    *t = (struct taking){ .call = c,
                          .line = waitline_of(run_content(n), true),
                          .action = run_attr_url(c, dial, "action"),
                          .method = run_attr(dial, "method"),
                          .url = run_attr_url(c, n, "url"),
                          .url_method = run_attr(n, "method"),
                          .record = run_attr(dial, "record") };
    t->report = (struct rec_report){ .url = run_attr_url(c, dial, "recordingStatusCallback"),
                                     .method = run_attr(dial, "recordingStatusCallbackMethod"),
                                     .events = events != NULL ? hook_rec_events(events) : REC_ON_COMPLETED };
    c->verb = t;
    c->on_gone = agent_gone;
    list_add(&t->line->agents, t);
    t->timeout = clock_in(run_attr_s(dial, "timeout", 30), nobody, t);
    serve(t->line);
}
