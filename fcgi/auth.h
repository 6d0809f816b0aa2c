/* Who asks: an API key, a session, or nobody. The only place that sets the tenant of a request. */
#ifndef AUTH_H
#define AUTH_H
#include "request.h"
#include "route.h"

/** Checks the request against its route's row and sets ctx.tenant, rq->role and rq->user or rq->key. UNAUTHENTICATED:
 * no valid key or session. FORBIDDEN: the role does not suffice, or a session's unsafe request from another origin. */
enum err auth_check(struct req *) MUST_CHECK;

/** What a cookie holds, or NULL where it is not there or empty. name: with its "=". */
const char *auth_cookie(struct req *, const char *name);

/** The value of the session cookie, or NULL. */
const char *auth_session(struct req *);

/** "user:<id>" or "key:<prefix>", for audit entries. */
const char *auth_actor(const struct req *);

enum { AUTH_SESSION_S = 12 * 60 * 60 };

/* __Host-: only this host, only over TLS, only from the root. https://www.rfc-editor.org/rfc/rfc6265 */
#define AUTH_COOKIE "__Host-switchhook"

/* A session that a page holds in memory and sends as its bearer: no browser adds it by itself, so nothing forges it. */
#define AUTH_FRAME "shf_"

#endif
