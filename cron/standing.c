/* Standing work: what is due by the clock and belongs to nobody's job. */
#include "account.h"
#include "check.h"
#include "clock.h"
#include "fallback.h"
#include "log.h"
#include "metadata.h"
#include "snapshot.h"
#include "spool.h"
#include "sql.h"
#include "store.h"
#include "sweep.h"

#include <string.h>

enum { STALE_S = 3600, PLAYED_S = 900 };

static enum err beat(struct sweep *s, struct ctx *cx)
{
    static bool                    began = true;
    const struct sql_sweep_beat_in in = { .host = s->host, .began = began, .done = s->done };
    TRY(sql_sweep_beat(cx, &in));
    began = false;
    s->done = 0;
    return OK;
}

/* What callers are told while the database is silent. */
static enum err snapshot(struct sweep *s, struct ctx *cx)
{
    struct db_rows routes, accounts;
    cx->db = s->ingest;
    TRY(sql_snapshot_list(cx, &routes));
    TRY(sql_account_list(cx, &accounts));
    TRY(snapshot_write(cx, s->cfg->state_dir, &routes, &accounts));
    return fallback_write(cx, s->cfg->state_dir, &routes);
}

/* Sessions, links and guesses that are over, and what was told long ago. */
static enum err people(struct sweep *s, struct ctx *cx)
{
    struct sql_people_forget row;
    struct sql_outbox_forget told;
    (void)s;
    TRY(sql_people_forget(cx, &row));
    return sql_outbox_forget(cx, &told);
}

static enum err files(struct sweep *s, struct ctx *cx)
{
    int64_t n = recording_sweep(cx, s->cfg->recordings_dir, STALE_S);
    if (n > 0) LOG(LOG_INFO, "stale files removed", LOG_NUM("files", n));
    return OK;
}

/* Copies in the clear of encrypted recordings, which nobody listens to any more. */
static enum err played(struct sweep *s, struct ctx *cx)
{
    (void)s;
    int64_t n = store_tidy(cx, PLAYED_S);
    if (n > 0) LOG(LOG_DEBUG, "played copies removed", LOG_NUM("files", n));
    return OK;
}

static enum err adopt(struct ctx *cx)
{
    struct sql_sweep_adopt row;
    const char            *url =
        arena_printf(cx->arena, "%s/api/twilio/recording/", cx->cfg->public_url == NULL ? "" : cx->cfg->public_url);
    TRY(sql_sweep_adopt(cx, &(const struct sql_sweep_adopt_in){ url }, &row));
    if (row.adopted + row.addressed > 0)
        LOG(LOG_INFO, "recordings adopted", LOG_TEXT("tenant", cx->tenant), LOG_NUM("recordings", row.adopted),
            LOG_NUM("calls", row.addressed));
    return OK;
}

/* Each of these tenants in turn, under its own row level security. */
static enum err each(struct sweep *s, struct ctx *cx, const struct db_rows *rows, enum err (*work)(struct ctx *))
{
    const struct sql_sweep_tenants *t = rows->v;
    for (size_t i = 0; i < rows->n && !*s->stop; i++) {
        cx->tenant = t[i].id;
        job_allow(cx, JOB_STEP_MS);
        if (work(cx) == OK) continue;
        LOG(LOG_WARN, "standing work", LOG_TEXT("tenant", cx->tenant), LOG_TEXT("reason", cx->err.msg));
        if (cx->err.code == ERR_UNAVAILABLE) return cx->err.code;
        ctx_forgive(cx);
    }
    return OK;
}

static enum err each_tenant(struct sweep *s, struct ctx *cx, enum err (*work)(struct ctx *))
{
    struct db_rows rows;
    TRY(sql_sweep_tenants(cx, &rows));
    return each(s, cx, &rows, work);
}

/* What comes in late may be of somebody who was erased meanwhile. */
static enum err spool(struct sweep *s, struct ctx *cx)
{
    struct accounts *accounts = accounts_new();
    struct db_rows   rows;
    size_t           n = 0;
    cx->db = s->ingest;
    if (spool_waits(cx, s->cfg->state_dir) && sql_account_list(cx, &rows) == OK) {
        accounts_fill(accounts, s->keys, &rows);
        if (spool_drain(cx, s->cfg->state_dir, accounts, &n) != OK) n = 0;
    }
    accounts_free(accounts);
    if (n > 0) LOG(LOG_INFO, "spool drained", LOG_NUM("events", (int64_t)n));
    cx->db = s->db;
    return n > 0 && cx->err.code == OK ? each_tenant(s, cx, forget_compare) : cx->err.code;
}

