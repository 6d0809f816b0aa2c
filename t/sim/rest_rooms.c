/* Twilio's Conferences and Participants. */
#include "conference.h"
#include "hooks.h"
#include "rest.h"
#include "rest_calls.h"
#include "talk.h"

#include <stdlib.h>
#include <string.h>

static cJSON *show(void *item)
{
    const struct conference *x = item;
    cJSON                   *o = cJSON_CreateObject();
    json_text(o, "account_sid", world.who.account);
    json_text(o, "api_version", "2010-04-01");
    json_text(o, "sid", x->sid);
    json_text(o, "friendly_name", x->name);
    json_text(o, "status", x->status);
    json_text(o, "region", "us1");
    json_text(o, "reason_conference_ended", strcmp(x->status, "completed") == 0 ? x->reason : NULL);
    json_text(o, "call_sid_ending_conference", strcmp(x->status, "completed") == 0 ? x->ended_by : NULL);
    json_date(o, "date_created", x->unix0);
    json_date(o, "date_updated", x->unix0);
    json_text(o, "uri", rest_uri("/Conferences/%s.json", x->sid));
    cJSON *u = cJSON_AddObjectToObject(o, "subresource_uris");
    json_text(u, "participants", rest_uri("/Conferences/%s/Participants.json", x->sid));
    json_text(u, "recordings", rest_uri("/Conferences/%s/Recordings.json", x->sid));
    return o;
}

static const char *sid_of(void *item)
{
    return ((const struct conference *)item)->sid;
}

static cJSON *show_member(void *item)
{
    const struct member *x = item;
    cJSON               *o = cJSON_CreateObject();
    json_text(o, "account_sid", world.who.account);
    json_text(o, "call_sid", x->call->sid);
    json_text(o, "label", x->label);
    json_text(o, "call_sid_to_coach", x->coach);
    json_bool(o, "coaching", x->coach != NULL);
    json_text(o, "conference_sid", x->room->sid);
    json_date(o, "date_created", call_unix(x->call, x->call->now0));
    json_date(o, "date_updated", call_unix(x->call, x->call->updated_at));
    json_bool(o, "end_conference_on_exit", x->end_on_exit);
    json_bool(o, "muted", x->muted);
    json_bool(o, "hold", x->hold);
    json_bool(o, "start_conference_on_enter", x->start_on_enter);
    json_text(o, "status", x->gone ? "complete" : "connected");
    json_text(o, "queue_time", "0");
    json_text(o, "uri", rest_uri("/Conferences/%s/Participants/%s.json", x->room->sid, x->call->sid));
    return o;
}

static const char *member_sid(void *item)
{
    return ((const struct member *)item)->call->sid;
}

static struct conference *by_sid(const struct request *q, struct reply *r)
{
    for (size_t i = 0; i < world.conferences.n; i++) {
        struct conference *x = world.conferences.v[i];
        if (strcmp(x->sid, q->seg[1]) == 0) return x;
    }
    rest_not_found(q, r);
    return NULL;
}

void rooms_list(struct request *q, struct reply *r)
{
    struct list found = { 0 };
    for (size_t i = world.conferences.n; i-- > 0;) {
        struct conference *x = world.conferences.v[i];
        if (rest_equal(&q->query, "FriendlyName", x->name) && rest_equal(&q->query, "Status", x->status)
            && rest_dated(&q->query, "DateCreated", x->unix0))
            list_add(&found, x);
    }
    rest_page(q, r, &(struct page){ "conferences", found.v, found.n, show, sid_of });
    free(found.v);
}

void rooms_fetch(struct request *q, struct reply *r)
{
    struct conference *x = by_sid(q, r);
    if (x != NULL) reply_json(r, 200, show(x));
}

void rooms_update(struct request *q, struct reply *r)
{
    struct conference *x = by_sid(q, r);
    const char        *status = form_get(&q->form, "Status");
    if (x == NULL) return;
    if (status != NULL && strcmp(status, "completed") == 0) {
        for (size_t i = 0; i < x->members.n; i++) ((struct member *)x->members.v[i])->action = NULL;
        conference_end(x, "conference-ended-via-api");
    }
    reply_json(r, 200, show(x));
}

