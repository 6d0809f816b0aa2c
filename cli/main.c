/* switchhook: the operator's command. */
#include "command.h"

#include "clock.h"
#include "db.h"
#include "phone.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

enum { HOME_CAP = 64 << 20, BUDGET_MS = 60000 };

/* clang-format off */
static const struct db_stmt *const stmts[] = {
    &sql_tenant_find_stmt,
    &sql_tenant_add_stmt,
    &sql_twilio_store_stmt,
    &sql_number_add_stmt,
    &sql_user_add_stmt,
    &sql_client_add_stmt,
    &sql_apikey_create_stmt,
    &sql_apikeys_page_stmt,
    &sql_apikey_end_stmt,
    &sql_identity_add_stmt,
    &sql_identity_list_stmt,
    &sql_identity_remove_stmt,
    &sql_identity_map_stmt,
    &sql_tenant_limits_stmt,
    &sql_audit_add_stmt,
    &sql_tenant_key_load_stmt,
    &sql_tenant_key_add_stmt,
    &sql_audit_broken_stmt,
    &sql_twilio_set_stmt,
    &sql_origin_add_stmt,
    &sql_origins_show_stmt,
    &sql_sealed_list_stmt,
    &sql_sealed_store_stmt,
    &sql_audit_heads_stmt,
    &sql_call_tenant_stmt,
    &sql_call_load_stmt,
    &sql_sweep_status_stmt,
    &sql_erasure_own_stmt,
    &sql_erasure_contact_stmt,
    &sql_erasure_preview_stmt,
    &sql_erasure_add_stmt,
    &sql_erasures_page_stmt,
    &sql_erasure_list_stmt,
    &sql_erasure_restore_stmt,
    &sql_erasure_again_stmt,
    &sql_erasure_seeks_stmt,
    &sql_erasure_numbers_stmt,
    &sql_erasure_found_stmt,
    &sql_sweep_tenants_stmt,
    &sql_sweep_requeue_stmt,
    &sql_audit_page_stmt,
    &sql_users_page_stmt,
    &sql_user_show_stmt,
    &sql_user_change_stmt,
    &sql_password_store_stmt,
    &sql_settings_change_stmt,
    &sql_tenant_show_stmt,
    &sql_user_invite_stmt,
    &sql_mail_queue_stmt,
    &sql_twilio_show_stmt,
    &sql_server_files_stmt,
    &sql_server_reload_stmt,
    &sql_tenant_shred_stmt,
    &sql_twilio_load_stmt,
    &sql_twilio_app_stmt,
    &sql_twilio_app_set_stmt,
    &sql_number_lock_stmt,
    &sql_number_home_stmt,
    &sql_number_open_stmt,
    &sql_number_promise_stmt,
    &sql_number_settle_stmt,
    &sql_number_adopt_stmt,
    &sql_number_assign_stmt,
    &sql_number_unassign_stmt,
    &sql_number_release_stmt,
    &sql_number_reapply_stmt,
    &sql_number_list_stmt,
    &sql_number_user_stmt,
    &sql_number_drifts_stmt,
    &sql_numbers_waiting_stmt,
    &sql_numbers_wanted_stmt,
    &sql_numbers_checked_stmt,
    &sql_metadata_status_stmt,
    &sql_metadata_switch_stmt,
    &sql_veil_load_stmt,
    &sql_control_open_stmt,
    &sql_control_load_stmt,
    &sql_control_settle_stmt,
    &sql_dnc_list_named_stmt,
    &sql_dnc_lists_all_stmt,
    &sql_dnc_add_stmt,
    &sql_dnc_remove_stmt,
    &sql_dnc_find_stmt,
    &sql_endpoints_page_stmt,
    &sql_endpoint_create_stmt,
    &sql_endpoint_delete_stmt,
    &sql_endpoint_test_stmt,
    &sql_delivery_resend_stmt,
    &sql_schedule_send_stmt,
    &sql_reports_page_stmt,
    &sql_report_load_stmt,
    &sql_ready_state_stmt,
    &sql_doctor_findings_stmt,
    &sql_subject_contact_stmt,
    &sql_subject_find_stmt,
    &sql_subject_page_stmt,
    &sql_recording_play_stmt,
    &sql_retention_show_stmt,
    &sql_retention_set_stmt,
    &sql_retention_preview_stmt,
    &sql_retention_ask_stmt,
    &sql_retention_runs_page_stmt,
    &sql_retention_run_load_stmt,
    NULL,
};
/* clang-format on */

enum err cmd_version(struct cli *c)
{
    (void)c;
    (void)puts("switchhook 0.1.0"); /* as CMakeLists.txt has it */
    return OK;
}

enum err cmd_help(struct cli *c)
{
    static const char head[] = "switchhook keeps calls, recordings and transcripts: tenants, numbers, users, keys.\n\n"
                               "  switchhook setup\n"
                               "  switchhook tenant show\n"
                               "  switchhook key add --name crm -o json\n\n";
    if (c->word == NULL) (void)fputs(head, stdout);
    for (const struct command *k = commands; k->noun != NULL; k++) {
        if (c->word != NULL && strcmp(k->noun, c->word) != 0) continue;
        command_usage(k, stdout);
        (void)printf("    %s\n", k->doc);
    }
    if (c->word == NULL)
        (void)fputs(
            "\nEverywhere: --env FILE, -o table|json, --help. Exit status: 0 done, 1 failed, 2 usage, 3 something is\n"
            "missing here, 4 refused by Twilio, 5 not found, 75 try again.\n",
            stdout);
    return OK;
}

