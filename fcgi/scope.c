/* What an API key is for. */
#include "scope.h"

#include "check.h"

#include <string.h>

/* Paths whose resource is not their second word, by how they begin. Whatever is not listed needs admin. */
static const struct {
    const char *path, *resource;
} others[] = {
    { "/api/calls/", "calls" },
    { "/api/calling/", "calls" },
    { "/api/twilio/make-call", "calls" },
    { "/api/twilio/token", "tokens" },
    { "/api/twilio/recording", "recordings" },
    { "/api/twilio/purchase-number", "numbers" },
    { "/api/admin/twilio/available-numbers", "numbers" },
    { "/api/admin/twilio/purchase-number", "numbers" },
    { "/api/admin/twilio/assign-number", "numbers" },
    { "/api/v1/available-numbers", "numbers" },
    { "/api/v1/number-", "numbers" },
    { "/api/v1/erasure-", "erasures" },
    { "/api/health", "health" },
};

/* Who may change these could give himself every other word. */
static const char guarded[] = " users keys settings webhook_endpoints webhook_deliveries alert_rules report_schedules ";

static const char *resource(struct arena *a, const char *path)
{
    static const char v1[] = "/api/v1/";
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strncmp(path, others[i].path, strlen(others[i].path)) == 0) return others[i].resource;
    if (strncmp(path, v1, sizeof v1 - 1) == 0) {
        const char *name = path + sizeof v1 - 1;
        char       *word = arena_copy(a, name, strcspn(name, "/"));
        for (char *c = word; *c != '\0'; c++)
            if (*c == '-') *c = '_';
        return word;
    }
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
