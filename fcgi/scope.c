/* What an API key is for. */
#include "scope.h"

#include "check.h"

#include <string.h>

/* Paths of the guides, by how they begin. Whatever is not listed needs admin. */
static const struct {
    const char *path, *resource;
} guides[] = {
    { "/api/calls/", "calls" },
    { "/api/calling/", "calls" },
    { "/api/twilio/make-call", "calls" },
    { "/api/twilio/token", "tokens" },
    { "/api/twilio/recording", "recordings" },
    { "/api/twilio/purchase-number", "numbers" },
    { "/api/admin/twilio/available-numbers", "numbers" },
    { "/api/health", "health" },
};

/* Who may change these could give himself every other word. */
static const char guarded[] = " users keys settings webhook_endpoints webhook_deliveries alert_rules report_schedules ";

static const char *resource(struct arena *a, const char *path)
{
    static const char v1[] = "/api/v1/";
    if (strncmp(path, v1, sizeof v1 - 1) == 0) {
        const char *name = path + sizeof v1 - 1;
        char       *word = arena_copy(a, name, strcspn(name, "/"));
        for (char *c = word; *c != '\0'; c++)
            if (*c == '-') *c = '_';
        return word;
    }
    for (size_t i = 0; i < sizeof guides / sizeof *guides; i++)
        if (strncmp(path, guides[i].path, strlen(guides[i].path)) == 0) return guides[i].resource;
    return NULL;
}

const char *scope_needed(const struct req *rq)
{
    struct arena *a = rq->ctx->arena;
    const char   *name = resource(a, rq->path);
    if (name != NULL && rq->method != METHOD_GET && check_word(name, guarded)) return "admin";
    return name == NULL ? "admin" : arena_printf(a, "%s:%s", name, rq->method == METHOD_GET ? "read" : "write");
}

bool scope_allows(const struct req *rq, const char *scopes)
{
    if (scopes == NULL) return true;
    const char *set = arena_printf(rq->ctx->arena, " %s ", scopes);
    return check_word("admin", set) || check_word(scope_needed(rq), set);
}
