/* Short words for the rows of routes*.c: kinds of routes that have most of their members in common. */
#ifndef ROWS_H
#define ROWS_H
#include "route.h"

/* clang-format off */
#define HOOK(method, path, kind, doc) \
    { POOL_HOOKS, METHOD_##method, path, AUTH_TWILIO, SHAPE_TWIML, BODY_FORM, NULL, EVENT_##kind, doc, \
      NULL, NULL, NULL, 0, IDEM_TAKEN }
#define API(method, path, auth, shape, body, handler, doc) \
    { POOL_API, METHOD_##method, path, AUTH_##auth, SHAPE_##shape, BODY_##body, handler, 0, doc, \
      NULL, NULL, NULL, 0, IDEM_TAKEN }
#define LOGIN(method, path, auth, body, handler, in, query, status, reply, doc) \
    { POOL_AUTH, METHOD_##method, path, AUTH_##auth, SHAPE_V1, BODY_##body, handler, 0, doc, in, query, reply, status, \
      IDEM_TAKEN }
/* A question and a change of the API, and an alias of a guide, with their tables. */
#define ASK(path, auth, handler, arg, query, reply, doc) \
    { POOL_API, METHOD_GET, path, AUTH_##auth, SHAPE_V1, BODY_NONE, handler, arg, doc, NULL, query, reply, 200, \
      IDEM_TAKEN }
#define DO(method, path, auth, handler, arg, in, status, reply, idem, doc) \
    { POOL_API, METHOD_##method, path, AUTH_##auth, SHAPE_V1, BODY_JSON, handler, arg, doc, in, NULL, reply, status, \
      IDEM_##idem }
/* A change that says everything by its path. */
#define ACT(method, path, auth, handler, status, reply, doc) \
    { POOL_API, METHOD_##method, path, AUTH_##auth, SHAPE_V1, BODY_NONE, handler, 0, doc, NULL, NULL, reply, status, \
      IDEM_TAKEN }
#define DROP(path, auth, arg, doc) \
    { POOL_API, METHOD_DELETE, path, AUTH_##auth, SHAPE_V1, BODY_NONE, nouns_delete, arg, doc, NULL, NULL, NULL, 204, \
      IDEM_TAKEN }
#define LIFT(path, arg, doc) \
    { POOL_API, METHOD_DELETE, path, AUTH_MANAGER, SHAPE_V1, BODY_NONE, holds_lift, arg, doc, NULL, NULL, NULL, 204, \
      IDEM_TAKEN }
/* A word to a live call. */
#define TELL(path, arg, doc) \
    { POOL_API, METHOD_POST, path, AUTH_USER, SHAPE_V1, BODY_NONE, controls_act, arg, doc, NULL, NULL, "CallControl", \
      200, IDEM_TAKEN }
/* A table of numbers, as spreadsheets write it. */
#define SHEET(method, path, auth, handler, reply, doc) \
    { POOL_API, METHOD_##method, path, AUTH_##auth, SHAPE_V1, BODY_CSV, handler, 0, doc, NULL, NULL, reply, 200, \
      IDEM_TAKEN }
#define GUIDE(method, path, auth, body, handler, in, reply, doc) \
    { POOL_API, METHOD_##method, path, AUTH_##auth, SHAPE_GUIDE, BODY_##body, handler, 0, doc, in, NULL, reply, 200, \
      IDEM_TAKEN }

#define GUIDE_ASK(path, auth, handler, query, reply, doc) \
    { POOL_API, METHOD_GET, path, AUTH_##auth, SHAPE_GUIDE, BODY_NONE, handler, 0, doc, NULL, query, reply, 200, \
      IDEM_TAKEN }
/* A change by path and query. */
#define ERASE(path, auth, handler, query, status, reply, doc) \
    { POOL_API, METHOD_DELETE, path, AUTH_##auth, SHAPE_V1, BODY_NONE, handler, 0, doc, NULL, query, reply, status, \
      IDEM_TAKEN }
/* Which of route_tables follows. */
#define TABLE_END(next) { .path = NULL, .arg = (next) }
/* clang-format on */

#endif
