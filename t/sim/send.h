/* Webhooks: signed, sent with libcurl multi, retried by the connection overrides in the fragment. */
#pragma once
#include "call.h"

#include <curl/curl.h>

struct hook_reply {
    int         status;            /* 0: no reply */
    const char *body, *type, *url; /* url: where it came from after redirects */
    size_t      len;
    const char *code; /* Twilio's error code, NULL if all is well */
};

struct hook {
    const char  *kind;         /* voice status number_status dial_status recording gather … */
    const char  *url, *method; /* as registered, with its fragment */
    struct call *call;         /* whose webhook, may be NULL */
    struct form  params;       /* send_hook() takes it over */
    bool         twiml;        /* wants a document: runs at once; others of a call go one after the other */
    void (*done)(void *arg, const struct hook_reply *r); /* may be NULL */
    void *arg;
};

/** What the ledger knows of one delivery. */
struct attempt {
    int         status, error; /* HTTP; CURLcode */
    long        ms;            /* real */
    const char *note;          /* in words, e.g. a fault */
};
struct delivery {
    const char     *kind, *url, *method, *call, *token, *params_hash;
    const char     *params; /* the encoded body */
    const char     *reply;  /* the document that was answered, NULL: none was wanted */
    struct attempt *attempts;
    size_t          n;
    int64_t         at; /* Unix ms */
};

void   send_start(void);
void   send_hook(const struct hook *h);
CURLM *send_multi(void);
/** Moves transfers on: a socket that epoll reported, or CURL_SOCKET_TIMEOUT; calls done(). */
void   send_run(curl_socket_t fd, uint32_t epoll_events);
/** Its sockets are watched by this epoll from now on. */
void   send_watch(int epoll);
/** Real ms until it wants to run without a socket, at most max. */
int    send_wait(int max);
struct scope;
size_t send_pending(const struct scope *s); /* deliveries of a scope not yet finished */
void   send_clear(void);                    /* forgets all, calls nobody */
void   send_stop(void);
