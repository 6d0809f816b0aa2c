/* switchhook number: searched, bought, adopted, assigned, compared and given back. */
#include "command.h"
#include "out.h"

#include "buf.h"
#include "check.h"
#include "http.h"
#include "limit.h"
#include "number.h"
#include "sql.h"

#include <string.h>
#include <unistd.h>

enum { ANSWER_MAX = 16, CELLS_MAX = 8 };

/* Runs work as a tenant that talks to Twilio. */
static enum err with_twilio(struct cli *c, enum err (*work)(struct cli *))
{
    struct ctx       *cx = &c->cx;
    struct seal_keys *keys = NULL;
    TRY(cmd_tenant(c, &cx->tenant));
    TRY(seal_keys_read(cx, c->cfg.key_file, &keys));
    cx->keys = keys;
    cx->http = http_open();
    const enum err e = work(c);
    http_close(cx->http);
    cx->http = NULL;
    cx->keys = NULL;
    seal_forget(keys);
    return e;
}

/* What costs or cannot be undone is asked about; without a terminal --yes must have said so. */
static enum err sure(struct cli *c, const char *what)
{
    char line[ANSWER_MAX] = "";
    if (command_option(c, "yes") != NULL) return OK;
    if (isatty(STDIN_FILENO) == 1) {
        (void)fprintf(stderr, "%s [y/N] ", what);
        if (fgets(line, sizeof line, stdin) != NULL && (line[0] == 'y' || line[0] == 'Y')) return OK;
    }
    return ctx_fail(&c->cx, ERR_INVALID, "%s: say --yes", what);
}

static enum err user_id(struct cli *c, const char **out)
{
    const char            *email = command_option(c, "user");
    struct sql_number_user row = { 0 };
    *out = NULL;
    if (email == NULL) return OK;
    TRY(sql_number_user(&c->cx, &(const struct sql_number_user_in){ email }, &row));
    *out = row.id;
    return row.id != NULL ? OK : ctx_fail(&c->cx, ERR_NOT_FOUND, "--user: the tenant has no such user");
}

static enum err read_search(struct cli *c, struct number_search *out)
{
    static const char types[] = " local mobile toll-free national ";
    static const bool yes = true;
    int64_t          *limit = arena_alloc(c->cx.arena, sizeof *limit);
    const char       *n = command_option(c, "limit");
    *out = (struct number_search){ .country = command_option(c, "country"),
                                   .area = command_option(c, "area-code"),
                                   .contains = command_option(c, "contains"),
                                   .type = command_option(c, "type"),
                                   .limit = n == NULL ? NULL : limit,
                                   .sms = command_option(c, "sms") != NULL ? &yes : NULL,
                                   .mms = command_option(c, "mms") != NULL ? &yes : NULL };
    if (n != NULL && !check_int(n, 1, NUMBER_SEARCH_MAX, limit))
        return ctx_fail(&c->cx, ERR_INVALID, "--limit: 1 to %d", NUMBER_SEARCH_MAX);
    if (out->type != NULL && !check_word(out->type, types))
        return ctx_fail(&c->cx, ERR_INVALID, "--type: expected one of%s", types);
    return OK;
}

static enum err search(struct cli *c)
{
    static const char *const columns[] = { "number",        "place",    "type",    "can",
                                           "monthly_price", "currency", "address", "bundle" };
    struct number_search     s;
    struct number_found      f;
    TRY(read_search(c, &s));
    TRY(number_search(&c->cx, &s, &f));
    const char **cells = arena_alloc(c->cx.arena, (f.offers.n + 1) * CELLS_MAX * sizeof *cells);
    for (size_t i = 0; i < f.offers.n; i++) {
        const struct twilio_offer *o = &f.offers.v[i];
        const char *const          row[CELLS_MAX] = {
                     o->e164,    o->locality != NULL ? o->locality : o->region,
                     f.type,     o->capabilities,
                     f.price,    f.currency,
                     o->address, f.regulated == NULL ? NULL : *f.regulated ? "required" : "none"
        };
        memcpy(cells + i * CELLS_MAX, row, sizeof row);
    }
    out_rows(c, columns, CELLS_MAX, cells, f.offers.n);
    return OK;
}

enum err cmd_number_search(struct cli *c)
{
    return with_twilio(c, search);
}

static enum err buy(struct cli *c)
{
    static const char *const columns[] = { "number", "sid", "status", "id" };
    struct number_order      o = { .client = command_option(c, "client"),
                                   .bundle = command_option(c, "bundle-sid"),
                                   .address = command_option(c, "address-sid"),
                                   .max_price = command_option(c, "max-price"),
                                   .actor = command_actor(c) };
    struct number_bought     made;
    struct buf               b = buf_new(c->cx.arena, API_BODY_MAX);
    TRY(read_search(c, &o.search));
    TRY(command_phone(c, "number", &o.e164));
    TRY(command_phone(c, "forward-to", &o.forward_to));
    TRY(user_id(c, &o.user));
    TRY(sure(c, o.e164 != NULL ? arena_printf(c->cx.arena, "Buy %s", o.e164) : "Buy the first number that fits"));
    for (size_t i = 0; i < c->n; i++) buf_printf(&b, "%s=%s\n", c->names[i], c->values[i]);
    o.request = (struct db_bytes){ b.at == NULL ? "" : b.at, b.len };
    TRY(number_buy(&c->cx, &o, &made));
    out_one(c, columns, 4,
            (const char *const[]){ made.e164, made.sid, made.sid == NULL ? "unknown" : "purchased", made.id });
    return OK;
}

enum err cmd_number_buy(struct cli *c)
{
    return with_twilio(c, buy);
}

static enum err adopt(struct cli *c)
{
    static const char *const columns[] = { "adopted", "waiting" };
    const char              *e164;
    int64_t                  n, left;
    TRY(command_phone(c, "number", &e164));
    TRY(number_adopt(&c->cx, e164, command_actor(c), NULL, &n, &left));
    out_one(c, columns, 2,
            (const char *const[]){ arena_printf(c->cx.arena, "%lld", (long long)n),
                                   arena_printf(c->cx.arena, "%lld", (long long)left) });
    return OK;
}

enum err cmd_number_adopt(struct cli *c)
{
    return with_twilio(c, adopt);
}

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
    TRY(user_id(c, &t.user));
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
    TRY(sure(c, arena_printf(c->cx.arena, "Give %s back to Twilio for good", t.e164)));
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
    const char *e164;
    int64_t     drifted;
    TRY(command_phone(c, "number", &e164));
    TRY(number_check(&c->cx, NULL, e164, &drifted));
    TRY(drifts(c, e164));
    if (drifted == 0) return OK;
    c->cx.err.cure = "switchhook number apply";
    return ctx_fail(&c->cx, ERR_CONFLICT, "%lld numbers are not as they should be at Twilio", (long long)drifted);
}

enum err cmd_number_check(struct cli *c)
{
    return with_twilio(c, check);
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
    return with_twilio(c, apply);
}
