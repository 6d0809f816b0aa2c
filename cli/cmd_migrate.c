/* switchhook migrate: the database's schema. */
#include "command.h"
#include "out.h"

#include "clock.h"
#include "migrate.h"

enum { UP_BUDGET_MS = 600000 };

static const char installed[] = "/usr/share/switchhook/migrations";

static const char *dir(const struct cli *c)
{
    const char *given = command_option(c, "dir");
    return given == NULL ? installed : given;
}

static void list(struct cli *c, const struct migrations *all)
{
    static const char *const columns[] = { "version", "name", "state", "applied_at" };
    const char             **cells = arena_alloc(c->cx.arena, (all->n + 1) * 4 * sizeof *cells);
    for (size_t i = 0; i < all->n; i++) {
        const struct migration *m = &all->v[i];
        cells[4 * i] = arena_printf(c->cx.arena, "%04d", (int)m->version);
        cells[4 * i + 1] = m->name;
        cells[4 * i + 2] = m->fresh ? "applied now" : m->applied_at != NULL ? "applied" : "missing";
        cells[4 * i + 3] = m->fresh ? NULL : m->applied_at;
    }
    out_rows(c, columns, 4, cells, all->n);
}

enum err cmd_migrate_up(struct cli *c)
{
    struct migrations all;
    c->cx.deadline_ms = clock_ms() + UP_BUDGET_MS;
    TRY(migrate_up(&c->cx, c->cfg.database_url, dir(c), &all));
    list(c, &all);
    return OK;
}

enum err cmd_migrate_status(struct cli *c)
{
    struct migrations all;
    TRY(migrate_status(&c->cx, c->cfg.database_url, dir(c), &all));
    list(c, &all);
    return OK;
}
