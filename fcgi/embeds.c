/* The phone inside somebody else's pages: which may show it, and how it logs in there without a cookie. */
#include "embeds.h"

#include "handlers.h"

#include "auth.h"
#include "buf.h"
#include "check.h"
#include "clock.h"
#include "origin.h"
#include "sql.h"
#include "token.h"

#include <string.h>

enum { TICKET_S = 300, REPLY_MAX = 2048, ORIGIN_MAX = 255, UUID_LEN = 36, TICKET_MAX = 100 };

struct asked {
    const char *tenant, *origin;
};

struct ticket_of {
    const char *user; /* first: phone_whose() finds it */
    const char *origin;
};

struct ticket_used {
    const char *ticket;
};

/* clang-format off */
static const struct field gate_rows[] = {
    { "tenant", FIELD_UUID, offsetof(struct asked, tenant), true, 0, 0, NULL },
    { "origin", FIELD_TEXT, offsetof(struct asked, origin), true, 1, ORIGIN_MAX, NULL },
};
static const struct field ticket_rows[] = {
    { "user_id", FIELD_UUID, offsetof(struct ticket_of, user),   false, 0, 0, NULL },
    { "origin",  FIELD_TEXT, offsetof(struct ticket_of, origin), true,  1, ORIGIN_MAX, NULL },
};
static const struct field use_rows[] = {
    { "ticket", FIELD_TEXT, offsetof(struct ticket_used, ticket), true, 1, TICKET_MAX, NULL },
};
/* clang-format on */
const struct fields gate_query = FIELDS(gate_rows, struct asked);
const struct fields ticket_in = FIELDS(ticket_rows, struct ticket_of);
const struct fields ticket_use_in = FIELDS(use_rows, struct ticket_used);

static enum err secret(struct ctx *cx, struct res *rs, int status, const struct buf *b)
{
    TRY(res_json(rs, status, b->at));
    return res_header(cx, rs, "Cache-Control", "no-store");
}

/* GET /api/v1/embed-gate?tenant=&origin= -> 200 {"allowed":true}, X-Frame-Ancestors: who may show the phone
 * nginx asks before it sends /embed/phone, whose content policy takes the header. A page that may not is noted for the
 * tenant's admin; the answer tells a stranger no more than the header of a page would. */
enum err embeds_gate(struct req *rq, struct res *rs)
{
    struct ctx               *cx = rq->ctx;
    const struct asked       *in = rq->args;
    struct sql_origin_allowed row;
    cx->tenant = in->tenant;
    TRY(sql_origin_allowed(cx, &(const struct sql_origin_allowed_in){ in->origin }, &row));
    if (!row.known || !row.allowed) return ctx_fail(cx, ERR_ORIGIN, "Unauthorized domain: %.80s", in->origin);
    TRY(res_json(rs, 200, "{\"allowed\":true}\n"));
    return res_header(cx, rs, "X-Frame-Ancestors", row.ancestors);
}

/* GET /api/v1/settings/refused-origins -> 200 {"refused":[{origin, times, first_at, last_at}]} */
enum err embeds_refused(struct req *rq, struct res *rs)
{
    struct sql_origins_refused row;
    TRY(sql_origins_refused(rq->ctx, &row));
    return res_json(rs, 200, row.doc);
}

static enum err may_have(struct req *rq, const struct sql_ticket_add *row, const char *origin)
{
    struct ctx               *cx = rq->ctx;
    struct sql_origin_allowed noted;
    if (row->user_role == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "no such user");
    if (strcmp(row->user_role, "viewer") == 0) return ctx_fail(cx, ERR_FORBIDDEN, "a viewer makes no calls");
    if (row->allowed) return OK;
    TRY(sql_origin_allowed(cx, &(const struct sql_origin_allowed_in){ origin }, &noted));
    cx->err.cure = "An admin allows it under Settings, Embeds, or by PUT /api/v1/settings/origins.";
    return ctx_fail(cx, ERR_ORIGIN, "Unauthorized domain: %.80s", origin);
}

/* POST /api/v1/embed-tickets {user_id?, origin} -> 201 {ticket, origin, user_id, expires_at}
 * For a page of that origin, once, within five minutes. It begins with the tenant, which names no secret. */
enum err embeds_ticket(struct req *rq, struct res *rs)
{
    struct ctx             *cx = rq->ctx;
    const struct ticket_of *in = rq->in;
    unsigned char           hash[TOKEN_HASH];
    struct sql_ticket_add   row;
    struct buf              b = buf_new(cx->arena, REPLY_MAX);
    const char             *user;
    TRY(phone_whose(rq, &user));
    if (!origin_valid(in->origin))
        return field_fault(cx, ERR_INVALID, "/origin", "origin", "expected scheme, host and port: https://crm.example");
    const char                    *text = token_session(cx->arena, hash);
    const struct sql_ticket_add_in add = { .user_id = user,
                                           .origin = in->origin,
                                           .hash = { hash, sizeof hash },
                                           .seconds = TICKET_S,
                                           .actor = auth_actor(rq),
                                           .remote = rq->remote };
    TRY(sql_ticket_add(cx, &add, &row));
    TRY(may_have(rq, &row, in->origin));
    buf_printf(&b, "{\"ticket\":\"%s.%s\",\"origin\":", cx->tenant, text);
    buf_json(&b, in->origin);
    buf_printf(&b, ",\"user_id\":\"%s\",\"expires_at\":\"%s\"}\n", user, row.expires_at);
    return secret(cx, rs, 201, &b);
}

/* The secret behind the tenant's name; false: of another shape. */
static bool ticket_hash(const char *ticket, unsigned char hash[TOKEN_HASH])
{
    return strlen(ticket) > UUID_LEN && ticket[UUID_LEN] == '.' && token_session_hash(ticket + UUID_LEN + 1, hash);
}

/* POST /api/v1/embed-sessions {ticket} -> 201 {token, origin, user_id, session_id, expires_at}
 * The frame keeps the token in memory and sends it as its bearer: a frame of another site has no cookie. It listens to
 * no page but one of that origin. */
enum err embeds_session(struct req *rq, struct res *rs)
{
    struct ctx               *cx = rq->ctx;
    unsigned char             hash[TOKEN_HASH];
    struct sql_ticket_take    who = { .user_id = NULL };
    struct sql_ticket_session made = { .doc = NULL };
    struct buf                b = buf_new(cx->arena, REPLY_MAX);
    if (ticket_hash(((const struct ticket_used *)rq->in)->ticket, hash))
        TRY(sql_ticket_take(cx, &(const struct sql_ticket_take_in){ { hash, sizeof hash } }, &who));
    if (who.user_id == NULL) return ctx_fail(cx, ERR_UNAUTHENTICATED, "the ticket is used, over, or none");
    const char *text = token_session(cx->arena, hash);
    cx->tenant = who.tenant_id;
    const struct sql_ticket_session_in open = { .user_id = who.user_id,
                                                .hash = { hash, sizeof hash },
                                                .seconds = AUTH_SESSION_S,
                                                .remote = rq->remote,
                                                .agent = rq->agent,
                                                .page = who.origin };
    TRY(sql_ticket_session(cx, &open, &made));
    if (made.doc == NULL) return ctx_fail(cx, ERR_UNAUTHENTICATED, "the user has gone");
    buf_printf(&b, "{\"token\":\"" AUTH_FRAME "%s\",%s\n", text, made.doc + 1);
    return secret(cx, rs, 201, &b);
}
