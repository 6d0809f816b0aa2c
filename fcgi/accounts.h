/* Several accounts in one browser: the session in use, and the sessions beside it that one may change to. */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H
#include "response.h"
#include "route.h"

enum { ACCOUNTS_BESIDE = 4 };

/* Tokens of sessions, with a dot between two. It opens nothing by itself: auth_check() does not look at it. */
#define ACCOUNTS_COOKIE "__Host-switchhook-beside"

/* A session that is alive, with the secret that the browser holds. */
struct account {
    const char *token, *session, *user, *tenant;
    bool        current; /* the one that requests are made with */
};

/* What a browser holds, the current one first. */
struct accounts {
    size_t         n;
    struct account v[1 + ACCOUNTS_BESIDE];
};

/** The sessions of the browser's cookies that are alive. What is no token, comes again or is too much is not there. */
enum err accounts_read(struct req *, struct accounts *) MUST_CHECK;

/** Ends one of them, in its own tenant and with its entry in the audit there. */
enum err accounts_end(struct req *, const struct account *) MUST_CHECK;

/** Sets the browser's cookies: the token in use ("": none), and all of those but the current one beside it. */
enum err accounts_keep(struct req *, struct res *, const char *token, const struct accounts *beside) MUST_CHECK;

handler_fn                 accounts_beside, accounts_switch;
extern const struct fields switch_in;

#endif
