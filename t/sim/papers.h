/* Regulatory bundles and addresses of the account. */
#pragma once
#include "rest.h"

/** A bundle (BU…) or an address (AD…). */
struct paper {
    const char *sid, *country, *type, *status;
    int64_t     created; /* Unix ms */
};

/** Does a purchase name what Twilio asks for? Else the reply is its refusal. What is named must exist; what is missing
 * counts once /sim/papers has been told to be strict. */
bool papers_ok(const char *e164, const struct form *f, struct reply *r);

/** A request about phone numbers, as it came. */
struct noted {
    const char *method, *path, *params;
    int         status;
    int64_t     cut_at, at; /* bytes of the reply that were sent, -1: all; Unix ms */
};
bool   noted_about(const struct request *q);
/** Fault number_status. */
bool   noted_fails(const struct request *q, struct reply *r);
/** For the ledger; fault number_cut cuts the reply to a change. */
void   noted_keep(const struct request *q, struct reply *r);
cJSON *noted_show(const struct noted *n);

http_answer pricing_numbers, regulations_list, bundles_list, addresses_list, sim_paper_create;
