/* The sweep: claims jobs until there are none or time is up, and does what is due by the clock. */
#ifndef SWEEP_H
#define SWEEP_H
#include "config.h"
#include "job.h"

#include <signal.h>
#include <stdbool.h>

/* One process. Everything lives as long as it does. */
struct sweep {
    struct arena        *arena; /* of one job or one piece of standing work; reset after each */
    const struct config *cfg;
    struct db           *db;     /* role switchhook_sweep */
    struct db           *ingest; /* role switchhook_ingest: what the spool is drained through */
    struct http         *http;
    struct seal_keys    *keys; /* NULL: unreadable, jobs that need them are parked */
    const char          *only; /* the one kind of work to do; NULL: all */
    const char          *host;
    int64_t              spot;     /* whose turn it is among the tenants */
    int64_t              done;     /* jobs ended since the last beat */
    int64_t              until_ms; /* no job is begun after it */
    int64_t              quiet_ms; /* jobs that cost wait until then: the last one was refused for want of a cure */
    char                 why[240];
    const char          *cause; /* why, as a word; static */
    const volatile sig_atomic_t *stop;
};

/** A fresh unit of work of this process. */
struct ctx sweep_ctx(struct sweep *);

/** Runs jobs until none is due, time is up, or the process is told to stop. An error is the database's. */
enum err sweep_jobs(struct sweep *) MUST_CHECK;

/** Is there such a kind of job, or of standing work? */
bool sweep_knows(const char *kind);

/** Are all words of "mail webhook" kinds of jobs? */
bool sweep_knows_all(const char *kinds);

/** Does what is due by the clock. An error is the database's; one tenant's trouble does not keep the others waiting. */
enum err standing_run(struct sweep *) MUST_CHECK;
bool     standing_knows(const char *word);

/* The kinds of jobs. */
enum err job_fetch(struct ctx *, struct job *) MUST_CHECK;
enum err job_transcribe(struct ctx *, struct job *) MUST_CHECK;
enum err job_analyse(struct ctx *, struct job *) MUST_CHECK;
enum err job_seek(struct ctx *, struct job *) MUST_CHECK;
enum err job_erase(struct ctx *, struct job *) MUST_CHECK;
enum err job_forget(struct ctx *, struct job *) MUST_CHECK;
enum err job_mail(struct ctx *, struct job *) MUST_CHECK;
enum err job_control(struct ctx *, struct job *) MUST_CHECK;
enum err job_unpause(struct ctx *, struct job *) MUST_CHECK;
enum err job_webhook(struct ctx *, struct job *) MUST_CHECK;
enum err job_notify(struct ctx *, struct job *) MUST_CHECK;
enum err job_alert(struct ctx *, struct job *) MUST_CHECK;
enum err job_report(struct ctx *, struct job *) MUST_CHECK;
enum err job_price(struct ctx *, struct job *) MUST_CHECK;
enum err job_retain(struct ctx *, struct job *) MUST_CHECK;

/** Begins the night's run of retention of cx->tenant, when it is due. */
enum err job_retention_due(struct ctx *) MUST_CHECK;

/** Makes the reports of cx->tenant that are due. */
enum err job_reports_due(struct ctx *) MUST_CHECK;

/** Open intents of cx->tenant, asked about one by one; what fails is asked again the next time. */
enum err job_intent(struct ctx *) MUST_CHECK;

/** Seeks recordings of cx->tenant that should be there and that nobody has told us of: makes a job seek of each. */
enum err job_missing(struct ctx *) MUST_CHECK;

/** What the numbers of cx->tenant wait for: purchases without an end, numbers to be told their URLs or given back, a
 * daily look. What fails is tried again the next time. */
enum err job_number(struct ctx *) MUST_CHECK;

/* Around erasures. tombs: those that the database does not know, for it is an older copy, are known again. seek:
 * whoever was erased and is back in cx->tenant is erased again. compare: has seek look through cx->tenant anew. */
enum err forget_tombs(struct sweep *, struct ctx *) MUST_CHECK;
enum err forget_seek(struct ctx *) MUST_CHECK;
enum err forget_compare(struct ctx *) MUST_CHECK;

#endif