static enum err metadata(struct sweep *s, struct ctx *cx)
{
    struct db_rows rows;
    _Static_assert(sizeof(struct sql_metadata_tenants) == sizeof(struct sql_sweep_tenants), "a list of another shape");
    TRY(sql_metadata_tenants(cx, &rows));
    return each(s, cx, &rows, metadata_follow);
}

static enum err stats(struct ctx *cx)
{
    struct sql_sweep_stats row;
    TRY(sql_sweep_stats(cx, &row));
    if (row.days > 0) LOG(LOG_DEBUG, "figures", LOG_TEXT("tenant", cx->tenant), LOG_NUM("spans", row.days));
    return OK;
}

/* What nothing causes any more. */
static enum err alarms(struct ctx *cx)
{
    struct sql_alarms_clear row;
    TRY(sql_alarms_clear(cx, &row));
    if (row.cleared > 0)
        LOG(LOG_INFO, "alarms cleared", LOG_TEXT("tenant", cx->tenant), LOG_NUM("alarms", row.cleared));
    return OK;
}

/* Of tenants that are disabled, too. */
static enum err retention(struct sweep *s, struct ctx *cx)
{
    const char    *word = s->cfg->retention_days_default;
    int64_t        days = 0;
    struct db_rows rows;
    _Static_assert(sizeof(struct sql_retention_tenants) == sizeof(struct sql_sweep_tenants), "a list of another shape");
    const bool set = word != NULL && check_int(word, 1, INT32_MAX, &days);
    TRY(sql_retention_default(cx, &(const struct sql_retention_default_in){ set ? &days : NULL }));
    TRY(sql_retention_tenants(cx, &rows));
    return each(s, cx, &rows, job_retention_due);
}

static enum err costs(struct ctx *cx)
{
    struct sql_sweep_costs row;
    return sql_sweep_costs(cx, &row);
}

/* What, how often, by whom: at once, or for each tenant. */
static const struct {
    const char *word;
    int64_t     every_ms;
    enum err (*run)(struct sweep *, struct ctx *);
    enum err (*each)(struct ctx *);
} rows[] = {
    { "beat", 15 * 1000, beat, NULL },
    { "spool", 5 * 1000, spool, NULL },
    { "intent", 15 * 1000, NULL, job_intent },
    { "adopt", 30 * 1000, NULL, adopt },
    { "files", 15 * 60 * 1000, files, NULL },
    { "snapshot", 30 * 1000, snapshot, NULL },
    { "people", 60 * 60 * 1000, people, NULL },
    { "number", 30 * 1000, NULL, job_number },
    { "metadata", 5 * 1000, metadata, NULL },
    { "played", 60 * 1000, played, NULL },
    { "lost", 60 * 1000, NULL, job_missing },
    { "tombs", 60 * 1000, forget_tombs, NULL },
    { "forgotten", 15 * 1000, NULL, forget_seek },
    { "stats", 60 * 1000, NULL, stats },
    { "costs", 5 * 60 * 1000, NULL, costs },
    { "alarms", 30 * 1000, NULL, alarms },
    { "reports", 60 * 1000, NULL, job_reports_due },
    { "retention", 60 * 1000, retention, NULL },
};

enum { ROWS = sizeof rows / sizeof *rows };

bool standing_knows(const char *word)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(word, rows[i].word) == 0) return true;
    return false;
}

enum err standing_run(struct sweep *s)
{
    static int64_t due_ms[ROWS];
    enum err       worst = OK;
    for (size_t i = 0; i < ROWS && !*s->stop; i++) {
        struct ctx cx = sweep_ctx(s);
        if (clock_ms() < due_ms[i] || (s->only != NULL && strcmp(s->only, rows[i].word) != 0)) continue;
        due_ms[i] = clock_ms() + rows[i].every_ms;
        job_allow(&cx, JOB_STEP_MS);
        if ((rows[i].run != NULL ? rows[i].run(s, &cx) : each_tenant(s, &cx, rows[i].each)) != OK) {
            LOG(LOG_WARN, "standing work", LOG_TEXT("word", rows[i].word), LOG_TEXT("reason", cx.err.msg));
            worst = cx.err.code;
        }
        arena_reset(s->arena);
    }
    return worst;
}
