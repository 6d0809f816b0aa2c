/* Conferences: who is in, who may talk, what is reported. */
#pragma once
#include "nest.h"
#include "rec.h"

struct conference;

struct member {
    struct call       *call;
    struct conference *room;
    struct nest        nest;
    const char        *label, *action, *method, *wait_url, *wait_method, *coach;
    bool               muted, hold, start_on_enter, end_on_exit, gone, taken; /* taken: a new document has him */
    struct timer      *alone;
};

struct conference {
    const char       *sid, *name, *status, *reason, *ended_by; /* status: init in-progress completed */
    struct list       members;
    const char       *url, *method;
    unsigned          events; /* set of CONF_ON_ */
    int               seq, max;
    int64_t           unix0, now0;
    struct recording *rec;
    bool              record;
    struct rec_report report;
};

enum {
    CONF_START = 1,
    CONF_END = 2,
    CONF_JOIN = 4,
    CONF_LEAVE = 8,
    CONF_MUTE = 16,
    CONF_HOLD = 32,
    CONF_MODIFY = 64,
    CONF_SPEAKER = 128,
    CONF_ANNOUNCE = 256
};

/** Dial with a Conference noun. */
void           conference_dial(struct call *c, const xmlNode *dial, const xmlNode *noun);
/** Tells the subscriber; event and its name on the wire; the member it is about or NULL. */
void           conference_tell(struct conference *room, unsigned event, const char *name, const struct member *m);
/** Two who are there and not on hold talk, unless somebody does. */
void           conference_talk(const struct conference *room);
void           conference_end(struct conference *room, const char *reason);
/** Takes a member out, without ending his call; reason as ReasonParticipantLeft. */
void           conference_leave(struct member *m, const char *reason);
struct member *conference_member(const struct conference *room, const char *sid_or_label);
/** A call made by REST joins when it is answered. */
void           conference_join(struct call *c, struct conference *room, struct member *m);
