/* The table of commands, and what each of them is given. */
#ifndef COMMAND_H
#define COMMAND_H
#include "config.h"
#include "seal.h"

#include <stdbool.h>

/* https://man7.org/linux/man-pages/man3/sysexits.h.3head.html names the last. */
enum exit_status {
    EXIT_OK = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_MISSING = 3, /* settings, keys or the database's schema */
    EXIT_REFUSED = 4, /* by Twilio */
    EXIT_NOT_FOUND = 5,
    EXIT_AGAIN = 75
};

enum { ARGS_MAX = 24, COMMAND_LIST_MAX = 1000 }; /* arguments; rows that a list prints */

struct command;
struct db_stmt;

struct cli {
    struct ctx            cx;
    struct config         cfg;
    bool                  json; /* -o json */
    const struct command *command;
    const char           *names[ARGS_MAX], *values[ARGS_MAX]; /* --name value; a flag's value is "" */
    size_t                n;
    const char           *tenant_name; /* set by cmd_tenant() */
    const char           *env;         /* --env; NULL: not given */
    const char           *word;        /* the argument without a name; NULL: none */
};

/* What must be there before a command runs. */
enum need { NEED_NOTHING, NEED_SETTINGS, NEED_DATABASE };

struct command {
    const char *noun, *verb; /* verb NULL: the noun stands alone */
    const char *options;     /* "name! forward-to test-": ! required, - a flag; "WORD" in capitals: what stands alone */
    enum need   need;
    enum err (*run)(struct cli *);
    const char *doc; /* one sentence */
};

/** All commands; the last row has a NULL noun. */
extern const struct command commands[];

/** Reads what follows noun and verb. INVALID, saying why: an option the row does not have, a value missing. */
enum err command_read(struct cli *, int argc, char **argv) MUST_CHECK;

/** The value of an option; NULL: not given. */
const char *command_option(const struct cli *, const char *name);

/** The value of an option as E.164; *out is NULL if it is not given. INVALID_NUMBER. */
enum err command_phone(struct cli *, const char *name, const char **out) MUST_CHECK;

/** The value of --role, or fallback. INVALID: no such role. */
enum err command_role(struct cli *, const char *fallback, const char **out) MUST_CHECK;

/** "operator:<login>": who is entered in the audit. */
const char *command_actor(struct cli *);

/** Runs a statement and its entry in the audit of cx.tenant as one transaction. */
enum err command_change(struct cli *, const struct db_stmt *, const void *in, void *out, const char *action,
                        const char *object) MUST_CHECK;

/** The command that was probably meant; NULL: none is near. */
const struct command *command_near(const char *noun, const char *verb);

/** "switchhook number add --number NUMBER [--forward-to FORWARD-TO]": one line. */
void command_usage(const struct command *, FILE *);

/* cmd_*.c */
enum err cmd_help(struct cli *), cmd_version(struct cli *), cmd_setup(struct cli *);
enum err cmd_migrate_up(struct cli *), cmd_migrate_status(struct cli *);
enum err cmd_doctor(struct cli *);
enum err cmd_config_show(struct cli *), cmd_config_check(struct cli *), cmd_config_describe(struct cli *);
enum err cmd_tenant_add(struct cli *), cmd_tenant_list(struct cli *);
enum err cmd_tenant_show(struct cli *), cmd_tenant_set(struct cli *), cmd_tenant_shred(struct cli *);
enum err cmd_user_add(struct cli *), cmd_user_list(struct cli *), cmd_user_show(struct cli *),
    cmd_user_set(struct cli *);
enum err cmd_client_add(struct cli *), cmd_audit_list(struct cli *);
enum err cmd_number_add(struct cli *), cmd_call_show(struct cli *);
enum err cmd_number_list(struct cli *), cmd_number_search(struct cli *), cmd_number_buy(struct cli *);
enum err cmd_number_adopt(struct cli *), cmd_number_assign(struct cli *), cmd_number_release(struct cli *);
enum err cmd_number_check(struct cli *), cmd_number_apply(struct cli *);
enum err cmd_key_add(struct cli *), cmd_key_list(struct cli *), cmd_key_revoke(struct cli *);
enum err cmd_identity_add(struct cli *), cmd_identity_list(struct cli *), cmd_identity_remove(struct cli *);
enum err cmd_identity_map(struct cli *);
enum err cmd_tenant_set_twilio(struct cli *), cmd_rotate_keys(struct cli *);
enum err cmd_origin_add(struct cli *), cmd_origin_list(struct cli *);
enum err cmd_tenant_encrypt(struct cli *);

/** Makes sure that the tenant has a key, without which nothing can be sealed. */
enum err cmd_tenant_key(struct cli *);

enum err cmd_erase(struct cli *), cmd_erase_list(struct cli *), cmd_erase_reapply(struct cli *);
enum err cmd_call_control(struct cli *);
enum err cmd_dnc_lists(struct cli *), cmd_dnc_add(struct cli *), cmd_dnc_remove(struct cli *);
enum err cmd_dnc_check(struct cli *), cmd_dnc_import(struct cli *);
enum err cmd_tenant_limits(struct cli *), cmd_audit_verify(struct cli *);
enum err cmd_twilio_app(struct cli *);
enum err cmd_sweep_status(struct cli *), cmd_sweep_run(struct cli *), cmd_sweep_requeue(struct cli *);
enum err cmd_webhook_add(struct cli *), cmd_webhook_list(struct cli *), cmd_webhook_rm(struct cli *);
enum err cmd_webhook_test(struct cli *), cmd_webhook_resend(struct cli *);
enum err cmd_export_subject(struct cli *);
enum err cmd_report_send(struct cli *), cmd_report_list(struct cli *), cmd_report_show(struct cli *);
enum err cmd_retention_set(struct cli *), cmd_retention_preview(struct cli *);
enum err cmd_retention_run(struct cli *), cmd_retention_report(struct cli *);

/** The tenant that --tenant names by id or name; without it the only one there is. NOT_FOUND; INVALID: there are
 * several. */
enum err cmd_tenant(struct cli *, const char **id) MUST_CHECK;

/* A tenant to be made. account: with the Twilio account, number and forward-to of the settings. */
struct tenant_wish {
    const char *name, *country, *language, *time_zone;
    bool        account;
};
struct tenant_made {
    const char *id, *number, *forward_to;
};

/** Makes a tenant, in one transaction; its number in another. cx.tenant is it from then on. */
enum err command_tenant_make(struct cli *, const struct tenant_wish *, struct tenant_made *out) MUST_CHECK;

/** Opens cx.db as the settings say. What was open before is closed. */
void command_connect(struct cli *);

/** Makes or adopts the TwiML App of a tenant's browsers and prints it. */
enum err cmd_app(struct cli *, const char *tenant) MUST_CHECK;

/** Adds a number to a tenant. greeting, email and client may be NULL. */
enum err cmd_number(struct cli *, const char *tenant, const char *e164, const char *forward_to,
                    const char **id) MUST_CHECK;

#endif
