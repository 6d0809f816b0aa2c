/* Alerts in words: one message for all that is to be told at once. */
#ifndef NOTIFY_H
#define NOTIFY_H
#include "json.h"
#include "mail.h"

enum { NOTIFY_SMS_MAX = 480 }; /* characters: three parts of an SMS */

/** The mail of a list of notices as notice_words() of migrations/0046 builds them: subject, text and html of out. */
enum err notify_mail(struct ctx *, const char *tenant, const char *words, struct mail *out) MUST_CHECK;

/** The same as one SMS. */
enum err notify_sms(struct ctx *, const char *tenant, const char *words, const char **out) MUST_CHECK;

#endif
