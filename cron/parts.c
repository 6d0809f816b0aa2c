/* Kept answers: one small file each, whole or not there. */
#include "parts.h"

#include "config.h"
#include "limit.h"
#include "veil.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { PART_MAX = 2 * JSON_REPLY_MAX };

const char *parts_name(struct arena *a, const char *tenant, const char *run, int channel, int64_t from)
{
    return arena_printf(a, "%s/.%s.%d-%lld.part", tenant, run, channel, (long long)from);
}

static const char *path(struct ctx *cx, const char *name)
{
    return arena_printf(cx->arena, "%s/%s", cx->cfg->recordings_dir, name);
}

const struct json *parts_read(struct ctx *cx, const char *name)
{
    int                fd = open(path(cx, name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    const struct json *json = NULL;
    struct ctx         quiet = *cx; /* a part that cannot be used is as good as none */
    if (fd < 0) return NULL;
    off_t size = lseek(fd, 0, SEEK_END);
    if (size > 0 && size <= PART_MAX) {
        char                 *text = arena_alloc(cx->arena, (size_t)size + 1);
        ssize_t               n = pread(fd, text, (size_t)size, 0);
        const struct db_bytes plain = veil_bytes_open(cx, cx->veil, (struct db_bytes){ text, (size_t)size });
        if (n != size || json_parse(&quiet, plain.at, plain.n, PART_MAX, &json) != OK) json = NULL;
    }
    (void)close(fd);
    return json;
}

void parts_write(struct ctx *cx, const char *name, const struct json *json)
{
    const char *text = json_print(cx, json), *to = path(cx, name), *temp = arena_printf(cx->arena, "%s.tmp", to);
    const struct db_bytes kept = veil_bytes(cx, cx->veil, (struct db_bytes){ text, strlen(text) });
    int                   fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return;
    bool whole = write(fd, kept.at, kept.n) == (ssize_t)kept.n;
    if (close(fd) != 0 || !whole || rename(temp, to) != 0) (void)unlink(temp);
}
