/* A request as handlers see it: libfcgi's memory copied, lengths checked, nothing cut short. */
#ifndef REQUEST_H
#define REQUEST_H
#include "ctx.h"
#include "db.h"
#include "form.h"
#include "idem.h"
#include "pool.h"
#include "rate.h"

#include <stdbool.h>

struct FCGX_Request;
struct json;
struct route;

enum method {
    METHOD_OTHER,
    METHOD_GET = 1,
    METHOD_POST = 2,
    METHOD_PUT = 4,
    METHOD_PATCH = 8,
    METHOD_DELETE = 16,
    METHOD_OPTIONS = 32
};

enum { REQ_PARAMS = 4 };

struct req {
    struct ctx         *ctx;
    const struct route *route;
    enum method         method;
    const char         *path;              /* normalised by nginx (DOCUMENT_URI) */
    const char         *uri;               /* path and query as they came: what Twilio signed */
    const char         *query;             /* "" if none */
    const char         *param[REQ_PARAMS]; /* what stood for :name in the route's path, in order */
    const char         *content_type, *signature, *authorization, *cookie, *origin, *idem_key; /* "" if absent */
    const char         *if_match, *if_none_match;
    const char         *csrf, *fetch_site, *agent, *asked_method; /* X-CSRF-Token, Sec-Fetch-Site, User-Agent, ... */
    const char         *remote;                                   /* client's address as nginx saw it */
    struct db_bytes     body;                                     /* NUL-terminated behind its length */
    struct form         form;                                     /* of the body, or of the query for GET */
    const struct json  *json;                                     /* of the body, where the route takes JSON */
    const void         *in, *args;         /* the structs of the route's tables: body and query; NULL without one */
    const char         *user, *key, *role; /* set by auth; NULL where there is none */
    const char         *session_id;        /* set by auth for a cookie's session; names it, opens nothing */
    bool                by_link;           /* set by auth: a signed link let him in, who then is its viewer */
    bool                origin_allowed;    /* set by cors: a page of another origin that may read the answer */
    struct idem         idem;              /* key not NULL: this request holds its Idempotency-Key */
    struct rate         rate;              /* set by auth, where it counts */
    beat_t             *beat;              /* what a long answer moves on, so that nobody takes it for hung */
};

/** Copies out of libfcgi what a handler may see, and reads the whole body. MALFORMED: the connection was cut, the
 * length is missing or wrong, or a header that decides about trust came twice. TOO_LARGE: over max bytes, or the URI
 * over URI_MAX. */
enum err req_read(struct req *, struct FCGX_Request *, size_t max) MUST_CHECK;

#endif
