#include "doctor.h"

#include "sql.h"

#include <string.h>
#include <sys/statvfs.h>

/* clang-format off */
const struct doctor_check doctor_checks[] = {
    { "H3", "Disk for recordings and waiting webhooks",
      "A full disk ends recordings, and then the spool.",
      "free some space, or shorten the retention" },
    { "C2", "Twilio account",
      "No call comes in or goes out.",
      "switchhook tenant set-twilio --account-sid AC..." },
    { "C5", "Public address",
      "Twilio cannot reach us, or its signatures cannot be checked.",
      "set PUBLIC_URL to the https:// address that Twilio uses" },
    { "D2", "Migrations",
      "Workers and database are of different versions.",
      "switchhook migrate" },
    { "D3", "Row level security",
      "A mistake in a statement would show one tenant's rows to another.",
      "switchhook migrate" },
    { "T1", "Twilio answers us",
      "Recordings are not fetched and calls not changed.",
      "look at the account at Twilio; then: switchhook sweep requeue" },
    { "T3", "API key for browsers",
      "Browsers get no token: phones on pages do not ring.",
      "switchhook tenant set-twilio --api-key-sid SK..." },
    { "T4", "TwiML App",
      "Calls from a browser end at once (31001).",
      "switchhook twilio app" },
    { "T5", "A number",
      "Nobody can call, and nobody can be called.",
      "switchhook number buy, or number adopt" },
    { "T6", "Numbers call us",
      "Calls to these numbers are not answered by us, or not followed to their end.",
      "switchhook number apply" },
    { "T7", "Numbers are ours",
      "These numbers no longer reach us.",
      "switchhook number check; release the ones that are gone" },
    { "U1", "Agents have a number",
      "These agents cannot call: \"No phone number assigned to user\".",
      "switchhook number assign --number +... --user ..." },
    { "U2", "Agents' numbers exist",
      "Calls of these agents are refused by Twilio (21210).",
      "switchhook number assign --number +... --user ..." },
    { "U3", "Numbers ring somewhere",
      "Callers hear that nobody can take the call, or ring in circles.",
      "switchhook number assign --number +... --forward-to +..." },
    { "U4", "Clients have a number",
      "Calls for these clients cannot be told apart.",
      "switchhook number assign --number +... --client ..." },
    { "W5", "Calls end",
      "The webhook of the end did not come: durations and costs are missing.",
      "switchhook number apply, then look at Twilio's debugger" },
    { "R2", "Recordings arrive",
      "These calls were to be recorded, and no recording came.",
      "switchhook number apply; switchhook sweep run" },
    { "R5", "People are told of the recording",
      "In many countries recording without notice is against the law.",
      "switchhook tenant set --disclosure-mode announce" },
    { "X1", "Transcription and analysis",
      "Recordings wait for their text.",
      "cure the cause, then: switchhook sweep requeue" },
    { "X2", "The sweep runs",
      "Recordings are not fetched, webhooks and mails not sent.",
      "install the crontab or the timer; switchhook sweep run" },
    { "X3", "Nothing waits long",
      "Work is late.",
      "switchhook sweep status" },
    { "X4", "Nothing was given up",
      "This work will not be tried again by itself.",
      "switchhook sweep requeue" },
    { "O1", "Webhooks out",
      "The CRM behind these addresses learns nothing new.",
      "switchhook webhook list; enable the endpoint when it answers again" },
    { "M1", "Mail",
      "Invitations, alerts and reports are not sent.",
      "correct SMTP_URL, then: switchhook sweep requeue" },
    { NULL, NULL, NULL, NULL },
};
/* clang-format on */

enum { CHECKS = sizeof doctor_checks / sizeof *doctor_checks - 1, ITEM_BYTES = 400, DISK_SHARE = 10 };

const char *doctor_word(enum doctor_state state)
{
    static const char *const words[] = {
        [DOCTOR_OK] = "ok",
        [DOCTOR_WARNING] = "warning",
        [DOCTOR_ERROR] = "error",
    };
    return words[state];
}

static void note(struct doctor *d, const char *id, enum doctor_state state, int64_t n, const char *items)
{
    for (size_t i = 0; i < d->n; i++)
        if (strcmp(d->findings[i].check->id, id) == 0)
            d->findings[i] = (struct doctor_finding){ d->findings[i].check, state, n, items };
}

static void note_one(struct ctx *cx, struct doctor *d, const char *id, enum doctor_state state, const char *item)
{
    struct buf b = buf_new(cx->arena, ITEM_BYTES);
    buf_str(&b, "[");
    buf_json(&b, item);
    buf_str(&b, "]");
    note(d, id, state, 1, b.full ? "[]" : b.at);
}

static void disk(struct ctx *cx, struct doctor *d)
{
    struct statvfs fs;
    if (statvfs(cx->cfg->recordings_dir, &fs) != 0 || fs.f_blocks == 0)
        note_one(cx, d, "H3", DOCTOR_ERROR, "the folder of recordings cannot be read");
    else if (fs.f_bavail < fs.f_blocks / DISK_SHARE)
        note_one(cx, d, "H3", DOCTOR_WARNING,
                 arena_printf(cx->arena, "%llu MB are left, less than a tenth",
                              (unsigned long long)(fs.f_bavail * (fs.f_frsize >> 10) >> 10)));
}

static void address(struct ctx *cx, struct doctor *d)
{
    const char *url = cx->cfg->public_url;
    if (url == NULL) note_one(cx, d, "C5", DOCTOR_ERROR, "PUBLIC_URL is not set");
    else if (strncmp(url, "https://", 8) != 0)
        note_one(cx, d, "C5", DOCTOR_WARNING, "PUBLIC_URL is not https: fine for a trial on this machine alone");
}

enum err doctor_run(struct ctx *cx, struct doctor *out)
{
    struct sql_ready_state state;
    struct db_rows         rows;
    *out = (struct doctor){ arena_alloc(cx->arena, CHECKS * sizeof *out->findings), CHECKS, { 0 } };
    for (size_t i = 0; i < CHECKS; i++)
        out->findings[i] = (struct doctor_finding){ &doctor_checks[i], DOCTOR_OK, 0, "[]" };
    TRY(sql_ready_state(cx, &state));
    TRY(sql_doctor_findings(cx, &rows));
    const struct sql_doctor_findings *row = rows.v;
    for (size_t i = 0; i < rows.n; i++)
        note(out, row[i].id, row[i].bad ? DOCTOR_ERROR : DOCTOR_WARNING, row[i].n, row[i].items);
    if (state.version != SCHEMA_VERSION)
        note_one(cx, out, "D2", DOCTOR_ERROR,
                 arena_printf(cx->arena, "migration %lld is applied, %d is the newest here", (long long)state.version,
                              SCHEMA_VERSION));
    disk(cx, out);
    address(cx, out);
    for (size_t i = 0; i < CHECKS; i++) out->count[out->findings[i].state]++;
    return OK;
}
