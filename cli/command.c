/* The table of commands. Help comes from it. */
#include "command.h"

#include "phone.h"

#include <ctype.h>
#include <string.h>

/* clang-format off */
const struct command commands[] = {
    { "setup",   NULL,       "answers root share", NEED_NOTHING, cmd_setup,
      "Sets up this machine, asking at most ten questions, or none with --answers FILE; may be run again." },
    { "migrate", NULL,       "dir", NEED_SETTINGS, cmd_migrate_up,
      "Brings the database up to date; the same as migrate up." },
    { "migrate", "up",       "dir", NEED_SETTINGS, cmd_migrate_up,
      "Brings the database up to date." },
    { "migrate", "status",   "dir", NEED_SETTINGS, cmd_migrate_status,
      "Lists migrations and which of them are applied." },
    { "doctor",  NULL,       "tenant only verbose-", NEED_DATABASE, cmd_doctor,
      "Looks for what is wrong with a tenant's set-up, and says what it means and what cures it." },
    { "config",  "show",     "", NEED_SETTINGS, cmd_config_show,
      "Prints every setting with its value; secrets cut short." },
    { "config",  "check",    "", NEED_SETTINGS, cmd_config_check,
      "Looks for settings that are missing, doubtful or placeholders." },
    { "config",  "describe", "", NEED_NOTHING, cmd_config_describe,
      "Prints the table of settings: name, default, meaning." },
    { "tenant",  "add",      "name! from-env- country language time-zone", NEED_DATABASE, cmd_tenant_add,
      "Adds a tenant; --from-env gives it the Twilio account, number and forward-to of the settings." },
    { "tenant",  "list",     "", NEED_DATABASE, cmd_tenant_list,
      "Lists the tenants." },
    { "tenant",  "show",     "tenant", NEED_DATABASE, cmd_tenant_show,
      "Prints a tenant: its settings, and what it has." },
    { "tenant",  "set",
      "tenant name country language time-zone voice greeting connecting disclosure-mode disclosure "
      "disclosure-question disclosure-goodbye disclosure-refused disclosure-agents unanswered record "
      "transcribe transcribe-over-seconds ring-timeout-seconds default-number encrypt-metadata calling-hours holidays "
      "consent-mode", NEED_DATABASE, cmd_tenant_set,
      "Changes a tenant's settings; the word default gives a default back." },
    { "tenant",  "shred",    "tenant yes- dry-run-", NEED_DATABASE, cmd_tenant_shred,
      "Deletes a tenant's key for good, so that what is sealed with it is noise; asks for its name, or wants --yes." },
    { "tenant",  "limits",
      "tenant countries blocked-prefixes per-second concurrent minutes-per-day money-per-day requests-per-minute "
      "key-requests-per-minute number-rent number-cool-down-days stop- resume-", NEED_DATABASE, cmd_tenant_limits,
      "Shows and sets what a tenant may call, buy and ask for; none takes a limit away, --stop places no call and buys "
      "no number any more." },
    { "tenant",  "encrypt",  "tenant on- off-", NEED_DATABASE, cmd_tenant_encrypt,
      "Shows and sets whether calls' numbers, names and texts are sealed, and how far what is stored has come." },
    { "tenant",  "set-twilio",
      "tenant account-sid! api-key-sid twiml-app-sid region edge api-base-url secrets app-", NEED_DATABASE,
      cmd_tenant_set_twilio,
      "Gives a tenant its Twilio account; AUTH_TOKEN= and API_KEY_SECRET= by the file --secrets, or standard input; "
      "--app does twilio app as well." },
    { "twilio",  "app",      "tenant", NEED_DATABASE, cmd_twilio_app,
      "Makes or adopts the TwiML App that browsers call through, and sets its addresses at Twilio." },
    { "origin",  "add",      "tenant origin!", NEED_DATABASE, cmd_origin_add,
      "Lets pages of an origin, https://host[:port], call the API from a browser." },
    { "origin",  "list",     "tenant", NEED_DATABASE, cmd_origin_list,
      "Lists the origins whose pages may call the API." },
    { "rotate-keys", NULL,   "new-key-", NEED_DATABASE, cmd_rotate_keys,
      "Seals every secret again under the newest master key; --new-key only adds one, for workers to learn first." },
    { "user",    "add",      "tenant email! role! name forward-to password-stdin-", NEED_DATABASE, cmd_user_add,
      "Adds a user: admin, manager, agent or viewer." },
    { "user",    "list",     "tenant", NEED_DATABASE, cmd_user_list,
      "Lists the people of a tenant." },
    { "user",    "show",     "tenant user!", NEED_DATABASE, cmd_user_show,
      "Prints a user; --user takes an e-mail address or id." },
    { "user",    "set",
      "tenant user! role name forward-to no-forward- disable- enable- password-stdin-", NEED_DATABASE, cmd_user_set,
      "Changes a user; --disable closes the door at once, which is how people leave: their history stays." },
    { "client",  "add",      "tenant name! external-id forward-to time-zone", NEED_DATABASE, cmd_client_add,
      "Adds a client whose calls are taken or tracked." },
    { "number",  "add",      "tenant number! forward-to greeting sid user client", NEED_DATABASE, cmd_number_add,
      "Adds a number that the Twilio account owns." },
    { "number",  "list",     "tenant", NEED_DATABASE, cmd_number_list,
      "Lists the numbers: whose they are, what they cost, and whether Twilio has them as it should." },
    { "number",  "search",   "tenant country area-code contains type limit sms- mms-", NEED_DATABASE, cmd_number_search,
      "Looks for numbers that Twilio sells: --area-code 20, --contains, --type local, mobile, toll-free or national." },
    { "number",  "buy",
      "tenant number country area-code contains type user client forward-to bundle-sid address-sid max-price yes-",
      NEED_DATABASE, cmd_number_buy,
      "Buys a number, or the first that fits; asks before, unless --yes." },
    { "number",  "adopt",    "tenant number", NEED_DATABASE, cmd_number_adopt,
      "Takes the numbers that the account has already, one or all, and sets their URLs." },
    { "number",  "assign",   "tenant number! user client campaign pool forward-to none-", NEED_DATABASE,
      cmd_number_assign,
      "Gives a number to a user, client, campaign or pool, and to nobody else; --none takes it from everybody." },
    { "number",  "release",  "tenant number! now- yes-", NEED_DATABASE, cmd_number_release,
      "Gives a number back to Twilio once it has cooled, or --now; asks before, unless --yes." },
    { "number",  "check",    "tenant number", NEED_DATABASE, cmd_number_check,
      "Compares one number or all with what Twilio has, and says what differs." },
    { "number",  "apply",    "tenant number", NEED_DATABASE, cmd_number_apply,
      "Sets the URLs of one number or all at Twilio anew, as after a change of PUBLIC_URL." },
    { "dnc",     "lists",    "tenant", NEED_DATABASE, cmd_dnc_lists,
      "Lists the do-not-call lists of a tenant." },
    { "dnc",     "add",      "tenant list! number! reason", NEED_DATABASE, cmd_dnc_add,
      "Puts a number on a do-not-call list, which is made if there is none of that name." },
    { "dnc",     "remove",   "tenant list! number!", NEED_DATABASE, cmd_dnc_remove,
      "Takes a number off a do-not-call list." },
    { "dnc",     "check",    "tenant number!", NEED_DATABASE, cmd_dnc_check,
      "Says which do-not-call lists have a number." },
    { "dnc",     "import",   "tenant list! file! country reason", NEED_DATABASE, cmd_dnc_import,
      "Puts the numbers of a CSV file on a do-not-call list; --country reads those without a country code." },
    { "key",     "add",      "tenant name! role scopes days test-", NEED_DATABASE, cmd_key_add,
      "Makes an API key and prints it, this once; --scopes \"calls:read calls:write\" narrows what it may do." },
    { "key",     "list",     "tenant", NEED_DATABASE, cmd_key_list,
      "Lists the API keys of a tenant, and when each was last used." },
    { "key",     "revoke",   "tenant key!", NEED_DATABASE, cmd_key_revoke,
      "Ends an API key at once; --key takes its prefix." },
    { "identity", "add",     "tenant issuer! audience! jwks-url secret-stdin- claim", NEED_DATABASE, cmd_identity_add,
      "Believes the tokens of a login, by its JWKS address or an HS256 secret; --claim sub or email names the user." },
    { "identity", "map",     "tenant email! external-id!", NEED_DATABASE, cmd_identity_map,
      "Says who a user is in the tenant's own login: the sub of its tokens." },
    { "identity", "list",    "tenant", NEED_DATABASE, cmd_identity_list,
      "Lists the logins whose tokens a tenant believes." },
    { "identity", "remove",  "tenant id!", NEED_DATABASE, cmd_identity_remove,
      "Believes the tokens of a login no more." },
    { "audit",   "list",     "tenant actor action object from to cursor", NEED_DATABASE, cmd_audit_list,
      "Lists who did and saw what, newest first; --action takes user.change, or user for all of them." },
    { "audit",   "verify",   "", NEED_DATABASE, cmd_audit_verify,
      "Walks every tenant's chain of audit entries, names the first broken one, and prints where each chain ends." },
    { "call",    "show",     "CALL", NEED_DATABASE, cmd_call_show,
      "Prints all that is known of a call; by CallSid or id." },
    { "call",    "end",      "CALL", NEED_DATABASE, cmd_call_control,
      "Ends a live call." },
    { "call",    "hold",     "CALL", NEED_DATABASE, cmd_call_control,
      "Puts the customer on hold." },
    { "call",    "resume",   "CALL", NEED_DATABASE, cmd_call_control,
      "Brings the agent and the customer together again." },
    { "call",    "transfer", "CALL to! warm-", NEED_DATABASE, cmd_call_control,
      "Gives the customer to a number; --warm has the agent ask there first." },
    { "call",    "complete", "CALL", NEED_DATABASE, cmd_call_control,
      "Leaves the customer with whom the agent has asked." },
    { "call",    "cancel",   "CALL", NEED_DATABASE, cmd_call_control,
      "Ends the asking; the agent comes back to the customer." },
    { "call",    "dtmf",     "CALL digits!", NEED_DATABASE, cmd_call_control,
      "Sends tones to the customer's side." },
    { "call",    "pause",    "CALL seconds", NEED_DATABASE, cmd_call_control,
      "Pauses the recording, for a minute unless told." },
    { "call",    "unpause",  "CALL", NEED_DATABASE, cmd_call_control,
      "Resumes the recording." },
    { "sweep",   "status",   "tenant", NEED_DATABASE, cmd_sweep_status,
      "Lists jobs by kind and state, alarms that are on, and when each host's sweep was last seen." },
    { "sweep",   "run",      "kind max-seconds", NEED_SETTINGS, cmd_sweep_run,
      "Runs a sweep on this host, once: all that is due, or one kind of work." },
    { "sweep",   "requeue",  "kind reason tenant id", NEED_DATABASE, cmd_sweep_requeue,
      "Gives dead and parked jobs another chance: all, those of a kind, a reason or a tenant, or one." },
    { "webhook", "list",     "tenant", NEED_DATABASE, cmd_webhook_list,
      "Lists where webhooks go." },
    { "webhook", "add",      "tenant url! events description", NEED_DATABASE, cmd_webhook_add,
      "Adds an endpoint for webhooks and prints its secret, this once." },
    { "webhook", "rm",       "tenant endpoint!", NEED_DATABASE, cmd_webhook_rm,
      "Deletes an endpoint with its log." },
    { "webhook", "test",     "tenant endpoint!", NEED_DATABASE, cmd_webhook_test,
      "Sends test.ping to an endpoint." },
    { "webhook", "resend",   "tenant delivery!", NEED_DATABASE, cmd_webhook_resend,
      "Sends a message once more, with the same webhook-id." },
    { "report",  "send",     "tenant schedule!", NEED_DATABASE, cmd_report_send,
      "Mails the report of a schedule for the last week or month, again if need be." },
    { "report",  "list",     "tenant", NEED_DATABASE, cmd_report_list,
      "Lists the reports that were made." },
    { "report",  "show",     "REPORT tenant", NEED_DATABASE, cmd_report_show,
      "Prints a report as it was mailed; with -o json its figures as well." },
    { "export",  "subject",  "PERSON to! tenant gaps-", NEED_DATABASE, cmd_export_subject,
      "Writes everything about a number, or a contact by its id, to a new directory: JSON, audio, digests." },
    { "retention", "set",    "tenant client audio-days text-days metadata-days", NEED_DATABASE, cmd_retention_set,
      "Sets how long audio, text and metadata of a tenant's or a client's calls stay: days, forever, or default." },
    { "retention", "preview", "tenant days client audio-days text-days metadata-days", NEED_DATABASE,
      cmd_retention_preview,
      "Lists what goes in the next night, and until so many days later; or would, with other days." },
    { "retention", "run",    "tenant", NEED_DATABASE, cmd_retention_run,
      "Has the sweep take what is due at once." },
    { "retention", "report", "RUN tenant", NEED_DATABASE, cmd_retention_report,
      "Lists the runs of retention, or what one of them took and left." },
    { "erase",   NULL,       "TARGET tenant preview- dry-run- yes-", NEED_DATABASE, cmd_erase,
      "Erases a person, by number or contact:ID, here and at Twilio; --preview says what would go; asks, or wants "
      "--yes." },
    { "erase",   "list",     "tenant", NEED_DATABASE, cmd_erase_list,
      "Lists erasures, how they stand, and what holds a part of them." },
    { "erase",   "reapply",  "", NEED_DATABASE, cmd_erase_reapply,
      "Erases again, by the tombstones, whoever an older backup has brought back." },
    { "version", NULL,       "", NEED_NOTHING, cmd_version,
      "Prints the version." },
    { "help",    NULL,       "COMMAND", NEED_NOTHING, cmd_help,
      "Prints this, or how a command is used." },
    { .noun = NULL },
};
/* clang-format on */

