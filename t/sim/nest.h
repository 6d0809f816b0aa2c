/* Documents inside documents: what a caller hears while he waits in a queue or for a conference. */
#pragma once
#include "twiml_run.h"

/** The document that waits until the inner one is over. */
struct nest {
    void       *doc, *node;
    const char *doc_url;
    void (*at_end)(struct call *c);
    bool active;
};

/** Puts the present document aside; over(c) runs when the inner one ends. */
void nest_begin(struct call *c, struct nest *n, void (*over)(struct call *c));
/** Drops the inner document and takes the outer one back; nothing if none was put aside. */
void nest_end(struct call *c, struct nest *n);
