/* Dial: rings one or more phones, bridges the first that answers, records, and says how it went. */
#include "dial.h"

#include "conference.h"
#include "hooks.h"
#include "talk.h"
#include "verbs.h"
#include "waitline.h"

#include <string.h>

static void too_long(void *arg)
{
    struct dial *d = arg;
    d->limit = NULL;
    if (d->winner != NULL) call_hang_up(d->winner);
}

static void bridge(struct dial *d)
{
    call_answer(d->parent);
    d->bridged = true;
    dial_record(d, "answer");
    talk_start(d->parent, d->winner);
    if (d->rec != NULL) talk_record(d->parent->talk, d->rec, d->parent);
    d->limit = clock_in(d->limit_ms, too_long, d);
    world_log("call %s bridged with %s", d->parent->sid, d->winner->sid);
}

static void whispered(struct call *leg)
{
    bridge(leg->leg_of);
}

static void leg_answered(struct call *leg)
{
    struct dial *d = leg->leg_of;
    clock_cancel(&d->timeout);
    d->winner = leg;
    call_answer(leg);
    for (size_t i = 0; i < d->rung; i++)
        if (d->legs[i] != leg) call_end(d->legs[i], CANCELED, 487);
    leg->at_end = whispered;
    if (leg->whisper != NULL) run_url(leg, "whisper", leg->whisper, leg->whisper_method, NULL);
    else bridge(d);
}

static void ring_next(struct dial *d);

static void nobody(void *arg)
{
    struct dial *d = arg;
    d->timeout = NULL;
    for (size_t i = 0, n = d->rung; i < n && !d->over; i++) call_end(d->legs[i], NO_ANSWER, 487);
}

static void ring_one(struct dial *d, const struct noun *x)
{
    struct call *leg = call_new(d->from, x->to, "outbound-dial", d->parent);
    d->legs[d->rung++] = leg;
    leg->leg_of = d;
    leg->progress = x->progress;
    leg->whisper = x->url;
    leg->whisper_method = x->method;
    leg->agent = !d->parent->agent;
    if (leg->phone != NULL) {
        leg->presses = leg->phone->presses;
        leg->says = leg->phone->says;
    }
    if (dial_number(x->to) || strchr(x->to, ':') != NULL) call_to_phone(leg, leg_answered);
    else {
        world_alert("13223", d->parent, d->parent->doc_url, keep_fmt("invalid phone number: %s", x->to));
        leg->error_code = "13223";
        leg->error_text = "Dial: Invalid phone number format";
        call_end(leg, FAILED, 404);
    }
}

static void ring_next(struct dial *d)
{
    d->timeout = clock_in(d->timeout_ms, nobody, d);
    if (d->sequential) ring_one(d, &d->nouns[d->rung]);
    else
        for (size_t i = 0; i < d->n && !d->over; i++) ring_one(d, &d->nouns[i]);
}

static bool anyone_left(const struct dial *d)
{
    for (size_t i = 0; i < d->rung; i++)
        if (!status_final(d->legs[i]->status)) return true;
    return !d->sequential && d->rung < d->n;
}

void dial_leg_over(struct dial *d, struct call *leg)
{
    if (d->over || d->quiet) return;
    if (d->last_leg == NULL || leg->status != CANCELED) {
        d->last = leg->status;
        d->last_leg = leg;
    }
    if (d->winner != NULL && d->winner != leg) return;
    if (d->winner == NULL && anyone_left(d)) return;
    if (d->winner == NULL && d->sequential && d->rung < d->n) {
        clock_cancel(&d->timeout);
        ring_next(d);
        return;
    }
    dial_finish(d);
}

static void close_dial(struct dial *d)
{
    d->over = true;
    clock_cancel(&d->timeout);
    clock_cancel(&d->limit);
    talk_stop(d->parent);
    if (d->rec != NULL) rec_stop(d->rec);
    d->parent->dial = NULL;
}

void dial_finish(struct dial *d)
{
    struct call *c = d->parent;
    struct form  more = { 0 };
    if (d->over) return;
    close_dial(d);
    dial_outcome(d, &more);
    if (d->action == NULL) {
        form_free(&more);
        run_next(c);
    } else if (status_final(c->status)) run_notify(c, "dial_status", d->action, d->method, &more);
    else run_url(c, "dial_status", d->action, d->method, &more);
}

static void end_legs(struct dial *d)
{
    d->quiet = true;
    for (size_t i = 0; i < d->rung; i++) {
        struct call *leg = d->legs[i];
        if (leg->status == IN_PROGRESS) call_end(leg, COMPLETED, 200);
        else call_end(leg, CANCELED, 487);
        if (d->last_leg == NULL) d->last_leg = leg;
    }
}

void dial_parent_gone(struct dial *d)
{
    if (d->over) return;
    end_legs(d);
    dial_finish(d);
}

void dial_abandon(struct dial *d)
{
    if (d->over) return;
    end_legs(d);
    close_dial(d);
}

static void dial_phones(struct call *c, const xmlNode *n)
{
    struct dial *d = keep(sizeof *d);
    const char  *events = run_attr(n, "recordingStatusCallbackEvent");
    if (!run_attr_is(n, "answerOnBridge", "true")) call_answer(c);
    *d = (struct dial){ .parent = c,
                        .action = run_attr_url(c, n, "action"),
                        .method = run_attr(n, "method"),
                        .record = run_attr(n, "record"),
                        .timeout_ms = run_attr_s(n, "timeout", 30),
                        .limit_ms = run_attr_s(n, "timeLimit", 14400),
                        .sequential = run_attr_is(n, "sequential", "true"),
                        .last = FAILED,
                        .from = dial_shown(c, n) };
    d->report = (struct rec_report){ .url = run_attr_url(c, n, "recordingStatusCallback"),
                                     .method = run_attr(n, "recordingStatusCallbackMethod"),
                                     .track = run_attr(n, "recordingTrack"),
                                     .events = events != NULL ? hook_rec_events(events) : REC_ON_COMPLETED };
    c->dial = d;
    dial_read(d, n);
    if (d->from == NULL || d->n == 0) {
        if (d->n == 0) world_alert("13223", c, c->doc_url, "Dial without anybody to dial");
        dial_finish(d);
        return;
    }
    dial_record(d, "ringing");
    ring_next(d);
}

void dial_run(struct call *c, const xmlNode *n)
{
    for (const xmlNode *k = run_child(n); k != NULL; k = run_sibling(k)) {
        if (strcmp((const char *)k->name, "Conference") == 0) {
            conference_dial(c, n, k);
            return;
        }
        if (strcmp((const char *)k->name, "Queue") == 0) {
            waitline_dial(c, n, k);
            return;
        }
    }
    dial_phones(c, n);
}
