/* Twilio's REST API: calls, numbers, recordings; its refusals as rows of ours with what cures them.
 * https://www.twilio.com/docs/voice/api/call-resource */
#ifndef TWILIO_H
#define TWILIO_H
#include "ctx.h"
#include "json.h"
#include "seal.h"

#include <stdbool.h>

/* An account and how to reach it. user and password: an API key and its secret, or the account sid and its auth token.
 */
struct twilio {
    const char *sid, *user, *password;
    const char *base; /* of region_base() */
};

/* A call to place. url, status_url: absolute, on our own origin. */
struct twilio_dial {
    const char *to, *from, *url, *status_url;
    unsigned    timeout_s; /* ringing; 0: Twilio's 60 */
};

/* What Twilio says about a call. Strings are "" where it says null. */
struct twilio_call {
    const char *sid, *parent_sid, *status, *direction, *from, *to, *duration, *price, *price_unit;
    int64_t     created_ms; /* unix; -1: not said */
};

struct twilio_calls {
    struct twilio_call *v;
    size_t              n;
};

/* What was charged: a negative decimal number and its currency, both "" until Twilio has settled it. */
struct twilio_price {
    const char *amount, *unit;
};

/* The functions below fail alike: UNAVAILABLE (nothing was sent; asking again is safe), UNKNOWN (it may have
 * arrived: silence, 5xx), RATE_LIMITED (429: not processed), UPSTREAM_AUTH (401, 403), NOT_FOUND, UPSTREAM_REFUSED
 * (another 4xx), UPSTREAM (a reply that is not what the documentation says). cx->err.cure says what to do. */

/** The account of cx->tenant, its secrets opened with cx->keys. NOT_CONFIGURED: the tenant has none. */
enum err twilio_load(struct ctx *, struct twilio *out) MUST_CHECK;

/** Seals a secret of a tenant's account for its column of twilio_configurations; NULL stays NULL. */
enum err twilio_seal(struct ctx *, const struct seal_data *key, const char *column, const char *text,
                     const char **out) MUST_CHECK;

/** Opens what twilio_seal() sealed. NOT_CONFIGURED: there is no key file; INVALID: it does not open with it. */
enum err twilio_open(struct ctx *, const struct seal_data *key, const char *column, const char *sealed,
                     const char **out) MUST_CHECK;

/** Places a call. Progress is reported to status_url: initiated, ringing, answered, completed. */
enum err twilio_call_create(struct ctx *, const struct twilio *, const struct twilio_dial *,
                            struct twilio_call *out) MUST_CHECK;

/** One call. */
enum err twilio_call_get(struct ctx *, const struct twilio *, const char *call_sid, struct twilio_call *out) MUST_CHECK;

/** What a call's leg (CA...) or a recording (RE...) cost. */
enum err twilio_price(struct ctx *, const struct twilio *, const char *sid, struct twilio_price *out) MUST_CHECK;

/** The newest calls to a number since a day (UTC, of since_ms), at most 200. */
enum err twilio_calls_list(struct ctx *, const struct twilio *, const char *to, int64_t since_ms,
                           struct twilio_calls *out) MUST_CHECK;

/** Where the audio of a recording is, built from sids and not from what a callback said; channels 1 or 2.
 *  https://www.twilio.com/docs/voice/api/recording#fetch-a-recording-media-file */
const char *twilio_media_url(struct arena *, const struct twilio *, const char *recording_sid, int channels);

/* A recording as Twilio lists it: status as in its callbacks; channels 0, seconds -1: not said. */
struct twilio_recording {
    const char *sid, *status, *source;
    int64_t     channels, seconds;
};

struct twilio_recordings {
    struct twilio_recording *v;
    size_t                   n;
};

/** The recordings of a call, deleted ones not among them; at most 50. */
enum err twilio_recordings_list(struct ctx *, const struct twilio *, const char *call_sid,
                                struct twilio_recordings *out) MUST_CHECK;

/** Deletes a recording at Twilio; one that is not there is fine. */
enum err twilio_recording_delete(struct ctx *, const struct twilio *, const char *recording_sid) MUST_CHECK;

/** Deletes a call (CA...) or a message (SM..., MM...) at Twilio; absent: it is not there. A call's recordings are not
 * deleted with it. https://www.twilio.com/docs/voice/api/call-resource#delete-a-call-resource */
enum err twilio_delete(struct ctx *, const struct twilio *, const char *sid, bool *absent) MUST_CHECK;

/** The code in Twilio's last refusal, 0 if it gave none. */
int64_t twilio_refusal(const struct error *);

/** What a status and an error body mean, recorded in cx. body is n bytes of whatever came. */
enum err twilio_refused(struct ctx *, int status, const char *body, size_t n);

/** The same refusal once more, from its stored code (NULL: none) and the words that were recorded then. */
enum err twilio_refused_again(struct ctx *, const int64_t *code, const char *reason);

#endif
