/* switchhook call: what is known of a call. */
#include "command.h"

#include "check.h"
#include "json.h"
#include "limit.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

/* One member a line; lists and objects indented below their name. */
static void print(struct cli *c, const struct json *v, int depth)
{
    for (const struct json *m = json_first(v); m != NULL; m = json_next(m)) {
        const enum json_type t = json_type(m);
        const char          *name = json_name(m);
        if (t == JSON_NULL || ((t == JSON_ARRAY || t == JSON_OBJECT) && json_count(m) == 0)) continue;
        (void)printf("%*s%s%s", 2 * depth, "", name == NULL ? "-" : name, name == NULL ? "" : ":");
        if (t == JSON_ARRAY || t == JSON_OBJECT) {
            (void)putchar('\n');
            print(c, m, depth + 1);
        } else {
            (void)printf(" %s\n", t == JSON_STRING ? json_text(m) : json_print(&c->cx, m));
        }
    }
}

/* The document with its sealed parts opened, where the key file can be read. */
static enum err readable(struct cli *c, const char **doc)
{
    struct seal_keys *keys = NULL;
    if (seal_keys_read(&c->cx, c->cfg.key_file, &keys) != OK) ctx_forgive(&c->cx);
    c->cx.keys = keys;
    enum err e = veil_load(&c->cx);
    c->cx.keys = NULL;
    seal_forget(keys);
    if (e == OK) *doc = veil_json_open(&c->cx, c->cx.veil, *doc);
    return e;
}

enum err cmd_call_show(struct cli *c)
{
    struct ctx               *cx = &c->cx;
    const char               *id = c->word == NULL ? "" : c->word;
    struct sql_call_tenant_in whose = { .id = check_uuid(id) ? id : NULL, .sid = check_sid(id, "CA") ? id : NULL };
    struct sql_call_tenant    tenant = { 0 };
    struct sql_call_load      call = { 0 };
    const struct json        *doc;
    if (whose.id == NULL && whose.sid == NULL)
        return ctx_fail(cx, ERR_INVALID, "expected a CallSid or the id of a call");
    TRY(sql_call_tenant(cx, &whose, &tenant));
    cx->tenant = tenant.tenant_id;
    if (cx->tenant != NULL) TRY(sql_call_load(cx, &(const struct sql_call_load_in){ whose.id, whose.sid }, &call));
    if (call.doc == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "no such call");
    TRY(readable(c, &call.doc));
    if (c->json) return puts(call.doc) < 0 ? ctx_fail(cx, ERR_INTERNAL, "standard output") : OK;
    TRY(json_parse(cx, call.doc, strlen(call.doc), 16 * (size_t)JSON_REPLY_MAX, &doc));
    print(c, doc, 0);
    return OK;
}
