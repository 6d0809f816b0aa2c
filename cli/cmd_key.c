/* switchhook key: what machines log in with. */
#include "command.h"
#include "out.h"

#include "check.h"
#include "sql.h"
#include "token.h"

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
    static const char *const    columns[] = { "key", "prefix", "role" };
    struct sql_apikey_create_in in = { .name = command_option(c, "name"),
                                       .scopes = command_option(c, "scopes"),
                                       .actor = command_actor(c) };
    struct sql_apikey_create    made;
    struct token                key;
    int64_t                     days;
    TRY(command_role(c, "admin", &in.role));
    TRY(expiry(c, &days, &in.days));
    TRY(cmd_tenant(c, &c->cx.tenant));
    token_make(c->cx.arena, command_option(c, "test") != NULL, &key);
    in.prefix = key.prefix;
    in.hash = (struct db_bytes){ key.hash, sizeof key.hash };
    if (sql_apikey_create(&c->cx, &in, &made) == ERR_INVALID)
        c->cx.err.cure = "--scopes takes words such as \"calls:read calls:write recordings:read\"";
    if (c->cx.err.code != OK) return c->cx.err.code;
    out_one(c, columns, 3, (const char *const[]){ key.text, key.prefix, in.role });
    return OK;
}

enum err cmd_key_list(struct cli *c)
{
    static const char *const columns[] = { "prefix", "name", "role", "scopes", "state", "last_used_at", "expires_at" };
    struct sql_apikeys_page  page;
    struct sql_apikeys_page_in all = { .max = COMMAND_LIST_MAX };
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_apikeys_page(&c->cx, &all, &page));
    return out_doc(c, columns, sizeof columns / sizeof *columns, page.doc);
}

enum err cmd_key_revoke(struct cli *c)
{
    static const char *const columns[] = { "prefix", "state" };
    struct sql_apikey_end_in in = { .prefix = command_option(c, "key"), .actor = command_actor(c) };
    struct sql_apikey_end    gone = { 0 };
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_apikey_end(&c->cx, &in, &gone));
    if (!gone.ended)
        return ctx_fail(&c->cx, ERR_NOT_FOUND, "no active key %.40s: switchhook key list shows their prefixes",
                        in.prefix);
    out_one(c, columns, 2, (const char *const[]){ gone.prefix, "revoked" });
    return OK;
}
