/* switchhook sweep: how its jobs stand, and another chance for those that ended badly. */
#include "out.h"

#include "check.h"
#include "sql.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

/* The tenant that --tenant names; NULL: not given, and all are meant. */
static enum err only(struct cli *c, const char **tenant)
{
    *tenant = NULL;
    return command_option(c, "tenant") == NULL ? OK : cmd_tenant(c, tenant);
}

enum err cmd_sweep_status(struct cli *c)
{
    static const char *const columns[] = { "kind", "state", "jobs", "age", "next", "reason" };
    enum { WIDTH = sizeof columns / sizeof *columns };
    struct db_rows rows;
    const char    *tenant;
    TRY(only(c, &tenant));
    c->cx.tenant = NULL;
    TRY(sql_sweep_status(&c->cx, &(const struct sql_sweep_status_in){ tenant }, &rows));
    const struct sql_sweep_status *row = rows.v;
    const char                   **cells = arena_alloc(c->cx.arena, (rows.n + 1) * WIDTH * sizeof *cells);
    for (size_t i = 0; i < rows.n; i++) {
        const char *const line[WIDTH] = {
            row[i].kind, row[i].state, row[i].jobs, row[i].age, row[i].next, row[i].reason
        };
        for (size_t k = 0; k < WIDTH; k++) cells[i * WIDTH + k] = line[k];
    }
    out_rows(c, columns, WIDTH, cells, rows.n);
    return OK;
}

/* The sweep beside this program, as in a build; else in sbin beside bin. */
static const char *sweep_of(struct cli *c, const char *more)
{
    char   *at = arena_alloc(c->cx.arena, PATH_BYTES);
    ssize_t n = readlink("/proc/self/exe", at, PATH_BYTES - 1);
    at[n < 0 ? 0 : n] = '\0';
    char *slash = strrchr(at, '/');
    if (slash == NULL) return "/usr/sbin/switchhook-sweep";
    *slash = '\0';
    return arena_printf(c->cx.arena, "%s/%sswitchhook-sweep", at, more);
}

enum err cmd_sweep_run(struct cli *c)
{
    static const char *const beside[] = { "", "../sbin/" };
    const char              *kind = command_option(c, "kind"), *seconds = command_option(c, "max-seconds"), *args[8];
    size_t                   n = 0;
    args[n++] = "switchhook-sweep";
    if (c->env != NULL) args[n++] = arena_printf(c->cx.arena, "--env=%s", c->env);
    if (kind != NULL) args[n++] = arena_printf(c->cx.arena, "--once-kind=%s", kind);
    if (seconds != NULL) args[n++] = arena_printf(c->cx.arena, "--max-seconds=%s", seconds);
    args[n] = NULL;
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        (void)execv(sweep_of(c, beside[i]), (char *const *)(void *)args); /* returns only if it is not there */
    return ctx_fail(&c->cx, ERR_NOT_CONFIGURED, "switchhook-sweep cannot be run: %s", strerror(errno));
}

enum err cmd_sweep_requeue(struct cli *c)
{
    static const char *const    columns[] = { "requeued" };
    const char                 *id = command_option(c, "id");
    struct sql_sweep_requeue_in in = { .kind = command_option(c, "kind"),
                                       .id = id,
                                       .reason = command_option(c, "reason") };
    struct sql_sweep_requeue    row;
    if (id != NULL && !check_uuid(id)) return ctx_fail(&c->cx, ERR_INVALID, "--id: expected the id of a job");
    TRY(only(c, &in.tenant));
    c->cx.tenant = NULL;
    TRY(sql_sweep_requeue(&c->cx, &in, &row));
    const char *cell = arena_printf(c->cx.arena, "%lld", (long long)row.jobs);
    out_one(c, columns, 1, &cell);
    return OK;
}
