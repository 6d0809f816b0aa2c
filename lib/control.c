/* Calls under control while they run. */
#include "control.h"

#include "check.h"
#include "clock.h"
#include "control_step.h"
#include "gate.h"
#include "id.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

/* SETTLE_MS: to write what came of it, however long Twilio has taken. */
enum { PATCH_MAX = 4096, SETTLE_MS = 3000, GIVE_UP_S = 600 };

/* clang-format off */
static const struct {
    const char *word;
    enum err    err;
    const char *why;
} refusals[] = {
    { "forbidden",  ERR_FORBIDDEN, "this is another agent's call" },
    { "user",       ERR_NOT_FOUND, "user_id: no such user" },
    { "client",     ERR_NOT_FOUND, "client_id: no such client" },
    { "no_phone",   ERR_INVALID,   "to whom: give to, a user_id that rings, or a client_id with a forward-to" },
    { "no_digits",  ERR_INVALID,   "digits: is missing" },
    { "over",       ERR_CONFLICT,  "the call is over, or has not begun at Twilio" },
    { "quiet",      ERR_CONFLICT,  "nobody is talking: the call has not been answered, or one side has left" },
    { "held",       ERR_CONFLICT,  "the customer is on hold: resume first" },
    { "no_consult", ERR_CONFLICT,  "nobody is being consulted" },
    { "consulting", ERR_CONFLICT,  "somebody is being consulted: complete or cancel that first" },
    { "silent",     ERR_CONFLICT,  "nothing is being recorded" },
};
/* clang-format on */

static enum err refuse(struct ctx *cx, const char *verdict)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (strcmp(refusals[i].word, verdict) == 0) return ctx_fail(cx, refusals[i].err, "%s", refusals[i].why);
    return gate_refused(cx, verdict, NULL);
}

/* Who is rung may be sealed. */
static enum err readable(struct ctx *cx, struct sql_control_load *row)
{
    const char *kept = row->target;
    row->target = veil_open(cx, cx->veil, kept);
    if (kept == NULL || row->target != NULL) return OK;
    return ctx_fail(cx, ERR_NOT_CONFIGURED, "the number to transfer to does not open");
}

/* The command as it was written down, and its call. */
static enum err open(struct ctx *cx, const struct control *in, const char *id, struct sql_control_load *row)
{
    const struct gate                gate = in->to == NULL ? (struct gate){ .premium = false } : gate_look(in->to);
    struct sql_control_open          opened = { .verdict = NULL };
    const struct sql_control_open_in ask = { .command_id = id,
                                             .call_id = check_uuid(in->call) ? in->call : NULL,
                                             .sid = check_sid(in->call, "CA") ? in->call : NULL,
                                             .kind = in->kind,
                                             .user_id = in->only_user,
                                             .to_number = veil_seal(cx, cx->veil, VEIL_NUMBER, in->to),
                                             .gate_number = in->to,
                                             .region = gate.region,
                                             .premium = gate.premium,
                                             .target_user = in->user,
                                             .target_client = in->client,
                                             .target_client_id =
                                                 in->client != NULL && check_uuid(in->client) ? in->client : NULL,
                                             .digits = in->digits,
                                             .seconds = in->seconds,
                                             .actor = in->actor,
                                             .origin = in->origin };
    const struct sql_control_load_in load = { id };
    const struct db_call             calls[] = { { &sql_control_open_stmt, &ask, 1, &opened },
                                                 { &sql_control_load_stmt, &load, 1, row } };
    if (ask.call_id == NULL && ask.sid == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "no such call");
    if (db_all(cx, calls, 2) == ERR_CONFLICT) {
        ctx_forgive(cx);
        return ctx_fail(cx, ERR_CONFLICT, "another command to this call is under way");
    }
    if (cx->err.code != OK) return cx->err.code;
    if (opened.verdict == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "no such call");
    return strcmp(opened.verdict, "open") == 0 ? readable(cx, row) : refuse(cx, opened.verdict);
}

