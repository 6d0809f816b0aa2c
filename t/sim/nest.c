/* Documents inside documents: what a caller hears while he waits in a queue or for a conference. */
#include "nest.h"

void nest_begin(struct call *c, struct nest *n, void (*over)(struct call *c))
{
    *n = (struct nest){ .doc = c->doc, .node = c->node, .doc_url = c->doc_url, .at_end = c->at_end, .active = true };
    c->doc = c->node = NULL;
    c->at_end = over;
}

void nest_end(struct call *c, struct nest *n)
{
    if (!n->active) return;
    c->turn++;
    clock_cancel(&c->step);
    run_drop(c);
    c->doc = n->doc;
    c->node = n->node;
    c->doc_url = n->doc_url;
    c->at_end = n->at_end;
    n->active = false;
}
