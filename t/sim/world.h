/* Everything the simulator knows: the account, numbers, phones, calls, recordings, webhooks. One world a process. */
#pragma once
#include "clock.h"
#include "form.h"

#include <stdbool.h>
#include <stdint.h>

/** An array of kept things, in order of creation. */
struct list {
    void **v;
    size_t n, cap;
};
void list_add(struct list *l, void *p);
void list_free(struct list *l);
void list_keep(struct list *l, void *p); /* the same for a list inside a kept thing */

/** One spoken line of a conversation. */
struct line {
    bool        agent; /* else the customer */
    const char *text;
};

struct script { /* who says what, in order */
    struct line *v;
    size_t       n;
};

/** How a phone (E.164, client:x or sip:x) behaves when it rings. */
struct phone {
    const char   *address;
    const char   *answer; /* yes no busy fail reject machine */
    int64_t       after_ms;
    struct script script;
    const char   *who;               /* customer or agent, NULL: by the direction of the call */
    int64_t       hangs_up_after_ms; /* after answering; 0: when the talk is over */
    const char   *presses, *says;    /* for Gather and whispers: keys separated by blanks; sentences by '|' */
};

/** An IncomingPhoneNumber. */
struct number {
    const char *sid, *e164, *type, *country;
    struct form set;     /* the REST parameters in force: VoiceUrl… */
    int64_t     created; /* Unix ms */
    bool        released;
};

/** One entry of Twilio's debugger. */
struct alert {
    const char *sid, *code, *text, *call, *url;
    int64_t     at; /* Unix ms */
};

struct credentials {
    const char *account, *token, *old_token, *key, *secret, *openai;
};

struct map { /* webhooks for the public origin go to the loopback origin */
    const char *from, *to;
};

/** A REST request that changes something, other than Calls.create. */
struct posted {
    const char *method, *path, *params, *call, *number; /* path below the account; call, number: of whom it is */
    int         status;                                 /* replied */
    int64_t     at;                                     /* Unix ms */
};

struct call;
struct recording;

struct world {
    struct credentials who;
    const char        *state, *base; /* directory; http://127.0.0.1:PORT */
    struct map         maps[16];
    size_t             n_maps;
    uint64_t           seed;
    int64_t            skew_ms; /* added to every date */
    int64_t            planned; /* calls of a storm still to come */
    struct list        numbers, phones, calls, recordings, hooks, alerts, dials, ai, faults;
    struct list        applications, messages, queues, conferences, posts;
    struct list        papers, noted; /* bundles and addresses; requests about numbers */
    bool               papers_strict;
};
extern struct world world;

/** Forgets calls, recordings, hooks, alerts, dials, ai, faults, messages; with all also numbers, phones, applications.
 */
void              world_reset(bool all);
struct number    *world_number(const char *e164);     /* NULL if not ours */
struct number    *world_application(const char *sid); /* NULL if there is none */
/** Later settings replace earlier ones. */
void              number_settle(struct number *x, const struct form *f);
/** A number of ours with the REST parameters given. */
struct number    *number_new(const char *e164, const struct form *f);
struct phone     *world_phone(const char *address, bool make);
struct call      *world_call(const char *sid);
struct recording *world_recording(const char *sid);
void              world_alert(const char *code, const struct call *c, const char *url, const char *text);

/** Opens the log; NULL or "": no log. */
void world_log_open(const char *path);
void world_log(const char *fmt, ...) PRINTF(1, 2);
