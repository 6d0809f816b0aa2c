/* Webhooks that wait together share one transaction; when the database is silent, the disk takes them.
 *
 *   waiting --take--> batch --commit--> answered           (while one batch is in the database the next one gathers)
 *                       |-- refused: halved until the one at fault stands alone --> quarantine, answered 200
 *                       '-- silent for 2 s, or lost twice --> spool, fdatasync, answered; the circuit opens
 */
#include "hook.h"
#include "hooknote.h"

#include "clock.h"
#include "log.h"
#include "snapshot.h"
#include "sql.h"

#include <string.h>

enum { SILENT_MS = 2000, NOTES_MS = 500, FRESH_MS = 200, UNSURE_MAX = 256, STALE_MS = 5000, PROBE_MS = 500 };

static void take(struct hook_pool *p)
{
    for (p->n = 0; p->n < p->limit && p->waiting.n > 0; p->n++) {
        p->v[p->n] = hook_pop(&p->waiting);
        hook_settle(p->v[p->n], p->accounts);
        p->events[p->n] = &p->v[p->n]->ev;
    }
}

static void put_back(struct hook_pool *p)
{
    struct hook_list rest = p->waiting;
    p->waiting = (struct hook_list){ .n = 0 };
    for (size_t i = 0; i < p->n; i++) hook_push(&p->waiting, p->v[i]);
    for (struct hook *h; (h = hook_pop(&rest)) != NULL;) hook_push(&p->waiting, h);
}

static void start(struct hook_pool *p, int64_t now)
{
    arena_reset(p->cx.arena);
    ctx_forgive(&p->cx);
    p->cx.db = p->db;
    p->cx.deadline_ms = now + SILENT_MS;
}

/* Notes alone. Nobody waits for them, and they make nobody wait for long. */
static void start_notes(struct hook_pool *p, int64_t now)
{
    size_t n = 0;
    start(p, now);
    p->cx.deadline_ms = now + NOTES_MS;
    const struct db_call *calls = hook_notes_take(p->notes, &n);
    p->busy = BUSY_NOTES;
    db_send(&p->cx, calls, n);
}

static void start_batch(struct hook_pool *p, int64_t now)
{
    size_t                ncalls = 0, notes = 0;
    const struct db_call *calls = NULL;
    take(p);
    start(p, now);
    p->ingest = ingest_prepare(&p->cx, p->events, p->n);
    if (!p->again) calls = hook_notes_take(p->notes, &notes); /* they shall not make it fail twice */
    ingest_also(p->ingest, calls, notes);
    calls = ingest_calls(p->ingest, &ncalls);
    p->busy = BUSY_BATCH;
    db_send(&p->cx, calls, ncalls);
}

static void start_accounts(struct hook_pool *p, int64_t now)
{
    start(p, now);
    p->asked_ms = now;
    p->asking = p->unsure; /* who comes from here on waits for the next reading */
    p->unsure = (struct hook_list){ .n = 0 };
    p->call = (struct db_call){ &sql_account_list_stmt, NULL, 1, &p->rows };
    p->busy = BUSY_ACCOUNTS;
    db_send(&p->cx, &p->call, 1);
}

static void batch_committed(struct hook_pool *p, int64_t us)
{
    size_t                ncalls = 0;
    const struct db_call *rest = p->settling ? NULL : ingest_rest(&p->cx, p->ingest, &ncalls);
    p->settling = ncalls > 0;
    if (p->settling) { /* something of these calls had come before them */
        p->busy = BUSY_BATCH;
        db_send(&p->cx, rest, ncalls);
        return;
    }
    LOG(LOG_DEBUG, "batch", LOG_NUM("n", (int64_t)p->n), LOG_NUM("trips", (int64_t)db_trips(p->db)), LOG_NUM("us", us));
    for (size_t i = 0; i < p->n; i++) {
        struct hook *h = p->v[i];
        struct plan  plan;
        h->db_us = us;
        ingest_plan(&h->cx, p->ingest, i, p->cfg->public_url, &plan);
        hook_answer(h, &plan);
        p->done(h);
    }
    p->last = p->n;
    p->limit = p->limit * 2 < EVENT_BATCH_MAX ? p->limit * 2 : EVENT_BATCH_MAX;
    p->again = false;
    p->probe_ms = 0;
}

static void batch_failed(struct hook_pool *p, int64_t now)
{
    const enum err e = p->cx.err.code;
    p->settling = false;
    LOG(LOG_WARN, "batch", LOG_NUM("n", (int64_t)p->n), LOG_TEXT("err", error_word(e)), LOG_TEXT("why", p->cx.err.msg));
    if (e == ERR_UNAVAILABLE && !p->again) { /* the server was restarted, or chose us in a deadlock */
        p->again = true;
        put_back(p);
    } else if (e == ERR_TIMEOUT || e == ERR_UNAVAILABLE || e == ERR_NOT_MIGRATED) {
        p->again = false;
        p->probe_ms = now + PROBE_MS;
        hook_shelter(p, "hooks");
    } else if (p->n > 1) { /* one of them is at fault: look for it in halves */
        p->limit = p->n / 2;
        put_back(p);
    } else {
        hook_shelter(p, "quarantine");
    }
}

