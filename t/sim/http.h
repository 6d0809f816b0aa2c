/* The HTTP side: libmicrohttpd in the simulator's own loop, requests read whole, replies built whole. */
#pragma once
#include "form.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

enum { SEGMENTS_MAX = 6 };

struct request {
    const char *method, *path, *type, *authorization, *range, *raw_query;
    struct form query, form; /* form: an urlencoded body */
    const char *body;
    size_t      len;
    const char *seg[SEGMENTS_MAX]; /* what the route's '*' matched, decoded */
};

struct reply {
    int         status;
    const char *type; /* NULL: application/json */
    struct buf  body;
    struct form headers;
    int64_t     cut_at;      /* bytes of the reply sent before the connection is cut; -1: all */
    bool        cut_in_body; /* cut_at counts from the first byte of the body */
    int64_t     delay_ms;    /* real */
};

/** Answers a request; the reply is zeroed, with cut_at -1. */
typedef void http_answer(struct request *q, struct reply *r);

/** Listens on 127.0.0.1; port 0: any free one. Returns the port, or -1. */
int  http_start(int port, http_answer *answer);
int  http_fd(void);
void http_run(void);
/** Real ms until it wants to run, at most max. */
int  http_wait(int max);
void http_resume(void); /* answers everything that was delayed */
void http_stop(void);

/** A reply of JSON; takes the tree over. */
void reply_json(struct reply *r, int status, cJSON *json);
