/* The tenant's account at Twilio, ready for requests. */
#include "twilio.h"

#include "region.h"
#include "seal.h"
#include "sql.h"

static const char *place_of(struct ctx *cx, const char *tenant, const char *column)
{
    return arena_printf(cx->arena, "twilio_configurations.%s:%s", column, tenant);
}

enum err twilio_open(struct ctx *cx, const struct seal_data *key, const char *column, const char *sealed,
                     const char **out)
{
    if (cx->keys == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "the key file could not be read");
    return seal_data_open(cx, cx->keys, key, place_of(cx, cx->tenant, column), sealed, out);
}

enum err twilio_seal(struct ctx *cx, const struct seal_data *key, const char *column, const char *text,
                     const char **out)
{
    if (text == NULL) *out = NULL;
    return text == NULL ? OK : seal_data_text(cx, cx->keys, key, place_of(cx, key->tenant, column), text, out);
}

enum err twilio_load(struct ctx *cx, struct twilio *out)
{
    struct sql_twilio_load row;
    struct twilio          t;
    TRY(sql_twilio_load(cx, &row));
    if (row.account_sid == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "Twilio service not initialized");
    const struct seal_data key = { cx->tenant, row.data_key };
    t = (struct twilio){
        .sid = row.account_sid,
        .user = row.account_sid,
        .base = region_base(cx->arena, row.api_base_url, row.region, row.edge),
    };
    if (row.api_key_sid != NULL && row.api_key_secret != NULL) {
        t.user = row.api_key_sid;
        TRY(twilio_open(cx, &key, "api_key_secret", row.api_key_secret, &t.password));
    } else TRY(twilio_open(cx, &key, "auth_token", row.auth_token, &t.password));
    *out = t;
    return OK;
}
