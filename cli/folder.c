/* A directory that is there whole or not at all. */
#include "folder.h"

#include "digest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 64 * 1024, DEPTH = 1 };

static enum err disk(struct ctx *cx, const char *what, const char *path)
{
    return ctx_fail(cx, ERR_INTERNAL, "cannot %s %.150s: %s", what, path, strerror(errno));
}

/* Removes what a directory holds; names only, no link is followed. */
static void empty(int at, int depth)
{
    DIR *d = fdopendir(at);
    if (d == NULL) {
        (void)close(at);
        return;
    }
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        int below = depth == 0 ? -1 : openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (below >= 0) empty(below, depth - 1);
        (void)unlinkat(dirfd(d), e->d_name, below >= 0 ? AT_REMOVEDIR : 0);
    }
    (void)closedir(d);
}

static void wipe(const char *path)
{
    int at = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (at >= 0) empty(at, DEPTH);
}

static enum err sync_dir(struct ctx *cx, const char *path)
{
    int  fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) (void)close(fd);
    return synced ? OK : disk(cx, "sync", path);
}

/* Where it is made: the same name for the same place, so that the next one finds what a killed one left. */
static enum err names(struct ctx *cx, const char *to, struct folder *f)
{
    size_t n = strlen(to);
    while (n > 1 && to[n - 1] == '/') n--;
    f->to = arena_copy(cx->arena, to, n);
    const char *slash = strrchr(f->to, '/'), *name = slash == NULL ? f->to : slash + 1;
    if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return ctx_fail(cx, ERR_INVALID, "expected the name of a new directory");
    f->parent = slash == NULL ? "." : slash == f->to ? "/" : arena_copy(cx->arena, f->to, (size_t)(slash - f->to));
    f->temp = arena_printf(cx->arena, "%s/.%s.part", f->parent, name);
    return OK;
}

enum err folder_open(struct ctx *cx, const char *to, struct folder *out)
{
    struct folder f = { .lock = -1 };
    struct stat   st;
    TRY(names(cx, to, &f));
    if (lstat(f.to, &st) == 0) return ctx_fail(cx, ERR_CONFLICT, "%.180s is there already", f.to);
    if (mkdir(f.temp, 0700) != 0 && errno != EEXIST) return disk(cx, "make", f.temp);
    f.lock = open(f.temp, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (f.lock < 0) return disk(cx, "open", f.temp);
    if (flock(f.lock, LOCK_EX | LOCK_NB) != 0) {
        (void)close(f.lock);
        return ctx_fail(cx, ERR_CONFLICT, "somebody else is making %.180s", f.to);
    }
    *out = f;
    wipe(f.temp);
    if (fchmod(f.lock, 0700) != 0 || folder_file(cx, out, "MANIFEST", &out->manifest) != OK) folder_close(out);
    return cx->err.code == OK && out->manifest == NULL ? disk(cx, "make", f.temp) : cx->err.code;
}

enum err folder_file(struct ctx *cx, struct folder *f, const char *name, FILE **out)
{
    const char *slash = strchr(name, '/'), *path = arena_printf(cx->arena, "%s/%s", f->temp, name);
    if (slash != NULL) {
        const char *dir = arena_printf(cx->arena, "%s/%.*s", f->temp, (int)(slash - name), name);
        if (mkdir(dir, 0700) != 0 && errno != EEXIST) return disk(cx, "make", dir);
    }
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return disk(cx, "make", path);
    *out = fdopen(fd, "w+b");
    return *out != NULL ? OK : disk(cx, "open", path);
}

/* What really stands there, read again. */
static bool read_back(FILE *f, unsigned char sha256[DIGEST_SHA256])
{
    char           piece[PIECE];
    struct digest *d = digest_begin();
    rewind(f);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;) digest_add(d, piece, n);
    digest_end(d, sha256);
    return ferror(f) == 0;
}

enum err folder_keep(struct ctx *cx, struct folder *f, const char *name, FILE *file)
{
    unsigned char sum[DIGEST_SHA256];
    const bool    kept = fflush(file) == 0 && fsync(fileno(file)) == 0 && read_back(file, sum);
    if (!kept) (void)disk(cx, "write", name);
    if (fclose(file) != 0) (void)disk(cx, "close", name);
    TRY(cx->err.code);
    if (fprintf(f->manifest, "%s  %s\n", digest_hex(cx->arena, sum, sizeof sum), name) < 0)
        return disk(cx, "write", "MANIFEST");
    return OK;
}

/* A directory that somebody made there meanwhile is not replaced, not even an empty one. */
enum err folder_done(struct ctx *cx, struct folder *f)
{
    const char *below = arena_printf(cx->arena, "%s/audio", f->temp);
    struct stat st;
    if (fflush(f->manifest) != 0 || fsync(fileno(f->manifest)) != 0) return disk(cx, "write", "MANIFEST");
    if (stat(below, &st) == 0) TRY(sync_dir(cx, below));
    TRY(sync_dir(cx, f->temp));
    if (renameat2(AT_FDCWD, f->temp, AT_FDCWD, f->to, RENAME_NOREPLACE) != 0)
        return errno == EEXIST ? ctx_fail(cx, ERR_CONFLICT, "%.180s is there already", f->to) : disk(cx, "make", f->to);
    f->temp = NULL;
    return sync_dir(cx, f->parent);
}

void folder_close(struct folder *f)
{
    if (f->manifest != NULL) (void)fclose(f->manifest);
    f->manifest = NULL;
    if (f->temp != NULL) {
        wipe(f->temp);
        (void)rmdir(f->temp);
    }
    if (f->lock >= 0) (void)close(f->lock);
    f->lock = -1;
}
