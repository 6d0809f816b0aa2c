/* Handlers of the phone inside somebody else's pages: a part of handlers.h. */
#ifndef EMBEDS_H
#define EMBEDS_H
#include "field.h"
#include "route.h"

/* embeds.c */
handler_fn                 embeds_gate, embeds_refused, embeds_ticket, embeds_session;
extern const struct fields gate_query, ticket_in, ticket_use_in;

/** phone.c: the user that a request is about: who asks, or, where a machine asks, whom the body's first member names.
 */
enum err phone_whose(const struct req *, const char **out) MUST_CHECK;

#endif
