/* The database itself, where there is none yet. */
#ifndef DB_CREATE_H
#define DB_CREATE_H
#include "ctx.h"

#include <stdbool.h>

/** Creates the database that conninfo names unless it exists; made says which. UNAVAILABLE: no server, or it does not
 * know us. INVALID: we may not create one. */
enum err db_create(struct ctx *, const char *conninfo, bool *made) MUST_CHECK;

/** Is the server on this machine, behind a socket that knows its users? */
bool db_local(struct ctx *, const char *conninfo);

#endif
