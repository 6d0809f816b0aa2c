/* API keys: what machines log in with, as the tenant's admins make and end them. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "sql.h"
#include "token.h"

#include <string.h>

enum { NAME_BYTES = 100, SCOPES_MAX = 500, DAYS_MAX = 3650 };

struct wanted {
    const char    *name, *role, *scopes;
    const int64_t *days;
    const bool    *test;
};

#define AT(member) offsetof(struct wanted, member)

/* clang-format off */
static const struct field rows[] = {
    { "name",            FIELD_TEXT, AT(name),   true,  1, NAME_BYTES, NULL },
    { "role",            FIELD_WORD, AT(role),   true,  0, 0, " admin manager agent viewer " },
    { "scopes",          FIELD_TEXT, AT(scopes), false, 1, SCOPES_MAX, NULL },
    { "expires_in_days", FIELD_INT,  AT(days),   false, 1, DAYS_MAX, NULL },
    { "test",            FIELD_BOOL, AT(test),   false, 0, 0, NULL },
};
/* clang-format on */
const struct fields key_in = FIELDS(rows, struct wanted);

static enum err missing(struct req *rq)
{
    return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such key");
}

/* GET /api/v1/keys ?limit&cursor&count -> 200 {"data":[...],"next_cursor"}: their prefixes, never themselves. */
enum err keys_list(struct req *rq, struct res *rs)
{
    return page_send(rq, rs, &sql_apikeys_page_stmt);
}

/* GET /api/v1/keys/{id} -> 200 */
enum err keys_show(struct req *rq, struct res *rs)
{
    struct sql_apikey_load row = { .doc = NULL };
    if (check_uuid(rq->param[0]))
        TRY(sql_apikey_load(rq->ctx, &(const struct sql_apikey_load_in){ rq->param[0] }, &row));
    return row.doc != NULL ? res_json(rs, 200, row.doc) : missing(rq);
}

/* The document of a row, and the key itself. */
static const char *shown_once(struct ctx *cx, const char *doc, const char *key)
{
    return arena_printf(cx->arena, "%.*s,\"key\":\"%s\"}", (int)(strrchr(doc, '}') - doc), doc, key);
}

/* POST /api/v1/keys {name, role, scopes?, expires_in_days?, test?} -> 201 with the key, this once.
 * Who may ask is admin in full, so neither role nor words can be more than the maker's; what a key could still give
 * away is time and real calls: one that ends makes none that outlives it, and one for tests none that is not. */
enum err keys_add(struct req *rq, struct res *rs)
{
    struct ctx                 *cx = rq->ctx;
    const struct wanted        *in = rq->in;
    const bool                  test = in->test != NULL && *in->test;
    struct token                key;
    struct sql_apikey_create    made;
    struct sql_apikey_create_in add = { .name = in->name,
                                        .role = in->role,
                                        .scopes = in->scopes,
                                        .days = in->days,
                                        .maker = rq->key,
                                        .actor = auth_actor(rq),
                                        .origin = rq->remote };
    if (!test && rq->key != NULL && token_for_tests(rq->key))
        return ctx_fail(cx, ERR_FORBIDDEN, "a key for tests makes keys for tests alone: test: true");
    token_make(cx->arena, test, &key);
    add.prefix = key.prefix;
    add.hash = (struct db_bytes){ key.hash, sizeof key.hash };
    if (sql_apikey_create(cx, &add, &made) == ERR_INVALID) {
        ctx_forgive(cx);
        return field_fault(cx, ERR_INVALID, "/scopes", "scopes",
                           "expected words such as \"calls:read calls:write\", or \"admin\"");
    }
    if (cx->err.code != OK) return cx->err.code;
    TRY(res_json(rs, 201, shown_once(cx, made.doc, key.text)));
    TRY(res_header(cx, rs, "Cache-Control", "no-store"));
    return res_header(cx, rs, "Location", arena_printf(cx->arena, "/api/v1/keys/%s", made.id));
}

/* DELETE /api/v1/keys/{id} -> 204: it ends at once, and stays in the list. Once more changes nothing. */
enum err keys_end(struct req *rq, struct res *rs)
{
    struct sql_apikey_end    gone = { .prefix = NULL };
    struct sql_apikey_end_in end = { .id = rq->param[0], .actor = auth_actor(rq), .origin = rq->remote };
    if (check_uuid(rq->param[0])) TRY(sql_apikey_end(rq->ctx, &end, &gone));
    if (gone.prefix == NULL) return missing(rq);
    *rs = (struct res){ .status = 204 };
    return OK;
}
