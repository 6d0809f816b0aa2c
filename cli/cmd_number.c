/* switchhook number: searched, bought and adopted. */
#include "cmd_number.h"
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

enum err number_with_twilio(struct cli *c, enum err (*work)(struct cli *))
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

enum err number_sure(struct cli *c, const char *what)
{
    char line[ANSWER_MAX] = "";
    if (command_option(c, "yes") != NULL) return OK;
    if (isatty(STDIN_FILENO) == 1) {
        (void)fprintf(stderr, "%s [y/N] ", what);
        if (fgets(line, sizeof line, stdin) != NULL && (line[0] == 'y' || line[0] == 'Y')) return OK;
    }
    return ctx_fail(&c->cx, ERR_INVALID, "%s: say --yes", what);
}

enum err number_user(struct cli *c, const char **out)
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
    return number_with_twilio(c, search);
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
    TRY(number_user(c, &o.user));
    TRY(number_sure(c,
                    o.e164 != NULL ? arena_printf(c->cx.arena, "Buy %s", o.e164) : "Buy the first number that fits"));
    for (size_t i = 0; i < c->n; i++) buf_printf(&b, "%s=%s\n", c->names[i], c->values[i]);
    o.request = (struct db_bytes){ b.at == NULL ? "" : b.at, b.len };
    TRY(number_buy(&c->cx, &o, &made));
    out_one(c, columns, 4,
            (const char *const[]){ made.e164, made.sid, made.sid == NULL ? "unknown" : "purchased", made.id });
    return OK;
}

enum err cmd_number_buy(struct cli *c)
{
    return number_with_twilio(c, buy);
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
    return number_with_twilio(c, adopt);
}
