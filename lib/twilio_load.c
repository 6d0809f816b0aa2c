/* The tenant's account at Twilio, ready for requests. */
#include "twilio.h"

#include "region.h"
#include "seal.h"
#include "sql.h"

static enum err opened(struct ctx *cx, const char *column, const char *sealed, const char **out)
{
    const char *place = arena_printf(cx->arena, "twilio_configurations.%s:%s", column, cx->tenant);
    if (cx->keys == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "the key file could not be read");
    return seal_open(cx, cx->keys, place, sealed, out);
}

enum err twilio_load(struct ctx *cx, struct twilio *out)
{
    struct sql_twilio_load row;
    struct twilio          t;
    TRY(sql_twilio_load(cx, &row));
    if (row.account_sid == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "Twilio service not initialized");
    t = (struct twilio){
        .sid = row.account_sid,
        .user = row.account_sid,
        .base = region_base(cx->arena, row.api_base_url, row.region, row.edge),
    };
    if (row.api_key_sid != NULL && row.api_key_secret != NULL) {
        t.user = row.api_key_sid;
        TRY(opened(cx, "api_key_secret", row.api_key_secret, &t.password));
    } else TRY(opened(cx, "auth_token", row.auth_token, &t.password));
    *out = t;
    return OK;
}
