/* Keywords: what makes a tag of a call when somebody says it, or the analysis names it as a topic. */
#ifndef KEYWORD_H
#define KEYWORD_H
#include "transcript.h"

/** Tags of the tenant's keywords that were said, as JSON: ["...",...]. */
enum err keyword_said(struct ctx *, const struct transcript *, const char **tags) MUST_CHECK;

/** Tags of those that stand in topics, a JSON list. */
enum err keyword_topics(struct ctx *, const char *topics, const char **tags) MUST_CHECK;

#endif
