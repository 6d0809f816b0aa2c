/* Each number's document for the time when nothing of us answers. */
#include "fallback.h"

#include "plan.h"
#include "render.h"
#include "sql.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_MIN = 22, FILE_MAX = 64 * 1024, RING_S = 25 };

static void say(struct plan *p, const struct sql_snapshot_list *r, const char *text)
{
    if (text == NULL || *text == '\0') return;
    p->v[p->n++] = (struct step){ .kind = STEP_SAY, .text = text, .voice = r->voice, .language = r->language };
}

/* Nothing in it leads back to us: no action, no callbacks, no recording. After a talk the next verb would be heard, so
 * the Dial is the last one. */
static void plan(const struct sql_snapshot_list *r, struct plan *p)
{
    *p = (struct plan){ .n = 0 };
    if (r->dial_to == NULL) {
        say(p, r, r->unanswered);
        p->v[p->n++] = (struct step){ .kind = STEP_HANGUP };
        return;
    }
    say(p, r, r->say);
    p->v[p->n++] = (struct step){ .kind = STEP_DIAL,
                                  .to = r->dial_to,
                                  .caller_id = r->caller_id,
                                  .timeout_s = r->ring_timeout_s > 0 ? (unsigned)r->ring_timeout_s : RING_S };
}

static bool same(int dir, const char *name, const char *xml, size_t len)
{
    char    was[FILE_MAX];
    int     fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t n = fd < 0 ? -1 : pread(fd, was, sizeof was, 0);
    if (fd >= 0) (void)close(fd);
    return n >= 0 && (size_t)n == len && memcmp(was, xml, len) == 0;
}

/* Whole or not there. nginx reads it as another user. */
static bool put(int dir, const char *name, const char *temp, const char *xml, size_t len)
{
    int fd = openat(dir, temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0) return false;
    const bool whole = write(fd, xml, len) == (ssize_t)len;
    if (close(fd) == 0 && whole && renameat(dir, temp, dir, name) == 0) return true;
    (void)unlinkat(dir, temp, 0);
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Files of numbers that have gone, for each holds somebody's phone number. */
static void forget(int dir, const char **names, size_t n)
{
    int  again = dup(dir);
    DIR *d = again < 0 ? NULL : fdopendir(again);
    qsort(names, n, sizeof *names, by_name);
    for (const struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        const char  *name = e->d_name;
        const size_t len = strlen(name);
        if (len < NAME_MIN + 4 || strcmp(name + len - 4, ".xml") != 0) continue;
        if (bsearch(&name, names, n, sizeof *names, by_name) == NULL) (void)unlinkat(dir, name, 0);
    }
    if (d != NULL) (void)closedir(d);
    else if (again >= 0) (void)close(again);
}

static enum err write_all(struct ctx *cx, int dir, const struct db_rows *routes)
{
    const struct sql_snapshot_list *v = routes->v;
    const char                    **names = arena_alloc(cx->arena, (routes->n + 1) * sizeof *names);
    for (size_t i = 0; i < routes->n; i++) {
        struct plan p;
        const char *xml;
        size_t      len;
        plan(&v[i], &p);
        TRY(render_plan(cx, &p, &xml, &len));
        names[i] = arena_printf(cx->arena, "%s.xml", v[i].fallback_name);
        if (same(dir, names[i], xml, len)) continue;
        if (!put(dir, names[i], arena_printf(cx->arena, ".%s.%d.tmp", names[i], (int)getpid()), xml, len))
            return ctx_fail(cx, ERR_UNAVAILABLE, "fallback/ cannot be written");
    }
    forget(dir, names, routes->n);
    return OK;
}

enum err fallback_write(struct ctx *cx, const char *state_dir, const struct db_rows *routes)
{
    int dir = open(arena_printf(cx->arena, "%s/fallback", state_dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0) return ctx_fail(cx, ERR_UNAVAILABLE, "there is no folder fallback/");
    const enum err e = write_all(cx, dir, routes);
    (void)close(dir);
    return e;
}
