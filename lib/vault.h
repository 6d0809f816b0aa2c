/* Files at rest: AES-256-GCM in chunks, under a key that belongs to one file alone.
 *   magic, bytes a chunk, bytes in all | chunk 0, tag | chunk 1, tag | ... each bound to the head and to its place */
#ifndef VAULT_H
#define VAULT_H
#include "ctx.h"

#include <stdio.h>

enum { VAULT_KEY = 32, VAULT_HEAD = 24, VAULT_CHUNK = 64 * 1024, VAULT_TAG = 16 };

/** Encrypts all of from to to, from the beginning of both. key: fresh for every file, for chunks are numbered and not
 *  salted. INTERNAL: the disk. */
enum err vault_lock(struct ctx *, FILE *from, FILE *to, const unsigned char key[VAULT_KEY]) MUST_CHECK;

/** Decrypts it again. INVALID: another key, or a file that was cut, lengthened, reordered or altered in any byte; what
 *  has been written by then must not be used. INTERNAL: the disk. */
enum err vault_unlock(struct ctx *, FILE *from, FILE *to, const unsigned char key[VAULT_KEY]) MUST_CHECK;

#endif
