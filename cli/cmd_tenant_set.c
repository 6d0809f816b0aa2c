/* switchhook tenant show, set, shred: one tenant as a whole. */
#include "ask.h"
#include "command.h"
#include "out.h"

#include "buf.h"
#include "check.h"
#include "sql.h"

#include <string.h>

enum { PATCH_MAX = 64 * 1024 };

static const char *const columns[] = { "id",
                                       "name",
                                       "country",
                                       "time_zone",
                                       "language",
                                       "voice",
                                       "greeting",
                                       "connecting",
                                       "disclosure_mode",
                                       "disclosure",
                                       "disclosure_question",
                                       "disclosure_goodbye",
                                       "disclosure_refused",
                                       "disclosure_agents",
                                       "unanswered",
                                       "record",
                                       "transcribe",
                                       "transcribe_over_seconds",
                                       "ring_timeout_seconds",
                                       "default_number",
                                       "encrypt_metadata",
                                       "calling_hours",
                                       "holidays",
                                       "consent_mode",
                                       "twilio_account",
                                       "users",
                                       "keys",
                                       "numbers",
                                       "calls",
                                       "created_at",
                                       "disabled_at",
                                       "shredded_at" };

static enum err show(struct cli *c)
{
    struct sql_tenant_show row;
    TRY(sql_tenant_show(&c->cx, &row));
    return out_doc(c, columns, sizeof columns / sizeof *columns, row.doc);
}

enum err cmd_tenant_show(struct cli *c)
{
    TRY(cmd_tenant(c, &c->cx.tenant));
    return show(c);
}

/* Options that are members of the settings; text: it stands in quotes. */
static const struct {
    const char *option, *member, *words; /* words: what else it may be; NULL: text, "": digits */
} settings[] = {
    { "name", "name", NULL },
    { "country", "country", NULL },
    { "language", "language", NULL },
    { "time-zone", "time_zone", NULL },
    { "voice", "voice", NULL },
    { "greeting", "greeting", NULL },
    { "connecting", "connecting", NULL },
    { "disclosure-mode", "disclosure_mode", NULL },
    { "disclosure", "disclosure", NULL },
    { "disclosure-question", "disclosure_question", NULL },
    { "disclosure-goodbye", "disclosure_goodbye", NULL },
    { "disclosure-refused", "disclosure_refused", NULL },
    { "disclosure-agents", "disclosure_agents", " true false " },
    { "unanswered", "unanswered", NULL },
    { "record", "record", " true false " },
    { "transcribe", "transcribe", " true false " },
    { "transcribe-over-seconds", "transcribe_over_seconds", "" },
    { "ring-timeout-seconds", "ring_timeout_seconds", "" },
    { "default-number", "default_number", NULL },
    { "encrypt-metadata", "encrypt_metadata", " true false " },
    { "calling-hours", "calling_hours", NULL },
    { "holidays", "holidays", NULL },
    { "consent-mode", "consent_mode", NULL },
};

static enum err member(struct cli *c, size_t i, const char *value, struct buf *b)
{
    const char *words = settings[i].words;
    int64_t     n;
    buf_printf(b, "%s\"%s\":", b->len > 1 ? "," : "", settings[i].member);
    if (strcmp(value, "default") == 0) buf_str(b, "null");
    else if (words == NULL) buf_json(b, value);
    else if (*words == '\0' ? check_int(value, 0, 3600, &n) : check_word(value, words)) buf_str(b, value);
    else
        return ctx_fail(&c->cx, ERR_INVALID, "--%s: expected %s", settings[i].option,
                        *words == '\0' ? "0 to 3600" : "true or false");
    return OK;
}

enum err cmd_tenant_set(struct cli *c)
{
    struct buf                    b = buf_new(c->cx.arena, PATCH_MAX);
    struct sql_settings_change    done;
    struct sql_settings_change_in in = { .actor = command_actor(c), .origin = "" };
    buf_str(&b, "{");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const char *value = command_option(c, settings[i].option);
        if (value != NULL) TRY(member(c, i, value, &b));
    }
    buf_str(&b, "}");
    in.patch = b.at;
    const char *seal = command_option(c, "encrypt-metadata");
    TRY(cmd_tenant(c, &c->cx.tenant));
    if (seal != NULL && strcmp(seal, "true") == 0) TRY(cmd_tenant_key(c));
    TRY(sql_settings_change(&c->cx, &in, &done));
    if (strcmp(done.verdict, "done") != 0)
        return ctx_fail(&c->cx, ERR_INVALID, "%s: there is no such, or it is written otherwise", done.verdict);
    return show(c);
}

/* Backups hold the tenant's key as the master key sealed it: they are noise when that one is gone as well. */
static const char after[] =
    "switchhook: backups made before hold this tenant's key, sealed by a master key: they open until that master key\n"
    "is gone too. rotate-keys --new-key, a restart, rotate-keys, and the old line of KEY_FILE and its copies "
    "deleted.\n";

enum err cmd_tenant_shred(struct cli *c)
{
    static const char *const   what[] = { "name", "twilio_account", "sealed_key", "sealed_logins", "shredded_at" };
    static const char *const   done[] = { "keys", "accounts", "logins" };
    struct ctx                *cx = &c->cx;
    struct sql_tenant_show     row;
    struct sql_tenant_shred    gone = { .keys = NULL };
    struct sql_tenant_shred_in in = { command_actor(c) };
    TRY(cmd_tenant(c, &cx->tenant));
    TRY(sql_tenant_show(cx, &row));
    if (command_option(c, "dry-run") != NULL) return out_doc(c, what, sizeof what / sizeof *what, row.doc);
    TRY(ask_name(c, arena_printf(cx->arena, "Shredding the key of %s", c->tenant_name), c->tenant_name));
    TRY(sql_tenant_shred(cx, &in, &gone));
    if (gone.keys == NULL) return ctx_fail(cx, ERR_CONFLICT, "the key of %s was shredded before", c->tenant_name);
    (void)fputs(after, stderr);
    const char *const cells[] = { arena_printf(cx->arena, "%lld", (long long)*gone.keys),
                                  arena_printf(cx->arena, "%lld", (long long)*gone.accounts),
                                  arena_printf(cx->arena, "%lld", (long long)*gone.logins) };
    out_one(c, done, 3, cells);
    return OK;
}
