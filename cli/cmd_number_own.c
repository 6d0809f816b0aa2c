/* switchhook number: listed, assigned, given back, compared with Twilio and set anew. */
#include "cmd_number.h"
#include "out.h"

#include "number.h"
#include "sql.h"

#include <string.h>

static enum err list(struct cli *c, const char *only)
{
    enum { WIDTH = 6 };
    static const char *const columns[WIDTH] = { "number", "state", "held_by", "forward_to", "rent", "at_twilio" };
    struct db_rows           rows;
    size_t                   n = 0;
    TRY(sql_number_list(&c->cx, &rows));
    const struct sql_number_list *v = rows.v;
    const char                  **cells = arena_alloc(c->cx.arena, (rows.n + 1) * WIDTH * sizeof *cells);
    for (size_t i = 0; i < rows.n; i++) {
        const char *const row[WIDTH] = { v[i].e164, v[i].state, v[i].holders, v[i].forward_to, v[i].rent, v[i].health };
        if (only != NULL && strcmp(only, v[i].e164) != 0) continue;
        memcpy(cells + WIDTH * n++, row, sizeof row);
    }
    out_rows(c, columns, WIDTH, cells, n);
    return OK;
}

enum err cmd_number_list(struct cli *c)
{
    TRY(cmd_tenant(c, &c->cx.tenant));
    return list(c, NULL);
}

enum err cmd_number_assign(struct cli *c)
{
    const bool           none = command_option(c, "none") != NULL;
    struct number_target t = { .client = command_option(c, "client"),
                               .campaign = command_option(c, "campaign"),
                               .pool = command_option(c, "pool"),
                               .actor = command_actor(c) };
    const char          *doc;
    TRY(command_phone(c, "number", &t.e164));
    TRY(command_phone(c, "forward-to", &t.forward_to));
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(number_user(c, &t.user));
    TRY(none ? number_unassign(&c->cx, &t, &doc) : number_assign(&c->cx, &t, &doc));
    return list(c, t.e164);
}

enum err cmd_number_release(struct cli *c)
{
    const bool           now = command_option(c, "now") != NULL;
    struct number_target t = { .actor = command_actor(c) };
    const char          *doc;
    TRY(command_phone(c, "number", &t.e164));
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(number_sure(c, arena_printf(c->cx.arena, "Give %s back to Twilio for good", t.e164)));
    TRY(number_release(&c->cx, &t, now, &doc));
    return list(c, t.e164);
}

static enum err drifts(struct cli *c, const char *e164)
{
    enum { WIDTH = 4 };
    static const char *const columns[WIDTH] = { "number", "what", "is", "wanted" };
    struct db_rows           rows;
    TRY(sql_number_drifts(&c->cx, &(const struct sql_number_drifts_in){ e164 }, &rows));
    const struct sql_number_drifts *v = rows.v;
    const char                    **cells = arena_alloc(c->cx.arena, (rows.n + 1) * WIDTH * sizeof *cells);
    for (size_t i = 0; i < rows.n; i++) {
        const char *const row[WIDTH] = { v[i].e164, v[i].what, v[i].is_now, v[i].wanted };
        memcpy(cells + WIDTH * i, row, sizeof row);
    }
    out_rows(c, columns, WIDTH, cells, rows.n);
    return OK;
}

static enum err check(struct cli *c)
{
    const char          *e164;
    struct number_report found;
    TRY(command_phone(c, "number", &e164));
    TRY(number_check(&c->cx, NULL, e164, &found));
    TRY(drifts(c, e164));
    if (found.strangers > 0)
        (void)fprintf(stderr, "switchhook: %lld more numbers are paid for at Twilio: switchhook number adopt\n",
                      (long long)found.strangers);
    if (found.drifted == 0) return OK;
    c->cx.err.cure = "switchhook number apply";
    return ctx_fail(&c->cx, ERR_CONFLICT, "%lld numbers are not as they should be at Twilio", (long long)found.drifted);
}

enum err cmd_number_check(struct cli *c)
{
    return number_with_twilio(c, check);
}

static enum err apply(struct cli *c)
{
    struct sql_number_reapply_in in = { .actor = command_actor(c) };
    struct sql_number_reapply    row;
    int64_t                      left;
    TRY(command_phone(c, "number", &in.e164));
    TRY(sql_number_reapply(&c->cx, &in, &row));
    if (row.asked == 0) return ctx_fail(&c->cx, ERR_NOT_FOUND, "no such number");
    TRY(number_apply_waiting(&c->cx, &left));
    return list(c, in.e164);
}

enum err cmd_number_apply(struct cli *c)
{
    return number_with_twilio(c, apply);
}
