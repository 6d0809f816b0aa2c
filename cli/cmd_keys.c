/* switchhook rotate-keys: a newer master key takes over, while everybody goes on working. */
#include "command.h"
#include "out.h"

#include "tenant_key.h"

/* 1. --new-key adds a key to the file, and says so; 2. the pools and the sweep are restarted and know both; 3. without
 * options everything is sealed again; 4. the old line may go a day later, when the answers kept for repeated requests
 * are over. */
static enum err add_key(struct cli *c)
{
    static const char *const columns[] = { "key" };
    const char              *id;
    TRY(seal_keys_add(&c->cx, c->cfg.key_file, &id));
    (void)fputs("switchhook: restart the workers and the sweep, then run switchhook rotate-keys\n", stderr);
    out_one(c, columns, 1, (const char *const[]){ id });
    return OK;
}

enum err cmd_rotate_keys(struct cli *c)
{
    static const char *const columns[] = { "key", "sealed" };
    struct seal_keys        *keys = NULL;
    int64_t                  n = 0;
    if (command_option(c, "new-key") != NULL) return add_key(c);
    TRY(seal_keys_read(&c->cx, c->cfg.key_file, &keys));
    c->cx.keys = keys;
    enum err e = tenant_key_rotate(&c->cx, &n);
    if (e == OK)
        out_one(c, columns, 2,
                (const char *const[]){ seal_id(keys, 0), arena_printf(c->cx.arena, "%lld", (long long)n) });
    c->cx.keys = NULL;
    seal_forget(keys);
    return e;
}
