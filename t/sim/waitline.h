/* Queues: callers who wait for somebody to dequeue them. */
#pragma once
#include "nest.h"
#include "rec.h"

struct waiting { /* a caller in Enqueue */
    struct call     *call;
    struct waitline *line;
    struct nest      nest;
    const char      *action, *method, *wait_url, *wait_method;
    int64_t          since; /* simulated ms */
    struct call     *with;  /* who took him */
};

struct waitline {
    const char *sid, *name;
    int64_t     unix0, waited_ms, served; /* of those that were dequeued */
    long        max;
    struct list waiting; /* in order of arrival */
    struct list agents;  /* calls in <Dial><Queue> with nobody to take */
    bool        deleted;
};

void             enqueue_run(struct call *c, const xmlNode *n);
void             leave_run(struct call *c, const xmlNode *n);
/** Dial with a Queue noun: takes the first who waits, or waits for one. */
void             waitline_dial(struct call *c, const xmlNode *dial, const xmlNode *noun);
/** The queue of a name; make: creates it. */
struct waitline *waitline_of(const char *name, bool make);
/** Takes a caller out of his queue and gives him a document: REST's dequeue. */
void             waitline_redirect(struct waiting *w, const char *url, const char *method);
int64_t          waitline_seconds(const struct waiting *w);
/** Brings together those who wait and the agents who want one. */
void             waitline_serve(struct waitline *q);
/** Ends a caller's Enqueue with a QueueResult: the action is asked, or the next verb runs. */
void             waitline_result(struct waiting *w, const char *word);
void             waitline_take_out(struct list *l, const void *what);
