/* switchhook export: everything about one person as a directory. */
#include "command.h"
#include "folder.h"

#include "check.h"
#include "clock.h"
#include "digest.h"
#include "http.h"
#include "phone.h"
#include "sql.h"
#include "store.h"
#include "subject.h"
#include "veil.h"

#include <string.h>

enum { PIECE = 64 * 1024, PAGE_MS = 60 * 1000, AUDIO_MS = 3600 * 1000 };

/* A directory under way. */
struct way {
    struct cli   *c;
    struct folder folder;
    FILE         *doc;
    size_t        files, gaps;
};

static bool put(void *arg, const char *bytes, size_t n)
{
    const struct way *w = arg;
    return fwrite(bytes, 1, n, w->doc) == n;
}

static void page(void *arg, struct ctx *cx)
{
    (void)arg;
    cx->deadline_ms = clock_ms() + PAGE_MS;
}

/* Copies what is left of a file. */
static enum err copy(struct ctx *cx, FILE *from, FILE *to)
{
    char *piece = arena_alloc(cx->arena, PIECE);
    for (size_t n; (n = fread(piece, 1, PIECE, from)) > 0;)
        if (fwrite(piece, 1, n, to) != n) return ctx_fail(cx, ERR_INTERNAL, "the audio cannot be written");
    return ferror(from) == 0 ? OK : ctx_fail(cx, ERR_INTERNAL, "the audio cannot be read");
}

/* The audio as it lies there, opened for reading; the audit says who has it. */
static enum err fetch(struct ctx *cx, struct cli *c, const char *id, FILE **out)
{
    struct sql_recording_play          r = { .sid = NULL };
    const struct sql_recording_play_in in = {
        .id = id, .action = "recording.download", .actor = command_actor(c), .detail = "{\"by\":\"subject.export\"}"
    };
    TRY(sql_recording_play(cx, &in, &r));
    if (r.sid == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "it has just been deleted");
    const struct store_place at = {
        .tenant = cx->tenant, .id = r.id, .sid = r.sid, .storage = r.storage, .path = r.path, .sealed_key = r.sealed_key
    };
    cx->deadline_ms = clock_ms() + AUDIO_MS;
    return store_open(cx, &at, out);
}

/* Is it what was recorded? By the digest that was noted when it came from Twilio. Reads it to its end. */
static enum err same(struct ctx *cx, FILE *from, struct db_bytes sha256)
{
    unsigned char  sum[DIGEST_SHA256];
    char          *piece = arena_alloc(cx->arena, PIECE);
    struct digest *d = digest_begin();
    for (size_t n; (n = fread(piece, 1, PIECE, from)) > 0;) digest_add(d, piece, n);
    digest_end(d, sum);
    if (ferror(from) != 0) return ctx_fail(cx, ERR_INTERNAL, "the audio cannot be read");
    if (sha256.n == sizeof sum && memcmp(sum, sha256.at, sizeof sum) == 0) return OK;
    return ctx_fail(cx, ERR_INVALID, "it is not what was recorded: its digest is another");
}

static enum err keep(struct way *w, struct ctx *cx, FILE *from, const char *name, struct db_bytes sha256)
{
    FILE *to;
    TRY(same(cx, from, sha256));
    TRY(folder_file(cx, &w->folder, name, &to));
    rewind(from);
    if (copy(cx, from, to) == OK) return folder_keep(cx, &w->folder, name, to);
    (void)fclose(to);
    return cx->err.code;
}

/* Audio that is gone or altered for good is a gap, where gaps are allowed. */
static enum err gap(struct way *w, struct ctx *cx, const char *id, const char **json)
{
    const enum err e = cx->err.code;
    const char    *why = arena_strdup(cx->arena, cx->err.msg);
    ctx_forgive(cx);
    if ((e != ERR_NOT_FOUND && e != ERR_INVALID) || command_option(w->c, "gaps") == NULL) {
        if (e == ERR_NOT_FOUND || e == ERR_INVALID) cx->err.cure = "--gaps writes the rest, and says what is missing.";
        return ctx_fail(cx, e == ERR_NOT_FOUND ? ERR_CONFLICT : e, "recording %s: %.180s", id, why);
    }
    (void)fprintf(stderr, "switchhook: recording %s: %s\n", id, why);
    w->gaps++;
    *json = arena_printf(cx->arena, "{\"file\":null,\"missing\":\"%s\"}", e == ERR_INVALID ? "altered" : "gone");
    return OK;
}

