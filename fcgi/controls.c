/* Live calls: ended, transferred, held, sent tones, their recordings paused. */
#include "handlers.h"

#include "auth.h"
#include "control.h"
#include "render.h"

#include <string.h>

enum { DIGITS_MAX = 32, PAUSE_MAX_S = 3600, EXTERNAL_MAX = 200 };

/* Matches nobody: whose calls an agent's key may touch that is no person's. */
static const char nobody[] = "00000000-0000-0000-0000-000000000000";

static const char *const kinds[] = {
    [CONTROL_END] = "end",
    [CONTROL_HOLD] = "hold",
    [CONTROL_RESUME] = "resume",
    [CONTROL_DTMF] = "dtmf",
    [CONTROL_COMPLETE] = "complete",
    [CONTROL_CANCEL] = "cancel",
    [CONTROL_TRANSFER] = "transfer",
    [CONTROL_PAUSE] = "recording_pause",
    [CONTROL_UNPAUSE] = "recording_resume",
};

struct transfer {
    const char *to, *user, *client, *mode;
};

struct dtmf {
    const char *digits;
};

struct pause {
    const int64_t *seconds;
};

/* clang-format off */
/* What is missing is said after it is known that there is such a call. */
static const struct field transfer_rows[] = {
    { "to",        FIELD_PHONE, offsetof(struct transfer, to),     false, 0, 0, NULL },
    { "user_id",   FIELD_UUID,  offsetof(struct transfer, user),   false, 0, 0, NULL },
    { "client_id", FIELD_TEXT,  offsetof(struct transfer, client), false, 1, EXTERNAL_MAX, NULL },
    { "mode",      FIELD_WORD,  offsetof(struct transfer, mode),   false, 0, 0, " blind warm " },
};
static const struct field dtmf_rows[] = {
    { "digits", FIELD_TEXT, offsetof(struct dtmf, digits), false, 1, DIGITS_MAX, NULL },
};
static const struct field pause_rows[] = {
    { "seconds", FIELD_INT, offsetof(struct pause, seconds), false, 1, PAUSE_MAX_S, NULL },
};
/* clang-format on */
const struct fields transfer_in = FIELDS(transfer_rows, struct transfer);
const struct fields dtmf_in = FIELDS(dtmf_rows, struct dtmf);
const struct fields pause_in = FIELDS(pause_rows, struct pause);

static enum err act(struct req *rq, struct res *rs, struct control *in)
{
    const char *doc;
    in->kind = in->kind != NULL ? in->kind : kinds[rq->route->arg];
    in->call = rq->param[0];
    in->actor = auth_actor(rq);
    in->origin = rq->remote;
    if (strcmp(rq->role, "agent") == 0) in->only_user = rq->user != NULL ? rq->user : nobody;
    TRY(control_do(rq->ctx, in, render_plan, &doc));
    return res_json(rs, strstr(doc, "\"unknown\"") != NULL ? 202 : 200, doc);
}

/* POST /api/v1/calls/{id}/end, hold, resume, transfer/complete, transfer/cancel, recording/resume -> 200 | 202:
 * Twilio's answer was lost, and the sweep finds out. Agents: their own calls. */
enum err controls_act(struct req *rq, struct res *rs)
{
    return act(rq, rs, &(struct control){ .kind = NULL });
}

/* POST /api/v1/calls/{id}/transfer {to | user_id | client_id, mode: blind} -> 200
 * warm: the customer is held while the agent speaks to whom he asks; then complete or cancel. */
enum err controls_transfer(struct req *rq, struct res *rs)
{
    const struct transfer *in = rq->in;
    struct control         ask = { .to = in->to, .user = in->user, .client = in->client };
    if ((in->to != NULL) + (in->user != NULL) + (in->client != NULL) > 1)
        return field_fault(rq->ctx, ERR_INVALID, "/to", "one", "give one of to, user_id and client_id");
    if (in->mode != NULL && strcmp(in->mode, "warm") == 0) ask.kind = "consult";
    return act(rq, rs, &ask);
}

/* POST /api/v1/calls/{id}/dtmf {digits: "12#"} -> 200; w waits half a second */
enum err controls_dtmf(struct req *rq, struct res *rs)
{
    const struct dtmf *in = rq->in;
    struct control     ask = { .digits = in->digits };
    return act(rq, rs, &ask);
}

/* POST /api/v1/calls/{id}/recording/pause {seconds: 60} -> 200; after so long it is resumed by itself. 502: it is not
 * paused. */
enum err controls_pause(struct req *rq, struct res *rs)
{
    const struct pause *in = rq->in;
    return act(rq, rs, &(struct control){ .seconds = in->seconds });
}
