/* switchhook call end, hold, transfer...: live calls. */
#include "command.h"

#include "check.h"
#include "control.h"
#include "http.h"
#include "render.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

/* The verb of the command line, and what it is in call_commands. */
static const struct {
    const char *verb, *kind;
} kinds[] = {
    { "end", "end" },
    { "hold", "hold" },
    { "resume", "resume" },
    { "transfer", "transfer" },
    { "complete", "complete" },
    { "cancel", "cancel" },
    { "dtmf", "dtmf" },
    { "pause", "recording_pause" },
    { "unpause", "recording_resume" },
};

static enum err ask(struct cli *c, struct control *in, int64_t *seconds)
{
    const char *wait = command_option(c, "seconds");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(c->command->verb, kinds[i].verb) == 0) in->kind = kinds[i].kind;
    if (command_option(c, "warm") != NULL) in->kind = "consult";
    in->call = c->word == NULL ? "" : c->word;
    in->digits = command_option(c, "digits");
    in->actor = command_actor(c);
    if (wait != NULL && !check_int(wait, 1, 3600, seconds))
        return ctx_fail(&c->cx, ERR_INVALID, "--seconds: expected 1 to 3600");
    if (wait != NULL) in->seconds = seconds;
    return command_phone(c, "to", &in->to);
}

/* Whose call it is. */
static enum err tenant(struct cli *c, const char *call)
{
    struct sql_call_tenant    whose = { 0 };
    struct sql_call_tenant_in in = { .id = check_uuid(call) ? call : NULL, .sid = check_sid(call, "CA") ? call : NULL };
    if (in.id == NULL && in.sid == NULL) return ctx_fail(&c->cx, ERR_INVALID, "expected a CallSid or the id of a call");
    TRY(sql_call_tenant(&c->cx, &in, &whose));
    c->cx.tenant = whose.tenant_id;
    return whose.tenant_id != NULL ? OK : ctx_fail(&c->cx, ERR_NOT_FOUND, "no such call");
}

enum err cmd_call_control(struct cli *c)
{
    struct ctx       *cx = &c->cx;
    struct seal_keys *keys = NULL;
    struct control    in = { .kind = NULL };
    int64_t           seconds = 0;
    const char       *doc;
    TRY(ask(c, &in, &seconds));
    TRY(tenant(c, in.call));
    TRY(seal_keys_read(cx, c->cfg.key_file, &keys));
    cx->keys = keys;
    cx->http = http_open();
    enum err e = veil_load(cx);
    if (e == OK) e = control_do(cx, &in, render_plan, &doc);
    if (e == OK) doc = veil_json_open(cx, cx->veil, doc);
    http_close(cx->http);
    seal_forget(keys);
    cx->http = NULL;
    cx->keys = NULL;
    if (e != OK) return e;
    return puts(doc) < 0 ? ctx_fail(cx, ERR_INTERNAL, "standard output") : OK;
}
