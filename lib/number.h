/* Phone numbers: searched, bought at most once each, adopted, assigned, kept pointing at us, and given back. */
#ifndef NUMBER_H
#define NUMBER_H
#include "db.h"
#include "twilio_number.h"

#include <stdbool.h>

/* ---- search ---- */

enum { NUMBER_SEARCH_MAX = 30 };

/* What is looked for. NULL: not said. */
struct number_search {
    const char    *country; /* ISO 3166-1; NULL: the tenant's */
    const char    *area;    /* an area code, as people of the country write it */
    const char    *contains;
    const char    *type; /* local (also NULL), mobile, toll-free, national */
    const int64_t *limit;
    const bool    *sms, *mms;
};

/* How a search is put to Twilio: an AreaCode in the North American plan, a Contains pattern elsewhere. */
struct number_pattern {
    const char *area_code, *contains; /* at most one of them is not NULL */
    const char *prefix;               /* "+4420": what every number found must begin with; NULL: anything */
};

struct number_found {
    const char           *country, *type;
    struct number_pattern pattern;
    const char           *price, *currency; /* NULL: Twilio did not say */
    const bool           *regulated;        /* a bundle is asked for; NULL: Twilio did not say */
    struct twilio_offers  offers;
};

/** The pattern rules: `20` in GB is `4420*`, for area codes are known to Twilio in the United States and Canada alone.
 *  INVALID: an area code that has no digits (or not three of them there), a pattern with other characters, or both.
 * https://www.twilio.com/docs/phone-numbers/api/availablephonenumberlocal-resource */
enum err number_pattern(struct ctx *, const char *country, const struct number_search *,
                        struct number_pattern *out) MUST_CHECK;

/** What Twilio sells, with price and requirements. INVALID: the search; NOT_CONFIGURED; and as twilio.h says. */
enum err number_search(struct ctx *, const struct number_search *, struct number_found *out) MUST_CHECK;

/* ---- purchase ---- */

/* What is to be bought: one number by name, or the first that a search finds. */
struct number_order {
    struct number_search search;
    const char          *e164;
    const char          *user, *client, *forward_to; /* whom it is for; client: our id or the CRM's own */
    const char          *bundle, *address;           /* NULL: what the account has is found */
    const char          *max_price;                  /* a month, a decimal */
    const char          *actor, *origin, *idem_key;  /* idem_key NULL: an equal request within 60 s is the same one */
    struct db_bytes      request;                    /* what makes two requests equal */
};

struct number_bought {
    const char *id, *e164, *sid; /* id and sid NULL: Twilio's reply was lost, and nobody knows yet */
    bool        replayed;        /* the answer to an earlier, equal request */
};

/** Buys a number, or finds that an equal request has bought it. Promised in the database before Twilio is asked; an
 * answer of Twilio's that never came is OK without a sid, and number_resolve() finds out. NO_NUMBERS (nothing fits),
 * BUNDLE (bundle or address missing), SPEND_CAP, STOPPED, CONFLICT (ours already), NOT_FOUND (user, client),
 * IDEM_RUNNING, IDEM_REUSED, NOT_CONFIGURED; refusals of Twilio as twilio.h has them. */
enum err number_buy(struct ctx *, const struct number_order *, struct number_bought *out) MUST_CHECK;

/** Looks for a promised number among the account's; after 10 minutes without a trace it was not bought. */
enum err number_resolve(struct ctx *, const char *purchase_id) MUST_CHECK;

/* ---- what Twilio has against what we want ---- */

/** What is wrong with a number at Twilio, as JSON: [{"what","is","wanted"}]; "[]" if nothing is. NULL seen: the account
 * does not have it. fallback: the name of its document. */
const char *number_drift(struct ctx *, const struct twilio_number *seen, const char *fallback);

/** The URLs of a number. NOT_CONFIGURED: PUBLIC_URL is not set. */
enum err number_hooks(struct ctx *, const char *fallback, struct twilio_hooks *out) MUST_CHECK;

/* What a look at Twilio has found. */
struct number_report {
    int64_t drifted; /* not as they should be, or gone */
    int64_t
        strangers; /* of a look at all: the account has them and the tenant does not, so that nobody knows their rent */
};

/** Compares one number (id or e164), or all of the tenant, with Twilio, and keeps the result. NOT_FOUND: the tenant has
 * no such number. */
enum err number_check(struct ctx *, const char *id, const char *e164, struct number_report *out) MUST_CHECK;

/** Sets the URLs of one number anew and reads them back. NOT_FOUND: the tenant has no such number. */
enum err number_apply(struct ctx *, const char *id) MUST_CHECK;

/** Sets the URLs of those numbers that wait for it until the time is nearly up; the sweep does the rest. *left: how
 * many that are. */
enum err number_apply_waiting(struct ctx *, int64_t *left) MUST_CHECK;

/** Takes numbers of the account into the tenant's hands, one or (NULL) all, and sets their URLs; *left: how many of
 * them the sweep will tell. NOT_FOUND: the account has no such number. */
enum err number_adopt(struct ctx *, const char *e164, const char *actor, const char *origin, int64_t *adopted,
                      int64_t *left) MUST_CHECK;

/** Gives a number that has cooled back to Twilio, unless somebody has got it meanwhile. */
enum err number_give_back(struct ctx *, const char *id) MUST_CHECK;

/* ---- whose it is ---- */

/* Names one of the tenant's numbers, and whom it is to serve; NULL: nobody of that kind. */
struct number_target {
    const char *id, *e164; /* one of them */
    const char *user, *client, *campaign, *pool, *forward_to;
    const char *actor, *origin;
};

/** Gives a number to those named, and to nobody else; *doc: the number. NOT_FOUND, CONFLICT (disabled), INVALID (nobody
 * named, or a forward-to of its own). */
enum err number_assign(struct ctx *, const struct number_target *, const char **doc) MUST_CHECK;

/** Takes a number from whoever has it; it cools down. NOT_FOUND. */
enum err number_unassign(struct ctx *, const struct number_target *, const char **doc) MUST_CHECK;

/** Asks for a number to be given back once it has cooled, or at once. NOT_FOUND; HELD, naming who holds it. */
enum err number_release(struct ctx *, const struct number_target *, bool at_once, const char **doc) MUST_CHECK;

#endif
