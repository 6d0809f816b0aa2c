/* The tenant's numbers at Twilio, and whose they are. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "number.h"
#include "sql.h"

#include <string.h>

enum { EXTERNAL_MAX = 200, POOL_MAX = 60 };

struct adoption {
    const char *e164;
};

struct release {
    const bool *now;
};

#define AT(member) offsetof(struct number_target, member)

/* clang-format off */
static const struct field assign_rows[] = {
    { "user_id",     FIELD_UUID,  AT(user),       false, 0, 0, NULL },
    { "client_id",   FIELD_TEXT,  AT(client),     false, 1, EXTERNAL_MAX, NULL },
    { "campaign_id", FIELD_TEXT,  AT(campaign),   false, 1, EXTERNAL_MAX, NULL },
    { "pool",        FIELD_TEXT,  AT(pool),       false, 1, POOL_MAX, NULL },
    { "forward_to",  FIELD_PHONE, AT(forward_to), false, 0, 0, NULL },
};
static const struct field guide_assign_rows[] = {
    { "phoneNumber", FIELD_PHONE, AT(e164),       true,  0, 0, NULL },
    { "userId",      FIELD_UUID,  AT(user),       false, 0, 0, NULL },
    { "clientId",    FIELD_TEXT,  AT(client),     false, 1, EXTERNAL_MAX, NULL },
    { "campaignId",  FIELD_TEXT,  AT(campaign),   false, 1, EXTERNAL_MAX, NULL },
    { "forwardTo",   FIELD_PHONE, AT(forward_to), false, 0, 0, NULL },
};
static const struct field adopt_rows[] = {
    { "phone_number", FIELD_PHONE, offsetof(struct adoption, e164), false, 0, 0, NULL },
};
static const struct field release_rows[] = {
    { "now", FIELD_BOOL, offsetof(struct release, now), false, 0, 0, NULL },
};
/* clang-format on */
const struct fields assign_in = FIELDS(assign_rows, struct number_target);
const struct fields guide_assign_in = FIELDS_TOLERANT(guide_assign_rows, struct number_target);
const struct fields adopt_in = FIELDS(adopt_rows, struct adoption);
const struct fields release_query = FIELDS(release_rows, struct release);

static enum err missing(struct req *rq)
{
    return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such number");
}

/* The number that the path names, if it does, and who asks. */
static enum err target(struct req *rq, const struct number_target *in, struct number_target *out)
{
    if (in != NULL) *out = *in;
    if (out->e164 == NULL) out->id = rq->param[0];
    out->actor = auth_actor(rq);
    out->origin = rq->remote;
    return out->e164 != NULL || check_uuid(out->id) ? OK : missing(rq);
}

/* POST /api/v1/numbers/{id}/assignment {user_id | client_id | campaign_id | pool, forward_to?} -> 200 number
 * POST /api/admin/twilio/assign-number {phoneNumber, userId | clientId, forwardTo?} -> 200 {"success","assignment"} */
enum err numbers_assign(struct req *rq, struct res *rs)
{
    struct number_target t = { 0 };
    const char          *doc;
    TRY(target(rq, rq->in, &t));
    TRY(number_assign(rq->ctx, &t, &doc));
    if (rq->route->shape == SHAPE_GUIDE)
        doc = arena_printf(rq->ctx->arena, "{\"success\":true,\"assignment\":%s}\n", doc);
    return res_json(rs, 200, doc);
}

/* DELETE /api/v1/numbers/{id}/assignment -> 200 number, which cools down */
enum err numbers_unassign(struct req *rq, struct res *rs)
{
    struct number_target t = { 0 };
    const char          *doc;
    TRY(target(rq, NULL, &t));
    TRY(number_unassign(rq->ctx, &t, &doc));
    return res_json(rs, 200, doc);
}

/* DELETE /api/v1/numbers/{id} ?now -> 202 number; the sweep gives it back once it has cooled. 409: somebody holds it.
 */
enum err numbers_release(struct req *rq, struct res *rs)
{
    const struct release *args = rq->args;
    struct number_target  t = { 0 };
    const char           *doc;
    TRY(target(rq, NULL, &t));
    TRY(number_release(rq->ctx, &t, args->now != NULL && *args->now, &doc));
    return res_json(rs, 202, doc);
}

/* POST /api/v1/number-adoptions {phone_number?} -> 200 {"adopted","waiting"}: waiting are told their URLs later */
enum err numbers_adopt(struct req *rq, struct res *rs)
{
    const struct adoption *in = rq->in;
    int64_t                adopted, left;
    TRY(number_adopt(rq->ctx, in->e164, auth_actor(rq), rq->remote, &adopted, &left));
    return res_json(rs, 200,
                    arena_printf(rq->ctx->arena, "{\"adopted\":%lld,\"waiting\":%lld}", (long long)adopted,
                                 (long long)left));
}

/* GET /api/v1/numbers/{id}/health -> 200, as of the last look */
enum err numbers_health(struct req *rq, struct res *rs)
{
    struct sql_number_health found = { 0 };
    if (check_uuid(rq->param[0]))
        TRY(sql_number_health(rq->ctx, &(const struct sql_number_health_in){ rq->param[0] }, &found));
    return found.doc != NULL ? res_json(rs, 200, found.doc) : missing(rq);
}

/* POST /api/v1/numbers/{id}/check -> 200 health, as of now */
enum err numbers_check(struct req *rq, struct res *rs)
{
    struct number_report found;
    if (!check_uuid(rq->param[0])) return missing(rq);
    TRY(number_check(rq->ctx, rq->param[0], NULL, &found));
    return numbers_health(rq, rs);
}

/* POST /api/v1/number-checks -> 200 {"drifted","not_adopted"} */
enum err numbers_check_all(struct req *rq, struct res *rs)
{
    struct number_report found;
    TRY(number_check(rq->ctx, NULL, NULL, &found));
    return res_json(rs, 200,
                    arena_printf(rq->ctx->arena, "{\"drifted\":%lld,\"not_adopted\":%lld}", (long long)found.drifted,
                                 (long long)found.strangers));
}

/* POST /api/v1/numbers/{id}/apply -> 200 health, as of Twilio's answer. The wish is kept first: if Twilio is away the
 * sweep does it. */
enum err numbers_apply(struct req *rq, struct res *rs)
{
    struct sql_number_reapply row;
    if (!check_uuid(rq->param[0])) return missing(rq);
    TRY(sql_number_reapply(rq->ctx,
                           &(const struct sql_number_reapply_in){
                               .id = rq->param[0], .actor = auth_actor(rq), .origin = rq->remote },
                           &row));
    if (row.asked == 0) return missing(rq);
    TRY(number_apply(rq->ctx, rq->param[0]));
    return numbers_health(rq, rs);
}

/* GET /api/v1/numbers/{id}/assignments -> 200 {"data":[...],"next_cursor":null} */
enum err numbers_history(struct req *rq, struct res *rs)
{
    struct sql_number_history found = { 0 };
    if (check_uuid(rq->param[0]))
        TRY(sql_number_history(rq->ctx, &(const struct sql_number_history_in){ rq->param[0] }, &found));
    return found.doc != NULL ? res_json(rs, 200, found.doc) : missing(rq);
}
