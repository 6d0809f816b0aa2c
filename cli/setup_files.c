/* Steps of setup that write files: folders, settings, the key file, the nginx site. */
#include "setup.h"

#include "buf.h"
#include "check.h"
#include "db.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_MAX = 64 * 1024, FOLDER = 0750, SETTINGS = 0640, KEYS = 0600, SITE = 0644 };

static enum err broken(struct setup *s, const char *path)
{
    return ctx_fail(&s->c->cx, ERR_INVALID, "%s: %s", path, strerror(errno));
}

/* Only root gives away; a trial keeps what it makes. root_owned: only the group is the service's. */
static enum err give(struct setup *s, const char *path, bool root_owned)
{
    const struct passwd *who = getpwnam("switchhook");
    if (getuid() != 0 || *s->root != '\0') return OK;
    if (who == NULL) {
        s->c->cx.err.cure = "adduser --system --group --home /var/lib/switchhook switchhook";
        return ctx_fail(&s->c->cx, ERR_NOT_CONFIGURED, "there is no user switchhook to run the services");
    }
    return lchown(path, root_owned ? 0 : who->pw_uid, who->pw_gid) == 0 ? OK : broken(s, path);
}

/* With all folders above it. made: it was not there. */
static enum err folder(struct setup *s, const char *path, mode_t mode, bool *made)
{
    struct stat st;
    char       *slash = strrchr(path, '/');
    if (stat(path, &st) == 0) return OK;
    if (slash != path && slash != NULL)
        TRY(folder(s, arena_copy(s->c->cx.arena, path, (size_t)(slash - path)), 0755, made));
    *made = true;
    return mkdir(path, mode) == 0 ? OK : broken(s, path);
}

/* Whole or not at all: a file beside it takes its place. */
static enum err put(struct setup *s, const char *path, const char *text, mode_t mode, bool root_owned)
{
    const char  *beside = arena_printf(s->c->cx.arena, "%s.new", path);
    const size_t n = strlen(text);
    const int    fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0) return broken(s, beside);
    const bool good = fchmod(fd, mode) == 0 && write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
    if (close(fd) != 0 || !good) return broken(s, beside);
    TRY(give(s, beside, root_owned));
    return rename(beside, path) == 0 ? OK : broken(s, path);
}

enum err setup_folders(struct setup *s)
{
    const struct config *g = &s->c->cfg;
    struct arena        *a = s->c->cx.arena;
    const char *const    paths[] = { g->state_dir, g->recordings_dir, arena_printf(a, "%s/spool", g->state_dir),
                                     arena_printf(a, "%s/fallback", g->state_dir) };
    bool                 any = false;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        bool made = false;
        TRY(folder(s, paths[i], FOLDER, &made));
        if (made) TRY(give(s, paths[i], false));
        any = any || made;
    }
    setup_note(s, "folders", any ? "done" : "as it was", g->state_dir);
    return OK;
}

/* A value as systemd and our own reader take it back: quoted wherever it is more than a plain word. */
static void assign(struct buf *b, const char *name, const char *value)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@+,=-";
    if (strspn(value, plain) == strlen(value)) {
        buf_printf(b, "%s=%s\n", name, value);
        return;
    }
    buf_printf(b, "%s=\"", name);
    for (const char *c = value; *c != '\0'; c++) {
        if (strchr("\"\\`$", *c) != NULL) buf_str(b, "\\");
        buf_add(b, c, 1);
    }
    buf_str(b, "\"\n");
}

/* Lines of the file that is there, without those that name one of the settings that change. */
static void keep(struct buf *b, const char *old, const struct env_pair *changed, size_t n)
{
    for (const char *line = old; *line != '\0';) {
        const size_t len = strcspn(line, "\n"), name = strcspn(line, "= \n");
        bool         drop = false;
        for (size_t i = 0; i < n; i++)
            drop = drop || (strlen(changed[i].name) == name && strncmp(line, changed[i].name, name) == 0);
        if (!drop) buf_add(b, line, len);
        if (!drop) buf_str(b, "\n");
        line += len + (line[len] == '\n');
    }
}

/* The settings that are answered and are not yet in the file. Secrets of Twilio are none of them: they are sealed in
 * the database. */
static size_t wanted(struct setup *s, const struct env *now, struct env_pair *out)
{
    const struct config  *g = &s->c->cfg;
    const bool            moved = *s->root != '\0';
    const struct env_pair all[] = {
        { "PUBLIC_URL", g->public_url },
        { "DATABASE_URL", g->database_url },
        { "STATE_DIR", moved || env_get(&s->answers, "STATE_DIR") != NULL ? g->state_dir : NULL },
        { "RECORDINGS_DIR", moved || env_get(&s->answers, "RECORDINGS_DIR") != NULL ? g->recordings_dir : NULL },
        { "KEY_FILE", moved || env_get(&s->answers, "KEY_FILE") != NULL ? g->key_file : NULL },
        { "OPENAI_API_KEY", g->openai_api_key },
        { "OPENAI_BASE_URL", env_get(&s->answers, "OPENAI_BASE_URL") },
        { "SMTP_URL", g->smtp_url },
        { "MAIL_FROM", g->mail_from },
        { "TWILIO_REGION", g->twilio_region },
        { "TWILIO_EDGE", g->twilio_edge },
        { "TWILIO_API_BASE_URL", g->twilio_api_set },
    };
    size_t n = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *is = env_get(now, all[i].name);
        if (all[i].value != NULL && (is == NULL || strcmp(is, all[i].value) != 0)) out[n++] = all[i];
    }
    return n;
}

