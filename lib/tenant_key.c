/* The key a tenant's secrets are sealed with, and the way of all sealed values to a newer master key. */
#include "tenant_key.h"

#include "clock.h"
#include "sql.h"

#include <stdio.h>
#include <string.h>

enum { ARENA_CAP = 16 << 20, PAGE_MS = 30 * 1000, PLACE_MAX = 160 };

enum err tenant_key(struct ctx *cx, struct seal_data *out)
{
    struct sql_tenant_key_load row = { .sealed = NULL };
    struct sql_tenant_key_add  made = { .sealed = NULL };
    const char                *fresh;
    if (cx->keys == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "the key file could not be read");
    TRY(sql_tenant_key_load(cx, &row));
    if (row.sealed == NULL && !row.shredded) {
        TRY(seal_data_make(cx, cx->keys, cx->tenant, &fresh));
        TRY(sql_tenant_key_add(cx, &(const struct sql_tenant_key_add_in){ cx->tenant, fresh }, &made));
        row.sealed = made.sealed;
    }
    if (row.sealed == NULL)
        return ctx_fail(cx, ERR_NOT_CONFIGURED, "this tenant's key was shredded: nothing is sealed for it any more");
    *out = (struct seal_data){ cx->tenant, row.sealed };
    return OK;
}

/* One value as it shall stand: a tenant's key under the newest master key, a secret under its tenant's key. */
static enum err again(struct ctx *cx, const struct sql_sealed_list *v, const char **out)
{
    static const char keys[] = "tenant_keys.";
    struct seal_data  d = { v->tenant_id, v->sealed };
    const char       *text;
    if (strncmp(v->place, keys, sizeof keys - 1) == 0) {
        TRY(seal_data_renew(cx, cx->keys, &d));
        *out = d.sealed;
        return OK;
    }
    TRY(tenant_key(cx, &d));
    TRY(seal_open(cx, cx->keys, v->place, v->sealed, &text));
    return seal_data_text(cx, cx->keys, &d, v->place, text, out);
}

static enum err page(struct ctx *cx, const struct sql_sealed_list *v, size_t rows, int64_t *n)
{
    struct sql_sealed_store stored;
    const char             *sealed;
    for (size_t i = 0; i < rows; i++) {
        cx->tenant = v[i].tenant_id;
        TRY(again(cx, &v[i], &sealed));
        const struct sql_sealed_store_in in = { v[i].place, v[i].tenant_id, v[i].sealed, sealed };
        TRY(sql_sealed_store(cx, &in, &stored));
        *n += stored.stored;
    }
    return OK;
}

/* Pages until there are none. cx is the rotation's own: its arena is emptied after each. */
static enum err pages(struct ctx *cx, int64_t *n)
{
    char after[PLACE_MAX] = "";
    for (;;) {
        struct db_rows rows;
        cx->tenant = NULL;
        cx->deadline_ms = clock_ms() + PAGE_MS;
        TRY(sql_sealed_list(cx, &(const struct sql_sealed_list_in){ seal_id(cx->keys, 0), after }, &rows));
        const struct sql_sealed_list *v = rows.v;
        if (rows.n == 0) return OK;
        TRY(page(cx, v, rows.n, n));
        (void)snprintf(after, sizeof after, "%s", v[rows.n - 1].place);
        arena_reset(cx->arena);
    }
}

enum err tenant_key_rotate(struct ctx *cx, int64_t *n)
{
    struct ctx mine = *cx;
    *n = 0;
    if (cx->keys == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "the key file could not be read");
    mine.arena = arena_new(ARENA_CAP);
    (void)pages(&mine, n); /* its failure is ours, in the caller's memory */
    if (mine.err.code != OK) (void)ctx_fail(cx, mine.err.code, "%s", mine.err.msg);
    arena_free(mine.arena);
    return cx->err.code;
}
