/* switchhook key: what machines log in with. */
#include "command.h"
#include "out.h"

#include "check.h"
#include "sql.h"
#include "token.h"

#include <string.h>

enum { DAYS_MAX = 3650 };

static enum err expiry(struct cli *c, int64_t *days, const int64_t **out)
{
    const char *given = command_option(c, "days");
    *out = NULL;
    if (given == NULL) return OK;
    if (!check_int(given, 1, DAYS_MAX, days))
        return ctx_fail(&c->cx, ERR_INVALID, "--days: expected 1 to %d", DAYS_MAX);
    *out = days;
    return OK;
}

enum err cmd_key_add(struct cli *c)
{
    static const char *const columns[] = { "key", "prefix", "role" };
    struct sql_apikey_add_in in = { .name = command_option(c, "name"), .scopes = command_option(c, "scopes") };
    struct sql_apikey_add    row;
    struct token             key;
    int64_t                  days;
    TRY(command_role(c, "admin", &in.role));
    TRY(expiry(c, &days, &in.days));
    TRY(cmd_tenant(c, &in.tenant_id));
    token_make(c->cx.arena, command_option(c, "test") != NULL, &key);
    in.prefix = key.prefix;
    in.hash = (struct db_bytes){ key.hash, sizeof key.hash };
    c->cx.tenant = in.tenant_id;
    if (command_change(c, &sql_apikey_add_stmt, &in, &row, "key.add", key.prefix) == ERR_INVALID)
        c->cx.err.cure = "--scopes takes words such as \"calls:read calls:write recordings:read\"";
    if (c->cx.err.code != OK) return c->cx.err.code;
    out_one(c, columns, 3, (const char *const[]){ key.text, key.prefix, in.role });
    return OK;
}

enum err cmd_key_list(struct cli *c)
{
    enum { WIDTH = 7 };
    static const char *const  columns[WIDTH] = { "prefix", "name",         "role",      "scopes",
                                                 "state",  "last_used_at", "expires_at" };
    struct sql_apikey_list_in in;
    struct db_rows            rows;
    TRY(cmd_tenant(c, &in.tenant_id));
    TRY(sql_apikey_list(&c->cx, &in, &rows));
    const struct sql_apikey_list *v = rows.v;
    const char                  **cells = arena_alloc(c->cx.arena, (rows.n + 1) * WIDTH * sizeof *cells);
    for (size_t i = 0; i < rows.n; i++) {
        const char *const row[WIDTH] = { v[i].prefix, v[i].name,         v[i].role,      v[i].scopes,
                                         v[i].state,  v[i].last_used_at, v[i].expires_at };
        memcpy(cells + i * WIDTH, row, sizeof row);
    }
    out_rows(c, columns, WIDTH, cells, rows.n);
    return OK;
}

enum err cmd_key_revoke(struct cli *c)
{
    static const char *const    columns[] = { "prefix", "state" };
    struct sql_apikey_revoke_in in = { .prefix = command_option(c, "key"), .actor = command_actor(c) };
    struct sql_apikey_revoke    gone = { 0 };
    TRY(cmd_tenant(c, &in.tenant_id));
    c->cx.tenant = in.tenant_id;
    TRY(sql_apikey_revoke(&c->cx, &in, &gone));
    if (gone.prefix == NULL)
        return ctx_fail(&c->cx, ERR_NOT_FOUND, "no active key %.40s: switchhook key list shows their prefixes",
                        in.prefix);
    out_one(c, columns, 2, (const char *const[]){ gone.prefix, "revoked" });
    return OK;
}
