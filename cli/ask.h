/* Questions to whoever sits at the terminal. */
#ifndef ASK_H
#define ASK_H
#include "command.h"

/** Is there a terminal that can be asked? */
bool ask_possible(void);

/** One line of the terminal, without its end; "" for nothing. secret: what is typed is not shown. INVALID: the input
 * ended, or the line is longer than 500 bytes. */
enum err ask_line(struct cli *, const char *prompt, bool secret, const char **out) MUST_CHECK;

/** Before what cannot be taken back: OK if --yes is given, or the name is typed. INVALID: neither. */
enum err ask_name(struct cli *, const char *what, const char *name) MUST_CHECK;

#endif
