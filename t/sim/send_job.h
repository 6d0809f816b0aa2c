/* Deliveries in work, shared by send.c (queues and faults) and send_try.c (attempts). */
#pragma once
#include "send.h"
#include "url.h"

enum { ATTEMPTS_MAX = 20 };

struct job {
    struct hook        h;
    struct target      to;
    struct delivery   *d;
    struct job        *next, *before; /* in its call's queue; in the list of all */
    CURL              *easy;
    struct curl_slist *headers;
    struct buf         body, reply;
    int64_t            began_ms, tried_ms; /* real */
    int64_t            asked_at;           /* simulated ms */
    int                tries, redirects;
    bool               get, queued, asks; /* asks: its call's family waits for it */
    const char        *token, *note;
};

struct queue { /* deliveries of one call that wait for each other */
    struct job *first, *last, *held;
};

/** A transfer came to its end. */
void job_finished(struct job *j, CURLcode e);
void job_start(struct job *j);
void job_free(struct job *j);
/** Its call's family waits for it no longer. */
void job_asks_no_more(struct job *j);
void job_drop_transfer(struct job *j);
void job_note(struct job *j, int status, int error, const char *note);
