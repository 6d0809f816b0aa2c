/* One piece of the sweep's work: claimed under a lease, and every write of it names the fence. */
#ifndef JOB_H
#define JOB_H
#include "ctx.h"

#include <stdbool.h>

enum {
    JOB_LEASE_S = 120,      /* unless SWEEP_LEASE_SECONDS says otherwise */
    JOB_BEATS = 3,          /* renewals in the time of a lease */
    JOB_ATTEMPTS = 8,       /* failures; then it is dead */
    JOB_DEATHS = 20,        /* attempts that nobody lived to end; then it is dead: it may be what kills */
    JOB_STEP_MS = 20 * 1000 /* what one statement may take */
};

/* What becomes of a job that did not succeed. */
enum job_fate {
    JOB_RETRY, /* again after a pause, at most JOB_ATTEMPTS times */
    JOB_PARK,  /* waits 15 minutes at a time for somebody's cure; attempts are not counted */
    JOB_DEAD,  /* trying again cannot help */
    JOB_LOST   /* the lease is another's: nothing may be written */
};

struct job {
    const char *id, *tenant, *kind, *ref; /* ref: what it is about, by its id */
    int64_t     token;                    /* the fence */
    int64_t     attempts;                 /* this one included */

    /* How it failed, if it did: set by job_ends(). The reason is cx->err.msg. */
    enum job_fate fate;
    int64_t       delay_s; /* of JOB_RETRY; -1: the usual back-off */
    const char   *cause;   /* "quota": a word that jobs share; NULL: by the kind of failure */
    const char   *mark;    /* what a dead fetch leaves on its recording: "absent", "skipped:too_large"; NULL: failed */
};

/* A kind of job. run writes what it found and ends the job in one transaction, or fails. */
struct job_row {
    const char *word;
    bool        costs; /* asks a model: a parked job of this kind keeps the others back for a while */
    enum err (*run)(struct ctx *, struct job *);
    const char *of; /* whose trouble it is when it fails: model, twilio, mail */
};

/** Takes the next job that is due of the kinds in the text ("fetch analyse"). spot: where the last claim stood in the
 *  round of tenants, moved on. out->id is NULL if nothing is due. Sets no tenant. */
enum err job_claim(struct ctx *, const char *kinds, int64_t *spot, struct job *out) MUST_CHECK;

/** The job is done and its results are written. */
enum err job_finish(struct ctx *, struct job *) MUST_CHECK;

/** Renews the lease. CONFLICT, and fate LOST: another has the job. */
enum err job_renew(struct ctx *, struct job *) MUST_CHECK;

/** Records how the job ends without success; a reason is recorded in cx before or with it. Returns cx->err.code. */
enum err job_ends(struct ctx *, struct job *, enum job_fate, int64_t delay_s);

/** The failure of a statement that found no row under the fence: CONFLICT, fate LOST. */
enum err job_lost(struct ctx *, struct job *);

/** The seconds of a lease. */
int64_t job_lease_s(const struct ctx *);

/** The word for a failure that jobs may share: "key", "quota", "busy", "provider"... Static. */
const char *job_cause(enum err);

/** Writes a failed job's fate and its cause ("model:quota"), raises the alarm of the cause if it is parked or given up,
 * and says it on the recording it was about. state: the word it has. NULL: the lease was
 * lost. */
enum err job_fail(struct ctx *, const struct job *, const char *reason, const char *cause,
                  const char **state) MUST_CHECK;

/** Gives the next waits of this unit of work so many milliseconds. */
void job_allow(struct ctx *, int64_t ms);

/* Keeps a lease while something long is under way. next_ms: 0 at first. */
struct job_hold {
    struct ctx *cx;
    struct job *job;
    int64_t     next_ms;
};

/** For http_request.goes_on: renews the lease when a third of it has passed; false when it is lost. Failures of the
 *  database are let pass: the fence decides at the end. */
bool job_goes_on(void *hold);

#endif
