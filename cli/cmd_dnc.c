/* switchhook dnc: whom nobody may call. */
#include "command.h"
#include "out.h"

#include "csv.h"
#include "dnc.h"
#include "erasure.h"
#include "sql.h"
#include "veil.h"

#include <stdio.h>

enum { PIECE = 64 * 1024 };

/* The tenant, and how it seals. */
static enum err tenant(struct cli *c)
{
    struct seal_keys *keys = NULL;
    TRY(cmd_tenant(c, &c->cx.tenant));
    if (seal_keys_read(&c->cx, c->cfg.key_file, &keys) != OK) ctx_forgive(&c->cx);
    c->cx.keys = keys;
    enum err e = veil_load(&c->cx);
    if (e == OK) e = veil_ready(&c->cx);
    c->cx.keys = NULL;
    seal_forget(keys);
    return e;
}

/* What stands for a number whose person was erased; NULL without a key file. */
static const char *marks(struct cli *c, const char *number)
{
    struct seal_keys *keys = NULL;
    if (seal_keys_read(&c->cx, c->cfg.key_file, &keys) != OK) ctx_forgive(&c->cx);
    c->cx.keys = keys;
    const char *all = erasure_marks(&c->cx, c->cx.tenant, number);
    c->cx.keys = NULL;
    seal_forget(keys);
    return all;
}

static enum err list(struct cli *c, bool make, const char **id)
{
    struct sql_dnc_list_named row = { .id = NULL };
    const char               *name = command_option(c, "list");
    TRY(tenant(c));
    TRY(sql_dnc_list_named(&c->cx, &(const struct sql_dnc_list_named_in){ name, make }, &row));
    if (row.id == NULL) return ctx_fail(&c->cx, ERR_NOT_FOUND, "--list: the tenant has no such list");
    *id = row.id;
    return OK;
}

static enum err add(struct cli *c, const char *id, const char *numbers, int64_t *added)
{
    struct ctx        *cx = &c->cx;
    struct sql_dnc_add done;
    struct dnc_numbers all;
    TRY(dnc_keep(cx, numbers, &all));
    struct sql_dnc_add_in in = { .list_id = id,
                                 .numbers = all.kept,
                                 .others = all.others,
                                 .reason = veil_seal(cx, cx->veil, VEIL_TEXT, command_option(c, "reason")),
                                 .actor = command_actor(c) };
    TRY(sql_dnc_add(&c->cx, &in, &done));
    *added = done.added;
    return OK;
}

enum err cmd_dnc_add(struct cli *c)
{
    static const char *const columns[] = { "list", "number", "added" };
    const char              *id, *number;
    int64_t                  added = 0;
    TRY(command_phone(c, "number", &number));
    TRY(list(c, true, &id));
    TRY(add(c, id, number, &added));
    out_one(c, columns, 3, (const char *const[]){ command_option(c, "list"), number, added > 0 ? "yes" : "no" });
    return OK;
}

enum err cmd_dnc_remove(struct cli *c)
{
    struct sql_dnc_remove_in in = { .actor = command_actor(c) };
    struct sql_dnc_remove    done;
    TRY(command_phone(c, "number", &in.number));
    TRY(list(c, false, &in.list_id));
    in.token = veil_token(&c->cx, c->cx.veil, VEIL_NUMBER, in.number);
    in.marks = marks(c, in.number);
    TRY(sql_dnc_remove(&c->cx, &in, &done));
    return done.removed ? OK : ctx_fail(&c->cx, ERR_NOT_FOUND, "the number is not on that list");
}

