/* Calls: legs, their states, and what each of them is doing. */
#include "call.h"

#include "dial.h"
#include "family.h"
#include "hooks.h"
#include "sign.h"
#include "talk.h"
#include "twiml_run.h"

#include <string.h>

static const char *const WORDS[] = { "queued", "initiated", "ringing",   "in-progress", "completed",
                                     "busy",   "failed",    "no-answer", "canceled" };

const char *status_word(enum status s)
{
    return WORDS[s];
}

bool status_final(enum status s)
{
    return s >= COMPLETED;
}

int64_t call_unix(const struct call *c, int64_t at)
{
    return c->unix0 + (at - c->now0) + world.skew_ms;
}

int64_t call_seconds(const struct call *c)
{
    if (c->answered_at < 0) return 0;
    int64_t end = c->ended_at >= 0 ? c->ended_at : clock_now();
    return (end - c->answered_at + 999) / 1000;
}

struct call *call_new(const char *from, const char *to, const char *direction, struct call *parent)
{
    struct call *c = keep(sizeof *c);
    int64_t      now = clock_now();
    *c = (struct call){ .sid = chance_sid("CA"),
                        .from = keep_str(from),
                        .to = keep_str(to),
                        .direction = direction,
                        .parent = parent,
                        .now0 = now,
                        .unix0 = parent != NULL ? parent->unix0 + now - parent->now0 : clock_wall_ms(),
                        .updated_at = now,
                        .ringing_at = -1,
                        .answered_at = -1,
                        .ended_at = -1,
                        .voicemail_end = "hangup" };
    c->family = parent != NULL ? parent->family : family_new();
    (void)family_enter(c->family);
    c->phone = world_phone(to, false);
    list_add(&world.calls, c);
    return c;
}

void call_move(struct call *c, enum status s)
{
    c->status = s;
    c->updated_at = clock_now();
    world_log("call %s %s %s -> %s: %s", c->sid, c->direction, c->from, c->to, WORDS[s]);
}

static void over_limit(void *arg)
{
    struct call *c = arg;
    c->limit = NULL;
    call_end(c, COMPLETED, 200);
}

void call_answer(struct call *c)
{
    if (c->status >= IN_PROGRESS) return;
    c->answered_at = clock_now();
    call_move(c, IN_PROGRESS);
    hook_progress(c, ON_ANSWERED, "in-progress");
    if (c->record) c->rec = rec_start(c, "OutboundAPI", c->record_dual, &c->report);
    if (c->time_limit_ms > 0) c->limit = clock_in(c->time_limit_ms, over_limit, c);
}

void call_end(struct call *c, enum status s, int sip)
{
    if (status_final(c->status)) return;
    c->ended_at = clock_now();
    c->sip = sip;
    c->turn++;
    call_move(c, s);
    clock_cancel(&c->step);
    clock_cancel(&c->ring);
    clock_cancel(&c->hangup);
    clock_cancel(&c->limit);
    if (c->rec != NULL) rec_stop(c->rec);
    if (c->live != NULL) rec_stop(c->live);
    if (c->dial != NULL) dial_parent_gone(c->dial);
    if (c->on_gone != NULL) c->on_gone(c);
    hook_progress(c, ON_COMPLETED, WORDS[s]);
    hook_number_end(c);
    if (c->leg_of != NULL) dial_leg_over(c->leg_of, c);
    run_drop(c);
}

void call_hang_up(struct call *c)
{
    if (c->status == IN_PROGRESS) call_end(c, COMPLETED, 200);
    else if (strcmp(c->direction, "inbound") == 0) call_end(c, NO_ANSWER, 487);
    else call_end(c, CANCELED, 487);
}

void call_hears(struct call *c, const char *text)
{
    const struct speech *s = speech_of(text, VOICE_TWILIO);
    if (c->rec != NULL) rec_say(c->rec, 1, clock_now(), s);
    if (c->live != NULL) rec_say(c->live, 1, clock_now(), s);
}

void call_by_settings(struct call *c, const struct form *f)
{
    c->url = keep_str(form_get(f, "VoiceUrl"));
    c->method = keep_str(form_get(f, "VoiceMethod"));
    c->fallback = keep_str(form_get(f, "VoiceFallbackUrl"));
    c->fallback_method = keep_str(form_get(f, "VoiceFallbackMethod"));
    c->own_callback = keep_str(form_get(f, "StatusCallback"));
    c->own_callback_method = keep_str(form_get(f, "StatusCallbackMethod"));
}

void call_by_number(struct call *c)
{
    const char    *sid = form_get(&c->number->set, "VoiceApplicationSid");
    struct number *app = sid != NULL && sid[0] != '\0' ? world_application(sid) : NULL;
    call_by_settings(c, app != NULL ? &app->set : &c->number->set);
    if (app != NULL) form_add(&c->extra, "ApplicationSid", app->sid);
}
