/* The attributes of twiml_pay.h, in the order in which they are written. */
#include "twiml.h"

#include "verbs.h"

/* clang-format off */

static const char accounts[] =
    " consumer-checking consumer-savings commercial-checking commercial-savings ";
static const char pay_languages[] =
    " de-DE en-AU en-CA en-GB en-IN en-IE en-NZ en-PH en-ZA en-US es-ES es-US fr-CA fr-FR it-IT ";
static const char prompt_subjects[] =
    " payment-card-number expiration-date security-code postal-code payment-processing bank-account-number "
    "bank-routing-number ";
static const char prompt_errors[] =
    " timeout invalid-card-number invalid-card-type invalid-date invalid-security-code internal-error "
    "input-matching-failed ";

const struct attr tw_pay_attrs[] = {
    ATTR(pay, payment_connector,      "paymentConnector",     STR,   NULL),
    ATTR(pay, action,                 "action",               STR,   NULL),
    ATTR(pay, charge_amount,          "chargeAmount",         STR,   NULL),
    ATTR(pay, currency,               "currency",             STR,   NULL),
    ATTR(pay, description,            "description",          STR,   NULL),
    ATTR(pay, postal_code,            "postalCode",           STR,   NULL),
    ATTR(pay, status_callback,        "statusCallback",       STR,   NULL),
    ATTR(pay, bank_account_type,      "bankAccountType",      WORD,  accounts),
    ATTR(pay, input,                  "input",                WORD,  " dtmf "),
    ATTR(pay, language,               "language",             WORD,  pay_languages),
    ATTR(pay, payment_method,         "paymentMethod",        WORD,  " ach-debit credit-card "),
    ATTR(pay, status_callback_method, "statusCallbackMethod", WORD,  METHODS),
    ATTR(pay, token_type,             "tokenType",            WORD,  " one-time reusable payment-method "),
    ATTR(pay, valid_card_types,       "validCardTypes",       WORDS, CARDS),
    ATTR(pay, max_attempts,           "maxAttempts",          UINT,  NULL),
    ATTR(pay, min_postal_code_length, "minPostalCodeLength",  UINT,  NULL),
    ATTR(pay, timeout_s,              "timeout",              UINT,  NULL),
    ATTR(pay, security_code,          "securityCode",         FLAG,  NULL),
    END
};
const struct attr tw_prompt_attrs[] = {
    ATTR(prompt, prompt_for,              "for",                   WORD,  prompt_subjects),
    ATTR(prompt, attempt,                 "attempt",               UINTS, NULL),
    ATTR(prompt, card_type,               "cardType",              WORDS, CARDS),
    ATTR(prompt, error_type,              "errorType",             WORDS, prompt_errors),
    ATTR(prompt, require_matching_inputs, "requireMatchingInputs", FLAG,  NULL),
    END
};
