/* switchhook user: the people of a tenant. */
#include "command.h"
#include "out.h"

#include "check.h"
#include "guess.h"
#include "json.h"
#include "limit.h"
#include "passwd.h"
#include "sql.h"

#include <string.h>

enum { WIDTH = 8 };

static const char *const columns[WIDTH] = { "id",     "email",      "name",          "role",
                                            "status", "forward_to", "last_login_at", "created_at" };

static const char *const roles = " admin manager agent viewer ";

enum err command_role(struct cli *c, const char *fallback, const char **out)
{
    const char *given = command_option(c, "role");
    *out = given == NULL ? fallback : given;
    return check_word(*out, roles) ? OK : ctx_fail(&c->cx, ERR_INVALID, "--role: expected one of%s", roles);
}

/* One line of standard input, hashed; secrets are no arguments, for every user of the machine sees those. */
static enum err password(struct cli *c, const char *email, const char **hash)
{
    char line[PASSWD_MAX + 3];
    *hash = NULL;
    if (command_option(c, "password-stdin") == NULL) return OK;
    if (fgets(line, sizeof line, stdin) == NULL) return ctx_fail(&c->cx, ERR_INVALID, "no password on standard input");
    line[strcspn(line, "\r\n")] = '\0';
    const struct guess_owner who = { email, c->tenant_name };
    const char              *why = strlen(line) > PASSWD_MAX ? NULL : guess_why(line, &who);
    if (why != NULL) return ctx_fail(&c->cx, ERR_INVALID, "password: %s", why);
    return passwd_hash(&c->cx, line, hash);
}

enum err cmd_user_add(struct cli *c)
{
    static const char *const made[] = { "id", "email", "role" };
    struct sql_user_add_in   in = { .email = command_option(c, "email"), .name = command_option(c, "name") };
    struct sql_user_add      user;
    TRY(command_role(c, "", &in.role));
    TRY(command_phone(c, "forward-to", &in.forward_to));
    TRY(cmd_tenant(c, &in.tenant_id));
    TRY(password(c, in.email, &in.password_hash));
    c->cx.tenant = in.tenant_id;
    TRY(command_change(c, &sql_user_add_stmt, &in, &user, "user.add", in.email));
    out_one(c, made, 3, (const char *const[]){ user.id, in.email, in.role });
    return OK;
}

enum err cmd_user_list(struct cli *c)
{
    const struct sql_users_page_in all = { .max = COMMAND_LIST_MAX };
    struct sql_users_page          page;
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_users_page(&c->cx, &all, &page));
    return out_doc(c, columns, WIDTH, page.doc);
}

static enum err find(struct cli *c, const char **doc)
{
    const char                   *given = command_option(c, "user");
    const bool                    by_id = check_uuid(given);
    const struct sql_user_show_in in = { .id = by_id ? given : NULL, .email = by_id ? NULL : given };
    struct sql_user_show          row = { .doc = NULL };
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_user_show(&c->cx, &in, &row));
    if (row.doc == NULL) return ctx_fail(&c->cx, ERR_NOT_FOUND, "no user %.254s", given);
    *doc = row.doc;
    return OK;
}

enum err cmd_user_show(struct cli *c)
{
    const char *doc;
    TRY(find(c, &doc));
    return out_doc(c, columns, WIDTH, doc);
}

static enum err change(struct cli *c, const struct json *user, const char **doc)
{
    const bool                disable = command_option(c, "disable") != NULL;
    struct sql_user_change    done;
    struct sql_user_change_in in = { .id = json_text(json_get(user, "id")),
                                     .name = command_option(c, "name"),
                                     .no_forward = command_option(c, "no-forward") != NULL,
                                     .disabled = disable || command_option(c, "enable") != NULL ? &disable : NULL,
                                     .actor = command_actor(c),
                                     .origin = "" };
    if (disable && command_option(c, "enable") != NULL)
        return ctx_fail(&c->cx, ERR_INVALID, "either --disable or --enable");
    TRY(command_role(c, json_text(json_get(user, "role")), &in.role));
    TRY(command_phone(c, "forward-to", &in.forward_to));
    TRY(sql_user_change(&c->cx, &in, &done));
    if (strcmp(done.verdict, "last_admin") == 0)
        return ctx_fail(&c->cx, ERR_CONFLICT, "this is the only admin: name another one first");
    *doc = done.doc;
    return OK;
}

enum err cmd_user_set(struct cli *c)
{
    struct sql_password_store    stored;
    struct sql_password_store_in in = { .actor = command_actor(c), .origin = "" };
    const struct json           *user;
    const char                  *doc;
    TRY(find(c, &doc));
    TRY(json_parse(&c->cx, doc, strlen(doc), API_BODY_MAX, &user));
    TRY(password(c, json_text(json_get(user, "email")), &in.password_hash));
    TRY(change(c, user, &doc));
    in.user_id = json_text(json_get(user, "id"));
    if (in.password_hash != NULL) TRY(sql_password_store(&c->cx, &in, &stored));
    return out_doc(c, columns, WIDTH, doc);
}
