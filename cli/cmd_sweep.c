/* switchhook sweep: how its jobs stand, and another chance for those that ended badly. */
#include "out.h"

#include "check.h"
#include "sql.h"

enum err cmd_sweep_status(struct cli *c)
{
    static const char *const columns[] = { "kind", "state", "jobs", "age", "reason" };
    enum { WIDTH = sizeof columns / sizeof *columns };
    struct db_rows rows;
    TRY(sql_sweep_status(&c->cx, &rows));
    const struct sql_sweep_status *row = rows.v;
    const char                   **cells = arena_alloc(c->cx.arena, (rows.n + 1) * WIDTH * sizeof *cells);
    for (size_t i = 0; i < rows.n; i++) {
        const char *const line[WIDTH] = { row[i].kind, row[i].state, row[i].jobs, row[i].age, row[i].reason };
        for (size_t k = 0; k < WIDTH; k++) cells[i * WIDTH + k] = line[k];
    }
    out_rows(c, columns, WIDTH, cells, rows.n);
    return OK;
}

enum err cmd_sweep_requeue(struct cli *c)
{
    static const char *const          columns[] = { "requeued" };
    const char                       *id = command_option(c, "id");
    const struct sql_sweep_requeue_in in = { .kind = command_option(c, "kind"), .id = id };
    struct sql_sweep_requeue          row;
    if (id != NULL && !check_uuid(id)) return ctx_fail(&c->cx, ERR_INVALID, "--id: expected the id of a job");
    TRY(sql_sweep_requeue(&c->cx, &in, &row));
    const char *cell = arena_printf(c->cx.arena, "%lld", (long long)row.jobs);
    out_one(c, columns, 1, &cell);
    return OK;
}
