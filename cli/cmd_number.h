/* What the commands about numbers share. */
#ifndef CMD_NUMBER_H
#define CMD_NUMBER_H
#include "command.h"

/** Runs work as a tenant that talks to Twilio: with its keys and a handle for requests. */
enum err number_with_twilio(struct cli *, enum err (*work)(struct cli *)) MUST_CHECK;

/** Asks before what costs or cannot be undone. INVALID: no, or there is no terminal and no --yes. */
enum err number_sure(struct cli *, const char *what) MUST_CHECK;

/** The user that --user names by address; *out is NULL without one. NOT_FOUND. */
enum err number_user(struct cli *, const char **out) MUST_CHECK;

#endif
