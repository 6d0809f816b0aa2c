/* switchhook tenant: who shares this installation. */
#include "command.h"
#include "out.h"

#include "check.h"
#include "gate.h"
#include "id.h"
#include "phone.h"
#include "sql.h"
#include "twilio.h"

#include <string.h>

enum err cmd_tenant(struct cli *c, const char **id)
{
    const char               *given = command_option(c, "tenant");
    const bool                by_id = given != NULL && check_uuid(given);
    struct sql_tenant_find_in in = { .id = by_id ? given : NULL, .name = by_id ? NULL : given };
    struct db_rows            rows;
    TRY(sql_tenant_find(&c->cx, &in, &rows));
    const struct sql_tenant_find *v = rows.v;
    if (rows.n == 0)
        return ctx_fail(&c->cx, ERR_NOT_FOUND, "no tenant%s%s", given == NULL ? "" : " ", given == NULL ? "" : given);
    if (rows.n > 1) return ctx_fail(&c->cx, ERR_INVALID, "%zu tenants: say which with --tenant", rows.n);
    *id = v[0].id;
    c->tenant_name = v[0].name;
    return OK;
}

enum err cmd_tenant_list(struct cli *c)
{
    static const char *const  columns[] = { "id", "name" };
    struct sql_tenant_find_in in = { NULL, NULL };
    struct db_rows            rows;
    TRY(sql_tenant_find(&c->cx, &in, &rows));
    const struct sql_tenant_find *v = rows.v;
    const char                  **cells = arena_alloc(c->cx.arena, (rows.n + 1) * 2 * sizeof *cells);
    for (size_t i = 0; i < rows.n; i++) {
        cells[2 * i] = v[i].id;
        cells[2 * i + 1] = v[i].name;
    }
    out_rows(c, columns, 2, cells, rows.n);
    return OK;
}

/* The key file is made where there is none: the first tenant's secrets need one. */
static enum err keys(struct cli *c, struct seal_keys **out)
{
    struct ctx *cx = &c->cx;
    if (seal_keys_create(cx, c->cfg.key_file) == OK)
        (void)fprintf(stderr, "switchhook: made the key file %s: keep a copy, for without it no secret opens\n",
                      c->cfg.key_file);
    else if (cx->err.code != ERR_CONFLICT) return cx->err.code;
    ctx_forgive(cx);
    return seal_keys_read(cx, c->cfg.key_file, out);
}

/* The settings' Twilio account, checked and sealed with a key that is the tenant's own. */
static enum err account(struct cli *c, const char *tenant, struct sql_tenant_key_add_in *key,
                        struct sql_twilio_store_in *out)
{
    const struct config *g = &c->cfg;
    struct seal_keys    *k = NULL;
    if (g->twilio_account_sid == NULL || !check_sid(g->twilio_account_sid, "AC") || g->twilio_auth_token == NULL)
        return ctx_fail(&c->cx, ERR_NOT_CONFIGURED, "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not both set");
    TRY(keys(c, &k));
    *out = (struct sql_twilio_store_in){ .tenant_id = tenant,
                                         .account_sid = g->twilio_account_sid,
                                         .api_key_sid = g->twilio_api_key_sid,
                                         .twiml_app_sid = g->twilio_twiml_app_sid,
                                         .region = g->twilio_region,
                                         .edge = g->twilio_edge,
                                         .api_base_url = g->twilio_api_base_url };
    c->cx.keys = k;
    struct seal_data data = { .tenant = tenant };
    enum err         e = seal_data_make(&c->cx, k, tenant, &data.sealed);
    if (e == OK) e = twilio_seal(&c->cx, &data, "auth_token", g->twilio_auth_token, &out->auth_token);
    if (e == OK) e = twilio_seal(&c->cx, &data, "api_key_secret", g->twilio_api_key_secret, &out->api_key_secret);
    *key = (struct sql_tenant_key_add_in){ tenant, data.sealed };
    c->cx.keys = NULL;
    seal_forget(k);
    return e;
}

static enum err phone(struct cli *c, const char *name, const char *text, const char **out)
{
    struct phone p;
    *out = NULL;
    if (text == NULL) return OK;
    if (!phone_parse(text, strlen(text), NULL, &p))
        return ctx_fail(&c->cx, ERR_INVALID_NUMBER, "%s: expected +<country><number>", name);
    *out = arena_strdup(c->cx.arena, p.e164);
    return OK;
}

enum err command_tenant_make(struct cli *c, const struct tenant_wish *wish, struct tenant_made *out)
{
    char                        *id = arena_alloc(c->cx.arena, CTX_ID);
    const char                  *number = NULL, *forward = NULL, *number_id;
    struct sql_twilio_store_in   store = { 0 };
    struct sql_tenant_key_add_in key = { 0 };
    struct sql_tenant_key_add    kept;
    id_uuid7(id);
    if (wish->account) {
        TRY(phone(c, "TWILIO_PHONE_NUMBER", c->cfg.twilio_phone_number, &number));
        TRY(phone(c, "FORWARD_PHONE_NUMBER", c->cfg.forward_phone_number, &forward));
        TRY(account(c, id, &key, &store));
    }
    struct sql_tenant_add_in add = { .id = id,
                                     .name = wish->name,
                                     .country = wish->country,
                                     .language = wish->language,
                                     .time_zone = wish->time_zone,
                                     .default_number = number };
    const struct gate        home =
        gate_look(number == NULL ? "" : number); /* calls go to its own country, if nobody says more */
    if (add.country == NULL && *home.region != '\0') add.country = home.region;
    c->cx.tenant = id;
    struct sql_audit_add_in entry = { .who = command_actor(c), .did = "tenant.add", .what = add.name };
    struct sql_audit_add    added;
    const struct db_call    calls[] = { { &sql_tenant_add_stmt, &add, 1, NULL },
                                        { &sql_audit_add_stmt, &entry, 1, &added },
                                        { &sql_tenant_key_add_stmt, &key, 1, &kept },
                                        { &sql_twilio_store_stmt, &store, 1, NULL } };
    TRY(db_all(&c->cx, calls, wish->account ? 4 : 2));
    if (number != NULL) TRY(cmd_number(c, id, number, forward, &number_id));
    *out = (struct tenant_made){ id, number, forward };
    return OK;
}

enum err cmd_tenant_add(struct cli *c)
{
    static const char *const columns[] = { "id", "number", "forward_to" };
    struct tenant_made       made;
    const struct tenant_wish wish = { .name = command_option(c, "name"),
                                      .country = command_option(c, "country"),
                                      .language = command_option(c, "language"),
                                      .time_zone = command_option(c, "time-zone"),
                                      .account = command_option(c, "from-env") != NULL };
    TRY(command_tenant_make(c, &wish, &made));
    out_one(c, columns, 3, (const char *const[]){ made.id, made.number, made.forward_to });
    return OK;
}
