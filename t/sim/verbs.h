/* The verbs of TwiML: a table of names and what they do. */
#pragma once
#include "twiml_run.h"

struct verb {
    const char *name;
    bool        answers; /* an inbound call is answered before it runs */
    /** Does its work and then, at once or later, calls run_next() or runs another document. */
    void (*run)(struct call *c, const xmlNode *n);
};

const struct verb *verb_find(const char *name); /* NULL: no such verb */

void dial_run(struct call *c, const xmlNode *n);
void gather_run(struct call *c, const xmlNode *n);
void record_run(struct call *c, const xmlNode *n);
