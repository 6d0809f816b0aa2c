/* What the handlers of the control API share: reading JSON. */
#pragma once
#include "rest.h"

void          control_refuse(struct reply *r, int status, const char *why);
const char   *control_text_of(const cJSON *o, const char *name); /* kept; NULL if it is no string */
int64_t       control_ms_of(const cJSON *o, const char *name, double otherwise_s);
/** ["customer: hello", {"who":"agent","text":"hi"}] */
struct script control_script_of(const cJSON *lines);
/** A text, or an array of texts joined by sep; kept. */
const char   *control_joined(const cJSON *o, const char *name, char sep);
