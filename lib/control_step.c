/* What each kind of command asks of Twilio. */
#include "control_step.h"

#include "flow.h"
#include "twilio_live.h"

#include <string.h>

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

/* The customer is given to somebody else. In a conference that ends it, and the agent's leg with it. */
static enum err transfer(struct live *l)
{
    const struct sql_control_load *row = &l->row;
    const bool goes_on = row->recording_leg != NULL && strcmp(row->recording_leg, row->customer_sid) == 0
                         && (row->room != NULL || live_leg_recorded(l)); /* of the leg, not of the Dial */
    struct plan plan = { .n = 1 };
    plan.v[0] = (struct step){ .kind = STEP_DIAL,
                               .to = row->target,
                               .caller_id = row->caller_id,
                               .record = row->record && !goes_on ? row->record_mode : NULL,
                               .call_id = row->call_id,
                               .timeout_s = (unsigned)row->ring_timeout_s,
                               .action = live_hook(l, "dial"),
                               .leg_url = live_hook(l, "status"),
                               .recording_url = live_hook(l, "recording") };
    TRY(live_document(l, row->customer_sid, &plan));
    live_note_transferred(l);
    return OK;
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
                                             .label = live_label(l),
                                             .status_url = live_hook(l, "status"),
                                             .timeout_s = (unsigned)row->ring_timeout_s };
    const char                    *sid;
    TRY(live_meet(l));
    TRY(live_set(l, row->customer_sid, "Hold", true));
    live_note_flag(l, "held", true);
    if (twilio_room_call(l->cx, &l->account, l->room, &guest, &sid) != OK) return nobody_called(l);
    live_note_consulting(l, sid);
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

/* What is not known to be paused counts as recorded. */
static enum err recording_pause(struct live *l)
{
    live_note_flag(l, "recording_paused", false);
    TRY(live_recording(l, "paused"));
    live_note_flag(l, "recording_paused", true);
    buf_printf(&l->patch, "\"pause_seconds\":%lld,", (long long)*l->row.seconds);
    return OK;
}

static enum err recording_resume(struct live *l)
{
    TRY(live_recording(l, "in-progress"));
    live_note_flag(l, "recording_paused", false);
    return OK;
}

/* For good: Twilio starts no stopped recording again. */
static enum err recording_stop(struct live *l)
{
    TRY(live_recording(l, "stopped"));
    live_note_flag(l, "recording_paused", false);
    return OK;
}

enum err control_step(struct live *l)
{
    static const struct {
        const char *word;
        enum err (*step)(struct live *);
    } kinds[] = {
        { "end", end },
        { "hold", hold },
        { "resume", resume },
        { "dtmf", dtmf },
        { "transfer", transfer },
        { "consult", consult },
        { "complete", complete },
        { "cancel", cancel },
        { "recording_pause", recording_pause },
        { "recording_resume", recording_resume },
        { "recording_stop", recording_stop },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].word, l->row.kind) == 0) return kinds[i].step(l);
    return ctx_fail(l->cx, ERR_INTERNAL, "no command %.20s", l->row.kind);
}
