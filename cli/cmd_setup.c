/* switchhook setup: looks, asks, tries the account, and only then writes. */
#include "setup.h"

#include "ask.h"
#include "clock.h"
#include "http.h"
#include "out.h"
#include "phone.h"
#include "region.h"
#include "sql.h"
#include "twilio_app.h"
#include "twilio_number.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

enum { BUDGET_MS = 600000 };

/* Everything setup does. The account is tried first, for nothing must be written that does not work. */
static enum err (*const steps[])(struct setup *) = {
    setup_twilio, setup_folders, setup_settings, setup_keys,  setup_database, setup_schema,
    setup_logins, setup_tenant,  setup_app,      setup_admin, setup_site,
};

void setup_note(struct setup *s, const char *step, const char *state, const char *detail)
{
    if (s->n < SETUP_STEPS_MAX) s->rows[s->n++] = (struct setup_row){ step, state, detail };
}

void setup_as_postgres(bool on)
{
    const struct passwd *pg = getuid() == 0 ? getpwnam("postgres") : NULL;
    if (pg != NULL) (void)!seteuid(on ? pg->pw_uid : 0); /* where it fails, the database refuses us and says so */
}

static enum err files(struct setup *s)
{
    struct cli *c = s->c;
    struct ctx *cx = &c->cx;
    const char *root = command_option(c, "root"), *share = command_option(c, "share");
    const char *answers = command_option(c, "answers");
    s->root = root == NULL ? "" : root;
    s->share = share == NULL ? "/usr/share/switchhook" : share;
    s->env_path = c->env != NULL ? c->env : arena_printf(cx->arena, "%s/etc/switchhook/switchhook.env", s->root);
    if (answers != NULL) TRY(env_read(cx, answers, &s->answers));
    return OK;
}

/* What a setting is without a file: of the answers, and below --root its usual place there. */
static void place(struct setup *s, const char *name, const char **value)
{
    const char *given = env_get(&s->answers, name);
    if (given != NULL) *value = given;
    else if (*s->root != '\0' && access(s->env_path, F_OK) != 0)
        *value = arena_printf(s->c->cx.arena, "%s%s", s->root, *value);
}

static void places(struct setup *s)
{
    struct config    *g = &s->c->cfg;
    const char *const url = env_get(&s->answers, "DATABASE_URL");
    const struct {
        const char *name, **to;
    } more[] = { { "TWILIO_REGION", &g->twilio_region },
                 { "TWILIO_EDGE", &g->twilio_edge },
                 { "SMTP_URL", &g->smtp_url },
                 { "MAIL_FROM", &g->mail_from },
                 { "TWILIO_API_BASE_URL", &g->twilio_api_set } };
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (env_get(&s->answers, more[i].name) != NULL) *more[i].to = env_get(&s->answers, more[i].name);
    if (url != NULL) g->database_url = url;
    else if (strcmp(g->database_url, "dbname=switchhook") == 0) g->database_url = "dbname=switchhook user=postgres";
    place(s, "STATE_DIR", &g->state_dir);
    place(s, "RECORDINGS_DIR", &g->recordings_dir);
    place(s, "KEY_FILE", &g->key_file);
    g->twilio_api_base_url = region_base(s->c->cx.arena, g->twilio_api_set, g->twilio_region, g->twilio_edge);
}

/* The tenant that is there, unless this machine is new. Whatever fails here is found again by its step. */
static void tenant(struct setup *s)
{
    struct cli                     *c = s->c;
    const struct sql_tenant_find_in all = { NULL, NULL };
    const struct sql_users_page_in  one = { .max = 1 };
    struct db_rows                  rows = { 0 };
    struct sql_users_page           users = { 0 };
    struct sql_twilio_show          account = { 0 };
    const struct sql_tenant_find   *v;
    command_connect(c);
    setup_as_postgres(true);
    if (sql_tenant_find(&c->cx, &all, &rows) == OK && rows.n > 0) {
        v = rows.v;
        s->tenant = c->cx.tenant = v[0].id;
        c->tenant_name = v[0].name;
        if (sql_twilio_show(&c->cx, &account) == OK) s->account = account.doc != NULL;
        if (sql_users_page(&c->cx, &one, &users) == OK && strstr(users.doc, "\"id\"") != NULL) s->email = "";
    }
    setup_as_postgres(false);
    ctx_forgive(&c->cx);
}

enum err setup_look(struct setup *s)
{
    struct cli *c = s->c;
    struct ctx *cx = &c->cx;
    const bool  there = access(s->env_path, F_OK) == 0;
    TRY(config_load(cx, there ? s->env_path : "/dev/null", CONFIG_ENV_SECRETS, &c->cfg));
    cx->cfg = &c->cfg;
    places(s);
    if (there) tenant(s);
    return OK;
}

