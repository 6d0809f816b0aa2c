/* Job forget: a person is erased, here and at Twilio. ref: erasures.id. It goes by the rules of erasure_rules, page by
 * page; every step may be done again, and what is left to wait for (a legal hold, a call under way, recordings that
 * other jobs delete) brings it back later. */
#include "clock.h"
#include "config.h"
#include "erasure.h"
#include "idem.h"
#include "log.h"
#include "seal.h"
#include "spool.h"
#include "sql.h"
#include "sweep.h"
#include "tomb.h"
#include "twilio.h"
#include "veil.h"

#include <string.h>

enum { CALLS = 50, ORPHANS = 200, COPIES = 100, SPOOL_S = 2, TRIES = 5 };

/* One erasure under way. */
struct forget {
    struct job             *job;
    struct sql_erasure_load row;
    struct subject          who;
    char                    why[sizeof((struct error *)0)->msg]; /* a refusal of Twilio's; "" none */
};

/* What may pass by itself is tried again soon, and then now and then, but never given up. */
static enum err failed(struct ctx *cx, struct job *job)
{
    switch (cx->err.code) {
    case ERR_UNAVAILABLE:
    case ERR_UNKNOWN:
    case ERR_RATE_LIMITED:
    case ERR_TIMEOUT:
    case ERR_UPSTREAM: return job_ends(cx, job, job->attempts < TRIES ? JOB_RETRY : JOB_PARK, -1);
    default: return job_ends(cx, job, JOB_PARK, -1);
    }
}

/* Who it is, and his tombstone, which outlives the database, before anything goes. */
static enum err prepare(struct ctx *cx, struct forget *f)
{
    const char       *number = NULL;
    const struct tomb stone = {
        f->job->ref, f->job->tenant, f->row.mark, f->row.contacts, f->row.asked_us,
    };
    struct tombs have;
    TRY(veil_load(cx));
    TRY(veil_ready(cx));
    if (f->row.subject != NULL) {
        if (cx->keys == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "the key file could not be read");
        TRY(seal_open(cx, cx->keys, erasure_place(cx, f->job->ref), f->row.subject, &number));
    }
    f->who = erasure_subject(cx, number);
    TRY(tomb_read(cx, cx->cfg->state_dir, &have));
    return tomb_has(&have, stone.id) ? OK : tomb_add(cx, cx->cfg->state_dir, &stone, 1);
}

/* One rule, or the next calls; n: how many rows, or calls. */
static enum err step(struct ctx *cx, struct forget *f, const int64_t *at, int64_t *n)
{
    const struct sql_erasure_step_in in = {
        .job = f->job->id,
        .token = f->job->token,
        .erasure = f->job->ref,
        .at = at,
        .numbers = f->who.numbers,
        .words = f->who.words,
        .max = CALLS,
    };
    struct sql_erasure_step row = { .n = -1 };
    job_allow(cx, job_lease_s(cx) * 1000);
    TRY(sql_erasure_step(cx, &in, &row));
    *n = row.n;
    return row.n < 0 ? job_lost(cx, f->job) : job_renew(cx, f->job);
}

/* Calls first, then what is known by number or contact. Digits in free text go last, when no call holds them rightly
 * any more. */
static enum err rows(struct ctx *cx, struct forget *f)
{
    enum { SEARCH = 50 };
    struct sql_erasure_kept kept = { .kept = false };
    struct db_rows          places;
    int64_t                 n = 1;
    while (n > 0) TRY(step(cx, f, NULL, &n));
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_erasure_places(cx, &places));
    const struct sql_erasure_places *v = places.v;
    for (size_t i = 0; i < places.n; i++) {
        if (v[i].at >= SEARCH && f->who.number == NULL) break;
        if (v[i].at == SEARCH)
            TRY(sql_erasure_kept(cx, &(const struct sql_erasure_kept_in){ f->job->ref, f->who.numbers }, &kept));
        if (kept.kept) break;
        TRY(step(cx, f, &v[i].at, &n));
    }
    return OK;
}

/* Deliveries of calls that never came, where they are sealed: whose they are cannot be asked in SQL. */
static enum err orphans(struct ctx *cx, struct forget *f)
{
    struct sql_erasure_orphans_in in = { .after = NULL, .until_us = f->row.asked_us, .max = ORPHANS };
    struct db_rows                page = { .n = cx->veil == NULL || f->who.number == NULL ? 0 : ORPHANS };
    while (page.n == ORPHANS) {
        TRY(job_renew(cx, f->job));
        TRY(sql_erasure_orphans(cx, &in, &page));
        const struct sql_erasure_orphans *v = page.v;
        for (size_t i = 0; i < page.n; i++) {
            const struct db_bytes open = veil_bytes_open(cx, cx->veil, v[i].raw);
            in.after = v[i].digest;
            if (!erasure_tells(&f->who, open.at, open.n)) continue;
            TRY(sql_erasure_orphan(cx, &(const struct sql_erasure_orphan_in){ f->job->ref, v[i].digest }));
        }
    }
    return OK;
}

