/* The ledger: ground truth of everything that happened, and the state of calls, as JSON. */
#pragma once
#include "scope.h"

#include <cjson/cJSON.h>

/** One request to the OpenAI side. */
struct asked {
    const char *kind, *recording, *model, *text; /* recording: whose audio it was, NULL unknown */
    int         status;
    int64_t     at; /* Unix ms */
};

cJSON *ledger_call(const struct call *c);
cJSON *ledger_alerts(const struct scope *s);
/** sha: with the digest of every recording. */
cJSON *ledger_all(bool sha, const struct scope *s);
