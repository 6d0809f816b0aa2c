/* switchhook twilio app: what the browser's phone needs at Twilio. */
#include "command.h"
#include "http.h"
#include "out.h"

#include "twilio_app.h"

enum err cmd_app(struct cli *c, const char *tenant)
{
    static const char *const columns[] = { "tenant", "twiml_app_sid", "what", "voice_url", "status_callback" };
    struct seal_keys        *keys = NULL;
    struct twilio_app        app;
    TRY(seal_keys_read(&c->cx, c->cfg.key_file, &keys));
    c->cx.tenant = tenant;
    c->cx.keys = keys;
    c->cx.http = http_open();
    const enum err e = twilio_app_settle(&c->cx, command_actor(c), &app);
    http_close(c->cx.http);
    c->cx.http = NULL;
    c->cx.keys = NULL;
    seal_forget(keys);
    if (e != OK) return e;
    out_one(c, columns, 5,
            (const char *const[]){ tenant, app.sid, app.made ? "made" : "adopted", app.voice_url, app.status_url });
    return OK;
}

enum err cmd_twilio_app(struct cli *c)
{
    const char *tenant;
    TRY(cmd_tenant(c, &tenant));
    return cmd_app(c, tenant);
}
