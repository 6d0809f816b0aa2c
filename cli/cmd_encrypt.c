/* switchhook tenant encrypt: whether a tenant's call metadata are sealed, and how far what is stored has come. */
#include "command.h"
#include "out.h"

#include "sql.h"
#include "tenant_key.h"

enum err cmd_tenant_key(struct cli *c)
{
    struct seal_keys *keys = NULL;
    struct seal_data  key;
    TRY(seal_keys_read(&c->cx, c->cfg.key_file, &keys));
    c->cx.keys = keys;
    enum err e = tenant_key(&c->cx, &key);
    c->cx.keys = NULL;
    seal_forget(keys);
    return e;
}

static enum err set(struct cli *c, bool on)
{
    const struct sql_metadata_switch_in in = { on, command_actor(c) };
    if (on) TRY(cmd_tenant_key(c));
    return sql_metadata_switch(&c->cx, &in);
}

enum err cmd_tenant_encrypt(struct cli *c)
{
    enum { WIDTH = 6 };
    static const char *const   columns[WIDTH] = { "encrypt_metadata", "state", "at", "converted", "since", "done_at" };
    const bool                 on = command_option(c, "on") != NULL, off = command_option(c, "off") != NULL;
    struct sql_metadata_status s;
    if (on && off) return ctx_fail(&c->cx, ERR_INVALID, "either --on or --off");
    TRY(cmd_tenant(c, &c->cx.tenant));
    if (on || off) TRY(set(c, on));
    TRY(sql_metadata_status(&c->cx, &s));
    out_one(c, columns, WIDTH,
            (const char *const[]){ s.encrypt ? "true" : "false", s.state, s.place, s.converted, s.since, s.done_at });
    return OK;
}