enum err cmd_dnc_check(struct cli *c)
{
    static const char *const columns[] = { "list", "added_by", "created_at", "reason" };
    struct sql_dnc_find_in   in;
    struct db_rows           rows;
    TRY(command_phone(c, "number", &in.number));
    TRY(tenant(c));
    in.token = veil_token(&c->cx, c->cx.veil, VEIL_NUMBER, in.number);
    in.marks = marks(c, in.number);
    TRY(sql_dnc_find(&c->cx, &in, &rows));
    const struct sql_dnc_find *v = rows.v;
    const char               **cells = arena_alloc(c->cx.arena, (4 * rows.n + 1) * sizeof *cells);
    for (size_t i = 0; i < rows.n; i++) {
        const char *const row[] = { v[i].list, v[i].added_by, v[i].created_at,
                                    veil_open(&c->cx, c->cx.veil, v[i].reason) };
        for (size_t k = 0; k < 4; k++) cells[4 * i + k] = row[k];
    }
    out_rows(c, columns, 4, cells, rows.n);
    return OK;
}

enum err cmd_dnc_lists(struct cli *c)
{
    static const char *const columns[] = { "name", "numbers", "id" };
    struct db_rows           rows;
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_dnc_lists_all(&c->cx, &rows));
    const struct sql_dnc_lists_all *v = rows.v;
    const char                    **cells = arena_alloc(c->cx.arena, (3 * rows.n + 1) * sizeof *cells);
    for (size_t i = 0; i < rows.n; i++) {
        cells[3 * i] = v[i].name;
        cells[3 * i + 1] = v[i].numbers;
        cells[3 * i + 2] = v[i].id;
    }
    out_rows(c, columns, 3, cells, rows.n);
    return OK;
}

/* A piece of the file up to its last line's end, so that no row is cut. */
static size_t piece(FILE *f, char *text)
{
    size_t n = fread(text, 1, PIECE, f), keep = n;
    if (n < PIECE) return n;
    while (keep > 0 && text[keep - 1] != '\n') keep--;
    if (keep == 0 || fseek(f, -(long)(n - keep), SEEK_CUR) != 0) return n;
    return keep;
}

struct count {
    size_t  good, bad, lines;
    int64_t added;
};

static enum err import(struct cli *c, FILE *f, const char *id, struct count *all)
{
    struct csv_numbers *part = arena_alloc(c->cx.arena, sizeof *part);
    char               *text = arena_alloc(c->cx.arena, PIECE + 1);
    for (size_t n; (n = piece(f, text)) > 0;) {
        int64_t added = 0;
        text[n] = '\0';
        csv_numbers(&c->cx, text, n, command_option(c, "country"), part);
        TRY(add(c, id, part->numbers, &added));
        for (size_t i = 0; i < part->bad && i < CSV_FAULTS_MAX; i++)
            (void)fprintf(stderr, "line %zu: %s\n", all->lines + part->faults[i].line, part->faults[i].detail);
        for (size_t i = 0; i < n; i++) all->lines += text[i] == '\n';
        all->good += part->good;
        all->bad += part->bad;
        all->added += added;
    }
    return ferror(f) == 0 ? OK : ctx_fail(&c->cx, ERR_INVALID, "--file: cannot be read");
}

enum err cmd_dnc_import(struct cli *c)
{
    static const char *const columns[] = { "rows", "added", "known", "bad" };
    struct ctx              *cx = &c->cx;
    const char              *id;
    struct count             all = { 0 };
    FILE                    *f = fopen(command_option(c, "file"), "r");
    if (f == NULL) return ctx_fail(cx, ERR_INVALID, "--file: cannot be opened");
    if (list(c, true, &id) == OK) (void)import(c, f, id, &all); /* recorded in cx */
    (void)fclose(f);                                            /* only read */
    if (cx->err.code != OK) return cx->err.code;
    out_one(c, columns, 4,
            (const char *const[]){ arena_printf(cx->arena, "%zu", all.good + all.bad),
                                   arena_printf(cx->arena, "%lld", (long long)all.added),
                                   arena_printf(cx->arena, "%lld", (long long)all.good - (long long)all.added),
                                   arena_printf(cx->arena, "%zu", all.bad) });
    return OK;
}
