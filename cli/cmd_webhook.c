/* switchhook webhook: where webhooks go, and once more. */
#include "command.h"
#include "out.h"

#include "buf.h"
#include "egress.h"
#include "id.h"
#include "outhook.h"
#include "sql.h"
#include "tenant_key.h"

#include <string.h>

/* "call.missed call.created" as a JSON list; NULL stays NULL. */
static const char *list_of(struct cli *c, const char *words)
{
    struct buf b = buf_new(c->cx.arena, 4096);
    if (words == NULL) return NULL;
    buf_str(&b, "[");
    for (size_t n; *words != '\0'; words += n, words += strspn(words, " ,")) {
        n = strcspn(words, " ,");
        if (b.len > 1) buf_str(&b, ",");
        buf_json(&b, arena_copy(c->cx.arena, words, n));
    }
    buf_str(&b, "]");
    return b.at;
}

static enum err sealed(struct cli *c, const char *id, const char *secret, const char **out)
{
    struct seal_keys *keys = NULL;
    struct seal_data  key;
    TRY(seal_keys_read(&c->cx, c->cfg.key_file, &keys));
    c->cx.keys = keys;
    enum err e = tenant_key(&c->cx, &key);
    if (e == OK) e = seal_data_text(&c->cx, keys, &key, outhook_place(c->cx.arena, id), secret, out);
    c->cx.keys = NULL;
    seal_forget(keys);
    return e;
}

enum err cmd_webhook_add(struct cli *c)
{
    static const char *const      columns[] = { "id", "url", "secret" };
    const char                   *secret = outhook_secret(c->cx.arena);
    struct sql_endpoint_create    made;
    char                          id[37];
    struct sql_endpoint_create_in in = { .id = id,
                                         .url = command_option(c, "url"),
                                         .description = command_option(c, "description"),
                                         .events = list_of(c, command_option(c, "events")),
                                         .actor = command_actor(c) };
    TRY(cmd_tenant(c, &c->cx.tenant));
    id_uuid7(id);
    TRY(egress_url(&c->cx, in.url, c->cfg.webhooks_to_loopback));
    TRY(sealed(c, id, secret, &in.secret));
    if (sql_endpoint_create(&c->cx, &in, &made) == ERR_INVALID)
        c->cx.err.cure = "--events takes kinds such as \"call.missed call.completed\"; switchhook-api(7) has them all";
    if (c->cx.err.code != OK) return c->cx.err.code;
    out_one(c, columns, 3, (const char *const[]){ id, in.url, secret });
    return OK;
}

enum err cmd_webhook_list(struct cli *c)
{
    static const char *const     columns[] = { "id", "url", "enabled", "disabled_reason", "created_at" };
    struct sql_endpoints_page    page;
    struct sql_endpoints_page_in all = { .max = COMMAND_LIST_MAX };
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_endpoints_page(&c->cx, &all, &page));
    return out_doc(c, columns, sizeof columns / sizeof *columns, page.doc);
}

enum err cmd_webhook_rm(struct cli *c)
{
    static const char *const      columns[] = { "id", "state" };
    struct sql_endpoint_delete    gone = { .verdict = NULL };
    struct sql_endpoint_delete_in in = { .id = command_option(c, "endpoint"), .actor = command_actor(c), .origin = "" };
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_endpoint_delete(&c->cx, &in, &gone));
    if (gone.verdict == NULL) return ctx_fail(&c->cx, ERR_NOT_FOUND, "no endpoint %.40s", in.id);
    out_one(c, columns, 2, (const char *const[]){ in.id, "deleted" });
    return OK;
}

enum err cmd_webhook_test(struct cli *c)
{
    static const char *const          columns[] = { "delivery" };
    struct sql_endpoint_test          done = { .delivery = NULL };
    const struct sql_endpoint_test_in in = { command_option(c, "endpoint"), command_actor(c), NULL };
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_endpoint_test(&c->cx, &in, &done));
    if (done.delivery == NULL) return ctx_fail(&c->cx, ERR_NOT_FOUND, "no endpoint %.40s", in.id);
    out_one(c, columns, 1, (const char *const[]){ done.delivery });
    return OK;
}

enum err cmd_webhook_resend(struct cli *c)
{
    static const char *const            columns[] = { "delivery" };
    struct sql_delivery_resend          made = { .id = NULL };
    const struct sql_delivery_resend_in in = { command_option(c, "delivery"), command_actor(c), NULL };
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_delivery_resend(&c->cx, &in, &made));
    if (made.id == NULL) return ctx_fail(&c->cx, ERR_NOT_FOUND, "no delivery %.40s", in.id);
    out_one(c, columns, 1, (const char *const[]){ made.id });
    return OK;
}
