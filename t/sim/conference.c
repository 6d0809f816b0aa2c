/* Conferences: who is in, who may talk, what is reported. */
#include "conference.h"

#include "hooks.h"
#include "talk.h"

#include <stdlib.h>
#include <string.h>

enum { ALONE_MS = 2000, PATIENCE_MS = 120000 };

static size_t present(const struct conference *room)
{
    size_t n = 0;
    for (size_t i = 0; i < room->members.n; i++) n += !((const struct member *)room->members.v[i])->gone;
    return n;
}

static struct member *nth(const struct conference *room, size_t wanted)
{
    for (size_t i = 0; i < room->members.n; i++) {
        struct member *m = room->members.v[i];
        if (!m->gone && wanted-- == 0) return m;
    }
    return NULL;
}

struct member *conference_member(const struct conference *room, const char *who)
{
    for (size_t i = 0; i < room->members.n; i++) {
        struct member *m = room->members.v[i];
        if (!m->gone && (strcmp(m->call->sid, who) == 0 || (m->label != NULL && strcmp(m->label, who) == 0))) return m;
    }
    return NULL;
}

static void about_member(const struct member *m, struct form *f)
{
    form_add(f, "CallSid", m->call->sid);
    form_add(f, "Muted", m->muted ? "true" : "false");
    form_add(f, "Hold", m->hold ? "true" : "false");
    form_add(f, "Coaching", m->coach != NULL ? "true" : "false");
    form_add(f, "EndConferenceOnExit", m->end_on_exit ? "true" : "false");
    form_add(f, "StartConferenceOnEnter", m->start_on_enter ? "true" : "false");
    if (m->label != NULL) form_add(f, "ParticipantLabel", m->label);
}

void conference_tell(struct conference *room, unsigned event, const char *name, const struct member *m)
{
    struct form f = { 0 };
    int         seq = ++room->seq;
    world_log("conference %s %s %s", room->sid, name, m != NULL ? m->call->sid : "");
    if (room->url == NULL || (room->events & event) == 0) return;
    form_add(&f, "AccountSid", world.who.account);
    form_add(&f, "ConferenceSid", room->sid);
    form_add(&f, "FriendlyName", room->name);
    form_addf(&f, "SequenceNumber", "%d", seq);
    form_add(&f, "Timestamp", clock_rfc2822(room->unix0 + clock_now() - room->now0));
    form_add(&f, "StatusCallbackEvent", name);
    if (m != NULL) about_member(m, &f);
    if (event == CONF_LEAVE) {
        form_add(&f, "ParticipantCallStatus", status_word(m->call->status));
        form_add(&f, "ReasonParticipantLeft", room->reason);
    }
    if (event == CONF_END) {
        if (room->ended_by != NULL) form_add(&f, "CallSidEndingConference", room->ended_by);
        form_add(&f, "ReasonConferenceEnded", room->reason);
        form_add(&f, "Reason", keep_fmt("Participant %s left", room->ended_by != NULL ? room->ended_by : "-"));
    }
    struct call *queue = ((struct member *)room->members.v[0])->call; /* events of a room go out one after the other */
    send_hook(
        &(struct hook){ .kind = "conference", .url = room->url, .method = room->method, .call = queue, .params = f });
}

static void bored(void *arg)
{
    struct member *m = arg;
    m->alone = NULL;
    call_hang_up(m->call);
}

/* When the talk is over those who are left wait a moment, and hang up one by one. */
static void watch_last(struct conference *room)
{
    struct member *m = nth(room, 0);
    for (size_t i = 0; nth(room, i) != NULL; i++)
        if (nth(room, i)->call->talk != NULL) return;
    if (m != NULL && m->alone == NULL && strcmp(room->status, "in-progress") == 0)
        m->alone = clock_in(ALONE_MS, bored, m);
}

