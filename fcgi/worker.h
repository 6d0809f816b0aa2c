/* What a worker process is given, and its two loops. */
#ifndef WORKER_H
#define WORKER_H
#include "config.h"
#include "pool.h"
#include "route.h"

enum {
    LISTEN_FD = 0,          /* spawn-fcgi leaves the socket here */
    HOOKS_BUDGET_MS = 8000, /* one request; nginx gives up after 10 s, Twilio after 15 s */
    API_BUDGET_MS = 28000,
    HUNG_MS = 2000, /* beyond its budget a worker is killed */
    ARENA_CAP =
        32 << 20, /* of an api request; lists are built by PostgreSQL; where they are sealed, they are opened here */
};

struct worker {
    enum pool_name          pool;
    size_t                  workers;
    const struct config    *cfg;
    const struct seal_keys *keys; /* NULL in the auth pool, which opens no secret */
};

enum {
    WORKER_REQUESTS = 10000,   /* then a worker is replaced, a tenth more or less, so that not all go at once */
    WORKER_RSS_MAX = 256 << 20 /* bytes; a worker above is replaced */
};

/** Serves api or auth: one request at a time. Returns the exit status of the process. arg is a struct worker. */
int worker_run(beat_t *, void *arg);

/** Serves hooks: an event loop whose waiting webhooks share one transaction. */
int hookloop_run(beat_t *, void *arg);

#endif
