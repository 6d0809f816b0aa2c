/* What the parts of the store share. */
#ifndef STORE_BOX_H
#define STORE_BOX_H
#include "s3.h"
#include "store.h"
#include "vault.h"

/** Is it kept there: "disk", "s3", "twilio"? */
bool store_on(const struct store_place *, const char *storage);

/** INTERNAL, with what could not be done to which path and why. */
enum err store_disk(struct ctx *, const char *what, const char *path);

/** The bucket, for requests that go on as the place says. */
enum err store_bucket(struct ctx *, const struct store_place *, struct s3 *out) MUST_CHECK;

/** A fresh key for the file; place->sealed_key becomes its sealed form. The caller wipes key. */
enum err store_key_make(struct ctx *, struct store_place *, unsigned char key[VAULT_KEY]) MUST_CHECK;

/** The key of the file again. INVALID: it does not open. */
enum err store_key_open(struct ctx *, const struct store_place *, unsigned char key[VAULT_KEY]) MUST_CHECK;

#endif