static enum err answered(struct ctx *cx, struct forget *f, const char *kind, const char *sid, bool absent)
{
    const struct sql_erasure_answer_in in = { f->job->ref, kind, sid, absent ? "absent" : "deleted" };
    return sql_erasure_answer(cx, &in);
}

/* Recordings do not go with their call, and nobody may have told us of one. */
static enum err remove_recordings(struct ctx *cx, struct forget *f, const struct twilio *t, const char *call_sid)
{
    struct twilio_recordings all;
    enum err                 e = twilio_recordings_list(cx, t, call_sid, &all);
    if (e == ERR_NOT_FOUND) {
        ctx_forgive(cx);
        return OK;
    }
    TRY(e);
    for (size_t i = 0; i < all.n; i++) {
        TRY(twilio_recording_delete(cx, t, all.v[i].sid));
        TRY(answered(cx, f, "recording", all.v[i].sid, false));
    }
    return OK;
}

static enum err remove_one(struct ctx *cx, struct forget *f, const struct twilio *t,
                           const struct sql_erasure_copies *copy, bool *absent)
{
    if (strcmp(copy->kind, "call") == 0) TRY(remove_recordings(cx, f, t, copy->sid));
    return twilio_delete(cx, t, copy->sid, absent);
}

/* A refusal keeps back its own copy alone. */
static enum err remove_copy(struct ctx *cx, struct forget *f, const struct twilio *t,
                            const struct sql_erasure_copies *copy)
{
    bool     absent;
    enum err e = remove_one(cx, f, t, copy, &absent);
    if (e == ERR_UPSTREAM_REFUSED) {
        memcpy(f->why, cx->err.msg, sizeof f->why);
        ctx_forgive(cx);
        return OK;
    }
    TRY(e);
    return answered(cx, f, copy->kind, copy->sid, absent);
}

static enum err copies(struct ctx *cx, struct forget *f)
{
    struct sql_erasure_copies_in in = { f->job->ref, "", COPIES };
    struct db_rows               page;
    struct twilio                account = { .sid = NULL };
    do {
        job_allow(cx, JOB_STEP_MS);
        TRY(sql_erasure_copies(cx, &in, &page));
        const struct sql_erasure_copies *v = page.v;
        if (page.n > 0 && account.sid == NULL) TRY(twilio_load(cx, &account));
        for (size_t i = 0; i < page.n; i++) {
            if (i % 10 == 0) TRY(job_renew(cx, f->job));
            job_allow(cx, JOB_STEP_MS);
            TRY(remove_copy(cx, f, &account, &v[i]));
            in.after = v[i].sid;
        }
    } while (page.n == COPIES);
    return OK;
}

static enum err work(struct ctx *cx, struct forget *f)
{
    TRY(prepare(cx, f));
    TRY(spool_forget(cx, cx->cfg->state_dir, &f->who));
    TRY(rows(cx, f));
    TRY(orphans(cx, f));
    TRY(idem_forget(cx, &f->who));
    return copies(cx, f);
}

/* Deliveries on disk come in first: afterwards they would find nothing that tells whose they are. */
static enum err wait_for_spool(struct ctx *cx, struct job *job)
{
    struct sql_erasure_wait          row = { .held = false };
    const struct sql_erasure_wait_in in = { job->id, job->token, SPOOL_S,
                                            "deliveries on disk are still to come into the database" };
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_erasure_wait(cx, &in, &row));
    return row.held ? OK : job_lost(cx, job);
}

enum err job_forget(struct ctx *cx, struct job *job)
{
    struct forget          f = { .job = job };
    struct sql_erasure_end row = { .more = false };
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_erasure_load(cx, &(const struct sql_erasure_load_in){ job->ref }, &f.row));
    if (f.row.contacts == NULL) return job_finish(cx, job);
    if (spool_waits(cx, cx->cfg->state_dir)) return wait_for_spool(cx, job);
    if (work(cx, &f) != OK) return failed(cx, job);
    if (f.why[0] != '\0') {
        (void)ctx_fail(cx, ERR_UPSTREAM_REFUSED, "%s", f.why);
        return failed(cx, job);
    }
    job_allow(cx, JOB_STEP_MS);
    const struct sql_erasure_end_in in = { job->id, job->token, job->ref, f.who.numbers };
    return sql_erasure_end(cx, &in, &row);
}

enum err forget_tombs(struct sweep *s, struct ctx *cx)
{
    int64_t restored;
    TRY(erasure_sync(cx, s->cfg->state_dir, &restored));
    if (restored > 0) LOG(LOG_WARN, "erasures are done again", LOG_NUM("erasures", restored));
    return OK;
}

enum err forget_seek(struct ctx *cx)
{
    int64_t  again = 0;
    enum err e = erasure_seek(cx, &again);
    if (again > 0) LOG(LOG_INFO, "erased people were back", LOG_TEXT("tenant", cx->tenant), LOG_NUM("erasures", again));
    return e;
}

enum err forget_compare(struct ctx *cx)
{
    struct sql_erasure_again row;
    return sql_erasure_again(cx, &(const struct sql_erasure_again_in){ true }, &row);
}
