/* switchhook retention: how long audio, text and metadata stay, what would go, and what went. */
#include "command.h"
#include "out.h"

#include "buf.h"
#include "check.h"
#include "json.h"
#include "limit.h"
#include "sql.h"

#include <string.h>

enum { DAYS_MAX = 36500, AHEAD = 30, AHEAD_MAX = 3650, WANTED_MAX = 400, WIDTH = 8 };

static const struct {
    const char *option, *member, *kind;
} kinds[] = {
    { "audio-days", "audio_days", "audio" },
    { "text-days", "text_days", "text" },
    { "metadata-days", "metadata_days", "metadata" },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* --audio-days 30, forever, or as: the tenant's word counts for the client. *days is 0: for ever; -1: as. */
static enum err days_of(struct cli *c, size_t i, const char *value, int64_t *days)
{
    *days = strcmp(value, "forever") == 0 ? 0 : -1;
    if (*days == 0 || strcmp(value, "default") == 0 || check_int(value, 1, DAYS_MAX, days)) return OK;
    return ctx_fail(&c->cx, ERR_INVALID, "--%s: expected 1 to %d days, forever or default", kinds[i].option, DAYS_MAX);
}

static enum err client_of(struct cli *c, const char **id)
{
    *id = command_option(c, "client");
    if (*id == NULL || check_uuid(*id)) return OK;
    return ctx_fail(&c->cx, ERR_INVALID, "--client: expected the id of a client");
}

/* A table has a line for each kind and client; more than one, where the tables say when. */
static size_t lines(struct cli *c, const char *when, const struct json *list, const char **cells)
{
    static const char *const names[] = { "kind", "client_id", "items", "bytes", "held", "held_bytes", "oldest_at" };
    size_t                   n = 0;
    for (const struct json *e = json_first(list); e != NULL; e = json_next(e), n++) {
        cells[n * WIDTH] = when;
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            const struct json *v = json_get(e, names[k]);
            const bool         none = v == NULL || json_type(v) == JSON_NULL;
            cells[n * WIDTH + 1 + k] = none ? NULL : json_text(v) != NULL ? json_text(v) : json_print(&c->cx, v);
        }
    }
    return n;
}

static enum err show(struct cli *c, const char *doc, const char *const *parts, size_t n)
{
    static const char *const columns[] = {
        "when", "kind", "client", "items", "bytes", "held", "held_bytes", "oldest_at"
    };
    const struct json *all;
    size_t             rows = 0;
    if (c->json) return puts(doc) < 0 ? ctx_fail(&c->cx, ERR_INTERNAL, "cannot print") : OK;
    TRY(json_parse(&c->cx, doc, strlen(doc), JSON_REPLY_MAX, &all));
    for (size_t i = 0; i < n; i++)
        rows += json_count(json_get(parts[i] == NULL ? all : json_get(all, parts[i]), "lines"));
    const char **cells = arena_alloc(c->cx.arena, (rows + 1) * WIDTH * sizeof *cells);
    rows = 0;
    for (size_t i = 0; i < n; i++) {
        const struct json *part = parts[i] == NULL ? all : json_get(all, parts[i]);
        rows += lines(c, json_text(json_get(part, "date")), json_get(part, "lines"), cells + rows * WIDTH);
    }
    out_rows(c, columns, WIDTH, cells, rows);
    return OK;
}

enum err cmd_retention_set(struct cli *c)
{
    static const char *const  columns[] = { "audio_days", "text_days", "metadata_days", "clients" };
    struct sql_retention_show now;
    const char               *client;
    TRY(client_of(c, &client));
    TRY(cmd_tenant(c, &c->cx.tenant));
    for (size_t i = 0; i < KINDS; i++) {
        const char              *value = command_option(c, kinds[i].option);
        int64_t                  days;
        struct sql_retention_set row = { .doc = NULL };
        if (value == NULL) continue;
        TRY(days_of(c, i, value, &days));
        const struct sql_retention_set_in in = { client, kinds[i].kind, days > 0 ? &days : NULL, days < 0,
                                                 command_actor(c) };
        TRY(sql_retention_set(&c->cx, &in, &row));
        if (row.doc == NULL) return ctx_fail(&c->cx, ERR_NOT_FOUND, "no client %s", client);
    }
    TRY(sql_retention_show(&c->cx, &now));
    return out_doc(c, columns, sizeof columns / sizeof *columns, now.doc);
}

enum err cmd_retention_preview(struct cli *c)
{
    static const char *const        parts[] = { "tonight", "within" };
    struct buf                      b = buf_new(c->cx.arena, WANTED_MAX);
    struct sql_retention_preview_in in = { .days = AHEAD };
    struct sql_retention_preview    row;
    const char                     *client, *ahead = command_option(c, "days");
    int64_t                         days;
    if (ahead != NULL && !check_int(ahead, 0, AHEAD_MAX, &in.days))
        return ctx_fail(&c->cx, ERR_INVALID, "--days: expected 0 to %d", AHEAD_MAX);
    TRY(client_of(c, &client));
    buf_str(&b, "{");
    if (client != NULL) buf_printf(&b, "\"client_id\":\"%s\"", client);
    for (size_t i = 0; i < KINDS; i++) {
        const char *value = command_option(c, kinds[i].option);
        if (value == NULL) continue;
        TRY(days_of(c, i, value, &days));
        if (days < 0) return ctx_fail(&c->cx, ERR_INVALID, "--%s: expected days or forever", kinds[i].option);
        buf_printf(&b, "%s\"%s\":%lld", b.len > 1 ? "," : "", kinds[i].member, (long long)days);
    }
    buf_str(&b, "}");
    in.wanted = b.at;
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_retention_preview(&c->cx, &in, &row));
    if (!row.known) return ctx_fail(&c->cx, ERR_NOT_FOUND, "no client %s", client);
    return show(c, row.doc, parts, 2);
}

/* The sweep does it. */
enum err cmd_retention_run(struct cli *c)
{
    static const char *const          columns[] = { "id", "date", "state" };
    struct sql_retention_ask          row = { .doc = NULL };
    const struct sql_retention_ask_in in = { command_actor(c), "" };
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_retention_ask(&c->cx, &in, &row));
    if (row.doc == NULL) return ctx_fail(&c->cx, ERR_CONFLICT, "a run is under way");
    return out_doc(c, columns, sizeof columns / sizeof *columns, row.doc);
}

/* One run by kind and client; without one, the list of them. */
enum err cmd_retention_report(struct cli *c)
{
    static const char *const columns[] = { "id", "date", "asked_by", "state", "reason", "started_at", "finished_at" };
    static const char *const parts[] = { NULL };
    struct sql_retention_runs_page    page;
    struct sql_retention_runs_page_in all = { .max = COMMAND_LIST_MAX };
    struct sql_retention_run_load     row = { .doc = NULL };
    TRY(cmd_tenant(c, &c->cx.tenant));
    if (c->word == NULL) {
        TRY(sql_retention_runs_page(&c->cx, &all, &page));
        return out_doc(c, columns, sizeof columns / sizeof *columns, page.doc);
    }
    if (check_uuid(c->word))
        TRY(sql_retention_run_load(&c->cx, &(const struct sql_retention_run_load_in){ c->word }, &row));
    if (row.doc == NULL) return ctx_fail(&c->cx, ERR_NOT_FOUND, "no run %.40s", c->word);
    return show(c, row.doc, parts, 1);
}