void members_list(struct request *q, struct reply *r)
{
    struct list        found = { 0 };
    struct conference *x = by_sid(q, r);
    if (x == NULL) return;
    for (size_t i = 0; i < x->members.n; i++) {
        const struct member *m = x->members.v[i];
        bool                 fits = rest_equal(&q->query, "Muted", m->muted ? "true" : "false")
                    && rest_equal(&q->query, "Hold", m->hold ? "true" : "false");
        if (!m->gone && fits) list_add(&found, x->members.v[i]);
    }
    rest_page(q, r, &(struct page){ "participants", found.v, found.n, show_member, member_sid });
    free(found.v);
}

static struct member *member_of(struct request *q, struct reply *r)
{
    struct conference *x = by_sid(q, r);
    struct member     *m = x != NULL ? conference_member(x, q->seg[2]) : NULL;
    if (x != NULL && m == NULL) rest_not_found(q, r);
    return m;
}

void members_fetch(struct request *q, struct reply *r)
{
    struct member *m = member_of(q, r);
    if (m != NULL) reply_json(r, 200, show_member(m));
}

static void change(struct member *m, const struct form *f, const char *name, bool *what, unsigned event, const char *on,
                   const char *off)
{
    const char *v = form_get(f, name);
    if (v == NULL || (strcmp(v, "true") == 0) == *what) return;
    *what = !*what;
    conference_tell(m->room, event, *what ? on : off, m);
}

void members_update(struct request *q, struct reply *r)
{
    struct member *m = member_of(q, r);
    const char    *coach = form_get(&q->form, "CallSidToCoach");
    const bool     held = m != NULL && m->hold;
    if (m == NULL) return;
    change(m, &q->form, "Muted", &m->muted, CONF_MUTE, "participant-mute", "participant-unmute");
    change(m, &q->form, "Hold", &m->hold, CONF_HOLD, "participant-hold", "participant-unhold");
    change(m, &q->form, "EndConferenceOnExit", &m->end_on_exit, CONF_MODIFY, "participant-modify",
           "participant-modify");
    if (coach != NULL) m->coach = keep_str(coach);
    if (m->hold && m->call->talk != NULL) talk_stop(m->call);
    if (held && !m->hold) conference_talk(m->room);
    reply_json(r, 200, show_member(m));
}

void members_delete(struct request *q, struct reply *r)
{
    struct member *m = member_of(q, r);
    if (m == NULL) return;
    m->action = NULL;
    conference_leave(m, "participant_updated_via_api");
    r->status = 204;
}

static void joins(struct call *c)
{
    struct member *m = c->verb;
    c->verb = NULL;
    clock_cancel(&c->hangup);
    conference_join(c, m->room, m);
}

/* POST Conferences/{sid}/Participants.json: calls somebody into the room. */
void members_create(struct request *q, struct reply *r)
{
    struct conference *x = by_sid(q, r);
    const char        *to = form_get(&q->form, "To"), *from = form_get(&q->form, "From"),
               *end = form_get(&q->form, "EndConferenceOnExit");
    if (x == NULL || !call_addresses_ok(from, to, r)) return;
    if (strcmp(x->status, "completed") == 0) {
        rest_fail(r, 400, 21220, "The conference is over");
        return;
    }
    struct call   *c = call_new(from, to, "outbound-api", NULL);
    struct member *m = keep(sizeof *m);
    const char    *muted = form_get(&q->form, "Muted");
    *m = (struct member){ .call = c,
                          .room = x,
                          .label = keep_str(form_get(&q->form, "Label")),
                          .start_on_enter = true,
                          .end_on_exit = end != NULL && strcmp(end, "true") == 0,
                          .muted = muted != NULL && strcmp(muted, "true") == 0 };
    call_read_progress(c, &q->form);
    c->number = world_number(from);
    c->verb = m;
    c->agent = true;
    call_to_phone(c, joins);
    call_patience(c, 60000);
    reply_json(r, 201, show_member(m));
}
