/* Requests that a browser may have been tricked into: what a session's unsafe request must show besides its cookie. */
#ifndef CSRF_H
#define CSRF_H
#include "request.h"

/** The token that belongs to a session: HMAC-SHA-256 under the session's own secret, so that it needs no storing, ends
 * with the session, and cannot be made without the cookie, which no script can read. In the arena. */
const char *csrf_token(struct arena *, const char *session);

/** May this request with that session go on? A GET always. FORBIDDEN, saying which: another origin than PUBLIC_URL
 * (or, where a browser sends no Origin, Sec-Fetch-Site other than same-origin), or X-CSRF-Token missing or wrong.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html */
enum err csrf_check(struct req *, const char *session) MUST_CHECK;

#endif
