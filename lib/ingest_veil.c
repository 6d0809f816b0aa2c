/* Deliveries of tenants that seal their calls' metadata: what is stored of them, and what is read again. */
#include "ingest_read.h"
#include "sql.h"
#include "veil.h"

void ingest_hide(struct ctx *cx, const struct event *ev, const char **outside, const char **customer_number)
{
    if (ev->veil == NULL || !ev->veil->on) return;
    *outside = veil_seal(cx, ev->veil, VEIL_NUMBER, *outside);
    if (*customer_number != NULL) *customer_number = ev->veil->ready ? *outside : NULL;
}

const struct sql_ingest_answer *ingest_readable(struct ctx *cx, const struct event *ev,
                                                const struct sql_ingest_answer *row)
{
    struct sql_ingest_answer *open = arena_alloc(cx->arena, sizeof *open);
    if (ev->veil == NULL) return row;
    *open = *row;
    open->dial_to = veil_open(cx, ev->veil, row->dial_to);
    open->say = veil_open(cx, ev->veil, row->say);
    return open;
}