/* The word of the row's options that begins with name; its last character says what it is. */
static const char *declared(const struct command *c, const char *name, size_t n)
{
    for (const char *o = c->options; *o != '\0'; o += strcspn(o, " "), o += *o == ' ') {
        size_t len = strcspn(o, " !");
        if (len > 0 && o[len - 1] == '-') len--;
        if (len == n && strncmp(o, name, n) == 0) return o;
    }
    return NULL;
}

static bool is_flag(const char *option)
{
    size_t n = strcspn(option, " ");
    return n > 0 && option[n - 1] == '-';
}

static bool takes_word(const struct command *c)
{
    return isupper((unsigned char)c->options[0]) != 0;
}

static enum err complete(struct cli *c)
{
    for (const char *o = c->command->options; *o != '\0'; o += strcspn(o, " "), o += *o == ' ') {
        size_t n = strcspn(o, " !");
        if (o[n] == '!' && command_option(c, arena_copy(c->cx.arena, o, n)) == NULL)
            return ctx_fail(&c->cx, ERR_INVALID, "--%.*s is missing", (int)n, o);
    }
    return OK;
}

enum err command_read(struct cli *c, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0) {
            if (!takes_word(c->command) || c->word != NULL)
                return ctx_fail(&c->cx, ERR_INVALID, "%s: not expected here", argv[i]);
            c->word = argv[i];
            continue;
        }
        size_t      n = strcspn(argv[i] + 2, "=");
        const char *option = declared(c->command, argv[i] + 2, n),
                   *value = argv[i][2 + n] == '=' ? argv[i] + 3 + n : NULL;
        if (option == NULL || c->n == ARGS_MAX) return ctx_fail(&c->cx, ERR_INVALID, "%s: no such option", argv[i]);
        if (is_flag(option) && value != NULL) return ctx_fail(&c->cx, ERR_INVALID, "%s takes no value", argv[i]);
        if (is_flag(option)) value = "";
        else if (value == NULL && i + 1 < argc) value = argv[++i];
        if (value == NULL) return ctx_fail(&c->cx, ERR_INVALID, "%s: its value is missing", argv[i]);
        c->names[c->n] = arena_copy(c->cx.arena, option, n);
        c->values[c->n++] = value;
    }
    return complete(c);
}

