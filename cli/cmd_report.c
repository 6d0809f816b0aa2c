/* switchhook report: reports by mail, sent and shown. */
#include "command.h"
#include "out.h"

#include "json.h"
#include "limit.h"
#include "sql.h"

#include <string.h>

enum err cmd_report_send(struct cli *c)
{
    static const char *const          columns[] = { "report" };
    struct sql_schedule_send          done = { .report = NULL };
    const struct sql_schedule_send_in in = { command_option(c, "schedule"), command_actor(c), NULL };
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_schedule_send(&c->cx, &in, &done));
    if (done.report == NULL) return ctx_fail(&c->cx, ERR_NOT_FOUND, "no schedule %.40s", in.id);
    out_one(c, columns, 1, (const char *const[]){ done.report });
    return OK;
}

enum err cmd_report_list(struct cli *c)
{
    static const char *const   columns[] = { "id", "schedule_id", "every", "from", "to", "subject", "created_at" };
    struct sql_reports_page    page;
    struct sql_reports_page_in all = { .max = COMMAND_LIST_MAX };
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_reports_page(&c->cx, &all, &page));
    return out_doc(c, columns, sizeof columns / sizeof *columns, page.doc);
}

/* The text of the mail, or with -o json the whole document. */
enum err cmd_report_show(struct cli *c)
{
    struct sql_report_load row = { .doc = NULL };
    const struct json     *doc;
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_report_load(&c->cx, &(const struct sql_report_load_in){ c->word }, &row));
    if (row.doc == NULL) return ctx_fail(&c->cx, ERR_NOT_FOUND, "no report %.40s", c->word);
    if (c->json) return puts(row.doc) < 0 ? ctx_fail(&c->cx, ERR_INTERNAL, "cannot print") : OK;
    TRY(json_parse(&c->cx, row.doc, strlen(row.doc), JSON_REPLY_MAX, &doc));
    const char *text = json_text(json_get(doc, "text"));
    (void)fputs(text == NULL ? "It has not been made yet: the sweep does it.\n" : text, stdout);
    return OK;
}