enum hook_verdict hook_first_verdict(const struct hook_pool *p)
{
    if (p->unsure.n >= UNSURE_MAX) return VERDICT_FINAL; /* a flood of forgeries */
    return p->accounts_ms != 0 && clock_ms() - p->accounts_ms < FRESH_MS ? VERDICT_FRESH : VERDICT_OPEN;
}

/* Second verdict on those whose account or token may have been new. */
static void judge_again(struct hook_pool *p)
{
    for (struct hook *h; (h = hook_pop(&p->asking)) != NULL;) {
        if (hook_verify(h, p->cfg, p->accounts, VERDICT_FINAL) == HOOK_WAITS) hook_push(&p->waiting, h);
        else p->done(h);
    }
}

static void accounts_read(struct hook_pool *p, int64_t now)
{
    if (p->cx.err.code == OK) {
        accounts_fill(p->accounts, p->keys, &p->rows);
        p->accounts_ms = now;
        p->probe_ms = 0;
        judge_again(p);
        return;
    }
    LOG(LOG_ERROR, "accounts", LOG_TEXT("err", p->cx.err.msg));
    p->probe_ms = now + PROBE_MS;
    ctx_forgive(&p->cx);
    if (p->accounts_ms == 0 && snapshot_accounts(&p->cx, p->cfg->state_dir, &p->rows) == OK) {
        accounts_fill(p->accounts, p->keys, &p->rows); /* a process that began while the database was away */
        p->accounts_ms = 1;                            /* known, but not lately */
    }
    for (struct hook *h; (h = hook_pop(&p->asking)) != NULL;) {
        if (hook_verify(h, p->cfg, p->accounts, VERDICT_OPEN) == HOOK_WAITS) {
            hook_push(&p->waiting, h);
            continue;
        }
        (void)ctx_fail(&h->cx, ERR_UNAVAILABLE, "database: silent");
        hook_refuse(h, NULL);
        p->done(h);
    }
}

static bool go_on(struct hook_pool *p, int64_t now)
{
    const int64_t began = p->cx.deadline_ms - SILENT_MS;
    if (!db_done(&p->cx)) return false;
    const enum hook_busy busy = p->busy;
    p->busy = BUSY_NO;
    hook_notes_gone(p->notes, p->cx.err.code == OK);
    if (busy == BUSY_NOTES) return true;
    if (busy == BUSY_ACCOUNTS) accounts_read(p, now);
    else if (p->cx.err.code == OK) batch_committed(p, (now - began) * 1000);
    else batch_failed(p, now);
    return true;
}

/* Starts what can start; false if there is nothing. */
static bool begin(struct hook_pool *p, int64_t now)
{
    const bool open = p->probe_ms > now;
    if (open && p->waiting.n > 0) {
        take(p);
        start(p, now);
        hook_shelter(p, "hooks");
        return true;
    }
    if (open) return false;
    const int64_t age = now - p->asked_ms;
    const bool    ask = p->asked_ms == 0 || p->probe_ms != 0 || (p->unsure.n > 0 && age >= FRESH_MS)
                     || (p->waiting.n > 0 && age >= STALE_MS);
    if (ask) start_accounts(p, now);
    else if (p->waiting.n > 0) start_batch(p, now);
    else if (hook_notes_wait_ms(p->notes, now, p->stopping) == 0) start_notes(p, now);
    return ask || p->busy != BUSY_NO;
}

void hook_turn(struct hook_pool *p)
{
    for (;;) {
        const int64_t now = clock_ms();
        if (p->busy != BUSY_NO ? !go_on(p, now) : !begin(p, now)) return;
    }
}

bool hook_unwritten(const struct hook_pool *p)
{
    return p->busy == BUSY_NOTES || (p->probe_ms == 0 && hook_notes_wait_ms(p->notes, clock_ms(), true) >= 0);
}

int hook_wait_ms(const struct hook_pool *p)
{
    const int64_t now = clock_ms();
    if (p->asked_ms == 0) return 0; /* a new process learns who may call before somebody does */
    int64_t at = p->busy != BUSY_NO ? p->cx.deadline_ms : p->probe_ms != 0 ? p->probe_ms : -1;
    if (at < 0 && p->unsure.n > 0) at = p->asked_ms + FRESH_MS;
    const int64_t notes = at < 0 ? hook_notes_wait_ms(p->notes, now, p->stopping) : -1;
    if (notes >= 0) at = now + notes;
    return at < 0 ? -1 : at <= now ? 0 : (int)(at - now);
}
