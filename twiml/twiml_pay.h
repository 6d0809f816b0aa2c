/* twiml_pay.h: Pay and its prompts. Part of twiml.h. */
#ifndef TWIML_PAY_H
#define TWIML_PAY_H
#include "twiml_types.h"

/** https://www.twilio.com/docs/voice/twiml/pay */
struct twiml_pay {
    size_t      size;
    const char *payment_connector, *action;
    const char *charge_amount; /* decimal, without currency */
    const char *currency;      /* "usd"... */
    const char *description, *postal_code, *status_callback;
    const char *bank_account_type;      /* consumer-checking consumer-savings commercial-checking commercial-savings */
    const char *input;                  /* dtmf */
    const char *language;               /* BCP 47, one of those Twilio lists */
    const char *payment_method;         /* ach-debit credit-card */
    const char *status_callback_method; /* GET POST */
    const char *token_type;             /* one-time reusable payment-method */
    const char *valid_card_types; /* words of: visa mastercard amex maestro discover optima jcb diners-club enroute */
    unsigned    max_attempts, min_postal_code_length, timeout_s;
    enum twiml_flag security_code;
};

/** https://www.twilio.com/docs/voice/twiml/pay/prompt */
struct twiml_prompt {
    size_t          size;
    const char     *prompt_for; /* payment-card-number expiration-date security-code postal-code payment-processing
                                   bank-account-number bank-routing-number */
    const char     *attempt;    /* numbers, separated by spaces */
    const char     *card_type;  /* words of: visa mastercard amex maestro discover optima jcb diners-club enroute */
    const char     *error_type; /* words of: timeout invalid-card-number invalid-card-type invalid-date
                                   invalid-security-code internal-error input-matching-failed */
    enum twiml_flag require_matching_inputs;
};

#endif
