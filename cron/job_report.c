/* Job report: a report goes to one recipient. ref: report_mails.id. What the first one gets is kept for all. */
#include "config.h"
#include "log.h"
#include "mail.h"
#include "report.h"
#include "sql.h"
#include "sweep.h"

enum { SEND_MS = 30 * 1000 };

static enum err note(struct ctx *cx, struct job *job, const char *state)
{
    const char                     *reason = cx->err.code == OK ? NULL : arena_strdup(cx->arena, cx->err.msg);
    const struct sql_report_note_in in = { job->id, job->token, job->ref, state, reason };
    struct sql_report_note          row = { .held = false };
    ctx_forgive(cx);
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_report_note(cx, &in, &row));
    return row.held ? OK : job_lost(cx, job);
}

static enum err made(struct ctx *cx, const struct sql_report_take *row, struct report_mail *m)
{
    *m = (struct report_mail){ row->subject, row->html, row->plain };
    if (row->html != NULL) return OK;
    TRY(report_render(cx, row->words, m));
    return sql_report_keep(cx, &(const struct sql_report_keep_in){ row->report, m->subject, m->html, m->text });
}

enum err job_report(struct ctx *cx, struct job *job)
{
    const char            *site = cx->cfg->public_url == NULL ? "" : cx->cfg->public_url;
    struct sql_report_take row = { .report = NULL };
    struct report_mail     m;
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_report_take(cx, &(const struct sql_report_take_in){ job->ref, site }, &row));
    if (row.report == NULL) return job_finish(cx, job);
    if (made(cx, &row, &m) != OK) return job_ends(cx, job, JOB_RETRY, -1);
    const struct mail mail = {
        .to = row.recipient, .subject = m.subject, .text = m.text, .html = m.html, .timeout_ms = SEND_MS
    };
    job_allow(cx, SEND_MS);
    switch (mail_send(cx, &mail)) {
    case OK: return note(cx, job, "sent");
    case ERR_NOT_CONFIGURED: return job_ends(cx, job, JOB_PARK, -1);
    case ERR_INVALID: return note(cx, job, "failed");
    default: return job->attempts < JOB_ATTEMPTS ? job_ends(cx, job, JOB_RETRY, -1) : note(cx, job, "failed");
    }
}

enum err job_reports_due(struct ctx *cx)
{
    struct sql_reports_due row;
    TRY(sql_reports_due(cx, &row));
    if (row.n > 0) LOG(LOG_INFO, "reports made", LOG_TEXT("tenant", cx->tenant), LOG_NUM("reports", row.n));
    return OK;
}
