/* Steps of setup in the database: itself, its schema, who may log in, the tenant and the first admin. */
#include "setup.h"

#include "db.h"
#include "id.h"
#include "migrate.h"
#include "passwd.h"
#include "phone.h"
#include "sql.h"
#include "tenant_key.h"
#include "twilio.h"

#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX_BYTES = 256 * 1024 };

enum err setup_database(struct setup *s)
{
    struct cli *c = s->c;
    bool        made = false;
    setup_as_postgres(true);
    enum err e = migrate_create(&c->cx, c->cfg.database_url, &made);
    setup_as_postgres(false);
    if (e == ERR_UNAVAILABLE) c->cx.err.cure = "run setup as root or postgres, or name a DATABASE_URL in the answers";
    if (e != OK) return e;
    setup_note(s, "database", made ? "done" : "as it was", NULL);
    return OK;
}

enum err setup_schema(struct setup *s)
{
    struct cli       *c = s->c;
    struct migrations all = { 0 };
    size_t            fresh = 0;
    setup_as_postgres(true);
    enum err e = migrate_up(&c->cx, c->cfg.database_url, arena_printf(c->cx.arena, "%s/migrations", s->share), &all);
    setup_as_postgres(false);
    if (e != OK) return e;
    for (size_t i = 0; i < all.n; i++) fresh += all.v[i].fresh;
    setup_note(s, "schema", fresh > 0 ? "done" : "as it was",
               arena_printf(c->cx.arena, "%zu migrations, %zu of them applied now", all.n, fresh));
    return OK;
}

/* Lines before or behind what is there, unless they are there; done: something was written. */
static enum err lines(struct ctx *cx, const char *path, const char *text, bool before, bool *done)
{
    const char *old, *beside = arena_printf(cx->arena, "%s.switchhook", path);
    struct stat st;
    size_t      n;
    TRY(env_slurp(cx, path, FILE_MAX_BYTES, &old, &n));
    if (strstr(old, text) != NULL) return OK;
    const char *all = before ? arena_printf(cx->arena, "%s%s", text, old)
                             : arena_printf(cx->arena, "%s%s%s", old, n == 0 || old[n - 1] == '\n' ? "" : "\n", text);
    if (stat(path, &st) != 0) return ctx_fail(cx, ERR_INVALID, "%s: is gone", path);
    const int  fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    const bool good = fd >= 0 && fchmod(fd, st.st_mode & 0777) == 0
                      && write(fd, all, strlen(all)) == (ssize_t)strlen(all) && fsync(fd) == 0;
    if (fd < 0 || close(fd) != 0 || !good || rename(beside, path) != 0)
        return ctx_fail(cx, ERR_INVALID, "%s: cannot be written", path);
    *done = true;
    return OK;
}

/* Who may be whom: the services their three roles, none of which sees two tenants; root, postgres and whoever runs this
 * the superuser. https://www.postgresql.org/docs/15/auth-username-maps.html */
static enum err admit(struct setup *s, const struct sql_server_files *f, const char *operator, bool * done)
{
    struct ctx              *cx = &s->c->cx;
    struct sql_server_reload reloaded;
    const bool               extra = strcmp(operator, "root") != 0 && strcmp(operator, "postgres") != 0;
    const char              *map =
        arena_printf(cx->arena,
                     "switchhook root %s\nswitchhook postgres %s\nswitchhook switchhook switchhook_ingest\n"
                     "switchhook switchhook switchhook_app\nswitchhook switchhook switchhook_sweep\n",
                     f->me, f->me);
    TRY(lines(cx, f->ident, map, false, done));
    if (extra) TRY(lines(cx, f->ident, arena_printf(cx->arena, "switchhook %s %s\n", operator, f->me), false, done));
    TRY(lines(cx, f->hba, arena_printf(cx->arena, "local %s all peer map=switchhook\n", f->name), true, done));
    return *done ? sql_server_reload(cx, &reloaded) : OK;
}

enum err setup_logins(struct setup *s)
{
    struct cli             *c = s->c;
    struct ctx             *cx = &c->cx;
    const struct passwd    *me = getpwuid(getuid());
    struct sql_server_files f;
    bool                    done = false;
    if (cx->db == NULL) command_connect(c);
    if (!migrate_local(cx, c->cfg.database_url)) {
        setup_note(s, "logins", "by hand",
                   "the server is elsewhere: its three roles need passwords, see switchhook.env(5)");
        return OK;
    }
    setup_as_postgres(true);
    enum err e = sql_server_files(cx, &f);
    if (e == OK) e = admit(s, &f, me == NULL ? "root" : me->pw_name, &done);
    setup_as_postgres(false);
    if (e != OK) {
        setup_note(s, "logins", "by hand", arena_printf(cx->arena, "%s: see README, Operating", cx->err.msg));
        ctx_forgive(cx);
        return OK;
    }
    setup_note(s, "logins", done ? "done" : "as it was", "peer, by pg_hba.conf and pg_ident.conf");
    return OK;
}