/* Writes how it ended. Once more after a deadlock, for webhooks of the same call come at the same time. */
static enum err settle(struct live *l, const char *state, const char **doc)
{
    struct ctx               *cx = l->cx;
    const struct error        before = cx->err;
    struct sql_control_settle row = { .doc = NULL };
    const char *patch = arena_printf(cx->arena, "{%.*s}", (int)(l->patch.len > 0 ? l->patch.len - 1 : 0), l->patch.at);
    const struct sql_control_settle_in in = {
        .command_id = l->command,
        .state = state,
        .reason = before.code == OK ? NULL : veil_seal(cx, cx->veil, VEIL_TEXT, arena_strdup(cx->arena, before.msg)),
        .patch = patch
    };
    enum err e = ERR_UNAVAILABLE;
    if (cx->deadline_ms < clock_ms() + SETTLE_MS) cx->deadline_ms = clock_ms() + SETTLE_MS;
    for (int i = 0; i < 2 && e == ERR_UNAVAILABLE; i++) {
        ctx_forgive(cx);
        e = sql_control_settle(cx, &in, &row);
    }
    if (e != OK) return e;
    cx->err = before;
    *doc = row.doc;
    return OK;
}

/* May it have happened nevertheless? */
static bool unsure(enum err e)
{
    return e == ERR_UNKNOWN || e == ERR_UPSTREAM || e == ERR_TOO_LARGE || e == ERR_TIMEOUT;
}

static enum err prepare(struct live *l, const char *id, control_render *render)
{
    l->command = id;
    l->render = render;
    l->patch = buf_new(l->cx->arena, PATCH_MAX);
    return twilio_load(l->cx, &l->account);
}

static enum err work(struct live *l, const struct control *in)
{
    if (l->row.target != NULL && in->to == NULL && strncmp(l->row.target, "client:", 7) != 0)
        TRY(gate_agent(l->cx, l->row.target, l->row.countries));
    return control_step(l);
}

/* w waits half a second: https://www.twilio.com/docs/voice/twiml/play#attributes-digits */
static const char keys[] = "0123456789ABCD*#w";

enum err control_do(struct ctx *cx, const struct control *in, control_render *render, const char **doc)
{
    struct live l = { .cx = cx };
    char       *id = arena_alloc(cx->arena, CTX_ID);
    if (in->digits != NULL && in->digits[strspn(in->digits, keys)] != '\0')
        return ctx_fail(cx, ERR_INVALID, "digits: expected keys: 0 to 9, A to D, *, #, w to wait");
    id_uuid7(id);
    TRY(veil_ready(cx));
    TRY(open(cx, in, id, &l.row));
    enum err e = prepare(&l, id, render);
    if (e == OK) e = work(&l, in);
    TRY(settle(&l, e == OK ? "done" : unsure(e) ? "unknown" : "failed", doc));
    if (e == ERR_NOT_FOUND) cx->err.code = ERR_CONFLICT; /* not the call that was asked for: a leg of it has gone */
    if (unsure(e)) ctx_forgive(cx);
    return cx->err.code;
}

enum err control_resolve(struct ctx *cx, const char *command_id, control_render *render, bool *settled)
{
    struct live l = { .cx = cx };
    bool        done = false;
    const char *doc;
    *settled = true;
    TRY(sql_control_load(cx, &(const struct sql_control_load_in){ command_id }, &l.row));
    if (l.row.call_id == NULL || strcmp(l.row.state, "done") == 0 || strcmp(l.row.state, "failed") == 0) return OK;
    TRY(readable(cx, &l.row));
    enum err e = prepare(&l, command_id, render);
    if (e == OK) e = control_look(&l, &done);
    *settled = e == OK || e == ERR_CONFLICT || e == ERR_NOT_FOUND || l.row.age_s > GIVE_UP_S;
    if (!*settled) return e;
    if (!done && e == OK) (void)ctx_fail(cx, ERR_CONFLICT, "Twilio's answer was lost, and it was not done");
    TRY(settle(&l, done ? "done" : "failed", &doc));
    ctx_forgive(cx);
    return OK;
}
