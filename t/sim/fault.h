/* Faults: what shall go wrong, how often, and for whom. */
#pragma once
#include "world.h"

#include <cjson/cJSON.h>

struct fault {
    const char *name, *call, *kind, *number, *about; /* these four select; NULL: any */
    int         count, skip;                         /* times left; matches to let pass first */
    int         at_byte, status, retry_after, ms;    /* status 0, retry_after -1: the fault's usual one */
    const char *code;
};

/** The names that exist, NULL-terminated. */
extern const char *const FAULTS[];

/** Reads one from JSON; false and a reason if it is none. */
bool fault_add(const cJSON *json, const char **why);
/** What may go wrong now: of which call, of which kind, for whom, about what; NULL where there is none. */
struct occasion {
    const char *call, *kind, *from, *to, *text;
};
/** Uses up one fault of this name that fits, or NULL. number fits either side of a call or of the call it belongs to.
 */
struct fault *fault_at(const char *name, const struct occasion *o);
struct fault *fault_take(const char *name, const char *call, const char *kind);
