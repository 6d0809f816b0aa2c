/* The account itself at Twilio. https://www.twilio.com/docs/iam/api/account */
#ifndef TWILIO_ACCOUNT_H
#define TWILIO_ACCOUNT_H
#include "twilio.h"

/* Strings are "" where Twilio says nothing. */
struct twilio_account {
    const char *name, *status; /* active, suspended, closed */
    const char *type;          /* Trial, Full */
    const char *balance, *currency;
};

/** The account as Twilio has it, and its money, which needs the main account: without it both are "". Fails as
 * twilio.h says. https://www.twilio.com/docs/usage/api/account-balance */
enum err twilio_account_get(struct ctx *, const struct twilio *, struct twilio_account *out) MUST_CHECK;

#endif
