/* The table of URLs: who may, what comes in, in whose shape errors go out. */
#ifndef ROUTE_H
#define ROUTE_H
#include "response.h"

enum pool_name { POOL_HOOKS, POOL_API, POOL_AUTH };

enum auth { AUTH_PUBLIC, AUTH_TWILIO, AUTH_USER, AUTH_ADMIN };

/* In whose words errors are said: problem+json, a guide's JSON, or TwiML spoken to a caller. */
enum shape { SHAPE_V1, SHAPE_GUIDE, SHAPE_TWIML };

enum body { BODY_NONE, BODY_FORM, BODY_JSON };

typedef enum err handler_fn(struct req *, struct res *);

struct route {
    enum pool_name pool;
    enum method    method;
    const char    *path; /* a segment that begins with : matches any one segment and becomes req.param */
    enum auth      auth;
    enum shape     shape;
    enum body      body;
    handler_fn    *handler; /* NULL in the hooks pool: arg tells the event loop what to do */
    int            arg;     /* hooks: enum event_kind; else the handler's own */
    const char    *doc;     /* one line for README and OpenAPI */
};

/** All routes; the last row has a NULL path. */
extern const struct route routes[];

/** Finds the row of rq->method and rq->path in a pool and sets rq->route and rq->param.
 *  NOT_FOUND: no such path, or the raw URI is not canonical. METHOD: the path has other methods; *allow is then "GET,
 * POST". */
enum err route_find(struct req *, enum pool_name, const char **allow) MUST_CHECK;

#endif
