/* switchhook identity: whose logins a tenant believes. */
#include "command.h"
#include "out.h"

#include "check.h"
#include "id.h"
#include "identity.h"
#include "sql.h"
#include "tenant_key.h"

#include <string.h>

enum { SECRET_MIN = 32, SECRET_MAX = 1024 }; /* bytes; https://www.rfc-editor.org/rfc/rfc7518#section-3.2 */

/* One line of standard input, sealed; secrets are no arguments, for every user of the machine sees those. */
static enum err secret(struct cli *c, const char *tenant, const char *id, const char **out)
{
    char              line[SECRET_MAX + 3];
    struct seal_keys *keys = NULL;
    struct seal_data  key;
    if (fgets(line, sizeof line, stdin) == NULL) return ctx_fail(&c->cx, ERR_INVALID, "no secret on standard input");
    line[strcspn(line, "\r\n")] = '\0';
    if (strlen(line) < SECRET_MIN || strlen(line) > SECRET_MAX)
        return ctx_fail(&c->cx, ERR_INVALID, "the secret: expected %d to %d bytes", SECRET_MIN, SECRET_MAX);
    TRY(seal_keys_read(&c->cx, c->cfg.key_file, &keys));
    c->cx.keys = keys;
    enum err e = tenant_key(&c->cx, &key);
    if (e == OK) e = seal_data_text(&c->cx, keys, &key, identity_place(c->cx.arena, tenant, id), line, out);
    c->cx.keys = NULL;
    seal_forget(keys);
    return e;
}

enum err cmd_identity_add(struct cli *c)
{
    static const char *const   columns[] = { "id", "issuer", "audience", "claim" };
    char                      *id = arena_alloc(c->cx.arena, CTX_ID);
    const bool                 shared = command_option(c, "secret-stdin") != NULL;
    const char                *claim = command_option(c, "claim");
    struct sql_identity_add_in in = { .id = id,
                                      .issuer = command_option(c, "issuer"),
                                      .audience = command_option(c, "audience"),
                                      .jwks_url = command_option(c, "jwks-url"),
                                      .claim = claim == NULL ? "sub" : claim };
    id_uuid7(id);
    if (shared == (in.jwks_url != NULL))
        return ctx_fail(&c->cx, ERR_INVALID, "give either --jwks-url or --secret-stdin");
    if (in.jwks_url != NULL && !check_url(in.jwks_url))
        return ctx_fail(&c->cx, ERR_INVALID, "--jwks-url: expected an https URL");
    if (!check_word(in.claim, " sub email ")) return ctx_fail(&c->cx, ERR_INVALID, "--claim: expected sub or email");
    TRY(cmd_tenant(c, &in.tenant_id));
    c->cx.tenant = in.tenant_id;
    if (shared) TRY(secret(c, in.tenant_id, id, &in.secret));
    TRY(command_change(c, &sql_identity_add_stmt, &in, NULL, "identity.add", in.issuer));
    out_one(c, columns, 4, (const char *const[]){ id, in.issuer, in.audience, in.claim });
    return OK;
}

enum err cmd_identity_list(struct cli *c)
{
    enum { WIDTH = 6 };
    static const char *const    columns[WIDTH] = { "id", "issuer", "audience", "kind", "claim", "jwks_url" };
    struct sql_identity_list_in in;
    struct db_rows              rows;
    TRY(cmd_tenant(c, &in.tenant_id));
    TRY(sql_identity_list(&c->cx, &in, &rows));
    const struct sql_identity_list *v = rows.v;
    const char                    **cells = arena_alloc(c->cx.arena, (rows.n + 1) * WIDTH * sizeof *cells);
    for (size_t i = 0; i < rows.n; i++) {
        const char *const row[WIDTH] = { v[i].id, v[i].issuer, v[i].audience, v[i].kind, v[i].claim, v[i].jwks_url };
        memcpy(cells + i * WIDTH, row, sizeof row);
    }
    out_rows(c, columns, WIDTH, cells, rows.n);
    return OK;
}

enum err cmd_identity_map(struct cli *c)
{
    static const char *const   columns[] = { "id", "email", "external_id" };
    struct sql_identity_map_in in = { .email = command_option(c, "email"),
                                      .external_id = command_option(c, "external-id"),
                                      .actor = command_actor(c) };
    struct sql_identity_map    user = { 0 };
    TRY(cmd_tenant(c, &in.tenant_id));
    c->cx.tenant = in.tenant_id;
    TRY(sql_identity_map(&c->cx, &in, &user));
    if (user.id == NULL) return ctx_fail(&c->cx, ERR_NOT_FOUND, "the tenant has no user %.100s", in.email);
    out_one(c, columns, 3, (const char *const[]){ user.id, in.email, in.external_id });
    return OK;
}

enum err cmd_identity_remove(struct cli *c)
{
    static const char *const      columns[] = { "id", "issuer" };
    struct sql_identity_remove_in in = { .id = command_option(c, "id"), .actor = command_actor(c) };
    struct sql_identity_remove    gone = { 0 };
    if (!check_uuid(in.id)) return ctx_fail(&c->cx, ERR_INVALID, "--id: switchhook identity list shows them");
    TRY(cmd_tenant(c, &in.tenant_id));
    c->cx.tenant = in.tenant_id;
    TRY(sql_identity_remove(&c->cx, &in, &gone));
    if (gone.issuer == NULL) return ctx_fail(&c->cx, ERR_NOT_FOUND, "no such provider");
    out_one(c, columns, 2, (const char *const[]){ in.id, gone.issuer });
    return OK;
}