/* What the shell is told, and the next step where one is known. */
static int status_of(enum err e)
{
    switch (e) {
    case OK: return EXIT_OK;
    case ERR_NOT_FOUND: return EXIT_NOT_FOUND;
    case ERR_NOT_CONFIGURED:
    case ERR_NOT_MIGRATED: return EXIT_MISSING;
    case ERR_UPSTREAM:
    case ERR_UPSTREAM_AUTH:
    case ERR_UPSTREAM_REFUSED: return EXIT_REFUSED;
    case ERR_UNAVAILABLE:
    case ERR_TIMEOUT:
    case ERR_RATE_LIMITED: return EXIT_AGAIN;
    default: return EXIT_FAILED;
    }
}

static int failed(const struct cli *c, int status)
{
    (void)fprintf(stderr, "switchhook: %s\n", c->cx.err.msg);
    if (c->cx.err.cure != NULL) (void)fprintf(stderr, "Try: %s\n", c->cx.err.cure);
    else if (c->cx.err.code == ERR_NOT_MIGRATED) (void)fputs("Try: switchhook migrate\n", stderr);
    else if (c->cx.err.code == ERR_UNAVAILABLE) (void)fputs("Try: switchhook config check\n", stderr);
    return status;
}

static int usage(const struct cli *c)
{
    (void)fprintf(stderr, "switchhook: %s\nTry: ", c->cx.err.msg);
    command_usage(c->command, stderr);
    return EXIT_USAGE;
}

/* Takes --env, -o and --help out of the arguments, wherever they stand; -n is --dry-run. Returns how many are left; -1:
 * wrong. */
static int common(int argc, char **argv, const char **env, const char **format, bool *help)
{
    static char dry_run[] = "--dry-run";
    int         n = 0;
    for (int i = 0; i < argc; i++) {
        const char **to = strcmp(argv[i], "--env") == 0 ? env : strcmp(argv[i], "-o") == 0 ? format : NULL;
        if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) *help = true;
        else if (strcmp(argv[i], "--json") == 0) *format = "json";
        else if (strcmp(argv[i], "-n") == 0) argv[n++] = dry_run;
        else if (to == NULL) argv[n++] = argv[i];
        else if (++i == argc) return -1;
        else *to = argv[i];
    }
    return strcmp(*format, "json") == 0 || strcmp(*format, "table") == 0 ? n : -1;
}

static const struct command *find(const char *noun, const char *verb)
{
    const struct command *alone = NULL;
    for (const struct command *c = commands; c->noun != NULL; c++) {
        if (strcmp(c->noun, noun) != 0) continue;
        if (c->verb == NULL) alone = c;
        else if (verb != NULL && strcmp(c->verb, verb) == 0) return c;
    }
    return alone;
}

void command_connect(struct cli *c)
{
    db_close(c->cx.db);
    c->cx.db = db_open(c->cfg.database_url, NULL, stmts);
}

static int run(struct cli *c, const char *env)
{
    struct ctx *cx = &c->cx;
    if (c->command->need != NEED_NOTHING) {
        if (config_load(cx, env, CONFIG_ENV_SECRETS, &c->cfg) != OK) return failed(c, EXIT_MISSING);
        cx->cfg = &c->cfg;
    }
    if (c->command->need == NEED_DATABASE) {
        phone_init();
        command_connect(c);
    }
    enum err e = c->command->run(c);
    db_close(cx->db);
    if (e != OK) return failed(c, status_of(e));
    return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
}

static int unknown(const char *noun, const char *verb)
{
    const struct command *near = command_near(noun, verb);
    (void)fprintf(stderr, "switchhook: no command %s%s%s\nTry: ", noun, verb == NULL ? "" : " ",
                  verb == NULL ? "" : verb);
    if (near != NULL) command_usage(near, stderr);
    else (void)fputs("switchhook help\n", stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct cli  c = { .cx = { .arena = arena_new(HOME_CAP), .deadline_ms = clock_ms() + BUDGET_MS } };
    const char *env = NULL, *format = "table";
    bool        help = false;
    int         n = common(argc - 1, argv + 1, &env, &format, &help);
    char      **args = argv + 1;
    if (c.cx.arena == NULL) return EXIT_FAILED;
    if (n < 0) {
        (void)fputs("switchhook: --env takes a file, -o takes table or json\n", stderr);
        return EXIT_USAGE;
    }
    const char *noun = n > 0 ? args[0] : "help", *verb = n > 1 && args[1][0] != '-' ? args[1] : NULL;
    c.command = find(noun, verb);
    if (c.command == NULL) return unknown(noun, verb);
    const int taken = n == 0 ? 0 : c.command->verb == NULL ? 1 : 2;
    c.json = strcmp(format, "json") == 0;
    c.env = env;
    if (help) {
        command_usage(c.command, stdout);
        return puts(c.command->doc) < 0 ? EXIT_FAILED : EXIT_OK;
    }
    if (command_read(&c, n - taken, args + taken) != OK) return usage(&c);
    int status = run(&c, env);
    arena_free(c.cx.arena);
    return status;
}
