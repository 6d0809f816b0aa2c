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
    void         *conn; /* whose request it is */
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

/* Decides about a request that has been read. known: accounts were read within the last second, so that no is no. */
enum hook_state hook_verify(struct hook *, const struct config *, const struct accounts *, bool known);

/* Fills rs with the plan's TwiML; on failure with the failure. */
void hook_answer(struct hook *, const struct plan *);

/* Fills rs with the failure in hook->cx.err. */
void hook_refuse(struct hook *, const char *allow);

/* One line of log for an answered request. */
void hook_log(const struct hook *);

enum hook_busy { BUSY_NO, BUSY_ACCOUNTS, BUSY_BATCH }; /* with what the database is */

/* What the hooks of a process share: the database, whose transaction they wait for, and who may call. */
struct hook_pool {
    const struct config    *cfg;
    struct db              *db;
    const struct seal_keys *keys;
    struct accounts        *accounts;
    int64_t accounts_ms, asked_ms, probe_ms; /* clock_ms(): read, last asked, circuit open until; 0: never, closed */
    struct hook_list waiting, unsure;
    enum hook_busy   busy;
    struct ctx       cx; /* of the transaction under way */
    struct ingest   *ingest;
    struct hook     *v[EVENT_BATCH_MAX];
    struct event    *events[EVENT_BATCH_MAX];
    size_t           n, limit, last; /* hooks of the batch under way, at most, of the one before */
    bool             again;          /* the batch under way is a second try */
    bool             settling;       /* the batch is stored, its second transaction is under way */
    struct db_rows   rows;
    struct db_call   call;
    void (*done)(struct hook *); /* sends the answer and takes the hook back */
};

/* The batch in p->v goes to the spool of that name with one fdatasync and is answered. Not even that: 503, so that
 * Twilio tries again. */
void hook_shelter(struct hook_pool *p, const char *file);

/* Goes on with the database as far as possible without waiting: finishes what is finished, starts what can start. */
void hook_turn(struct hook_pool *);

/* Milliseconds until hook_turn() has something to do besides the database's socket; -1: nothing. */
int hook_wait_ms(const struct hook_pool *);

#endif
