/* Settings files: KEY=VALUE lines, read the way systemd reads an EnvironmentFile. */
#ifndef ENV_H
#define ENV_H
#include "ctx.h"

#include <stddef.h>

struct env_pair {
    const char *name, *value;
};

/* The assignments of one file in their order; a name may come again, and then the last one counts. */
struct env {
    struct env_pair *v;
    size_t           n;
};

/** Reads n bytes at text: comments (# or ;), continued lines (\ at the end), '...' without escapes, "..." with \" \\ \`
 * \$, outside quotes \ before any character; white space around name and value is dropped. The strings live in
 * cx->arena. INVALID, naming file and line: a line that is no assignment, a bad name, an open quote, bytes that are not
 * UTF-8. https://www.freedesktop.org/software/systemd/man/252/systemd.exec.html#EnvironmentFile= */
enum err env_parse(struct ctx *, const char *file, const char *text, size_t n, struct env *out) MUST_CHECK;

/** env_parse() of a file. NOT_FOUND: it is not there. TOO_LARGE: over ENV_FILE_MAX. */
enum err env_read(struct ctx *, const char *path, struct env *out) MUST_CHECK;

/** The whole of a small file, NUL-terminated, in the arena. NOT_FOUND, TOO_LARGE (over max), INVALID (cannot be read).
 */
enum err env_slurp(struct ctx *, const char *path, size_t max, const char **text, size_t *n) MUST_CHECK;

/** The value of that name, or NULL. */
const char *env_get(const struct env *, const char *name);

#endif
