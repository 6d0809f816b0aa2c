/* switchhook setup: from an installed package to a tenant that takes calls. */
#ifndef SETUP_H
#define SETUP_H
#include "command.h"
#include "env.h"

enum { SETUP_STEPS_MAX = 16 };

/* What one step did: "done", "as it was", or "by hand" where it is left to the operator. */
struct setup_row {
    const char *step, *state, *detail;
};

struct setup {
    struct cli      *c;
    struct env       answers;         /* of --answers; empty without */
    const char      *root;            /* before every path: "" but in a trial */
    const char      *env_path;        /* settings file */
    const char      *share;           /* of the package: nginx/, migrations/ */
    const char      *company, *email; /* NULL: there is a tenant, or an admin, already */
    const char      *tenant;          /* id; NULL: none yet */
    const char      *password;        /* of the first admin, printed once; NULL: none was made */
    bool             account;         /* the tenant has its account at Twilio already */
    struct setup_row rows[SETUP_STEPS_MAX];
    size_t           n;
};

/** Notes what a step did; detail may be NULL. */
void setup_note(struct setup *, const char *step, const char *state, const char *detail);

/** Finds out what is there: settings, and with them the tenant and its account. */
enum err setup_look(struct setup *) MUST_CHECK;

/** Fills what is not known from the answers or by asking at the terminal, at most ten times. INVALID, naming it: an
 * answer is missing or wrong. */
enum err setup_ask(struct setup *) MUST_CHECK;

/** Works as the database's own user where we are root, so that it knows us as its superuser; false gives up again. */
void setup_as_postgres(bool);

/* Steps, in their order; each may be run again. */
enum err setup_twilio(struct setup *); /* changes nothing */
enum err setup_folders(struct setup *), setup_settings(struct setup *), setup_keys(struct setup *);
enum err setup_database(struct setup *), setup_schema(struct setup *), setup_logins(struct setup *);
enum err setup_tenant(struct setup *), setup_app(struct setup *), setup_admin(struct setup *),
    setup_site(struct setup *);

#endif
