/* Whether a command was done of which nobody has heard. */
#include "control_step.h"

#include "check.h"
#include "twilio_live.h"

#include <string.h>

/* EARLY_MS: by so much Twilio's clock may be behind ours. RINGS_S: who is called into a conference is in its list when
 * he has answered, at the latest after ringing for a minute. */
enum { EARLY_MS = 5000, RINGS_S = 90 };

/* Has Twilio rung whom the customer was given to? */
static enum err transfer_seen(struct live *l, bool *done)
{
    struct twilio_calls all;
    TRY(twilio_calls_list(l->cx, &l->account, l->row.target, l->row.created_ms - EARLY_MS, &all));
    for (size_t i = 0; i < all.n && !*done; i++)
        *done = all.v[i].created_ms >= l->row.created_ms - EARLY_MS && strcmp(all.v[i].direction, "outbound-dial") == 0
                && (l->row.customer_sid == NULL || strcmp(all.v[i].parent_sid, l->row.customer_sid) == 0);
    if (*done) live_note_transferred(l);
    return OK;
}

static enum err consult_seen(struct live *l, bool *done)
{
    const char    *sid;
    const enum err e = twilio_room_guest(l->cx, &l->account, l->room, live_label(l), &sid);
    *done = e == OK;
    if (e == OK) live_note_consulting(l, sid);
    if (e != ERR_NOT_FOUND) return e;
    ctx_forgive(l->cx);
    if (l->row.age_s < RINGS_S) return ctx_fail(l->cx, ERR_UNAVAILABLE, "whom the agent asks may still be ringing");
    if (l->row.customer_sid != NULL) TRY(live_set(l, l->row.customer_sid, "Hold", false));
    live_note_flag(l, "held", false);
    return OK;
}

/* Nobody knows whether it is paused: it shall not be. */
static enum err pause_undone(struct live *l, bool *done)
{
    *done = false;
    live_note_flag(l, "recording_paused", false);
    return l->row.recorded ? live_recording(l, "in-progress") : OK;
}

static enum err nothing_seen(struct live *l, bool *done)
{
    (void)l;
    *done = false;
    return OK;
}

/* One leg has gone to a conference that the other did not reach: nobody shall wait there. */
static enum err alone(struct live *l)
{
    TRY(live_end(l, l->row.customer_sid));
    return live_end(l, l->row.agent_sid);
}

enum err control_look(struct live *l, bool *done)
{
    /* of a kind without a row: done twice it is as done once */
    static const struct {
        const char *word;
        enum err (*look)(struct live *, bool *done);
    } looks[] = {
        { "dtmf", nothing_seen },
        { "transfer", transfer_seen },
        { "consult", consult_seen },
        { "recording_pause", pause_undone },
    };
    static const char roomless[] = " end transfer recording_pause recording_resume recording_stop ";
    *done = false;
    TRY(live_find(l));
    if (l->room == NULL && !check_word(l->row.kind, roomless)) {
        live_note(l, "room", NULL);
        live_note_flag(l, "held", false);
        return l->row.customer_sid != NULL && l->row.agent_sid != NULL ? OK : alone(l);
    }
    l->row.conference_sid = l->room;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (strcmp(looks[i].word, l->row.kind) == 0) return looks[i].look(l, done);
    TRY(control_step(l));
    *done = true;
    return OK;
}
