/* switchhook doctor: what is wrong, what it means, and what cures it. */
#include "doctor.h"

#include "command.h"
#include "json.h"
#include "out.h"

#include <string.h>

enum { ITEMS_MAX = 16384 };

static enum err print_finding(struct cli *c, const struct doctor_finding *f)
{
    static const char *const marks[] = { [DOCTOR_OK] = "ok", [DOCTOR_WARNING] = "!", [DOCTOR_ERROR] = "x" };
    const struct json       *items;
    TRY(json_parse(&c->cx, f->items, strlen(f->items), ITEMS_MAX, &items));
    (void)printf("%-2s %-3s %s\n", marks[f->state], f->check->id, f->check->what);
    if (f->state == DOCTOR_OK) return OK;
    for (const struct json *v = json_first(items); v != NULL; v = json_next(v))
        (void)printf("         %s\n", json_text(v));
    if (f->n > (int64_t)json_count(items))
        (void)printf("         and %lld more\n", (long long)f->n - (long long)json_count(items));
    (void)printf("       %s\n       Try: %s\n", f->check->consequence, f->check->fix);
    return OK;
}

static void print_rows(struct cli *c, const struct doctor *d, const bool *wanted)
{
    static const char *const columns[] = { "id", "state", "what", "count", "items", "consequence", "fix" };
    enum { WIDTH = sizeof columns / sizeof *columns };
    const char **cells = arena_alloc(c->cx.arena, d->n * WIDTH * sizeof *cells), **at = cells;
    for (size_t i = 0; i < d->n; i++) {
        const struct doctor_finding *f = &d->findings[i];
        if (!wanted[i]) continue;
        const char *const line[WIDTH] = { f->check->id,   doctor_word(f->state),
                                          f->check->what, arena_printf(c->cx.arena, "%lld", (long long)f->n),
                                          f->items,       f->check->consequence,
                                          f->check->fix };
        memcpy(at, line, sizeof line);
        at += WIDTH;
    }
    out_rows(c, columns, WIDTH, cells, (size_t)(at - cells) / WIDTH);
}

enum err cmd_doctor(struct cli *c)
{
    const char   *only = command_option(c, "only");
    const bool    verbose = command_option(c, "verbose") != NULL || only != NULL;
    struct doctor d;
    size_t        n = 0, errors = 0, warnings = 0;
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(doctor_run(&c->cx, &d));
    bool *wanted = arena_alloc(c->cx.arena, d.n * sizeof *wanted);
    for (size_t i = 0; i < d.n; i++) {
        const char *id = d.findings[i].check->id;
        wanted[i] = only == NULL || strcmp(only, id) == 0 || (only[1] == '\0' && only[0] == id[0]);
        if (!wanted[i]) continue;
        n++;
        errors += d.findings[i].state == DOCTOR_ERROR;
        warnings += d.findings[i].state == DOCTOR_WARNING;
        if (!c->json && (verbose || d.findings[i].state != DOCTOR_OK)) TRY(print_finding(c, &d.findings[i]));
    }
    if (n == 0) return ctx_fail(&c->cx, ERR_INVALID, "--only: no such check; switchhook doctor --verbose lists them");
    if (c->json) print_rows(c, &d, wanted);
    else
        (void)printf("%zu ok, %zu warning%s, %zu error%s\n", n - errors - warnings, warnings, warnings == 1 ? "" : "s",
                     errors, errors == 1 ? "" : "s");
    return errors == 0 ? OK : ctx_fail(&c->cx, ERR_CONFLICT, "%zu error%s", errors, errors == 1 ? "" : "s");
}