static enum err sealed(struct cli *c, struct sql_twilio_set_in *in)
{
    const struct config *g = &c->cfg;
    struct seal_data     key;
    TRY(tenant_key(&c->cx, &key));
    TRY(twilio_seal(&c->cx, &key, "auth_token", g->twilio_auth_token, &in->auth_token));
    return twilio_seal(&c->cx, &key, "api_key_secret", g->twilio_api_key_secret, &in->api_key_secret);
}

/* A tenant that is there and has no account at Twilio yet. */
static enum err equip(struct setup *s)
{
    struct cli              *c = s->c;
    const struct config     *g = &c->cfg;
    struct seal_keys        *keys = NULL;
    struct phone             p;
    const char              *id, *number = g->twilio_phone_number;
    struct sql_twilio_set    done;
    struct sql_twilio_set_in in = { .account_sid = g->twilio_account_sid,
                                    .api_key_sid = g->twilio_api_key_sid,
                                    .twiml_app_sid = g->twilio_twiml_app_sid,
                                    .region = g->twilio_region,
                                    .edge = g->twilio_edge,
                                    .api_base_url = g->twilio_api_set,
                                    .actor = command_actor(c),
                                    .origin = "" };
    TRY(seal_keys_read(&c->cx, g->key_file, &keys));
    c->cx.keys = keys;
    const enum err e = sealed(c, &in);
    c->cx.keys = NULL;
    seal_forget(keys);
    if (e != OK) return e;
    TRY(sql_twilio_set(&c->cx, &in, &done));
    setup_note(s, "tenant", "done", arena_printf(c->cx.arena, "%s has its account", c->tenant_name));
    if (number == NULL || !phone_parse(number, strlen(number), NULL, &p)) return OK;
    if (cmd_number(c, s->tenant, arena_strdup(c->cx.arena, p.e164), g->forward_phone_number, &id) == ERR_CONFLICT)
        ctx_forgive(&c->cx); /* it has that number already */
    return c->cx.err.code;
}

enum err setup_tenant(struct setup *s)
{
    struct cli              *c = s->c;
    struct tenant_made       made;
    const struct tenant_wish wish = { .name = s->company, .account = true };
    if (s->tenant != NULL && !s->account) return equip(s);
    if (s->tenant != NULL) {
        setup_note(s, "tenant", "as it was", c->tenant_name);
        return OK;
    }
    setup_as_postgres(false); /* the key file is the service's */
    TRY(command_tenant_make(c, &wish, &made));
    s->tenant = c->cx.tenant = made.id;
    c->tenant_name = s->company;
    setup_note(s, "tenant", "done",
               made.number == NULL ? s->company : arena_printf(c->cx.arena, "%s, %s", s->company, made.number));
    return OK;
}

/* Four made-up words that can be said and typed: 64 random bits. */
static const char *four_words(struct arena *a)
{
    static const char consonants[] = "bdfghjklmnprstvz", vowels[] = "aeio";
    char              text[4 * 6], *to = text;
    unsigned char     bits[8];
    id_bytes(bits, sizeof bits);
    for (size_t i = 0; i < 4; i++) {
        const unsigned w = bits[2 * i] * 256U + bits[2 * i + 1];
        *to++ = consonants[w & 15];
        *to++ = vowels[w >> 4 & 3];
        *to++ = consonants[w >> 6 & 15];
        *to++ = vowels[w >> 10 & 3];
        *to++ = consonants[w >> 12 & 15];
        *to++ = i < 3 ? '-' : '\0';
    }
    explicit_bzero(bits, sizeof bits);
    return arena_strdup(a, text);
}

/* By mail where mail goes out, else with a password that is shown once: there is no default one. */
enum err setup_admin(struct setup *s)
{
    struct cli                    *c = s->c;
    struct sql_user_invite         made;
    char                          *id = arena_alloc(c->cx.arena, CTX_ID);
    const struct sql_mail_queue_in mail = { id, "invite" };
    struct sql_user_invite_in      in = {
             .id = id, .email = s->email, .role = "admin", .actor = command_actor(c), .origin = ""
    };
    struct sql_password_store    stored;
    struct sql_password_store_in word = { .user_id = id, .actor = in.actor, .origin = "" };
    const bool                   mails = c->cfg.smtp_url != NULL;
    if (*s->email == '\0') {
        setup_note(s, "admin", "as it was", NULL);
        return OK;
    }
    if (!mails) s->password = four_words(c->cx.arena);
    if (!mails) TRY(passwd_hash(&c->cx, s->password, &word.password_hash));
    id_uuid7(id);
    const struct db_call calls[] = { { &sql_user_invite_stmt, &in, 1, &made },
                                     mails ? (struct db_call){ &sql_mail_queue_stmt, &mail, 1, NULL }
                                           : (struct db_call){ &sql_password_store_stmt, &word, 1, &stored } };
    TRY(db_all(&c->cx, calls, 2));
    setup_note(s, "admin", "done", mails ? arena_printf(c->cx.arena, "%s is invited by mail", s->email) : s->email);
    return OK;
}
