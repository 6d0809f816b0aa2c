/* Calls under control while they run. Written down before Twilio is asked; what nobody answered is looked up, not done
 * again.
 *
 * Two legs that a Dial has bridged become a conference without either of them hearing a click: the dialled leg gets a
 * document that joins the conference, which ends the Dial, and the Dial's action, answered by our own webhook, sends
 * the other leg after it. (A document for the leg that dials would hang up the dialled one.)
 * https://www.twilio.com/docs/voice/twiml/dial#action, https://www.twilio.com/docs/voice/api/call-resource
 *
 *   bridged --hold, consult, dtmf--> conference --transfer--> bridged with somebody else
 *                                     '-- complete: the agent leaves, whom he has asked stays
 */
#ifndef CONTROL_H
#define CONTROL_H
#include "ctx.h"
#include "plan.h"

#include <stdbool.h>

/* What is asked for. NULL: not said. */
struct control {
    const char    *kind;      /* a word of call_commands.kind */
    const char    *call;      /* our id or the CallSid of any of its legs */
    const char    *only_user; /* whose calls alone may be touched; NULL: anybody's */
    const char    *to;        /* E.164; or user (uuid), or client (our id or the CRM's) */
    const char    *user, *client;
    const char    *digits;
    const int64_t *seconds; /* of a pause; NULL: 60 */
    const char    *actor, *origin;
};

/* render_plan(), which this layer cannot see. */
typedef enum err control_render(struct ctx *, const struct plan *, const char **xml, size_t *len);

/** Carries a command out. *doc: what is so about the call now; its state is "unknown" where Twilio's answer was lost.
 *  NOT_FOUND (call, user, client), FORBIDDEN, CONFLICT (the call is not in a state for it, or another command is under
 * way), INVALID, those of gate_refused(), and those of twilio.h: nothing has changed then. */
enum err control_do(struct ctx *, const struct control *, control_render *, const char **doc) MUST_CHECK;

/** Ends a command that somebody began and nobody settled. *settled false: look again later. */
enum err control_resolve(struct ctx *, const char *command_id, control_render *, bool *settled) MUST_CHECK;

#endif
