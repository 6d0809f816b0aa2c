/* switchhook client, number: what a tenant has. */
#include "command.h"
#include "out.h"

#include "check.h"
#include "sql.h"

enum err cmd_client_add(struct cli *c)
{
    static const char *const columns[] = { "id", "name", "external_id" };
    struct sql_client_add_in in = { .name = command_option(c, "name"),
                                    .external_id = command_option(c, "external-id"),
                                    .time_zone = command_option(c, "time-zone") };
    struct sql_client_add    client;
    TRY(command_phone(c, "forward-to", &in.forward_to));
    TRY(cmd_tenant(c, &in.tenant_id));
    c->cx.tenant = in.tenant_id;
    TRY(command_change(c, &sql_client_add_stmt, &in, &client, "client.add", in.name));
    out_one(c, columns, 3, (const char *const[]){ client.id, in.name, in.external_id });
    return OK;
}

static enum err number(struct cli *c, const struct sql_number_add_in *in, const char **id)
{
    struct sql_number_add added;
    c->cx.tenant = in->tenant_id;
    TRY(sql_number_add(&c->cx, in, &added));
    if (added.problem != NULL)
        return ctx_fail(&c->cx, ERR_NOT_FOUND, "--%s: the tenant has no such %s", added.problem, added.problem);
    *id = added.id;
    return OK;
}

enum err cmd_number(struct cli *c, const char *tenant, const char *e164, const char *forward_to, const char **id)
{
    struct sql_number_add_in in = {
        .tenant_id = tenant, .e164 = e164, .forward_to = forward_to, .actor = command_actor(c)
    };
    return number(c, &in, id);
}

enum err cmd_number_add(struct cli *c)
{
    static const char *const columns[] = { "id", "number", "forward_to" };
    const char              *client = command_option(c, "client"), *id;
    struct sql_number_add_in in = { .greeting = command_option(c, "greeting"),
                                    .twilio_sid = command_option(c, "sid"),
                                    .email = command_option(c, "user"),
                                    .client = client,
                                    .client_id = client != NULL && check_uuid(client) ? client : NULL,
                                    .actor = command_actor(c) };
    TRY(command_phone(c, "number", &in.e164));
    TRY(command_phone(c, "forward-to", &in.forward_to));
    TRY(cmd_tenant(c, &in.tenant_id));
    TRY(number(c, &in, &id));
    out_one(c, columns, 3, (const char *const[]){ id, in.e164, in.forward_to });
    return OK;
}
