/* Removing the audio of recordings: all of one, and copies in the clear that nobody listens to any more. */
#include "store.h"

#include "clock.h"
#include "config.h"
#include "s3.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err drop_file(struct ctx *cx, const char *path)
{
    if (unlink(path) == 0 || errno == ENOENT) return OK;
    return ctx_fail(cx, ERR_INTERNAL, "cannot delete %s: %s", path, strerror(errno));
}

/* So that what was deleted does not come back after a crash. */
static enum err sync_folder(struct ctx *cx, const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return OK;
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) (void)close(fd);
    return synced ? OK : ctx_fail(cx, ERR_INTERNAL, "cannot sync %s: %s", path, strerror(errno));
}

enum err store_drop(struct ctx *cx, const struct store_place *p)
{
    static const char *const ends[] = { ".wav", ".wav.enc" };
    struct s3                s3;
    const char              *folder = arena_printf(cx->arena, "%s/%s", cx->cfg->recordings_dir, p->tenant);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        TRY(drop_file(cx, arena_printf(cx->arena, "%s/%s%s", folder, p->sid, ends[i])));
        if (strcmp(p->storage, "s3") != 0) continue;
        TRY(s3_load(cx, &s3));
        TRY(s3_delete(cx, &s3, arena_printf(cx->arena, "%s/%s%s", p->tenant, p->sid, ends[i])));
    }
    TRY(sync_folder(cx, folder));
    return drop_file(cx, arena_printf(cx->arena, "%s/%s.wav", cx->cfg->play_dir, p->id));
}

void store_drop_rest(struct ctx *cx, const struct store_place *p)
{
    const char *const plain = arena_printf(cx->arena, "%s/%s.wav", p->tenant, p->sid);
    const char *const keys[] = { plain, arena_printf(cx->arena, "%s.enc", plain) };
    const bool        here = strcmp(p->storage, "disk") == 0, there = strcmp(p->storage, "s3") == 0;
    struct s3         s3;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const bool kept = strcmp(p->path, keys[i]) == 0;
        if (!here || !kept) (void)drop_file(cx, arena_printf(cx->arena, "%s/%s", cx->cfg->recordings_dir, keys[i]));
        const bool ask = cx->cfg->s3_endpoint != NULL && !(there && kept) && s3_load(cx, &s3) == OK;
        if (ask && s3_delete(cx, &s3, keys[i]) != OK) break;
    }
    ctx_forgive(cx); /* a bucket that is away does not hold up what is whole */
}

/* What the folder holds that was not touched since before_s; a folder in it is a tenant's. */
static int64_t tidy(struct ctx *cx, const char *dir, int64_t before_s, int depth)
{
    DIR    *d = opendir(dir);
    int64_t n = 0;
    if (d == NULL) return 0; /* nobody has listened yet */
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        struct stat st;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if (S_ISDIR(st.st_mode) && depth > 0)
            n += tidy(cx, arena_printf(cx->arena, "%s/%s", dir, e->d_name), before_s, depth - 1);
        if (S_ISDIR(st.st_mode) || st.st_mtime >= before_s) continue;
        n += unlinkat(dirfd(d), e->d_name, 0) == 0;
    }
    (void)closedir(d);
    return n;
}

int64_t store_tidy(struct ctx *cx, int64_t max_age_s)
{
    return tidy(cx, cx->cfg->play_dir, clock_unix_ms() / 1000 - max_age_s, 1);
}
