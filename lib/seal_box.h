/* Sealing with a key at hand: what seal.c and seal_data.c share. */
#ifndef SEAL_BOX_H
#define SEAL_BOX_H
#include "seal.h"

#include <stdbool.h>

enum { SEAL_KEY = 32, SEAL_NONCE = 12, SEAL_TAG = 16 };

/** AES-256-GCM of n bytes at plain: SEAL_NONCE + n + SEAL_TAG bytes go to out. nonce NULL: a random one. Returns how
 * many; 0: OpenSSL failed. */
size_t seal_gcm(const unsigned char key[SEAL_KEY], const unsigned char *nonce, const char *aad, const void *plain,
                size_t n, unsigned char *out);

/** Opens n bytes again into out, which has room for n. False: not what was sealed under this key with this aad. */
bool seal_gcm_open(const unsigned char key[SEAL_KEY], const char *aad, const unsigned char *sealed, size_t n,
                   unsigned char *out);

/** A tenant's data key itself; the caller wipes it. INVALID as seal_data_open(). */
enum err seal_data_key(struct ctx *, const struct seal_keys *, const struct seal_data *,
                       unsigned char key[SEAL_KEY]) MUST_CHECK;

/** Text sealed for a place, as base64 of nonce, ciphertext and tag. TOO_LARGE: over 8 KiB. */
enum err seal_box(struct ctx *, const unsigned char key[SEAL_KEY], const char *place, const char *text,
                  const char **out) MUST_CHECK;

/** Opens it again; false: another key, another place, or tampered with. */
bool seal_unbox(struct ctx *, const unsigned char key[SEAL_KEY], const char *place, const char *box, const char **out);

#endif
