/* Handlers of consent and of what is said of a recording: a part of handlers.h. */
#ifndef CONSENTS_H
#define CONSENTS_H
#include "field.h"
#include "route.h"

/* consents.c */
handler_fn                 consents_list, consents_add;
extern const struct fields consents_query, consent_in;

/* disclosures.c */
handler_fn                 disclosures_add, disclosures_set;
extern const struct fields disclosure_in;

#endif
