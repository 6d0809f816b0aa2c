/* Mail out, through libcurl: one message to one address, over TLS unless the server is this machine. */
#ifndef MAIL_H
#define MAIL_H
#include "ctx.h"

#include <stdbool.h>

struct mail {
    const char *to, *subject, *text; /* text: UTF-8, lines ended by LF */
    const char *html;                /* the same as HTML; NULL: text alone */
    int64_t     timeout_ms;
};

/** Is it one plain address, user@host in ASCII, that may stand in an envelope and in a header? */
bool mail_address(const char *);

/** The whole message as it is sent (RFC 5322), text in base64; with html as multipart/alternative (RFC 2046). id: what
 * stands before @ in Message-ID. INVALID: from or to is no plain address. */
enum err mail_compose(struct ctx *, const struct mail *, const char *from, const char *id, const char **out) MUST_CHECK;

/** Hands a message to the server of SMTP_URL. NOT_CONFIGURED: SMTP_URL or MAIL_FROM is not set. INVALID: an address is
 * none, or the server refuses it for good (5xx). UNAVAILABLE: everything else; trying again is right, and may at worst
 * send it twice. https://www.rfc-editor.org/rfc/rfc5321 */
enum err mail_send(struct ctx *, const struct mail *) MUST_CHECK;

#endif
