/* HTTP requests out, through libcurl: one kept-alive handle, caps, deadlines, no redirects. */
#ifndef HTTP_H
#define HTTP_H
#include "ctx.h"

#include <stdbool.h>
#include <stdio.h>

struct http;
struct sockaddr;

/** A handle for one process, opened after fork. */
struct http *http_open(void);
void         http_close(struct http *);

/* One part of multipart/form-data. file: bytes with that file name, else text. */
struct http_part {
    const char *name, *text, *file, *type;
    const void *bytes;
    size_t      len;
};

struct http_request {
    const char             *method, *url;             /* https, or http to loopback */
    const char             *user, *password, *bearer; /* Basic or Bearer; only ever sent to the url's own host */
    const char             *body, *content_type;      /* body NULL: none */
    const char *const      *head;                     /* more header lines, NULL-terminated; NULL: none */
    FILE                   *from;                     /* instead of body: from_len bytes of a file, by PUT */
    int64_t                 from_len;
    const struct http_part *parts; /* instead of body */
    size_t                  nparts;
    size_t                  max;            /* bytes of a reply; more is TOO_LARGE */
    bool                    cut;            /* more is read and forgotten instead, up to a mebibyte */
    FILE                   *to;             /* the body goes there instead of into memory */
    int64_t                 timeout_ms;     /* 0: until the deadline of the unit of work */
    bool (*reach)(const struct sockaddr *); /* asked about the very address that is connected to; NULL: any */
    bool (*goes_on)(void *);                /* asked about once a second; false: give up, as UNKNOWN. NULL: always */
    void   *goes_on_arg;
    int64_t silence_s; /* how long the other side may say nothing; 0: 10 s. Models think for minutes */
};

struct http_reply {
    int         status; /* 0: there was none */
    const char *body;   /* NUL-terminated; "" with `to` */
    size_t      len;
    const char *content_type, *location; /* "" if absent */
    int64_t     retry_after_s;           /* -1 if absent */
};

/** Sends one request and reads the whole reply. OK: there is a status, whatever it says.
 *  UNAVAILABLE: nothing was sent (refused, DNS, TLS); asking again is safe. UNKNOWN: it may have arrived, and the reply
 * was lost, cut or late. TOO_LARGE: the reply; INVALID: the URL or a header has bytes that must not be there;
 * FORBIDDEN: reach() let none of the host's addresses pass. */
enum err http_send(struct ctx *, const struct http_request *, struct http_reply *out) MUST_CHECK;

#endif
