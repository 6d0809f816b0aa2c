/* Dial with a Queue noun: an agent takes the first who waits, or waits for one. */
#include "hooks.h"
#include "talk.h"
#include "waitline.h"

#include <string.h>

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

/* The agent's Dial is over. */
static void done(struct taking *t, const char *word)
{
    struct call *c = t->call;
    struct form  more = { 0 };
    if (t->over) return;
    t->over = true;
    clock_cancel(&t->timeout);
    waitline_take_out(&t->line->agents, t);
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
    waitline_result(w, "bridged");
    done(t, "completed");
}

static void agent_gone(struct call *c)
{
    struct taking  *t = c->verb;
    struct waiting *w = t->taken;
    done(t, t->bridged ? "completed" : "no-answer");
    if (w != NULL) waitline_result(w, "bridged");
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
    waitline_take_out(&t->line->waiting, w);
    waitline_take_out(&t->line->agents, t);
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

void waitline_serve(struct waitline *q)
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
    list_keep(&t->line->agents, t);
    t->timeout = clock_in(run_attr_s(dial, "timeout", 30), nobody, t);
    waitline_serve(t->line);
}