enum err setup_settings(struct setup *s)
{
    enum { PAIRS = 12 };
    struct ctx     *cx = &s->c->cx;
    struct buf      b = buf_new(cx->arena, TEXT_MAX);
    struct env      now = { 0 };
    struct env_pair changed[PAIRS];
    const char     *old = "# Settings of Switchhook: see switchhook.env(5).\n";
    size_t          len;
    bool            made = false;
    if (access(s->env_path, F_OK) == 0) {
        TRY(env_read(cx, s->env_path, &now));
        TRY(env_slurp(cx, s->env_path, TEXT_MAX, &old, &len));
    }
    const size_t n = wanted(s, &now, changed);
    if (n > 0) {
        keep(&b, old, changed, n);
        for (size_t i = 0; i < n; i++) assign(&b, changed[i].name, changed[i].value);
        const char *slash = strrchr(s->env_path, '/');
        if (slash != NULL && slash != s->env_path)
            TRY(folder(s, arena_copy(cx->arena, s->env_path, (size_t)(slash - s->env_path)), 0755, &made));
        TRY(put(s, s->env_path, b.at, SETTINGS, true));
    }
    setup_note(s, "settings", n > 0 ? "done" : "as it was", s->env_path);
    return OK;
}

/* A master key that another set-up had in its settings moves into the file. */
enum err setup_keys(struct setup *s)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    struct cli       *c = s->c;
    const char *path = c->cfg.key_file, *slash = strrchr(path, '/'), *given = env_get(&s->answers, "ENCRYPTION_KEY");
    bool        made = false;
    if (access(path, F_OK) == 0) {
        setup_note(s, "keys", "as it was", path);
        return OK;
    }
    if (slash != NULL && slash != path)
        TRY(folder(s, arena_copy(c->cx.arena, path, (size_t)(slash - path)), 0755, &made));
    if (given != NULL && strlen(given) == 64 && strspn(given, digits) == 64)
        TRY(put(s, path, arena_printf(c->cx.arena, "k1 %s\n", given), KEYS, false));
    else TRY(seal_keys_create(&c->cx, path));
    TRY(give(s, path, false));
    setup_note(s, "keys", "done", arena_printf(c->cx.arena, "%s: keep a copy, without it no secret opens", path));
    return OK;
}

/* The site with this host for the example's. */
static const char *site_of(struct setup *s, const char *text, const char *host)
{
    static const char example[] = "crm.example";
    struct buf        b = buf_new(s->c->cx.arena, TEXT_MAX);
    for (const char *at; (at = strstr(text, example)) != NULL; text = at + sizeof example - 1) {
        buf_add(&b, text, (size_t)(at - text));
        buf_str(&b, host);
    }
    buf_str(&b, text);
    return b.at;
}

static enum err linked(struct setup *s, const char *to, const char *from, bool *made)
{
    if (symlink(to, from) == 0) *made = true;
    else if (errno != EEXIST) return broken(s, from);
    return OK;
}

/* A site that is there is the operator's: it is never written again. */
enum err setup_site(struct setup *s)
{
    struct ctx *cx = &s->c->cx;
    const char *nginx = arena_printf(cx->arena, "%s/etc/nginx", s->root), *text;
    const char *site = arena_printf(cx->arena, "%s/sites-available/switchhook", nginx);
    const char *from = arena_printf(cx->arena, "%s/nginx", s->share);
    const char *host = strstr(s->c->cfg.public_url, "://") + 3;
    const char *folders[] = { "sites-available", "sites-enabled", "snippets" };
    bool        made = false, wrote = false;
    size_t      n;
    if (*s->root == '\0' && access(nginx, F_OK) != 0) {
        setup_note(s, "nginx", "by hand", "nginx is not installed here");
        return OK;
    }
    TRY(env_slurp(cx, arena_printf(cx->arena, "%s/switchhook.conf", from), TEXT_MAX, &text, &n));
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        TRY(folder(s, arena_printf(cx->arena, "%s/%s", nginx, folders[i]), 0755, &made));
    if (access(site, F_OK) != 0) {
        TRY(put(s, site, site_of(s, text, arena_copy(cx->arena, host, strcspn(host, ":/"))), SITE, true));
        wrote = true;
    }
    TRY(linked(s, from, arena_printf(cx->arena, "%s/snippets/switchhook", nginx), &wrote));
    TRY(linked(s, "../sites-available/switchhook", arena_printf(cx->arena, "%s/sites-enabled/switchhook", nginx),
               &wrote));
    setup_note(s, "nginx", wrote ? "done" : "as it was", site);
    return OK;
}
