/* Faults: what shall go wrong, how often, and for whom. */
#include "fault.h"

#include "call.h"

#include <string.h>

const char *const FAULTS[] = {
    "duplicate",       "reorder",         "delay",           "drop",        "forge",
    "stale_token",     "create_cut",      "create_status",   "create_slow", "rest_status",
    "recording_404",   "media_truncated", "media_xml_error", "ai_status",   "ai_invalid_json",
    "ai_wrong_schema", "ai_huge",         "ai_slow",         "ai_cut",      "number_status",
    "number_cut",      "rest_cut",        "pause_ignored",   "message_cut", NULL
};

static const char *text_of(const cJSON *json, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(json, name);
    return cJSON_IsString(v) ? keep_str(v->valuestring) : NULL;
}

static int int_of(const cJSON *json, const char *name, int otherwise)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(json, name);
    return cJSON_IsNumber(v) ? v->valueint : otherwise;
}

bool fault_add(const cJSON *json, const char **why)
{
    const char *name = text_of(json, "fault");
    bool        known = false;
    for (size_t i = 0; name != NULL && FAULTS[i] != NULL; i++) known |= strcmp(FAULTS[i], name) == 0;
    if (!known) {
        *why = keep_fmt("fault: unknown: %s", name != NULL ? name : "(missing)");
        return false;
    }
    struct fault *f = keep(sizeof *f);
    *f = (struct fault){
        .name = name,
        .call = text_of(json, "call"),
        .kind = text_of(json, "kind"),
        .number = text_of(json, "number"),
        .about = text_of(json, "about"),
        .code = text_of(json, "code"),
        .count = int_of(json, "count", 1),
        .skip = int_of(json, "skip", 0),
        .at_byte = int_of(json, "at_byte", 0),
        .status = int_of(json, "status", 0),
        .retry_after = int_of(json, "retry_after", -1),
        .ms = int_of(json, "ms", 5000),
    };
    list_add(&world.faults, f);
    return true;
}

static bool fits(const char *wanted, const char *got)
{
    return wanted == NULL || (got != NULL && strcmp(wanted, got) == 0);
}

/* Whose it is: named outright, or as one side of the call or of its parents. */
static bool is_of(const char *number, const struct occasion *o)
{
    const struct call *c = number != NULL && o->call != NULL ? world_call(o->call) : NULL;
    if (number == NULL || (o->from != NULL && strcmp(o->from, number) == 0)) return true;
    if (o->to != NULL && strcmp(o->to, number) == 0) return true;
    for (; c != NULL; c = c->parent)
        if (strcmp(c->from, number) == 0 || strcmp(c->to, number) == 0) return true;
    return false;
}

static bool selects(const struct fault *f, const struct occasion *o)
{
    if (f->about != NULL && (o->text == NULL || strstr(o->text, f->about) == NULL)) return false;
    return fits(f->call, o->call) && fits(f->kind, o->kind) && is_of(f->number, o);
}

struct fault *fault_at(const char *name, const struct occasion *o)
{
    for (size_t i = 0; i < world.faults.n; i++) {
        struct fault *f = world.faults.v[i];
        if (f->count <= 0 || strcmp(f->name, name) != 0 || !selects(f, o)) continue;
        if (f->skip > 0) {
            f->skip--;
            continue;
        }
        f->count--;
        world_log("fault %s for %s %s", name, o->call != NULL ? o->call : "-", o->kind != NULL ? o->kind : "-");
        return f;
    }
    return NULL;
}

struct fault *fault_take(const char *name, const char *call, const char *kind)
{
    return fault_at(name, &(struct occasion){ .call = call, .kind = kind });
}
