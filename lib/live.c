/* A command to a live call at work. */
#include "live.h"

#include "clock.h"
#include "config.h"
#include "flow.h"
#include "twilio_live.h"
#include "veil.h"

#include <poll.h>
#include <string.h>

/* MEET_MS: two legs find each other after two requests of Twilio's to us; LOOK_MS: how often it is asked. */
enum { MEET_MS = 6000, LOOK_MS = 150 };

const char *live_hook(const struct live *l, const char *what)
{
    return flow_hook(l->cx->arena, l->cx->cfg->public_url, l->row.call_id, what);
}

enum err live_document(struct live *l, const char *sid, const struct plan *p)
{
    const char *xml;
    size_t      len;
    TRY(l->render(l->cx, p, &xml, &len));
    return twilio_live_document(l->cx, &l->account, sid, xml);
}

void live_note(struct live *l, const char *member, const char *text)
{
    buf_printf(&l->patch, "\"%s\":", member);
    buf_json(&l->patch, text);
    buf_str(&l->patch, ",");
}

void live_note_flag(struct live *l, const char *member, bool value)
{
    buf_printf(&l->patch, "\"%s\":%s,", member, value ? "true" : "false");
}

void live_note_transfer(struct live *l, const char *mode, const char *state)
{
    buf_printf(&l->patch, "\"transfer\":{\"state\":\"%s\"", state);
    if (mode != NULL)
        buf_printf(&l->patch, ",\"mode\":\"%s\",\"to\":\"%s\"", mode,
                   veil_seal(l->cx, l->cx->veil, VEIL_NUMBER, l->row.target));
    buf_str(&l->patch, "},");
}

enum err live_find(struct live *l)
{
    l->room = l->row.conference_sid;
    if (l->room != NULL || l->row.room == NULL) return OK;
    TRY(twilio_room_find(l->cx, &l->account, l->row.room, &l->room));
    if (l->room != NULL) live_note(l, "conference_sid", l->room);
    return OK;
}

bool live_leg_recorded(const struct live *l)
{
    const char *leg = l->row.recording_leg, *child = l->row.child_sid;
    return leg != NULL && child != NULL && strcmp(leg, child) == 0;
}

enum err live_meet(struct live *l)
{
    const struct sql_control_load *row = &l->row;
    const int64_t                  end = clock_ms() + MEET_MS;
    struct plan                    plan;
    l->room = row->conference_sid;
    if (l->room != NULL) return OK;
    if (row->child_sid == NULL || row->customer_sid == NULL) return ctx_fail(l->cx, ERR_CONFLICT, "nobody is talking");
    const bool records = row->record && strcmp(row->child_sid, row->customer_sid) == 0 && !live_leg_recorded(l);
    flow_room(row->room, records ? live_hook(l, "recording") : NULL, NULL, &plan);
    if (live_document(l, row->child_sid, &plan) != OK) {
        if (l->cx->err.code != ERR_UNKNOWN) live_note(l, "room", NULL);
        return l->cx->err.code;
    }
    for (;;) {
        TRY(live_find(l));
        if (l->room != NULL) return OK;
        if (clock_ms() >= end) return ctx_fail(l->cx, ERR_UNKNOWN, "the two legs have not met in a conference");
        (void)poll(NULL, 0, LOOK_MS); /* nothing to watch: Twilio tells nobody but who asks */
    }
}

enum err live_set(struct live *l, const char *sid, const char *name, bool value)
{
    return twilio_room_set(l->cx, &l->account, l->room, sid, name, value ? "true" : "false");
}

enum err live_end(struct live *l, const char *sid)
{
    const struct error before = l->cx->err;
    bool               silent = false;
    if (sid == NULL) return OK;
    if (twilio_live_end(l->cx, &l->account, sid, &silent) == OK) {
        if (silent) live_note(l, "canceled_sid", sid);
        return OK;
    }
    if (l->cx->err.code != ERR_CONFLICT && l->cx->err.code != ERR_NOT_FOUND) return l->cx->err.code;
    l->cx->err = before;
    return OK;
}

void live_note_transferred(struct live *l)
{
    live_note(l, "room", NULL);
    live_note(l, "conference_sid", NULL);
    live_note_flag(l, "held", false);
    live_note_transfer(l, "blind", "sent");
}

const char *live_label(const struct live *l)
{
    return arena_printf(l->cx->arena, "consult-%s", l->command);
}

void live_note_consulting(struct live *l, const char *sid)
{
    live_note_flag(l, "held", true);
    live_note(l, "consult_sid", sid);
    live_note_transfer(l, "warm", "consulting");
}

enum err live_recording(struct live *l, const char *status)
{
    const struct sql_control_load *row = &l->row;
    if (!row->recorded) return ctx_fail(l->cx, ERR_CONFLICT, "nothing is being recorded");
    return twilio_recording_set(l->cx, &l->account, row->recording_leg, row->recording_sid, status);
}
