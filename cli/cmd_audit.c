/* switchhook audit, and how every command that changes something is entered there. */
#include "command.h"
#include "out.h"

#include "check.h"
#include "sql.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

const char *command_actor(struct cli *c)
{
    const struct passwd *who = getpwuid(getuid());
    return who != NULL ? arena_printf(c->cx.arena, "operator:%.100s", who->pw_name)
                       : arena_printf(c->cx.arena, "operator:%u", (unsigned)getuid());
}

enum err command_change(struct cli *c, const struct db_stmt *stmt, const void *in, void *out, const char *action,
                        const char *object)
{
    struct sql_audit_add_in entry = { .who = command_actor(c), .did = action, .what = object };
    struct sql_audit_add    added;
    const struct db_call    calls[] = { { stmt, in, 1, out }, { &sql_audit_add_stmt, &entry, 1, &added } };
    return db_all(&c->cx, calls, 2);
}

static enum err heads(struct cli *c)
{
    enum { WIDTH = 4 };
    static const char *const columns[WIDTH] = { "tenant", "entries", "last_seq", "last_hash" };
    struct db_rows           rows;
    TRY(sql_audit_heads(&c->cx, &rows));
    const struct sql_audit_heads *v = rows.v;
    const char                  **cells = arena_alloc(c->cx.arena, (rows.n + 1) * WIDTH * sizeof *cells);
    for (size_t i = 0; i < rows.n; i++) {
        const char *const row[WIDTH] = { v[i].tenant_id, arena_printf(c->cx.arena, "%lld", (long long)v[i].entries),
                                         arena_printf(c->cx.arena, "%lld", (long long)v[i].last_seq), v[i].last_hash };
        memcpy(cells + i * WIDTH, row, sizeof row);
    }
    out_rows(c, columns, WIDTH, cells, rows.n);
    return OK;
}

/* Names the broken rows on standard error and fails, or prints where each chain ends. */
enum err cmd_audit_verify(struct cli *c)
{
    struct db_rows rows;
    TRY(sql_audit_broken(&c->cx, &rows));
    const struct sql_audit_broken *v = rows.v;
    for (size_t i = 0; i < rows.n; i++)
        (void)fprintf(stderr, "switchhook: tenant %s, entry %lld: %s\n", v[i].tenant_id, (long long)v[i].seq, v[i].why);
    if (rows.n > 0) return ctx_fail(&c->cx, ERR_CONFLICT, "%zu chain%s broken", rows.n, rows.n == 1 ? " is" : "s are");
    return heads(c);
}

enum err cmd_audit_list(struct cli *c)
{
    static const char *const columns[] = { "seq",    "created_at", "actor", "actor_name", "origin",
                                           "action", "object",     "old",   "new",        "detail" };
    struct sql_audit_page    page;
    int64_t                  before;
    const char              *cursor = command_option(c, "cursor");
    struct sql_audit_page_in in = { .max = COMMAND_LIST_MAX,
                                    .actor = command_option(c, "actor"),
                                    .action = command_option(c, "action"),
                                    .object = command_option(c, "object"),
                                    .since = command_option(c, "from"),
                                    .until = command_option(c, "to") };
    if (cursor != NULL && !check_int(cursor, 1, INT64_MAX / 2, &before))
        return ctx_fail(&c->cx, ERR_INVALID, "--cursor: expected the seq of the last entry of the page before");
    if (cursor != NULL) in.before = &before;
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_audit_page(&c->cx, &in, &page));
    return out_doc(c, columns, sizeof columns / sizeof *columns, page.doc);
}
