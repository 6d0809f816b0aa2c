/* Voice access tokens: what a browser shows Twilio to make and take calls for an hour.
 * https://www.twilio.com/docs/iam/access-tokens */
#ifndef VOICE_H
#define VOICE_H
#include "ctx.h"

#include <stdbool.h>

enum {
    VOICE_LIVES_S = 3600,      /* what we make */
    VOICE_LIVES_MAX_S = 86400, /* what Twilio takes: https://www.twilio.com/docs/api/errors/20157 */
    VOICE_IDENTITY_MAX = 121   /* characters that every SDK of Twilio's takes */
};

struct voice_token {
    const char *account;      /* AC... */
    const char *key, *secret; /* SK... and its secret: an account's auth token signs none */
    const char *identity;     /* as whom the browser is known to Twilio */
    const char *application;  /* AP...: calls go out through it; NULL: none go out */
    const char *region;       /* of key and application; NULL: Twilio's default */
    bool        incoming;     /* calls to the identity ring there */
    int64_t     now_s;        /* unix */
    int64_t     lives_s;      /* 1 to VOICE_LIVES_MAX_S */
};

/** Makes a token and verifies it as Twilio would before it is given away. TOKEN, saying why: it does not verify, so it
 * would be refused where nobody sees the reason. */
enum err voice_token_make(struct ctx *, const struct voice_token *, const char **out) MUST_CHECK;

/** Would Twilio take this text as that token? Held against account, key, secret and identity of want, and its now_s.
 *  UNAUTHENTICATED, saying why: another signature or algorithm than HS256, another content type than twilio-fpa;v=1,
 * another issuer, subject or identity, expired, made in the future, or living longer than a day. */
enum err voice_token_check(struct ctx *, const struct voice_token *want, const char *token) MUST_CHECK;

/** user_<user>_<tenant>, both UUIDs without hyphens: as whom a browser is known. In the arena. */
const char *voice_identity(struct arena *, const char *user, const char *tenant);

#endif
