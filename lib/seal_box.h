/* Sealing with a key at hand: what seal.c and seal_data.c share. */
#ifndef SEAL_BOX_H
#define SEAL_BOX_H
#include "ctx.h"

#include <stdbool.h>

enum { SEAL_KEY = 32 };

/** Text sealed for a place, as base64 of nonce, ciphertext and tag. TOO_LARGE: over 8 KiB. */
enum err seal_box(struct ctx *, const unsigned char key[SEAL_KEY], const char *place, const char *text,
                  const char **out) MUST_CHECK;

/** Opens it again; false: another key, another place, or tampered with. */
bool seal_unbox(struct ctx *, const unsigned char key[SEAL_KEY], const char *place, const char *box, const char **out);

#endif
