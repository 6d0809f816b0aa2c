/* The table of URLs: who may, what comes in, in whose shape errors go out. */
#ifndef ROUTE_H
#define ROUTE_H
#include "field.h"
#include "response.h"

enum pool_name { POOL_HOOKS, POOL_API, POOL_AUTH };

/* USER: viewers read, agents also write. LINK: the same, or whoever has a signed link. SELF: a person, of any role,
 * about himself; not a key. */
enum auth { AUTH_PUBLIC, AUTH_TWILIO, AUTH_USER, AUTH_LINK, AUTH_SELF, AUTH_MANAGER, AUTH_ADMIN };

/* In whose words errors are said: problem+json, a guide's JSON, or TwiML spoken to a caller. */
enum shape { SHAPE_V1, SHAPE_GUIDE, SHAPE_TWIML };

/* MAYBE: JSON, and no body is an empty object. */
enum body { BODY_NONE, BODY_FORM, BODY_JSON, BODY_MAYBE, BODY_CSV };

/* Idempotency-Key on a POST of /api/v1: taken where it is sent; REQUIRED: 400 without one, and the handler itself does
 * nothing twice for one key, so that a request whose worker died may be done again. FRESH: not looked at, for nothing
 * is done that could be done twice, and the answer is not for keeping. */
enum idem_rule { IDEM_TAKEN, IDEM_REQUIRED, IDEM_FRESH };

typedef enum err handler_fn(struct req *, struct res *);

struct route {
    enum pool_name       pool;
    enum method          method;
    const char          *path; /* a segment that begins with : matches any one segment and becomes req.param */
    enum auth            auth;
    enum shape           shape;
    enum body            body;
    handler_fn          *handler; /* NULL in the hooks pool: arg tells the event loop what to do */
    int                  arg;     /* hooks: enum event_kind; else the handler's own */
    const char          *doc;     /* one line for README and OpenAPI */
    /* What follows is checked before the handler runs and printed as OpenAPI; under /api/v1 NULL takes nothing. */
    const struct fields *in;     /* members of the body: rq->in */
    const struct fields *query;  /* parameters: rq->args */
    const char          *reply;  /* a name of fcgi/schema.c, "[Name]" for a page of them; NULL: no body */
    int                  status; /* of success; 0: 200 */
    enum idem_rule       idem;
};

/** All routes in tables; NULL after the last. Each ends with a row that has no path, whose arg says which is next. */
extern const struct route *const route_tables[];
extern const struct route        twilio_routes[], calls_routes[], desk_routes[];

/** The row after r, of whichever table; NULL begins, and is what follows the last. */
const struct route *route_next(const struct route *r);

/** Finds the row of rq->method and rq->path in a pool and sets rq->route and rq->param.
 *  NOT_FOUND: no such path, or the raw URI is not canonical. METHOD: the path has other methods; *allow is then "GET,
 * POST". */
enum err route_find(struct req *, enum pool_name, const char **allow) MUST_CHECK;

#endif
