/* Erasures and older copies of the database: tombstones compared, numbers behind marks looked for. */
#include "erasure.h"

#include "clock.h"
#include "seal.h"
#include "sql.h"
#include "tomb.h"
#include "veil.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 2000, MARK_BYTES = 160, PAGE_CAP = 16 << 20, PAGE_MS = 60 * 1000 };

/* What the database knows and the file does not. */
static enum err to_file(struct ctx *cx, const char *state_dir, const struct tombs *have, const char ***known,
                        size_t *n_known)
{
    struct sql_erasure_list_in in = { .after = NULL, .max = PAGE };
    struct db_rows             rows = { .n = PAGE };
    const char               **ids = NULL;
    size_t                     n = 0;
    while (rows.n == PAGE) {
        TRY(sql_erasure_list(cx, &in, &rows));
        const struct sql_erasure_list *v = rows.v;
        struct tomb                   *fresh = arena_alloc(cx->arena, (rows.n + 1) * sizeof *fresh);
        const char                   **more = arena_alloc(cx->arena, (n + rows.n + 1) * sizeof *more);
        size_t                         k = 0;
        if (n > 0) memcpy(more, ids, n * sizeof *more);
        for (size_t i = 0; i < rows.n; i++) {
            more[n + i] = v[i].id;
            if (tomb_has(have, v[i].id)) continue;
            fresh[k++] = (struct tomb){ v[i].id, v[i].tenant_id, v[i].mark, v[i].contacts, v[i].asked_us };
        }
        if (k > 0) TRY(tomb_add(cx, state_dir, fresh, k));
        if (rows.n > 0) in.after = v[rows.n - 1].id;
        ids = more;
        n += rows.n;
    }
    *known = ids;
    *n_known = n;
    return OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum err erasure_sync(struct ctx *cx, const char *state_dir, int64_t *restored)
{
    struct tombs have;
    const char **known;
    size_t       n;
    *restored = 0;
    cx->tenant = NULL;
    TRY(tomb_read(cx, state_dir, &have));
    TRY(to_file(cx, state_dir, &have, &known, &n));
    for (size_t i = 0; i < have.n; i++) {
        const struct tomb                  *t = &have.v[i];
        const struct sql_erasure_restore_in in = { t->id, t->mark, t->contacts, t->asked_us };
        struct sql_erasure_restore          row;
        if (n > 0 && bsearch(&t->id, known, n, sizeof *known, by_text) != NULL) continue;
        cx->tenant = t->tenant;
        TRY(sql_erasure_restore(cx, &in, &row));
        *restored += row.known;
    }
    cx->tenant = NULL;
    return OK;
}

/* The erasures of one tenant whose numbers are looked for. */
struct search {
    const struct sql_erasure_seeks *v;
    size_t                          n;
    char (*found)[MARK_BYTES]; /* the number of each, as it was found; "" not yet */
};

/* The marks of one number against all that are looked for; each key makes its mark once. */
static void compare(struct ctx *cx, struct search *s, const char *number, int64_t since_us)
{
    const char *marks = erasure_marks(cx, cx->tenant, number);
    for (size_t i = 0; marks != NULL && i < s->n; i++)
        if (s->v[i].mark != NULL && since_us <= s->v[i].asked_us && strstr(marks, s->v[i].mark) != NULL)
            (void)snprintf(s->found[i], sizeof s->found[i], "%s", number);
}

/* One page of numbers, in memory of its own; *after moves on, and is empty at the end. */
static enum err page(struct ctx *cx, struct search *s, char after[MARK_BYTES])
{
    const struct sql_erasure_numbers_in in = { after, PAGE };
    struct db_rows                      rows;
    cx->deadline_ms = clock_ms() + PAGE_MS;
    TRY(sql_erasure_numbers(cx, &in, &rows));
    const struct sql_erasure_numbers *v = rows.v;
    for (size_t i = 0; i < rows.n; i++) {
        const char *number = veil_open(cx, cx->veil, v[i].number);
        if (number != NULL) compare(cx, s, number, v[i].since_us);
    }
    (void)snprintf(after, MARK_BYTES, "%s", rows.n == PAGE ? v[rows.n - 1].number : "");
    return OK;
}

static enum err look(struct ctx *cx, struct search *s)
{
    struct arena *home = cx->arena;
    char          after[MARK_BYTES] = "";
    enum err      e = OK;
    cx->arena = arena_new(PAGE_CAP);
    do {
        e = page(cx, s, after);
        arena_reset(cx->arena);
    } while (e == OK && *after != '\0');
    arena_free(cx->arena);
    cx->arena = home;
    return e;
}

/* Has the key file the key of a mark? */
static bool known_key(struct ctx *cx, const char *mark)
{
    const char *id = strchr(mark, '|');
    return id != NULL && erasure_mark(cx, arena_copy(cx->arena, id + 1, strcspn(id + 1, "|")), cx->tenant, "") != NULL;
}

/* Ends the search for one. */
static enum err settle(struct ctx *cx, const struct search *s, size_t i, int64_t *again)
{
    struct sql_erasure_found_in in = { .id = s->v[i].id };
    struct sql_erasure_found    row;
    if (s->found[i][0] != '\0') TRY(seal_text(cx, cx->keys, erasure_place(cx, in.id), s->found[i], &in.subject));
    TRY(sql_erasure_found(cx, &in, &row));
    *again += row.again;
    return OK;
}

enum err erasure_seek(struct ctx *cx, int64_t *again)
{
    struct db_rows rows;
    size_t         strange = 0;
    *again = 0;
    TRY(sql_erasure_seeks(cx, &rows));
    if (rows.n == 0) return OK;
    TRY(veil_load(cx));
    struct search s = { rows.v, rows.n, arena_alloc(cx->arena, rows.n * sizeof *s.found) };
    memset(s.found, 0, rows.n * sizeof *s.found);
    for (size_t i = 0; i < s.n; i++) strange += s.v[i].mark != NULL && !known_key(cx, s.v[i].mark);
    if (strange < s.n) TRY(look(cx, &s));
    for (size_t i = 0; i < s.n; i++)
        if (s.v[i].mark == NULL || known_key(cx, s.v[i].mark)) TRY(settle(cx, &s, i, again));
    cx->veil = NULL;
    if (strange == 0) return OK;
    return ctx_fail(cx, ERR_NOT_CONFIGURED, "%zu erasures were marked with a key that the key file does not have",
                    strange);
}
