/* People who logged in elsewhere: a token of the CRM's own login stands for a user of ours. */
#ifndef IDENTITY_H
#define IDENTITY_H
#include "ctx.h"

struct identity {
    const char *tenant, *user, *role; /* in the arena */
};

/** Believes a token if a tenant has named its issuer and audience (table identity_providers), its signature fits that
 *  provider's secret or published keys, its dates hold, and it means a user of that tenant who is not disabled: sub is
 *  the user's external_id, or email his address, as the provider's row says. Leaves cx->tenant as it was. Two round
 *  trips, three with a secret: whose the issuer is must be known before row level security can hold for the rest.
 * UNAUTHENTICATED, saying why, and in the auth pool, which opens no secret and asks nobody for keys; UNAVAILABLE: the
 * issuer's keys cannot be had; NOT_CONFIGURED: a secret does not open here. */
enum err identity_jwt(struct ctx *, const char *token, struct identity *out) MUST_CHECK;

/** Where a provider's secret is sealed. */
const char *identity_place(struct arena *, const char *tenant, const char *provider);

#endif
