/* A command to a live call at work: its call's legs, and what is noted of them. */
#ifndef LIVE_H
#define LIVE_H
#include "buf.h"
#include "control.h"
#include "sql.h"
#include "twilio.h"

struct live {
    struct ctx             *cx;
    struct twilio           account;
    const char             *command; /* its id */
    struct sql_control_load row;
    control_render         *render;
    const char             *room;  /* CF sid, once it is known */
    struct buf              patch; /* members of control_settle's patch, each with a comma behind it */
};

/** The address of one of our webhooks for this call. */
const char *live_hook(const struct live *, const char *what);

/** Gives a leg a document. Fails as twilio_live_document(). */
enum err live_document(struct live *, const char *sid, const struct plan *) MUST_CHECK;

/** Sets live.room: the two legs are in a conference, or are brought there within six seconds. UNKNOWN: they have not
 * met; else as twilio_live.h has it, and they are bridged as before. */
enum err live_meet(struct live *) MUST_CHECK;

/** Sets live.room if the conference runs; NULL: it does not. */
enum err live_find(struct live *) MUST_CHECK;

/** Hold or EndConferenceOnExit of a participant. */
enum err live_set(struct live *, const char *sid, const char *name, bool value) MUST_CHECK;

/** Is the dialled leg recorded, until it ends, and not what the Dial connects? Of a Dial it is the leg that dials. */
bool live_leg_recorded(const struct live *);

/** "paused", "in-progress" or "stopped" for the recording that runs. CONFLICT: none does. */
enum err live_recording(struct live *, const char *status) MUST_CHECK;

/** What whom the agent asks is called in the conference. */
const char *live_label(const struct live *);

/** Ends a leg; NULL, and one that is over already, are as good. */
enum err live_end(struct live *, const char *sid) MUST_CHECK;

/** What is so about the call from now on. mode NULL: as it was. */
void live_note(struct live *, const char *member, const char *text);
void live_note_flag(struct live *, const char *member, bool value);
void live_note_transferred(struct live *);
void live_note_consulting(struct live *, const char *sid);
void live_note_transfer(struct live *, const char *mode, const char *state);

#endif
