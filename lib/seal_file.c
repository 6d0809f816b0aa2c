/* Key files: made, and given another key. */
#include "digest.h"
#include "id.h"
#include "seal.h"
#include "seal_box.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { ID = 8 };

static enum err append(struct ctx *cx, const char *path, int flags, const char **id)
{
    unsigned char key[SEAL_KEY];
    int           fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0600);
    if (fd < 0) return ctx_fail(cx, errno == EEXIST ? ERR_CONFLICT : ERR_INVALID, "%s: %s", path, strerror(errno));
    *id = arena_printf(cx->arena, "k%s", id_random_lower(cx->arena, ID));
    id_bytes(key, sizeof key);
    const char *before = (flags & O_CREAT) != 0 ? "" : "\n"; /* the line before may not be ended */
    const char *line = arena_printf(cx->arena, "%s%s %s\n", before, *id, digest_hex(cx->arena, key, SEAL_KEY));
    explicit_bzero(key, sizeof key);
    size_t n = strlen(line);
    bool   good = write(fd, line, n) == (ssize_t)n && fsync(fd) == 0;
    good = close(fd) == 0 && good;
    return good ? OK : ctx_fail(cx, ERR_INVALID, "%s: could not be written", path);
}

enum err seal_keys_create(struct ctx *cx, const char *path)
{
    const char *id;
    return append(cx, path, O_CREAT | O_EXCL, &id);
}

enum err seal_keys_add(struct ctx *cx, const char *path, const char **id)
{
    struct seal_keys *k;
    TRY(seal_keys_read(cx, path, &k)); /* what is there must be whole: a line is put behind it */
    seal_forget(k);
    return append(cx, path, 0, id);
}
