/* Plans as TwiML: one small function a step kind. */
#ifndef RENDER_H
#define RENDER_H
#include "ctx.h"
#include "plan.h"

/** The document of a plan; an empty plan is <Response/>. Bytes live in cx->arena. INTERNAL if libtwiml refuses a step.
 */
enum err render_plan(struct ctx *, const struct plan *, const char **xml, size_t *len) MUST_CHECK;

#endif
