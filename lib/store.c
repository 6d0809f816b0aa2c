/* Where the audio of recordings lies, and how it is read. */
#include "store_box.h"

#include "config.h"
#include "digest.h"
#include "id.h"
#include "tenant_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool store_on(const struct store_place *p, const char *storage)
{
    return strcmp(p->storage, storage) == 0;
}

enum err store_disk(struct ctx *cx, const char *what, const char *path)
{
    return ctx_fail(cx, ERR_INTERNAL, "cannot %s %s: %s", what, path, strerror(errno));
}

static enum err play_dir(struct ctx *cx, const char **out)
{
    *out = cx->cfg->play_dir;
    return mkdir(*out, 0750) == 0 || errno == EEXIST ? OK : store_disk(cx, "make", *out);
}

enum err store_folder(struct ctx *cx, bool encrypt, const char **out)
{
    if (encrypt) return play_dir(cx, out);
    *out = cx->cfg->recordings_dir;
    return OK;
}

/* A file without a name, in memory where PLAY_DIR is: nothing stays of it. */
static enum err scratch(struct ctx *cx, FILE **out)
{
    const char *dir;
    TRY(play_dir(cx, &dir));
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) return store_disk(cx, "make a file in", dir);
    *out = fdopen(fd, "w+b");
    if (*out == NULL) abort(); /* no memory */
    return OK;
}

enum err store_bucket(struct ctx *cx, const struct store_place *p, struct s3 *out)
{
    TRY(s3_load(cx, out));
    out->goes_on = p->goes_on;
    out->goes_on_arg = p->goes_on_arg;
    return OK;
}

static const char *place_of(struct ctx *cx, const struct store_place *p)
{
    return arena_printf(cx->arena, "recordings.sealed_key:%s", p->id);
}

enum err store_key_make(struct ctx *cx, struct store_place *p, unsigned char key[VAULT_KEY])
{
    struct seal_data tenant;
    TRY(tenant_key(cx, &tenant));
    id_bytes(key, VAULT_KEY);
    return seal_data_text(cx, cx->keys, &tenant, place_of(cx, p), digest_hex(cx->arena, key, VAULT_KEY),
                          &p->sealed_key);
}

enum err store_key_open(struct ctx *cx, const struct store_place *p, unsigned char key[VAULT_KEY])
{
    struct seal_data tenant;
    const char      *hex;
    TRY(tenant_key(cx, &tenant));
    TRY(seal_data_open(cx, cx->keys, &tenant, place_of(cx, p), p->sealed_key, &hex));
    return digest_unhex(hex, key, VAULT_KEY) ? OK : ctx_fail(cx, ERR_INVALID, "recordings.sealed_key: not a key");
}

static enum err from_twilio(struct ctx *cx, const struct store_place *p, FILE **out)
{
    struct twilio           account;
    struct recording_file   file;
    struct recording_source source = { .account = &account,
                                       .sid = p->sid,
                                       .tenant = p->tenant,
                                       .token = getpid(),
                                       .seconds = -1,
                                       .goes_on = p->goes_on,
                                       .goes_on_arg = p->goes_on_arg };
    TRY(play_dir(cx, &source.dir));
    TRY(twilio_load(cx, &account));
    TRY(recording_fetch(cx, &source, &file));
    const char *path = arena_printf(cx->arena, "%s/%s", source.dir, file.temp);
    *out = fopen(path, "rbe");
    if (*out == NULL) (void)store_disk(cx, "open", path);
    recording_drop(cx, source.dir, file.temp);
    return cx->err.code;
}

/* The bytes as they lie there, encrypted ones included. */
static enum err raw(struct ctx *cx, const struct store_place *p, FILE **out)
{
    struct s3 s3;
    if (store_on(p, "twilio")) return from_twilio(cx, p, out);
    if (store_on(p, "s3")) {
        TRY(store_bucket(cx, p, &s3));
        TRY(scratch(cx, out));
        if (s3_get(cx, &s3, p->path, *out) != OK) (void)fclose(*out);
        return cx->err.code;
    }
    const char *path = arena_printf(cx->arena, "%s/%s", cx->cfg->recordings_dir, p->path);
    *out = fopen(path, "rbe");
    if (*out == NULL && errno == ENOENT) return ctx_fail(cx, ERR_NOT_FOUND, "the recording's file is not there");
    return *out != NULL ? OK : store_disk(cx, "open", path);
}

static enum err decrypt(struct ctx *cx, const struct store_place *p, FILE *from, FILE *to)
{
    unsigned char key[VAULT_KEY];
    TRY(store_key_open(cx, p, key));
    enum err e = vault_unlock(cx, from, to, key);
    explicit_bzero(key, sizeof key);
    return e;
}

enum err store_open(struct ctx *cx, const struct store_place *p, FILE **out)
{
    FILE *cipher, *plain = NULL;
    if (p->sealed_key == NULL) return raw(cx, p, out);
    TRY(raw(cx, p, &cipher));
    if (scratch(cx, &plain) == OK) (void)decrypt(cx, p, cipher, plain); /* recorded in cx */
    (void)fclose(cipher);
    if (cx->err.code == OK) {
        rewind(plain);
        *out = plain;
    } else if (plain != NULL) {
        (void)fclose(plain);
    }
    return cx->err.code;
}

enum err store_copy(struct ctx *cx, const struct store_place *p)
{
    const char *dir;
    FILE       *from, *to = NULL;
    TRY(play_dir(cx, &dir));
    const char *name = arena_printf(cx->arena, "%s/%s.wav", dir, p->id);
    const char *temp = arena_printf(cx->arena, "%s/.%s.%s.tmp", dir, p->id, id_random(cx->arena, 12));
    if (utimensat(AT_FDCWD, name, NULL, AT_SYMLINK_NOFOLLOW) == 0) return OK; /* one is there; it stays longer */
    TRY(raw(cx, p, &from));
    int fd = open(temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd >= 0) to = fdopen(fd, "w+b");
    if (to == NULL) (void)store_disk(cx, "make", temp);
    else if (decrypt(cx, p, from, to) == OK && rename(temp, name) != 0) (void)store_disk(cx, "rename", temp);
    (void)fclose(from);
    if (to != NULL) (void)fclose(to);
    if (cx->err.code != OK) (void)unlink(temp);
    return cx->err.code;
}
