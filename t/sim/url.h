/* Webhook URLs: connection overrides in the fragment, what is signed, where it is delivered. */
#pragma once
#include <stdbool.h>

/** https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides */
struct overrides {
    long ct, rt, tt; /* ms */
    int  rc;
    bool on_ct, on_rt, on_4xx, on_5xx;
};

/** A webhook URL taken apart; kept. */
struct target {
    const char      *signed_url; /* without fragment and user:password */
    const char      *real_url;   /* where it is sent: after --map, loopback only; NULL: not loopback, refused */
    const char      *user;       /* user:password for Basic authentication, NULL: none */
    const char      *host;       /* value of the Host header, NULL: as in real_url */
    struct overrides how;
};

/** voice: requests for TwiML, whose https port is not signed. */
struct target url_target(const char *url, bool voice);
/** An absolute URL from one found in a document at base; kept. */
const char   *url_resolve(const char *base, const char *ref);
bool          url_ok(const char *url); /* http(s) with a host that has no underscore */
