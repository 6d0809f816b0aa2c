/* Errors in the shape the path promises. */
#ifndef PROBLEM_H
#define PROBLEM_H
#include "route.h"

/** Fills rs from cx->err: SHAPE_V1 application/problem+json (RFC 9457), SHAPE_GUIDE {"success":false,"error",...},
 * SHAPE_TWIML like SHAPE_GUIDE, for Twilio only looks at the status. rq->route may be NULL: then the path decides
 * (/api/v1/ or not). allow: for METHOD. */
void problem(const struct req *, struct res *, const char *allow);

#endif
