/* The people of a tenant, as its admins see and change them. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "id.h"
#include "mail.h"
#include "sql.h"

#include <string.h>

enum { NAME_BYTES = 200 };

struct person {
    const char *email, *name, *role, *forward_to;
    const bool *disabled, *auto_record, *auto_transcribe;
};

#define AT(member) offsetof(struct person, member)
#define ROLES      " admin manager agent viewer "

/* clang-format off */
static const struct field invite_rows[] = {
    { "email",      FIELD_TEXT,  AT(email),      true,  3, 254, NULL },
    { "role",       FIELD_WORD,  AT(role),       true,  0, 0, ROLES },
    { "name",       FIELD_TEXT,  AT(name),       false, 0, NAME_BYTES, NULL },
    { "forward_to", FIELD_PHONE, AT(forward_to), false, 0, 0, NULL },
};
static const struct field patch_rows[] = {
    { "role",       FIELD_WORD,  AT(role),       true,  0, 0, ROLES },
    { "name",       FIELD_TEXT,  AT(name),       true,  0, NAME_BYTES, NULL },
    { "forward_to", FIELD_PHONE, AT(forward_to), false, 0, 0, NULL },
    { "disabled",   FIELD_BOOL,  AT(disabled),   true,  0, 0, NULL },
    { "auto_record",     FIELD_BOOL, AT(auto_record),     true, 0, 0, NULL },
    { "auto_transcribe", FIELD_BOOL, AT(auto_transcribe), true, 0, 0, NULL },
};
/* clang-format on */
const struct fields user_in = FIELDS(invite_rows, struct person);
const struct fields user_patch = FIELDS_PARTIAL(patch_rows, struct person);

static enum err missing(struct req *rq)
{
    return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such user");
}

/* GET /api/v1/users ?limit&cursor&count -> 200 {"data":[...],"next_cursor"} */
enum err users_list(struct req *rq, struct res *rs)
{
    return page_send(rq, rs, &sql_users_page_stmt);
}

/* GET /api/v1/colleagues ?limit&cursor&count&q -> 200 {"data":[...],"next_cursor"} */
enum err colleagues_list(struct req *rq, struct res *rs)
{
    static const struct page_search by = { NULL, &sql_colleagues_find_stmt };
    return page_search(rq, rs, &sql_colleagues_page_stmt, &by);
}

/* GET /api/v1/users/{id} -> 200 */
enum err users_show(struct req *rq, struct res *rs)
{
    struct sql_user_show row = { .doc = NULL };
    if (check_uuid(rq->param[0]))
        TRY(sql_user_show(rq->ctx, &(const struct sql_user_show_in){ .id = rq->param[0] }, &row));
    return row.doc != NULL ? res_json(rs, 200, row.doc) : missing(rq);
}

/* POST /api/v1/users {email, role, name?, forward_to?} -> 201: invites; the mail holds a link that sets a password.
 * 409: that address is taken, in this installation (T41: addresses are unique in it). */
enum err users_invite(struct req *rq, struct res *rs)
{
    struct ctx                    *cx = rq->ctx;
    const struct person           *in = rq->in;
    char                          *id = arena_alloc(cx->arena, CTX_ID);
    struct sql_user_invite         made;
    struct sql_user_invite_in      add = { .id = id,
                                           .email = in->email,
                                           .name = in->name,
                                           .role = in->role,
                                           .forward_to = in->forward_to,
                                           .actor = auth_actor(rq),
                                           .origin = rq->remote };
    const struct sql_mail_queue_in mail = { id, "invite" };
    const struct db_call           calls[] = { { &sql_user_invite_stmt, &add, 1, &made },
                                               { &sql_mail_queue_stmt, &mail, 1, NULL } };
    if (!mail_address(in->email))
        return field_fault(cx, ERR_INVALID, "/email", "email", "expected one plain address, user@host");
    id_uuid7(id);
    if (db_all(cx, calls, sizeof calls / sizeof *calls) == ERR_CONFLICT) {
        ctx_forgive(cx);
        return ctx_fail(cx, ERR_CONFLICT, "email: somebody has this address already");
    }
    if (cx->err.code != OK) return cx->err.code;
    TRY(res_json(rs, 201, made.doc));
    return res_header(cx, rs, "Location", arena_printf(cx->arena, "/api/v1/users/%s", id));
}

/* PATCH /api/v1/users/{id} If-Match? {role?, name?, forward_to?, disabled?, auto_record?, auto_transcribe?} -> 200
 * Another role or a closed door ends the user's sessions at once. 412: it is another one by now. 409: nobody would be
 * admin any more. */
enum err users_change(struct req *rq, struct res *rs)
{
    struct ctx               *cx = rq->ctx;
    const struct person      *in = rq->in;
    const struct json        *forward = json_get(rq->json, "forward_to");
    const bool                any = *rq->if_match == '\0' || strcmp(rq->if_match, "*") == 0;
    struct sql_user_change    done = { .verdict = "absent" };
    struct sql_user_change_in change = { .id = rq->param[0],
                                         .etag = any ? NULL : rq->if_match,
                                         .name = in->name,
                                         .role = in->role,
                                         .forward_to = in->forward_to,
                                         .no_forward = forward != NULL && in->forward_to == NULL,
                                         .disabled = in->disabled,
                                         .auto_record = in->auto_record,
                                         .auto_transcribe = in->auto_transcribe,
                                         .actor = auth_actor(rq),
                                         .origin = rq->remote };
    if (check_uuid(rq->param[0])) TRY(sql_user_change(cx, &change, &done));
    if (strcmp(done.verdict, "absent") == 0) return missing(rq);
    if (strcmp(done.verdict, "stale") == 0) return ctx_fail(cx, ERR_STALE, "it has been changed meanwhile");
    if (strcmp(done.verdict, "last_admin") == 0)
        return ctx_fail(cx, ERR_CONFLICT, "this is the only admin: name another one first");
    return res_json(rs, 200, done.doc);
}

/* POST /api/v1/users/{id}/invitation -> 202: the mail once more, for who has no password yet or lost it. */
enum err users_invite_again(struct req *rq, struct res *rs)
{
    struct ctx                    *cx = rq->ctx;
    struct sql_user_show           row = { .doc = NULL };
    struct sql_audit_add           added;
    const struct sql_mail_queue_in mail = { rq->param[0], "invite" };
    const struct sql_audit_add_in  entry = {
         .who = auth_actor(rq), .did = "user.invite", .what = rq->param[0], .origin = rq->remote
    };
    const struct db_call calls[] = { { &sql_mail_queue_stmt, &mail, 1, NULL },
                                     { &sql_audit_add_stmt, &entry, 1, &added } };
    if (check_uuid(rq->param[0])) TRY(sql_user_show(cx, &(const struct sql_user_show_in){ .id = rq->param[0] }, &row));
    if (row.doc == NULL) return missing(rq);
    TRY(db_all(cx, calls, sizeof calls / sizeof *calls));
    return res_json(rs, 202, "{\"status\":\"accepted\"}\n");
}
