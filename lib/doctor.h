/* What is wrong with a tenant's set-up, as a table of checks: what, what it means to people, and what cures it. */
#ifndef DOCTOR_H
#define DOCTOR_H
#include "buf.h"
#include "config.h"

/* One check. id: of switchhook-doctor(7), where a letter is a group. fix: a command or a page's address. */
struct doctor_check {
    const char *id, *what, *consequence, *fix;
};

/** All of them; the last row has a NULL id. */
extern const struct doctor_check doctor_checks[];

enum doctor_state { DOCTOR_OK, DOCTOR_WARNING, DOCTOR_ERROR };

/* What a check has found. items: a JSON list of sentences, at most 10; n: of how many. */
struct doctor_finding {
    const struct doctor_check *check;
    enum doctor_state          state;
    int64_t                    n;
    const char                *items;
};

struct doctor {
    struct doctor_finding *findings; /* in the order of the table */
    size_t                 n, count[3];
};

/** Runs every check for the tenant of the context by what is known here: nothing leaves the machine. In the arena.
 * UNAVAILABLE: no database. */
enum err doctor_run(struct ctx *, struct doctor *out) MUST_CHECK;

/** ok, warning, error. */
const char *doctor_word(enum doctor_state);

#endif
