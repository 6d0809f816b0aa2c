/* Passwords: scrypt, stored as $scrypt$ln=15,r=8,p=3$<salt>$<hash>, both in base64 without padding. */
#ifndef PASSWD_H
#define PASSWD_H
#include "ctx.h"

#include <stdbool.h>

enum { PASSWD_MIN = 8, PASSWD_MAX = 128 }; /* bytes */

/** Hashes a password with a fresh salt. INVALID: shorter or longer than allowed, or not UTF-8. Costs 0.3 to 0.4 s and
 * 32 MiB. https://www.rfc-editor.org/rfc/rfc7914 */
enum err passwd_hash(struct ctx *, const char *password, const char **out) MUST_CHECK;

/** True if stored was made from password, with the parameters that stored names. stored NULL (no such user, no
 * password): false, after the same work. */
bool passwd_valid(struct arena *, const char *password, const char *stored);

#endif
