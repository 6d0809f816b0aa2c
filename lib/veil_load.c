/* The veil of a unit of work: by the tenant's settings and key. */
#include "veil.h"

#include "sql.h"
#include "tenant_key.h"

#include <string.h>

static void forget(void *veil)
{
    explicit_bzero(veil, sizeof(struct veil));
}

static void set(struct ctx *cx, const struct seal_data *key, bool on)
{
    struct veil *v = arena_alloc(cx->arena, sizeof *v);
    arena_defer(cx->arena, forget, v);
    veil_make(cx, cx->keys, key, on, v);
    cx->veil = v;
}

void veil_take(struct ctx *cx, const struct sql_veil_load *row)
{
    cx->veil = NULL;
    if (row->sealing != NULL) set(cx, &(const struct seal_data){ cx->tenant, row->data_key }, *row->sealing);
}

enum err veil_ready(struct ctx *cx)
{
    struct seal_data key;
    if (cx->veil == NULL || !cx->veil->on || cx->veil->ready) return OK;
    TRY(tenant_key(cx, &key));
    set(cx, &key, true);
    return cx->veil->ready ? OK
                           : ctx_fail(cx, ERR_NOT_CONFIGURED, "the key of this tenant's metadata cannot be opened");
}

enum err veil_load(struct ctx *cx)
{
    struct sql_veil_load row = { .sealing = NULL };
    TRY(sql_veil_load(cx, &row));
    veil_take(cx, &row);
    return OK;
}