static enum err audio(void *arg, struct ctx *cx, const char *id, struct db_bytes sha256, const char **json)
{
    struct way *w = arg;
    const char *name = arena_printf(cx->arena, "audio/%s.wav", id);
    FILE       *from = NULL;
    if (fetch(cx, w->c, id, &from) == OK) (void)keep(w, cx, from, name, sha256); /* recorded in cx */
    if (from != NULL) (void)fclose(from);
    if (cx->err.code != OK) return gap(w, cx, id, json);
    w->files++;
    *json = arena_printf(cx->arena, "{\"file\":\"%s\",\"sha256\":\"%s\"}", name,
                         digest_hex(cx->arena, sha256.at, sha256.n));
    return OK;
}

static enum err readme(struct way *w, struct ctx *cx, const struct subject_found *s)
{
    FILE *f;
    TRY(folder_file(cx, &w->folder, "README", &f));
    (void)fprintf(
        f,
        "This is everything that is kept about one person or telephone number: who asked for what, when calls\n"
        "were made, what was said in them and who has looked at it since.\n\n"
        "  subject.json  all of it, as JSON; its member \"schema\" is \"%s\"\n"
        "  audio/        %zu recordings, WAV, named by the \"id\" of \"recordings\" in subject.json\n"
        "  MANIFEST      the SHA-256 of each file; check with: sha256sum -c MANIFEST\n\n"
        "%.*s\n\n"
        "Each list of subject.json is named for what it holds; times are of the zone that stands behind them,\n"
        "money is text. \"events\" are what Twilio said, as it came; \"mentions\" are calls of others in which\n"
        "this number was rung as well, and hold nothing of what was said there; \"accesses\" are who changed,\n"
        "heard or was given something. Not in here: what has come in the last minutes and belongs to no call\n"
        "yet, copies of answers that vanish after a day, and backups.\n%s",
        SUBJECT_SCHEMA, w->files, (int)strlen(s->doc), s->doc,
        w->gaps > 0 ? "\nAudio is missing: such recordings say \"missing\" in subject.json.\n" : "");
    return folder_keep(cx, &w->folder, "README", f);
}

static enum err fill(struct way *w, struct ctx *cx, const struct subject_found *s)
{
    TRY(folder_file(cx, &w->folder, "subject.json", &w->doc));
    if (subject_write(cx, s, &(const struct subject_sink){ w, put, page, audio }) != OK) {
        (void)fclose(w->doc);
        return cx->err.code;
    }
    TRY(folder_keep(cx, &w->folder, "subject.json", w->doc));
    TRY(readme(w, cx, s));
    return folder_done(cx, &w->folder);
}

/* Whom the word names: a contact by its id, or a number. */
static enum err wish(struct cli *c, struct subject_wish *out)
{
    const char  *word = c->word == NULL ? "" : c->word;
    struct phone p;
    *out = (struct subject_wish){ .way = "directory", .actor = command_actor(c) };
    if (check_uuid(word)) out->contact = word;
    else if (phone_parse(word, strlen(word), NULL, &p)) out->number = arena_strdup(c->cx.arena, p.e164);
    else return ctx_fail(&c->cx, ERR_INVALID, "expected +<country><number>, or the id of a contact");
    return OK;
}

/* With the keys and the network at hand. */
static enum err export(struct cli *c, const struct subject_wish *who) {
    struct ctx *cx = &c->cx; struct subject_found s; struct way w = { .c = c }; TRY(veil_load(cx));
    TRY(folder_open(cx, command_option(c, "to"), &w.folder));
    if (subject_find(cx, who, &s) == OK)(void) fill(&w, cx, &s); /* recorded in cx */
    folder_close(&w.folder);
    TRY(cx->err.code);
    (void)printf("%s: %zu recordings%s\n", command_option(c, "to"), w.files, w.gaps > 0 ? ", some are missing" : "");
    return OK;
}

enum err cmd_export_subject(struct cli *c)
{
    struct ctx         *cx = &c->cx;
    struct seal_keys   *keys = NULL;
    struct subject_wish who;
    TRY(wish(c, &who));
    TRY(cmd_tenant(c, &cx->tenant));
    if (seal_keys_read(cx, c->cfg.key_file, &keys) != OK) ctx_forgive(cx); /* nothing may be sealed */
    cx->keys = keys;
    cx->http = http_open();
    const enum err e = export(c, &who);
    http_close(cx->http);
    cx->http = NULL;
    cx->keys = NULL;
    seal_forget(keys);
    return e;
}
