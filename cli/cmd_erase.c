/* switchhook erase: a person is forgotten, by number or contact; and once more after an older backup was restored. */
#include "ask.h"
#include "out.h"

#include "check.h"
#include "clock.h"
#include "erasure.h"
#include "id.h"
#include "phone.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

enum { SEEK_MS = 10 * 60 * 1000 };

/* Whom the command is about. */
struct target {
    const char *contact_id, *number;
};

/* A number, or contact:ID. */
static enum err read_target(struct cli *c, struct target *out)
{
    static const char word[] = "contact:";
    struct phone      p;
    bool              known = true;
    *out = (struct target){ NULL, NULL };
    if (c->word == NULL) return ctx_fail(&c->cx, ERR_INVALID, "whom? A number, or contact:ID");
    if (strncmp(c->word, word, sizeof word - 1) == 0) {
        out->contact_id = c->word + sizeof word - 1;
        if (!check_uuid(out->contact_id)) return ctx_fail(&c->cx, ERR_INVALID, "contact: expected its id");
        TRY(erasure_contact(&c->cx, out->contact_id, &known, &out->number));
        return known ? OK : ctx_fail(&c->cx, ERR_NOT_FOUND, "no such contact");
    }
    if (!phone_parse(c->word, strlen(c->word), NULL, &p))
        return ctx_fail(&c->cx, ERR_INVALID_NUMBER, "expected +<country><number>, or contact:ID");
    out->number = arena_strdup(c->cx.arena, p.e164);
    return OK;
}

static enum err foreign(struct cli *c, const char *number)
{
    struct sql_erasure_own own = { .owner = NULL };
    if (number != NULL) TRY(sql_erasure_own(&c->cx, &(const struct sql_erasure_own_in){ number }, &own));
    return own.owner == NULL ? OK : ctx_fail(&c->cx, ERR_CONFLICT, "the number is %s", own.owner);
}

static enum err preview(struct cli *c, const struct target *t)
{
    static const char *const            columns[] = { "counts", "held", "running_calls" };
    const struct subject                s = erasure_subject(&c->cx, t->number);
    const struct sql_erasure_preview_in in = { s.numbers, t->contact_id, s.words };
    struct sql_erasure_preview          row;
    TRY(sql_erasure_preview(&c->cx, &in, &row));
    return out_doc(c, columns, sizeof columns / sizeof *columns, row.doc);
}

static enum err ask(struct cli *c, const struct target *t)
{
    static const char *const  columns[] = { "id", "state", "asked_by", "asked_at" };
    char                      id[CTX_ID];
    struct sql_erasure_add    made;
    struct sql_erasure_add_in in = { .id = id, .contact_id = t->contact_id, .actor = command_actor(c) };
    id_uuid7(id);
    TRY(erasure_seal(&c->cx, id, t->number, &in.mark, &in.subject));
    TRY(sql_erasure_add(&c->cx, &in, &made));
    return out_doc(c, columns, sizeof columns / sizeof *columns, made.doc);
}

static enum err erase(struct cli *c)
{
    const bool    look = command_option(c, "preview") != NULL || command_option(c, "dry-run") != NULL;
    struct target t;
    TRY(veil_load(&c->cx));
    TRY(read_target(c, &t));
    TRY(foreign(c, t.number));
    if (look) return preview(c, &t);
    if (command_option(c, "yes") == NULL && ask_possible()) TRY(preview(c, &t));
    TRY(ask_name(c, arena_printf(c->cx.arena, "Erasing %s", c->word), c->word));
    return ask(c, &t);
}

/* Runs work with the master keys at hand. */
static enum err keyed(struct cli *c, enum err (*work)(struct cli *))
{
    struct seal_keys *keys = NULL;
    TRY(seal_keys_read(&c->cx, c->cfg.key_file, &keys));
    c->cx.keys = keys;
    enum err e = work(c);
    c->cx.keys = NULL;
    seal_forget(keys);
    return e;
}

enum err cmd_erase(struct cli *c)
{
    TRY(cmd_tenant(c, &c->cx.tenant));
    return keyed(c, erase);
}

/* Every tenant's tombstones against what it has; what is found is left to the sweep. */
static enum err reapply(struct cli *c)
{
    static const char *const columns[] = { "tombstones_restored", "erased_again" };
    struct ctx              *cx = &c->cx;
    int64_t                  restored, again, all = 0;
    struct db_rows           tenants;
    struct sql_erasure_again row;
    cx->deadline_ms = clock_ms() + SEEK_MS;
    TRY(erasure_sync(cx, c->cfg.state_dir, &restored));
    TRY(sql_sweep_tenants(cx, &tenants));
    const struct sql_sweep_tenants *v = tenants.v;
    for (size_t i = 0; i < tenants.n; i++) {
        cx->tenant = v[i].id;
        cx->deadline_ms = clock_ms() + SEEK_MS;
        TRY(sql_erasure_again(cx, &(const struct sql_erasure_again_in){ false }, &row));
        TRY(erasure_seek(cx, &again));
        all += again;
    }
    out_one(c, columns, 2,
            (const char *const[]){ arena_printf(cx->arena, "%lld", (long long)restored),
                                   arena_printf(cx->arena, "%lld", (long long)all) });
    return OK;
}

enum err cmd_erase_reapply(struct cli *c)
{
    return keyed(c, reapply);
}

enum err cmd_erase_list(struct cli *c)
{
    static const char *const columns[] = {
        "id", "state", "reason", "asked_by", "asked_at", "done_at", "counts", "held"
    };
    struct sql_erasures_page          page;
    const struct sql_erasures_page_in in = { .max = COMMAND_LIST_MAX };
    TRY(cmd_tenant(c, &c->cx.tenant));
    TRY(sql_erasures_page(&c->cx, &in, &page));
    return out_doc(c, columns, sizeof columns / sizeof *columns, page.doc);
}
