/* switchhook tenant set-twilio: a tenant's account at Twilio, its secrets by file or standard input alone. */
#include "command.h"
#include "out.h"

#include "check.h"
#include "env.h"
#include "region.h"
#include "sql.h"
#include "tenant_key.h"
#include "twilio.h"

#include <string.h>

/* AUTH_TOKEN=, AUTH_TOKEN_SECONDARY= and API_KEY_SECRET=, a line each; names of the settings are fine as well. */
static enum err secrets(struct cli *c, struct env *out)
{
    const char *path = command_option(c, "secrets");
    return env_read(&c->cx, path == NULL ? "/dev/stdin" : path, out);
}

static const char *secret(struct cli *c, const struct env *e, const char *name)
{
    const char *v = env_get(e, name);
    return v != NULL ? v : env_get(e, arena_printf(c->cx.arena, "TWILIO_%s", name));
}

static enum err sid(struct cli *c, const char *option, const char *prefix, const char **out)
{
    *out = command_option(c, option);
    if (*out == NULL || check_sid(*out, prefix)) return OK;
    return ctx_fail(&c->cx, ERR_INVALID, "--%s: expected %s and 32 lower-case hex digits", option, prefix);
}

static enum err read_account(struct cli *c, struct sql_twilio_set_in *out)
{
    TRY(sid(c, "account-sid", "AC", &out->account_sid));
    TRY(sid(c, "api-key-sid", "SK", &out->api_key_sid));
    TRY(sid(c, "twiml-app-sid", "AP", &out->twiml_app_sid));
    out->region = command_option(c, "region");
    out->edge = command_option(c, "edge");
    out->api_base_url = command_option(c, "api-base-url");
    out->base_wins = out->api_base_url != NULL;
    if (out->base_wins && !check_url(out->api_base_url))
        return ctx_fail(&c->cx, ERR_INVALID, "--api-base-url: expected https://host[:port]");
    if (!out->base_wins) out->api_base_url = c->cfg.twilio_api_set;
    out->actor = command_actor(c);
    out->origin = "";
    if (out->region != NULL && region_edge(out->region) == NULL)
        return ctx_fail(&c->cx, ERR_INVALID, "--region: not a region of Twilio");
    return OK;
}

static enum err seal_all(struct cli *c, const struct env *e, struct sql_twilio_set_in *out)
{
    const char      *token = secret(c, e, "AUTH_TOKEN"), *key_secret = secret(c, e, "API_KEY_SECRET");
    struct seal_data key;
    if (token == NULL) return ctx_fail(&c->cx, ERR_INVALID, "no AUTH_TOKEN= among the secrets");
    if ((key_secret == NULL) != (out->api_key_sid == NULL))
        return ctx_fail(&c->cx, ERR_INVALID, "--api-key-sid and API_KEY_SECRET= go together");
    TRY(tenant_key(&c->cx, &key));
    TRY(twilio_seal(&c->cx, &key, "auth_token", token, &out->auth_token));
    TRY(twilio_seal(&c->cx, &key, "auth_token_secondary", secret(c, e, "AUTH_TOKEN_SECONDARY"),
                    &out->auth_token_secondary));
    return twilio_seal(&c->cx, &key, "api_key_secret", key_secret, &out->api_key_secret);
}

enum err cmd_tenant_set_twilio(struct cli *c)
{
    static const char *const columns[] = { "tenant", "account_sid" };
    struct sql_twilio_set_in in = { 0 };
    struct sql_twilio_set    done;
    struct env               e;
    struct seal_keys        *keys = NULL;
    const char              *tenant;
    TRY(read_account(c, &in));
    TRY(secrets(c, &e));
    TRY(cmd_tenant(c, &tenant));
    TRY(seal_keys_read(&c->cx, c->cfg.key_file, &keys));
    c->cx.tenant = tenant;
    c->cx.keys = keys;
    enum err err = seal_all(c, &e, &in);
    c->cx.keys = NULL;
    seal_forget(keys);
    if (err != OK) return err;
    TRY(sql_twilio_set(&c->cx, &in, &done));
    if (command_option(c, "app") != NULL) return cmd_app(c, tenant);
    out_one(c, columns, 2, (const char *const[]){ tenant, in.account_sid });
    return OK;
}