/* With the token, and with the key if there is one: what is stored must open the door. */
enum err setup_twilio(struct setup *s)
{
    struct cli           *c = s->c;
    const struct config  *g = &c->cfg;
    const char           *number = g->twilio_phone_number;
    struct phone          p;
    struct twilio_numbers found;
    struct twilio         by_token = {
                .sid = g->twilio_account_sid,
                .user = g->twilio_account_sid,
                .password = g->twilio_auth_token,
                .base = region_base(c->cx.arena, g->twilio_api_set, g->twilio_region, g->twilio_edge),
    };
    if (s->account) {
        setup_note(s, "twilio", "as it was", "the tenant has its account");
        return OK;
    }
    if (number != NULL && phone_parse(number, strlen(number), NULL, &p)) number = arena_strdup(c->cx.arena, p.e164);
    TRY(twilio_numbers_list(&c->cx, &by_token, number, &found));
    if (g->twilio_api_key_sid != NULL) {
        struct twilio         by_key = by_token;
        struct twilio_numbers same;
        by_key.user = g->twilio_api_key_sid;
        by_key.password = g->twilio_api_key_secret;
        TRY(twilio_numbers_list(&c->cx, &by_key, number, &same));
    }
    if (number != NULL && found.n == 0)
        return ctx_fail(&c->cx, ERR_NOT_OWNED, "TWILIO_PHONE_NUMBER: the account does not own %s", number);
    setup_note(s, "twilio", "as it was", "account and token are good");
    return OK;
}

/* What browsers' calls go through; a tenant of an older setup may have none. */
enum err setup_app(struct setup *s)
{
    struct ctx           *cx = &s->c->cx;
    struct sql_twilio_app had = { 0 };
    struct twilio_app     app;
    struct seal_keys     *keys = NULL;
    TRY(sql_twilio_app(cx, &had));
    TRY(seal_keys_read(cx, s->c->cfg.key_file, &keys));
    cx->keys = keys;
    enum err e = twilio_app_settle(cx, command_actor(s->c), &app);
    cx->keys = NULL;
    seal_forget(keys);
    if (e != OK) return e;
    const bool same = had.twiml_app_sid != NULL && strcmp(had.twiml_app_sid, app.sid) == 0;
    setup_note(s, "twiml app", same ? "as it was" : "done",
               arena_printf(cx->arena, "%s, %s", app.sid, app.made ? "made" : "adopted"));
    return OK;
}

static const char next_steps[] =
    "\nNext, if not done yet:\n"
    "  certbot certonly --webroot -w /var/www/html -d %s\n"
    "  nginx -t && systemctl reload nginx\n"
    "  systemctl enable --now switchhook-hooks switchhook-api switchhook-auth\n"
    "  switchhook number adopt: takes the numbers that the account has, and gives them our URLs\n";

static void summary(struct setup *s)
{
    static const char *const columns[] = { "step", "state", "detail" };
    struct cli              *c = s->c;
    const char              *cells[SETUP_STEPS_MAX * 3], *url = c->cfg.public_url, *host = strstr(url, "://") + 3;
    bool                     same = true;
    for (size_t i = 0; i < s->n; i++) {
        cells[3 * i] = s->rows[i].step;
        cells[3 * i + 1] = s->rows[i].state;
        cells[3 * i + 2] = s->rows[i].detail;
        same = same && strcmp(s->rows[i].state, "as it was") == 0;
    }
    out_rows(c, columns, 3, cells, s->n);
    if (same) (void)fputs("Everything is set up: nothing was changed.\n", stderr);
    else (void)fprintf(stderr, next_steps, arena_copy(c->cx.arena, host, strcspn(host, ":/")));
    if (s->password != NULL)
        (void)fprintf(stderr, "\nThe first admin, shown this once: %s  %s\n", s->email, s->password);
}

static enum err all(struct setup *s)
{
    TRY(files(s));
    TRY(setup_look(s));
    TRY(setup_ask(s));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) TRY(steps[i](s));
    summary(s);
    return OK;
}

enum err cmd_setup(struct cli *c)
{
    struct setup s = { .c = c };
    c->cx.deadline_ms = clock_ms() + BUDGET_MS;
    phone_init();
    c->cx.http = http_open();
    enum err e = all(&s);
    setup_as_postgres(false);
    http_close(c->cx.http);
    c->cx.http = NULL;
    return e;
}
