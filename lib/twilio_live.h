/* Calls that run: ended, given a new document, met in a conference, their recordings paused. Fail as twilio.h has it.
 * https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource */
#ifndef TWILIO_LIVE_H
#define TWILIO_LIVE_H
#include "twilio.h"

/** Ends a call. CONFLICT: it is over. *silent: it was still queued, and no callback will say so. */
enum err twilio_live_end(struct ctx *, const struct twilio *, const char *call_sid, bool *silent) MUST_CHECK;

/** Gives a call a new document, at most 4,000 characters. Of two legs that a Dial has bridged: a document for the
 * dialled one ends the Dial, whose action is requested for the other one; a document for the one that dials hangs up
 * the dialled one. CONFLICT: it is not in progress. */
enum err twilio_live_document(struct ctx *, const struct twilio *, const char *call_sid, const char *xml) MUST_CHECK;

/** The running conference of a name; *sid NULL: there is none, or not two in it.
 * https://www.twilio.com/docs/voice/api/conference-resource */
enum err twilio_room_find(struct ctx *, const struct twilio *, const char *name, const char **sid) MUST_CHECK;

/** Changes one thing about a participant: Hold, EndConferenceOnExit. NOT_FOUND: he is not there.
 * https://www.twilio.com/docs/voice/api/conference-participant-resource */
enum err twilio_room_set(struct ctx *, const struct twilio *, const char *room_sid, const char *call_sid,
                         const char *name, const char *value) MUST_CHECK;

/* Somebody to be called into a conference. */
struct twilio_guest {
    const char *from, *to, *label, *status_url;
    unsigned    timeout_s;
};

/** Calls somebody into a conference; it goes on when he leaves. */
enum err twilio_room_call(struct ctx *, const struct twilio *, const char *room_sid, const struct twilio_guest *,
                          const char **call_sid) MUST_CHECK;

/** The leg of a participant by the label it was called with. NOT_FOUND. */
enum err twilio_room_guest(struct ctx *, const struct twilio *, const char *room_sid, const char *label,
                           const char **call_sid) MUST_CHECK;

/** Pauses ("paused", the time is silent) or resumes ("in-progress") a recording. UPSTREAM_REFUSED: Twilio says that it
 * is something else; its status counts, not its 200.
 * https://www.twilio.com/docs/voice/api/recording#update-a-recording-resource */
enum err twilio_recording_set(struct ctx *, const struct twilio *, const char *call_sid, const char *recording_sid,
                              const char *status) MUST_CHECK;

#endif
