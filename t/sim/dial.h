/* Dial: rings one or more phones, bridges the first that answers, records, and says how it went. */
#pragma once
#include "rec.h"

#include <libxml/tree.h>

enum { LEGS_MAX = 10 };

struct noun {
    const char     *to, *url, *method, *presses;
    struct progress progress;
};

struct dial {
    struct call      *parent, *legs[LEGS_MAX], *winner;
    struct noun       nouns[LEGS_MAX];
    size_t            n, rung;
    const char       *action, *method, *from, *record;
    struct rec_report report;
    int64_t           timeout_ms, limit_ms;
    struct timer     *timeout, *limit;
    struct recording *rec;
    bool              sequential, bridged, over, quiet, taken; /* taken: its leg got a document of its own */
    enum status       last;
    struct call      *last_leg;
};

/** A leg that it rang has ended. */
void dial_leg_over(struct dial *d, struct call *leg);
/** The caller has ended: the legs go with him. */
void dial_parent_gone(struct dial *d);
/** The caller is taken away by a new document: the legs end, no action is requested. */
void dial_abandon(struct dial *d);

/** It is over: its action is requested, or the caller's document goes on. */
void dial_finish(struct dial *d);

/** The leg that answered is taken away by a document of its own: the Dial is over and the caller's document goes on. */
void dial_leg_taken(struct dial *d, struct call *leg);

/** A number as the telephone network knows it: + and 7 to 15 digits. */
bool        dial_number(const char *s);
/** Adds the nouns of a Dial. */
void        dial_read(struct dial *d, const xmlNode *n);
/** The caller id to show; NULL and an alert if it is not ours to show. */
const char *dial_shown(struct call *c, const xmlNode *n);
/** DialCallStatus and what belongs to it. */
void        dial_outcome(const struct dial *d, struct form *f);
/** Starts recording if its mode says so at this moment: "answer" or "ringing". */
void        dial_record(struct dial *d, const char *when);
