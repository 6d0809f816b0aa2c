/* Secrets at rest: envelope AES-256-GCM, each part in base64.
 *   enc1|<key id>|<wrapped data key>|<nonce and ciphertext and tag>   a data key of its own, wrapped by a master key
 *   enc2|<mark of the tenant's key>|<nonce and ciphertext and tag>    the tenant's data key, kept in tenant_keys as
 * enc1
 */
#ifndef SEAL_H
#define SEAL_H
#include "ctx.h"

/* The master keys of a key file: several ids, the last one seals, all of them open. */
struct seal_keys;

/** Reads a key file: "id 64-hex-digits" a line, # comments. Locked in memory and left out of core dumps.
 *  INVALID: it is missing, malformed, or readable by others (mode beyond 0640). The caller frees with seal_forget(). */
enum err seal_keys_read(struct ctx *, const char *path, struct seal_keys **out) MUST_CHECK;
void     seal_forget(struct seal_keys *);

/** Makes a new key file with one random key, mode 0600. CONFLICT if it exists. */
enum err seal_keys_create(struct ctx *, const char *path) MUST_CHECK;

/** Appends one random key to a key file: the newest from then on. id: its name. */
enum err seal_keys_add(struct ctx *, const char *path, const char **id) MUST_CHECK;

/** The ids of all of them, the newest first: 0 is the one that seals. NULL behind the last one. */
const char *seal_id(const struct seal_keys *, size_t i);

/** HMAC-SHA-256 of text in hex, by a key made for purpose from the master key called id. NULL: there is no such key. */
const char *seal_mac(struct arena *, const struct seal_keys *, const char *id, const char *purpose, const char *text);

/** Seals text. place names table, column and row ("twilio_configurations.auth_token:<tenant>"): opening elsewhere
 * fails. */
enum err seal_text(struct ctx *, const struct seal_keys *, const char *place, const char *text,
                   const char **out) MUST_CHECK;

/** Opens it again, into the arena. INVALID: malformed, another place, tampered with, or sealed by a key we do not have.
 */
enum err seal_open(struct ctx *, const struct seal_keys *, const char *place, const char *sealed,
                   const char **out) MUST_CHECK;

/* The data key of a tenant as tenant_keys.sealed holds it. NULL: it has none, or was shredded. */
struct seal_data {
    const char *tenant, *sealed;
};

/** A fresh data key for a tenant, sealed. */
enum err seal_data_make(struct ctx *, const struct seal_keys *, const char *tenant, const char **sealed) MUST_CHECK;

/** The same data key under the newest master key. */
enum err seal_data_renew(struct ctx *, const struct seal_keys *, struct seal_data *) MUST_CHECK;

/** Seals text with a tenant's data key. INVALID: it has none, or it does not open. */
enum err seal_data_text(struct ctx *, const struct seal_keys *, const struct seal_data *, const char *place,
                        const char *text, const char **out) MUST_CHECK;

/** Opens enc2 with a tenant's data key, and enc1 as seal_open() does. INVALID as there, and: the tenant's key is gone,
 * or another one than it was sealed with. */
enum err seal_data_open(struct ctx *, const struct seal_keys *, const struct seal_data *, const char *place,
                        const char *sealed, const char **out) MUST_CHECK;

#endif
