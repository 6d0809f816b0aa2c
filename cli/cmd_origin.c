/* switchhook origin: whose pages may call the API from a browser. */
#include "command.h"
#include "out.h"

#include "json.h"
#include "origin.h"
#include "sql.h"

#include <string.h>

enum { LIST_MAX = 64 * 1024 };

enum err cmd_origin_add(struct cli *c)
{
    static const char *const columns[] = { "tenant", "origin" };
    struct sql_origin_add_in in = { .origin = command_option(c, "origin") };
    if (!origin_valid(in.origin))
        return ctx_fail(&c->cx, ERR_INVALID,
                        "--origin: expected scheme://host[:port] in lower case, as a browser sends it");
    TRY(cmd_tenant(c, &in.tenant_id));
    c->cx.tenant = in.tenant_id;
    TRY(command_change(c, &sql_origin_add_stmt, &in, NULL, "origins.add", in.origin));
    out_one(c, columns, 2, (const char *const[]){ in.tenant_id, in.origin });
    return OK;
}

enum err cmd_origin_list(struct cli *c)
{
    static const char *const columns[] = { "origin" };
    struct sql_origins_show  row;
    const struct json       *doc;
    const char              *tenant;
    size_t                   n = 0;
    TRY(cmd_tenant(c, &tenant));
    c->cx.tenant = tenant;
    TRY(sql_origins_show(&c->cx, &row));
    TRY(json_parse(&c->cx, row.doc, strlen(row.doc), LIST_MAX, &doc));
    const struct json *list = json_get(doc, "origins");
    const char       **cells = arena_alloc(c->cx.arena, (json_count(list) + 1) * sizeof *cells);
    for (const struct json *o = json_first(list); o != NULL; o = json_next(o)) cells[n++] = json_text(o);
    out_rows(c, columns, 1, cells, n);
    return OK;
}