void conference_talk(const struct conference *room)
{
    struct call *who[2] = { NULL, NULL };
    size_t       n = 0;
    for (size_t i = 0; nth(room, i) != NULL && n < 2; i++) {
        struct member *m = nth(room, i);
        if (m->call->talk != NULL) return;
        if (m->hold) continue;
        clock_cancel(&m->alone);
        who[n++] = m->call;
    }
    if (n == 2) talk_start(who[0], who[1]);
}

static void start_room(struct conference *room)
{
    bool may = false;
    for (size_t i = 0; i < room->members.n; i++) {
        const struct member *m = room->members.v[i];
        may |= !m->gone && m->start_on_enter;
    }
    if (strcmp(room->status, "init") != 0 || !may || present(room) < 2) return;
    room->status = "in-progress";
    for (size_t i = 0; i < room->members.n; i++) {
        struct member *m = room->members.v[i];
        clock_cancel(&m->alone);
        call_patience(m->call, 0);
        nest_end(m->call, &m->nest);
    }
    conference_tell(room, CONF_START, "conference-start", NULL);
    struct member *a = nth(room, 0), *b = nth(room, 1);
    if (room->record) {
        room->rec = rec_start(a->call, "Conference", true, &room->report);
        room->rec->conference = room->sid;
    }
    talk_start(a->call, b->call);
    if (room->rec != NULL) talk_record(a->call->talk, room->rec, a->call);
}

void conference_end(struct conference *room, const char *reason)
{
    if (strcmp(room->status, "completed") == 0) return;
    room->status = "completed";
    for (struct member *m; (m = nth(room, 0)) != NULL;) conference_leave(m, reason);
    if (room->rec != NULL) rec_stop(room->rec);
    room->reason = reason;
    conference_tell(room, CONF_END, "conference-end", NULL);
}

/* His document goes on, unless his call is over. */
static void go_on(struct member *m)
{
    struct call *c = m->call;
    struct form  more = { 0 };
    if (m->taken) return;
    form_add(&more, "DialCallStatus", "answered");
    if (m->action == NULL) {
        form_free(&more);
        run_next(c);
    } else if (status_final(c->status)) run_notify(c, "dial_status", m->action, m->method, &more);
    else run_url(c, "dial_status", m->action, m->method, &more);
}

void conference_leave(struct member *m, const char *reason)
{
    struct conference *room = m->room;
    bool               was_running = strcmp(room->status, "in-progress") == 0;
    if (m->gone) return;
    m->gone = true;
    clock_cancel(&m->alone);
    nest_end(m->call, &m->nest);
    m->call->on_gone = NULL;
    m->call->verb = NULL;
    if (m->call->talk != NULL) talk_stop(m->call);
    room->reason = reason;
    conference_tell(room, CONF_LEAVE, "participant-leave", m);
    room->ended_by = m->call->sid;
    if (was_running && m->end_on_exit) conference_end(room, "participant-with-end-conference-on-exit-left");
    else if (present(room) == 0) conference_end(room, "last-participant-left");
    else watch_last(room);
    go_on(m);
}

static void gone(struct call *c)
{
    struct member *m = c->verb;
    m->taken = !status_final(c->status);
    conference_leave(m, m->taken ? "participant_updated_via_api" : "participant_hung_up");
}

static void wait_again(struct member *m)
{
    run_url(m->call, "wait", m->wait_url, m->wait_method, NULL);
}

static void wait_over(struct call *c)
{
    wait_again(c->verb);
}

void conference_join(struct call *c, struct conference *room, struct member *m)
{
    call_answer(c);
    m->call = c;
    m->room = room;
    c->verb = m;
    c->on_gone = gone;
    list_keep(&room->members, m);
    conference_tell(room, CONF_JOIN, "participant-join", m);
    for (size_t i = 0; nth(room, i) != NULL; i++) clock_cancel(&nth(room, i)->alone);
    call_patience(c, PATIENCE_MS);
    start_room(room);
    if (strcmp(room->status, "init") != 0 || m->wait_url == NULL || m->wait_url[0] == '\0') return;
    nest_begin(c, &m->nest, wait_over);
    wait_again(m);
}
