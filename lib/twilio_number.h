/* Twilio's phone numbers: what it sells and at what price, what it asks for, and those that an account has.
 * https://www.twilio.com/docs/phone-numbers/api */
#ifndef TWILIO_NUMBER_H
#define TWILIO_NUMBER_H
#include "twilio.h"

/* One number of the account. Strings are "" where Twilio says null. */
struct twilio_number {
    const char *sid, *e164;
    const char *voice_url, *voice_method, *fallback_url, *fallback_method, *status_url, *status_method;
    const char *application_sid, *trunk_sid; /* either one overrides the URLs */
    const char *receive_mode;                /* voice or fax */
    const char *capabilities;                /* "voice sms mms", those that it has */
};

struct twilio_numbers {
    struct twilio_number *v;
    size_t                n;
};

/* One number that is for sale. */
struct twilio_offer {
    const char *e164, *friendly, *locality, *region; /* locality, region: NULL where Twilio says null */
    const char *capabilities;
    const char *address; /* what the buyer's address must be: none, any, local (in the country), foreign */
};

struct twilio_offers {
    struct twilio_offer *v;
    size_t               n;
};

/* What is looked for. type: local, mobile, toll-free or national. */
struct twilio_wish {
    const char *country, *type, *area_code, *contains;
    bool        sms, mms; /* it must have them; voice it must have anyway */
    int64_t     limit;
};

/* What a number is told, all of it in one request. The fallback is a file: it is fetched by GET. */
struct twilio_hooks {
    const char *voice_url, *fallback_url, *status_url;
    const char *bundle_sid, *address_sid; /* NULL: none is named */
    bool        alone;                    /* no application and no trunk may stand before the URLs: takes them away */
};

/* All fail as twilio.h says. */

/** Every number of the account that matches: "+44*", or one number; NULL: all. At most 20,000. */
enum err twilio_numbers_list(struct ctx *, const struct twilio *, const char *match,
                             struct twilio_numbers *out) MUST_CHECK;

/** Buys a number and tells it where its webhooks are. Never repeat it on UNKNOWN: list first. */
enum err twilio_number_buy(struct ctx *, const struct twilio *, const char *e164, const struct twilio_hooks *,
                           struct twilio_number *out) MUST_CHECK;

/** Tells a number where its webhooks are. */
enum err twilio_number_set(struct ctx *, const struct twilio *, const char *number_sid, const struct twilio_hooks *,
                           struct twilio_number *out) MUST_CHECK;

/** Gives a number back. NOT_FOUND: the account has it no more. */
enum err twilio_number_release(struct ctx *, const struct twilio *, const char *number_sid) MUST_CHECK;

/** What is for sale. NOT_FOUND: Twilio sells no such numbers in that country. */
enum err twilio_offers_list(struct ctx *, const struct twilio *, const struct twilio_wish *,
                            struct twilio_offers *out) MUST_CHECK;

/** The rent a month of a type of number: a decimal, and its currency. NOT_FOUND: none is listed.
 *  https://www.twilio.com/docs/phone-numbers/pricing */
enum err twilio_number_price(struct ctx *, const struct twilio *, const char *country, const char *type,
                             const char **price, const char **currency) MUST_CHECK;

/** Does the country ask for a regulatory bundle before such a number is sold?
 *  https://www.twilio.com/docs/phone-numbers/regulatory/api/regulations */
enum err twilio_number_regulated(struct ctx *, const struct twilio *, const char *country, const char *type,
                                 bool *out) MUST_CHECK;

/** The newest approved bundle of the account for such numbers; NULL: there is none.
 *  https://www.twilio.com/docs/phone-numbers/regulatory/api/bundles */
enum err twilio_bundle_find(struct ctx *, const struct twilio *, const char *country, const char *type,
                            const char **sid) MUST_CHECK;

/** An address of the account that meets a requirement (any, local, foreign); NULL: there is none.
 *  https://www.twilio.com/docs/usage/api/address */
enum err twilio_address_find(struct ctx *, const struct twilio *, const char *country, const char *requirement,
                             const char **sid) MUST_CHECK;

#endif
