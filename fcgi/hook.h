/* One webhook from request to answer, and those that wait together. Internal to the hooks pool. */
#ifndef HOOK_H
#define HOOK_H
#include "account.h"
#include "config.h"
#include "event.h"
#include "ingest.h"
#include "limit.h"
#include "route.h"

struct hook {
    struct arena *arena;
    struct ctx    cx;
    struct req    rq;
    struct res    rs;
    struct event  ev;
    void         *conn;     /* whose request it is */
    const char   *blamed;   /* of a refused request: whose account it named; NULL: nobody's, or it was verified */
    bool          of_party; /* the answer names a party of the call */
    int64_t       began_us, db_us;
    struct hook  *next;
};

struct hook_list {
    struct hook *first, *last;
    size_t       n;
};

void         hook_push(struct hook_list *, struct hook *);
struct hook *hook_pop(struct hook_list *);

enum hook_state {
    HOOK_ANSWERED, /* rs is complete */
    HOOK_WAITS,    /* verified: to be stored */
    HOOK_UNSURE    /* its account or signature may be newer than what we know */
};

/* How much a no is worth. An account that nobody knows may be a minute old, a token may just have been rotated. */
enum hook_verdict {
    VERDICT_OPEN,  /* accounts are seconds old: neither is final */
    VERDICT_FRESH, /* read a moment ago: a wrong signature is wrong, an unknown account may still be new */
    VERDICT_FINAL  /* read after the request came, or nobody more can wait */
};

/* Decides about a request that has been read. */
enum hook_state hook_verify(struct hook *, const struct config *, const struct accounts *, enum hook_verdict);

/* How a verified event is stored, by what is known of its account at this moment: a tenant that has begun to seal since
 * the event was verified must find nothing of it in the clear. */
void hook_settle(struct hook *, const struct accounts *);

/* Fills rs with the plan's TwiML; on failure with the failure. */
void hook_answer(struct hook *, const struct plan *);

/* Fills rs with the failure in hook->cx.err. */
void hook_refuse(struct hook *, const char *allow);

/* One line of log for an answered request. */
void hook_log(const struct hook *);

enum hook_busy { BUSY_NO, BUSY_ACCOUNTS, BUSY_BATCH, BUSY_NOTES }; /* with what the database is */

/* What the hooks of a process share: the database, whose transaction they wait for, and who may call. */
struct hook_pool {
    const struct config    *cfg;
    struct db              *db;
    const struct seal_keys *keys;
    struct accounts        *accounts;
    int64_t accounts_ms, asked_ms, probe_ms;    /* clock_ms(): read, last asked, circuit open until; 0: never, closed */
    struct hook_list   waiting, unsure, asking; /* asking: unsure ones for whom accounts are being read */
    struct arena      *home;                    /* hooks themselves, for the life of the process */
    struct hook       *idle;                    /* without a request, their arenas empty */
    size_t             in_flight;
    enum hook_busy     busy;
    struct ctx         cx; /* of the transaction under way */
    struct ingest     *ingest;
    struct hook_notes *notes;    /* hooknote.h */
    bool               stopping; /* no request comes any more */
    struct hook       *v[EVENT_BATCH_MAX];
    struct event      *events[EVENT_BATCH_MAX];
    size_t             n, limit, last; /* hooks of the batch under way, at most, of the one before */
    bool               again;          /* the batch under way is a second try */
    bool               settling;       /* the batch is stored, its second transaction is under way */
    struct db_rows     rows;
    struct db_call     call;
    void (*done)(struct hook *); /* sends the answer and takes the hook back */
};

/* The batch in p->v goes to the spool of that name with one fdatasync and is answered. Not even that: 503, so that
 * Twilio tries again. */
void hook_shelter(struct hook_pool *p, const char *file);

/* A hook for a new request, with an id and an empty arena; counted as in flight until it is given back. */
struct hook *hook_take(struct hook_pool *);
void         hook_give_back(struct hook_pool *, struct hook *);

/* What a first no is worth at this moment. */
enum hook_verdict hook_first_verdict(const struct hook_pool *);

/* Goes on with the database as far as possible without waiting: finishes what is finished, starts what can start. */
void hook_turn(struct hook_pool *);

/* Is there something to write that nobody waits for? */
bool hook_unwritten(const struct hook_pool *);

/* Milliseconds until hook_turn() has something to do besides the database's socket; -1: nothing. */
int hook_wait_ms(const struct hook_pool *);

#endif
