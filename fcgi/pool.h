/* The parent of the workers: forks them, replaces them, kills those that hang. */
#ifndef POOL_H
#define POOL_H
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* When the worker's current request began (clock_ms), 0 while it is idle. Shared with the parent. */
typedef _Atomic int64_t beat_t;

struct pool {
    size_t  workers;
    int64_t hung_ms;                  /* a request older than this: the worker is killed */
    int64_t rss_max;                  /* bytes of memory; a worker above is asked to end. 0: any */
    int (*work)(beat_t *, void *arg); /* runs in the child; returns its exit status */
    void *arg;
};

/** Keeps that many children alive until SIGTERM, then passes it on, waits, and returns 0. A child that ends
 *  is replaced at once; one that keeps dying young is replaced after 50 ms .. 1 s. It never gives up. SIGHUP
 *  replaces all of them, one after the other. Children end with the parent, however it ends. */
int pool_run(const struct pool *);

#endif
