/* Accounts at Twilio, cached: two arenas, so that a refresh never leaves a gap. */
#include "account.h"

#include "log.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

enum { HOME_CAP = 4096, ACCOUNTS_CAP = 256 << 20 }; /* 100,000 accounts with two tokens take 60 MiB */

struct accounts {
    struct arena   *home, *now, *next;
    struct account *v; /* sorted by sid */
    size_t          n;
};

struct accounts *accounts_new(void)
{
    struct arena    *home = arena_new(HOME_CAP);
    struct accounts *c = arena_alloc(home, sizeof *c);
    *c = (struct accounts){ .home = home, .now = arena_new(ACCOUNTS_CAP), .next = arena_new(ACCOUNTS_CAP) };
    return c;
}

void accounts_free(struct accounts *c)
{
    if (c == NULL) return;
    arena_free(c->now);
    arena_free(c->next);
    arena_free(c->home);
}

static void open_token(struct ctx *cx, const struct seal_keys *keys, const char *data_key, const char *column,
                       const char *sealed, struct account *to)
{
    const struct seal_data key = { to->tenant, data_key };
    const char            *place = arena_printf(cx->arena, "twilio_configurations.%s:%s", column, to->tenant);
    if (sealed == NULL) return;
    if (keys != NULL && seal_data_open(cx, keys, &key, place, sealed, &to->tokens[to->ntokens]) == OK) {
        to->ntokens++;
        return;
    }
    LOG(LOG_ERROR, "a token of this account cannot be opened", LOG_TEXT("account", to->sid), LOG_TEXT("column", column),
        LOG_TEXT("err", cx->err.msg));
    ctx_forgive(cx);
}

static const struct veil *veil_of(struct ctx *cx, const struct seal_keys *keys, const struct sql_account_list *row,
                                  const char *tenant)
{
    const struct seal_data key = { tenant, row->data_key };
    if (row->sealing == NULL) return NULL;
    struct veil *v = arena_alloc(cx->arena, sizeof *v);
    veil_make(cx, keys, &key, *row->sealing, v);
    return v;
}

static int by_sid(const void *a, const void *b)
{
    const struct account *x = a, *y = b;
    return strcmp(x->sid, y->sid);
}

void accounts_fill(struct accounts *c, const struct seal_keys *keys, const struct db_rows *rows)
{
    const struct sql_account_list *row = rows->v;
    struct ctx                     cx = { .arena = c->next };
    arena_reset(c->next);
    struct account *v = arena_alloc(c->next, (rows->n + 1) * sizeof *v);
    for (size_t i = 0; i < rows->n; i++) {
        v[i] = (struct account){ .sid = arena_strdup(c->next, row[i].account_sid),
                                 .tenant = arena_strdup(c->next, row[i].tenant_id) };
        open_token(&cx, keys, row[i].data_key, "auth_token", row[i].auth_token, &v[i]);
        open_token(&cx, keys, row[i].data_key, "auth_token_secondary", row[i].auth_token_secondary, &v[i]);
        v[i].veil = veil_of(&cx, keys, &row[i], v[i].tenant);
    }
    qsort(v, rows->n, sizeof *v, by_sid);
    struct arena *old = c->now;
    c->now = c->next;
    c->next = old;
    c->v = v;
    c->n = rows->n;
}

const struct account *accounts_find(const struct accounts *c, const char *sid)
{
    const struct account wanted = { .sid = sid };
    return c->n == 0 ? NULL : bsearch(&wanted, c->v, c->n, sizeof *c->v, by_sid);
}
