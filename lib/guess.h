/* Passwords that somebody would guess: common ones, patterns, and what is known of who chooses them. As NIST SP 800-63B
 * has it, nothing else is asked of a password than its length. https://pages.nist.gov/800-63-3/sp800-63b.html */
#ifndef GUESS_H
#define GUESS_H
#include <stddef.h>

/* Whose password it shall be. Either may be NULL. */
struct guess_owner {
    const char *email, *tenant;
};

/** Why a password is too easy to guess, as "expected ..." for whoever chose it; NULL: it is not. Upper and lower case
 * are the same here. password: at most PASSWD_MAX bytes. */
const char *guess_why(const char *password, const struct guess_owner *);

/* lib/passwords.txt, sorted by strcmp; generated at build. */
extern const char *const guess_common[];
extern const size_t      guess_common_n;

#endif
