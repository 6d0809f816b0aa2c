/* Handlers that try what is configured, and their tables: a part of handlers.h. */
#ifndef CHECKS_H
#define CHECKS_H
#include "field.h"
#include "route.h"

/* checks.c */
handler_fn                 checks_twilio, checks_model, checks_mail;
extern const struct fields mail_check_in;

#endif
