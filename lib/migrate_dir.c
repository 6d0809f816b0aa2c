/* The migrations of a directory. */
#include "digest.h"
#include "env.h"
#include "migrate.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 1000, SQL_MAX = 1 << 20 };

/* Texts that a file had before it was mended; where one of them went through, it left the same as the file does. */
static const struct {
    int64_t     version;
    const char *checksum;
} mended[] = {
    { 89, "f099e2e26f7f4c2d03f03336ed5d59946a172c40315f759c723e8159c0708e49" }, /* failed where there were users */
};

bool migrate_mended(int64_t version, const char *checksum)
{
    for (size_t i = 0; i < sizeof mended / sizeof *mended; i++)
        if (mended[i].version == version && strcmp(mended[i].checksum, checksum) == 0) return true;
    return false;
}

/* NNNN_name.sql */
static bool is_migration(const char *file)
{
    size_t n = strlen(file);
    return n > 9 && strspn(file, "0123456789") == 4 && file[4] == '_' && strcmp(file + n - 4, ".sql") == 0;
}

static int wanted(const struct dirent *d)
{
    return is_migration(d->d_name);
}

static enum err read_one(struct ctx *cx, const char *dir, const char *file, struct migration *m)
{
    unsigned char sum[DIGEST_SHA256];
    size_t        n;
    TRY(env_slurp(cx, arena_printf(cx->arena, "%s/%s", dir, file), SQL_MAX, &m->sql, &n));
    digest_sha256(m->sql, n, sum);
    m->checksum = digest_hex(cx->arena, sum, sizeof sum);
    m->name = arena_copy(cx->arena, file, strlen(file) - 4);
    m->version = strtoll(file, NULL, 10);
    return OK;
}

enum err migrate_dir(struct ctx *cx, const char *dir, struct migrations *out)
{
    struct dirent   **names;
    struct migrations all = { 0 };
    int               n = scandir(dir, &names, wanted, alphasort);
    if (n < 0) return ctx_fail(cx, ERR_INVALID, "%s: cannot be read", dir);
    all.v = arena_alloc(cx->arena, ((size_t)n + 1) * sizeof *all.v);
    if (n > FILES_MAX) (void)ctx_fail(cx, ERR_INVALID, "%s: over %d migrations", dir, FILES_MAX);
    for (int i = 0; i < n; i++) {
        if (cx->err.code == OK && read_one(cx, dir, names[i]->d_name, &all.v[all.n]) == OK) all.n++;
        free(names[i]);
    }
    free(names);
    if (cx->err.code == OK && all.n == 0) return ctx_fail(cx, ERR_INVALID, "%s: no NNNN_name.sql in it", dir);
    for (size_t i = 1; cx->err.code == OK && i < all.n; i++)
        if (all.v[i].version == all.v[i - 1].version)
            return ctx_fail(cx, ERR_CONFLICT, "%s and %s have one version", all.v[i - 1].name, all.v[i].name);
    *out = all;
    return cx->err.code;
}
