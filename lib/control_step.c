/* What each kind of command asks of Twilio, and how it is found out whether it was done. */
#include "control_step.h"

#include "flow.h"
#include "twilio_live.h"

#include <assert.h>
#include <string.h>

/* By so much Twilio's clock may be behind ours. */
enum { EARLY_MS = 5000 };

/* The root takes what it dials with it; what was called into a conference does not hang on it. */
static enum err end(struct live *l)
{
    const struct sql_control_load *row = &l->row;
    const bool                     apart = row->room != NULL || !row->root_live;
    if (row->root_live) TRY(live_end(l, row->root_sid));
    if (apart && row->customer_sid != NULL) TRY(live_end(l, row->customer_sid));
    return apart ? live_end(l, row->consult_sid) : OK;
}

static enum err hold(struct live *l)
{
    TRY(live_meet(l));
    TRY(live_set(l, l->row.customer_sid, "Hold", true));
    live_note_flag(l, "held", true);
    return OK;
}

static enum err resume(struct live *l)
{
    l->room = l->row.conference_sid;
    if (l->room == NULL) return OK; /* nobody was held */
    TRY(live_set(l, l->row.customer_sid, "Hold", false));
    live_note_flag(l, "held", false);
    return OK;
}

/* The customer leaves the conference to hear the tones, and comes back. */
static enum err dtmf(struct live *l)
{
    struct plan plan;
    TRY(live_meet(l));
    TRY(live_set(l, l->row.customer_sid, "EndConferenceOnExit", false));
    flow_room(l->row.room, NULL, l->row.digits, &plan);
    return live_document(l, l->row.customer_sid, &plan);
}

static void transferred(struct live *l)
{
    live_note(l, "room", NULL);
    live_note(l, "conference_sid", NULL);
    live_note_flag(l, "held", false);
    live_note_transfer(l, "blind", "sent");
}

/* The customer is given to somebody else. In a conference that ends it, and the agent's leg with it. */
static enum err transfer(struct live *l)
{
    const struct sql_control_load *row = &l->row;
    const bool goes_on = row->recording_leg != NULL && strcmp(row->recording_leg, row->customer_sid) == 0
                         && row->room != NULL; /* a recording of the leg, not of the Dial */
    struct plan plan = { .n = 1 };
    plan.v[0] = (struct step){ .kind = STEP_DIAL,
                               .to = row->target,
                               .caller_id = row->caller_id,
                               .record = row->record && !goes_on ? row->record_mode : NULL,
                               .timeout_s = (unsigned)row->ring_timeout_s,
                               .action = live_hook(l, "dial"),
                               .leg_url = live_hook(l, "status"),
                               .recording_url = live_hook(l, "recording") };
    TRY(live_document(l, row->customer_sid, &plan));
    transferred(l);
    return OK;
}

static const char *label(const struct live *l)
{
    return arena_printf(l->cx->arena, "consult-%s", l->command);
}

static void consulting(struct live *l, const char *sid)
{
    live_note_flag(l, "held", true);
    live_note(l, "consult_sid", sid);
    live_note_transfer(l, "warm", "consulting");
}

/* A consultation that has not begun keeps nobody on hold; one that may have begun does. */
static enum err nobody_called(struct live *l)
{
    const struct error why = l->cx->err;
    if (why.code == ERR_UNKNOWN || why.code == ERR_UPSTREAM) return why.code;
    ctx_forgive(l->cx);
    if (live_set(l, l->row.customer_sid, "Hold", false) == OK) live_note_flag(l, "held", false);
    l->cx->err = why;
    return why.code;
}

static enum err consult(struct live *l)
{
    const struct sql_control_load *row = &l->row;
    const struct twilio_guest      guest = { .from = row->caller_id,
                                             .to = row->target,
                                             .label = label(l),
                                             .status_url = live_hook(l, "status"),
                                             .timeout_s = (unsigned)row->ring_timeout_s };
    const char                    *sid;
    TRY(live_meet(l));
    TRY(live_set(l, row->customer_sid, "Hold", true));
    live_note_flag(l, "held", true);
    if (twilio_room_call(l->cx, &l->account, l->room, &guest, &sid) != OK) return nobody_called(l);
    consulting(l, sid);
    return OK;
}

/* Whoever was asked stays with the customer; then each of them ends the conference, and the agent does not. */
static enum err complete(struct live *l)
{
    const struct sql_control_load *row = &l->row;
    l->room = row->conference_sid;
    TRY(live_set(l, row->consult_sid, "EndConferenceOnExit", true));
    if (row->agent_sid != NULL) TRY(live_set(l, row->agent_sid, "EndConferenceOnExit", false));
    TRY(live_end(l, row->agent_sid));
    if (row->customer_sid != NULL) TRY(live_set(l, row->customer_sid, "Hold", false));
    live_note_flag(l, "held", false);
    live_note(l, "consult_sid", NULL);
    live_note_transfer(l, NULL, "completed");
    return OK;
}

