/* Pages of other origins in a browser: whom the tenant has listed may read and write, nobody else.
 * https://fetch.spec.whatwg.org/#http-cors-protocol */
#ifndef CORS_H
#define CORS_H
#include "response.h"

/** Is this a browser's question whether a page may send a request? It carries nothing that tells whose it is. */
bool cors_preflight(const struct req *);

/** Answers it: 204, kept for 600 s, if any tenant lists the origin. ORIGIN: none does. A round trip. */
enum err cors_answer(struct req *, struct res *) MUST_CHECK;

/** After auth: a request that names an origin other than PUBLIC_URL goes on only if its tenant lists it, exactly.
 * ORIGIN, naming what was received and how to allow it. A round trip, for such requests alone. */
enum err cors_check(struct req *) MUST_CHECK;

/** The headers of any answer: Vary always, and leave to read it for an origin that was found allowed. */
enum err cors_headers(struct req *, struct res *) MUST_CHECK;

#endif
