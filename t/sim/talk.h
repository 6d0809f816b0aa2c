/* Talk: two people speak the lines of their script in turn, then somebody hangs up. */
#pragma once
#include "rec.h"

struct talk {
    struct call  *parent, *child;
    int64_t       start; /* simulated ms */
    struct piece *v;
    size_t        n;
    struct timer *end;
};

/** Bridges two legs: lays out who says what and when, for every recording that runs or will start. */
void          talk_start(struct call *parent, struct call *child);
/** What is said from now on is also heard by this recording of the parent or the child. */
void          talk_record(const struct talk *t, struct recording *r, const struct call *side);
void          talk_stop(struct call *parent);
/** What a customer says to a machine: the script's own lines, or a usual message. */
struct script talk_voicemail(const struct call *c);
