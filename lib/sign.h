/* X-Twilio-Signature: who really sent this request. */
#ifndef SIGN_H
#define SIGN_H
#include "form.h"

#include <stdbool.h>

/* A request as it was signed. */
struct sign_request {
    const char        *url;          /* PUBLIC_URL and the raw path and query: never what a proxy or Host says */
    const char        *content_type; /* "" if absent */
    const struct form *form;         /* fields of an urlencoded body; of a GET none */
    const void        *body;         /* the raw body, for JSON */
    size_t             len;
    const char        *signature; /* the header's value, "" if absent */
};

/** True if the signature is Twilio's with one of the n tokens: base64(HMAC-SHA1(token, url followed by name and value
 * of every distinct field, sorted bytewise)); for JSON the url alone, whose bodySHA256 must be the body's. The url
 * counts with and without its port, for Twilio is not of one mind. All candidates are tried, in constant time each. No
 * tokens: false. https://www.twilio.com/docs/usage/security#validating-requests */
bool sign_valid(struct arena *, const struct sign_request *, const char *const *tokens, size_t n);

#endif
