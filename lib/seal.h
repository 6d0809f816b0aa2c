/* Secrets at rest: envelope AES-256-GCM. enc1|<key id>|<wrapped data key>|<nonce and ciphertext and tag>, each in
 * base64. */
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

/** Seals text. place names table, column and row ("twilio_configurations.auth_token:<tenant>"): opening elsewhere
 * fails. */
enum err seal_text(struct ctx *, const struct seal_keys *, const char *place, const char *text,
                   const char **out) MUST_CHECK;

/** Opens it again, into the arena. INVALID: malformed, another place, tampered with, or sealed by a key we do not have.
 */
enum err seal_open(struct ctx *, const struct seal_keys *, const char *place, const char *sealed,
                   const char **out) MUST_CHECK;

#endif
