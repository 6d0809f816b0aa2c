/* Scopes: the part of the world that belongs to some numbers, so that many can share one simulator. */
#pragma once
#include "call.h"
#include "send.h"

/** Selected by the parameters number=… (an address of a call or of the call it hangs on) and own=… (the beginning of a
 * URL) of a query; without them everything belongs to it. */
struct scope {
    const struct form *query;
    struct list        calls; /* struct call, of the scope */
    bool               all;
};

struct scope scope_of(const struct form *query);
void         scope_free(struct scope *s);
bool         scope_number(const struct scope *s, const char *address);
bool         scope_call(const struct scope *s, const char *sid);
bool         scope_url(const struct scope *s, const char *url);
/** A delivery of a call of the scope, or to a URL of it. */
bool         scope_hook(const struct scope *s, const struct delivery *d);
bool         scope_recording(const struct scope *s, const struct recording *r);
