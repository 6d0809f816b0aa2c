/* The veil of a unit of work: by the tenant's settings and key. */
#include "veil.h"

#include "sql.h"
#include "tenant_key.h"

#include <string.h>

static void forget(void *veil)
{
    explicit_bzero(veil, sizeof(struct veil));
}

enum err veil_take(struct ctx *cx, const struct sql_veil_load *row)
{
    struct seal_data key = { cx->tenant, row->data_key };
    cx->veil = NULL;
    if (row->sealing == NULL) return OK;
    if (*row->sealing && key.sealed == NULL && cx->keys != NULL) TRY(tenant_key(cx, &key));
    struct veil *v = arena_alloc(cx->arena, sizeof *v);
    arena_defer(cx->arena, forget, v);
    veil_make(cx, cx->keys, &key, *row->sealing, v);
    cx->veil = v;
    return OK;
}

enum err veil_load(struct ctx *cx)
{
    struct sql_veil_load row = { .sealing = NULL };
    TRY(sql_veil_load(cx, &row));
    return veil_take(cx, &row);
}