static enum err cancel(struct live *l)
{
    l->room = l->row.conference_sid;
    TRY(live_end(l, l->row.consult_sid));
    if (l->row.customer_sid != NULL) TRY(live_set(l, l->row.customer_sid, "Hold", false));
    live_note_flag(l, "held", false);
    live_note(l, "consult_sid", NULL);
    live_note_transfer(l, NULL, "cancelled");
    return OK;
}

static enum err recording(struct live *l, const char *status)
{
    const struct sql_control_load *row = &l->row;
    if (!row->recorded) return ctx_fail(l->cx, ERR_CONFLICT, "nothing is being recorded");
    return twilio_recording_set(l->cx, &l->account, row->recording_leg, row->recording_sid, status);
}

/* What is not known to be paused counts as recorded. */
static enum err recording_pause(struct live *l)
{
    live_note_flag(l, "recording_paused", false);
    TRY(recording(l, "paused"));
    live_note_flag(l, "recording_paused", true);
    buf_printf(&l->patch, "\"pause_seconds\":%lld,", (long long)*l->row.seconds);
    return OK;
}

static enum err recording_resume(struct live *l)
{
    TRY(recording(l, "in-progress"));
    live_note_flag(l, "recording_paused", false);
    return OK;
}

/* Has Twilio rung whom the customer was given to? */
static enum err transfer_seen(struct live *l, bool *done)
{
    struct twilio_calls all;
    TRY(twilio_calls_list(l->cx, &l->account, l->row.target, l->row.created_ms - EARLY_MS, &all));
    for (size_t i = 0; i < all.n && !*done; i++)
        *done = all.v[i].created_ms >= l->row.created_ms - EARLY_MS && strcmp(all.v[i].direction, "outbound-dial") == 0
                && (l->row.customer_sid == NULL || strcmp(all.v[i].parent_sid, l->row.customer_sid) == 0);
    if (*done) transferred(l);
    return OK;
}

static enum err consult_seen(struct live *l, bool *done)
{
    const char    *sid;
    const enum err e = twilio_room_guest(l->cx, &l->account, l->room, label(l), &sid);
    *done = e == OK;
    if (e == OK) consulting(l, sid);
    if (e != ERR_NOT_FOUND) return e;
    ctx_forgive(l->cx);
    if (l->row.customer_sid != NULL) TRY(live_set(l, l->row.customer_sid, "Hold", false));
    live_note_flag(l, "held", false);
    return OK;
}

/* Nobody knows whether it is paused: it shall not be. */
static enum err pause_undone(struct live *l, bool *done)
{
    *done = false;
    live_note_flag(l, "recording_paused", false);
    return l->row.recorded ? recording(l, "in-progress") : OK;
}

static enum err nothing_seen(struct live *l, bool *done)
{
    (void)l;
    *done = false;
    return OK;
}

/* look NULL: done twice it is as done once. */
static const struct {
    const char *word;
    enum err (*step)(struct live *);
    enum err (*look)(struct live *, bool *done);
    bool room; /* nothing without the conference */
} kinds[] = {
    { "end", end, NULL, false },
    { "hold", hold, NULL, true },
    { "resume", resume, NULL, true },
    { "dtmf", dtmf, nothing_seen, false },
    { "transfer", transfer, transfer_seen, false },
    { "consult", consult, consult_seen, true },
    { "complete", complete, NULL, true },
    { "cancel", cancel, NULL, true },
    { "recording_pause", recording_pause, pause_undone, false },
    { "recording_resume", recording_resume, NULL, false },
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static size_t kind_of(const struct live *l)
{
    size_t i = 0;
    while (i < KINDS && strcmp(kinds[i].word, l->row.kind) != 0) i++;
    assert(i < KINDS); /* a check of the database */
    return i;
}

enum err control_step(struct live *l)
{
    return kinds[kind_of(l)].step(l);
}

enum err control_look(struct live *l, bool *done)
{
    const size_t i = kind_of(l);
    *done = false;
    TRY(live_find(l));
    if (l->room == NULL && kinds[i].room) {
        live_note(l, "room", NULL);
        live_note_flag(l, "held", false);
        return OK;
    }
    l->row.conference_sid = l->room;
    if (kinds[i].look != NULL) return kinds[i].look(l, done);
    TRY(kinds[i].step(l));
    *done = true;
    return OK;
}
