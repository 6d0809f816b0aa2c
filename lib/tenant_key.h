/* The key a tenant's secrets are sealed with: loaded, or made the first time. */
#ifndef TENANT_KEY_H
#define TENANT_KEY_H
#include "seal.h"

/** The key of cx->tenant; makes one where there is none. NOT_CONFIGURED: cx->keys is NULL, or the key
 * was shredded. */
enum err tenant_key(struct ctx *, struct seal_data *out) MUST_CHECK;

/** Seals everything that is not under the newest master key again, a value a statement: tenants' keys with the master
 *  key, secrets that a master key sealed itself with their tenant's key. Others may go on working meanwhile, and it may
 *  be broken off and begun again. n: values sealed again. For the operator, who sees every tenant. */
enum err tenant_key_rotate(struct ctx *, int64_t *n) MUST_CHECK;

#endif
