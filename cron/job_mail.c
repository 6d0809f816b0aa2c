/* Job mail: an invitation or a way back in goes out. ref: mail_outbox.id. The link is made here and is nowhere else. */
#include "clock.h"
#include "config.h"
#include "mail.h"
#include "sql.h"
#include "sweep.h"
#include "token.h"

#include <string.h>

enum { SEND_MS = 30 * 1000, RESET_S = 60 * 60, INVITE_S = 7 * 24 * 60 * 60 };

/* What a kind of mail says. %s: the tenant, the link. */
struct words {
    const char *kind, *subject, *text, *until;
    int64_t     seconds;
};

static const struct words kinds[] = {
    { "invite", "You are invited to %s", "You can use the telephone of %s now. Choose a password here:",
      "The link works once, within seven days.", INVITE_S },
    { "reset", "Your password at %s", "Somebody, probably you, asked for a new password at %s. Choose it here:",
      "The link works once, within an hour. If it was not you, do nothing: your password stays.", RESET_S },
};

static const struct words *words_of(const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, kind) == 0) return &kinds[i];
    return NULL;
}

/* %s of a text that is data, not a format */
static const char *with(struct arena *a, const char *text, const char *name)
{
    const char *gap = strstr(text, "%s");
    return arena_printf(a, "%.*s%s%s", (int)(gap - text), text, name, gap + 2);
}

/* The secret stands behind #: browsers do not send it, and no log has it. */
static enum err compose(struct ctx *cx, const struct words *w, const struct sql_mail_load *row, const char *token,
                        struct mail *out)
{
    if (cx->cfg->public_url == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "PUBLIC_URL is not set");
    const char *link = arena_printf(cx->arena, "%s/app/password#%s", cx->cfg->public_url, token);
    *out = (struct mail){
        .to = row->email,
        .subject = with(cx->arena, w->subject, row->tenant),
        .text = arena_printf(cx->arena, "%s\n\n%s\n\n%s\n", with(cx->arena, w->text, row->tenant), link, w->until),
        .timeout_ms = SEND_MS,
    };
    return OK;
}

static enum err failed(struct ctx *cx, struct job *job)
{
    switch (cx->err.code) {
    case ERR_NOT_CONFIGURED: return job_ends(cx, job, JOB_PARK, -1);
    case ERR_INVALID: return job_ends(cx, job, JOB_DEAD, -1);
    default: return job_ends(cx, job, JOB_RETRY, -1);
    }
}

enum err job_mail(struct ctx *cx, struct job *job)
{
    struct sql_mail_load row = { .user_id = NULL };
    struct sql_mail_link link = { .held = false };
    struct sql_mail_sent sent = { .held = false };
    struct mail          mail;
    unsigned char        hash[TOKEN_HASH];
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_mail_load(cx, &(const struct sql_mail_load_in){ job->ref }, &row));
    if (row.user_id == NULL) return job_finish(cx, job);
    const struct words *w = words_of(row.kind);
    const char         *token = token_session(cx->arena, hash);
    if (w == NULL) return job_finish(cx, job);
    if (compose(cx, w, &row, token, &mail) != OK) return failed(cx, job);
    const struct sql_mail_link_in in = {
        job->id, job->token, row.user_id, row.kind, { hash, sizeof hash }, w->seconds
    };
    TRY(sql_mail_link(cx, &in, &link));
    if (!link.held) return job_lost(cx, job);
    if (mail_send(cx, &mail) != OK) return failed(cx, job);
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_mail_sent(cx, &(const struct sql_mail_sent_in){ job->id, job->token, job->ref }, &sent));
    return sent.held ? OK : job_lost(cx, job);
}
