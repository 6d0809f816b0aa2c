/* Handlers of how long things stay, and their tables: a part of handlers.h. */
#ifndef RETENTION_H
#define RETENTION_H
#include "field.h"
#include "route.h"

/* retention.c */
handler_fn retention_show, retention_change, retention_preview, retention_runs, retention_run_show, retention_ask;
extern const struct fields retention_patch, preview_query;

#endif
