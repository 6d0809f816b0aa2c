/* switchhook tenant limits: how much a tenant may ask for and call. */
#include "command.h"
#include "out.h"

#include "sql.h"

enum err cmd_tenant_limits(struct cli *c)
{
    enum { WIDTH = 11 };
    static const char *const    columns[WIDTH] = { "countries",           "blocked_prefixes",        "per_second",
                                                   "concurrent",          "minutes_per_day",         "money_per_day",
                                                   "requests_per_minute", "key_requests_per_minute", "stopped_at",
                                                   "number_rent",         "number_cool_down_days" };
    const bool                  stop = command_option(c, "stop") != NULL, resume = command_option(c, "resume") != NULL;
    struct sql_tenant_limits_in in = { .actor = command_actor(c),
                                       .countries = command_option(c, "countries"),
                                       .blocked_prefixes = command_option(c, "blocked-prefixes"),
                                       .per_second = command_option(c, "per-second"),
                                       .concurrent = command_option(c, "concurrent"),
                                       .minutes_per_day = command_option(c, "minutes-per-day"),
                                       .money_per_day = command_option(c, "money-per-day"),
                                       .requests = command_option(c, "requests-per-minute"),
                                       .key_requests = command_option(c, "key-requests-per-minute"),
                                       .number_rent = command_option(c, "number-rent"),
                                       .number_cool_down = command_option(c, "number-cool-down-days"),
                                       .stop = stop || resume ? &stop : NULL };
    struct sql_tenant_limits    t;
    if (stop && resume) return ctx_fail(&c->cx, ERR_INVALID, "either --stop or --resume");
    TRY(cmd_tenant(c, &in.tenant_id));
    c->cx.tenant = in.tenant_id;
    TRY(sql_tenant_limits(&c->cx, &in, &t));
    out_one(c, columns, WIDTH,
            (const char *const[]){ t.countries, t.blocked_prefixes, t.per_second, t.concurrent, t.minutes_per_day,
                                   t.money_per_day, t.requests, t.key_requests, t.stopped_at, t.number_rent,
                                   t.number_cool_down });
    return OK;
}