const char *command_option(const struct cli *c, const char *name)
{
    for (size_t i = c->n; i > 0; i--)
        if (strcmp(c->names[i - 1], name) == 0) return c->values[i - 1];
    return NULL;
}

enum err command_phone(struct cli *c, const char *name, const char **out)
{
    const char  *text = command_option(c, name);
    struct phone p;
    *out = NULL;
    if (text == NULL) return OK;
    if (!phone_parse(text, strlen(text), NULL, &p))
        return ctx_fail(&c->cx, ERR_INVALID_NUMBER, "--%s: expected +<country><number>", name);
    *out = arena_strdup(c->cx.arena, p.e164);
    return OK;
}

/* Edits between two short words (Levenshtein); words over 15 letters are far from everything. */
static size_t edits(const char *a, const char *b)
{
    enum { SHORT = 16 };
    size_t row[SHORT], n = strlen(b);
    if (strlen(a) >= SHORT || n >= SHORT) return SHORT;
    for (size_t j = 0; j <= n; j++) row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = corner + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            corner = row[j];
            row[j] = best;
        }
    }
    return row[n];
}

const struct command *command_near(const char *noun, const char *verb)
{
    const struct command *near = NULL;
    size_t                least = 4;
    for (const struct command *c = commands; c->noun != NULL; c++) {
        const bool same = strcmp(noun, c->noun) == 0;
        size_t     d = edits(noun, c->noun) + (c->verb == NULL || verb == NULL ? 0 : edits(verb, c->verb));
        if (same && d > 3) d = 3; /* a right noun is near, whatever the verb */
        if (d >= least) continue;
        least = d;
        near = c;
    }
    return near;
}

void command_usage(const struct command *c, FILE *f)
{
    (void)fprintf(f, "switchhook %s%s%s", c->noun, c->verb == NULL ? "" : " ", c->verb == NULL ? "" : c->verb);
    for (const char *o = c->options; *o != '\0'; o += strcspn(o, " "), o += *o == ' ') {
        size_t     n = strcspn(o, " !");
        const bool required = o[n] == '!', flag = is_flag(o);
        if (isupper((unsigned char)*o)) (void)fprintf(f, " %.*s", (int)n, o);
        else if (flag) (void)fprintf(f, " [--%.*s]", (int)n - 1, o);
        else (void)fprintf(f, required ? " --%.*s VALUE" : " [--%.*s VALUE]", (int)n, o);
    }
    (void)fputc('\n', f);
}
