/* The way of a fetched recording to where it stays. */
#include "config.h"
#include "store_box.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Encrypts the file at `from` under a name beside where it shall lie. */
static enum err encrypt_to(struct ctx *cx, struct store_place *p, const char *from, const char *to)
{
    unsigned char key[VAULT_KEY];
    FILE         *in = fopen(from, "rbe"), *out = NULL;
    int           fd = open(to, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd >= 0) out = fdopen(fd, "w+b");
    if (in == NULL || out == NULL) (void)store_disk(cx, "open", in == NULL ? from : to);
    else if (store_key_make(cx, p, key) == OK && vault_lock(cx, in, out, key) == OK && fsync(fd) != 0)
        (void)store_disk(cx, "write", to);
    explicit_bzero(key, sizeof key);
    if (in != NULL) (void)fclose(in);
    if (out != NULL) (void)fclose(out);
    return cx->err.code;
}

static enum err upload(struct ctx *cx, const struct store_place *p, const char *from)
{
    struct s3 s3;
    TRY(store_bucket(cx, p, &s3));
    FILE *f = fopen(from, "rbe");
    if (f == NULL) return store_disk(cx, "open", from);
    enum err e = s3_put(cx, &s3, p->path, f);
    (void)fclose(f);
    return e;
}

/* From its temporary name below `folder` to where it stays. */
static enum err settle(struct ctx *cx, const struct store_place *p, const char *folder, const struct recording_file *f)
{
    if (store_on(p, "twilio")) return OK;
    if (store_on(p, "s3")) return upload(cx, p, arena_printf(cx->arena, "%s/%s", folder, f->temp));
    return recording_keep(cx, folder, f);
}

enum err store_put(struct ctx *cx, struct store_place *p, const char *folder, bool encrypt,
                   const struct recording_file *file)
{
    struct recording_file f = *file;
    const char           *at = folder;
    p->path = file->path;
    p->sealed_key = NULL;
    if (encrypt && !store_on(p, "twilio")) {
        at = store_on(p, "disk") ? cx->cfg->recordings_dir : folder;
        f.temp = arena_printf(cx->arena, "%s.enc", file->temp);
        f.path = p->path = arena_printf(cx->arena, "%s.enc", file->path);
        const char *parent = arena_printf(cx->arena, "%s/%s", at, p->tenant);
        if (mkdir(parent, 0750) != 0 && errno != EEXIST) (void)store_disk(cx, "make", parent);
        else
            (void)encrypt_to(cx, p, arena_printf(cx->arena, "%s/%s", folder, file->temp),
                             arena_printf(cx->arena, "%s/%s", at, f.temp));
    }
    if (cx->err.code == OK) (void)settle(cx, p, at, &f);
    recording_drop(cx, folder, file->temp);
    recording_drop(cx, at, f.temp);
    return cx->err.code;
}
