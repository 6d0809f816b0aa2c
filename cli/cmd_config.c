/* switchhook config: what is set, and what is wrong with it. */
#include "command.h"

#include "check.h"
#include "region.h"

#include <string.h>
#include <unistd.h>

enum err cmd_config_show(struct cli *c)
{
    config_show(&c->cfg, stdout);
    return OK;
}

enum err cmd_config_describe(struct cli *c)
{
    (void)c;
    config_describe(stdout);
    return OK;
}

/* Values that guides print to be replaced. */
static bool placeholder(const char *v)
{
    static const char *const signs[] = { "your_", "_here", "xxxxx", "XXXXX" };
    for (size_t i = 0; v != NULL && i < sizeof signs / sizeof *signs; i++)
        if (strstr(v, signs[i]) != NULL) return true;
    return false;
}

static size_t finding(bool is, const char *text)
{
    if (is) (void)puts(text);
    return is;
}

static size_t placeholders(const struct config *g)
{
    const struct {
        const char *name, *value;
    } rows[] = {
        { "TWILIO_ACCOUNT_SID", g->twilio_account_sid },   { "TWILIO_AUTH_TOKEN", g->twilio_auth_token },
        { "TWILIO_API_KEY_SID", g->twilio_api_key_sid },   { "TWILIO_API_KEY_SECRET", g->twilio_api_key_secret },
        { "TWILIO_PHONE_NUMBER", g->twilio_phone_number }, { "FORWARD_PHONE_NUMBER", g->forward_phone_number },
        { "OPENAI_API_KEY", g->openai_api_key },           { "TWILIO_TWIML_APP_SID", g->twilio_twiml_app_sid },
    };
    size_t n = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!placeholder(rows[i].value)) continue;
        (void)printf("%s still holds a placeholder\n", rows[i].name);
        n++;
    }
    return n;
}

/* Exit status 1 where something was found. */
enum err cmd_config_check(struct cli *c)
{
    const struct config *g = &c->cfg;
    struct seal_keys    *keys = NULL;
    size_t               n = placeholders(g);
    n += finding(g->public_url == NULL, "PUBLIC_URL is not set: Twilio's signatures cannot be checked");
    n += finding(g->public_url != NULL && strncmp(g->public_url, "http://", 7) == 0,
                 "PUBLIC_URL is not https: fine for a trial on this machine, and nowhere else");
    n += finding(g->twilio_account_sid != NULL && !check_sid(g->twilio_account_sid, "AC"),
                 "TWILIO_ACCOUNT_SID is not AC and 32 hex digits");
    n += finding(g->twilio_region != NULL && region_edge(g->twilio_region) == NULL,
                 "TWILIO_REGION is not a region we know");
    n += finding(
        g->twilio_region != NULL && g->twilio_edge == NULL && strcmp(g->twilio_region, "us1") != 0,
        "TWILIO_REGION without TWILIO_EDGE: its own edge is used, for a bare region is served by the United States");
    n += finding(g->openai_api_key == NULL, "OPENAI_API_KEY is not set: recordings are not transcribed");
    n += finding(g->encryption_key != NULL, "ENCRYPTION_KEY is not used: master keys live in KEY_FILE");
    n += finding(access(g->recordings_dir, W_OK) != 0, "RECORDINGS_DIR cannot be written by this user");
    n += finding(strcmp(g->recordings_storage, "s3") == 0
                     && (g->s3_endpoint == NULL || g->s3_access_key_id == NULL || g->s3_secret_access_key == NULL),
                 "RECORDINGS_STORAGE is s3: S3_ENDPOINT, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are needed");
    if (seal_keys_read(&c->cx, g->key_file, &keys) != OK) n += finding(true, c->cx.err.msg);
    seal_forget(keys);
    ctx_forgive(&c->cx);
    return n == 0 ? OK : ctx_fail(&c->cx, ERR_INVALID, "%zu finding%s", n, n == 1 ? "" : "s");
}
