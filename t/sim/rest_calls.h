/* Calls of the REST API: how they are shown, what they must say. */
#pragma once
#include "call.h"
#include "rest.h"

cJSON *call_json(void *call);
/** Url or Twiml, well-formed; false if it refused. */
bool   call_document_given(const struct form *f, struct reply *r);
/** To can be called, From is ours; false if it refused. */
bool   call_addresses_ok(const char *from, const char *to, struct reply *r);
/** StatusCallback and its events. */
void   call_read_progress(struct call *c, const struct form *f);
