/* The model: reads a transcript by rules and fills whatever JSON schema is asked for. */
#include "ai.h"
#include "rest.h"
#include "sign.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 12 };

static bool named(const char *name, const char *part)
{
    return name != NULL && strcasestr(name, part) != NULL;
}

static const struct sentence *item_of(const struct reading *x)
{
    static const struct sentence none = { "", false, 0 };
    if (x->n_items > 0) return &x->v[x->items[x->item % x->n_items]];
    return x->n > 0 ? &x->v[0] : &none;
}

static const char *string_for(const struct reading *x, const char *name)
{
    const struct sentence *s = item_of(x);
    if (named(name, "sentiment") || named(name, "label") || named(name, "tone")) return ai_label(x);
    if (named(name, "summary") || named(name, "overview")) return ai_summary(x);
    if (named(name, "quote") || named(name, "evidence") || named(name, "verbatim")) return s->text;
    if (named(name, "owner") || named(name, "speaker") || named(name, "assignee") || named(name, "who"))
        return s->agent ? "agent" : "customer";
    if (named(name, "topic") || named(name, "tag") || named(name, "subject") || named(name, "name"))
        return ai_topic(x, x->topic) != NULL ? ai_topic(x, x->topic) : "";
    if (named(name, "language")) return "en";
    if (named(name, "priority") || named(name, "urgency")) return "medium";
    if (named(name, "due") || named(name, "date") || named(name, "deadline"))
        return strcasestr(s->text, "friday") != NULL ? "Friday" : "";
    return s->text;
}

static cJSON *choose(const struct reading *x, const char *name, const cJSON *words)
{
    const char  *wanted = string_for(x, name);
    const cJSON *w, *first = words->child;
    cJSON_ArrayForEach(w, words)
    {
        if (cJSON_IsString(w)
            && (strcasecmp(w->valuestring, wanted) == 0 || strcasecmp(w->valuestring, ai_label(x)) == 0))
            return cJSON_Duplicate(w, 1);
    }
    while (cJSON_IsNull(first) && first->next != NULL) first = first->next;
    return cJSON_Duplicate(first, 1);
}

static double limit(const cJSON *schema, const char *name, double otherwise)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(schema, name);
    return cJSON_IsNumber(v) ? v->valuedouble : otherwise;
}

static cJSON *number_for(const struct reading *x, const char *name, const cJSON *schema, bool whole)
{
    double min = limit(schema, "minimum", named(name, "score") && !whole ? -1 : 0), max = limit(schema, "maximum", 1e9),
           v = 1;
    if (named(name, "score") || named(name, "sentiment"))
        v = max > 1e8 ? x->score : min + (x->score + 1) / 2 * (max - min);
    else if (named(name, "confidence") || named(name, "probability")) v = 0.9;
    else if (named(name, "segment") || named(name, "line") || named(name, "index")) v = item_of(x)->line;
    if (v < min) v = min;
    if (v > max) v = max;
    if (whole) return cJSON_CreateNumber((double)(long)v);
    return cJSON_CreateNumber((double)(long)(v * 1000) / 1000);
}

static cJSON *fill(struct reading *x, const char *name, const cJSON *schema, int depth);

static cJSON *array_for(struct reading *x, const char *name, const cJSON *schema, int depth)
{
    const cJSON *of = cJSON_GetObjectItemCaseSensitive(schema, "items");
    bool         topics = named(name, "topic") || named(name, "tag") || named(name, "keyword");
    bool         items = named(name, "action") || named(name, "task") || named(name, "todo") || named(name, "next")
                 || named(name, "follow") || named(name, "quote");
    size_t max = (size_t)limit(schema, "maxItems", ITEMS_MAX), min = (size_t)limit(schema, "minItems", 0),
           n = items    ? x->n_items
               : topics ? ITEMS_MAX
                        : min;
    cJSON *a = cJSON_CreateArray();
    for (size_t i = 0; (i < n || i < min) && i < max; i++) {
        if (topics && i >= min && ai_topic(x, i) == NULL) break;
        x->item = i;
        x->topic = i;
        cJSON_AddItemToArray(a, fill(x, items ? "action_item" : name, of, depth + 1));
    }
    x->item = x->topic = 0;
    return a;
}

static cJSON *object_for(struct reading *x, const cJSON *schema, int depth)
{
    cJSON       *o = cJSON_CreateObject();
    const cJSON *p;
    cJSON_ArrayForEach(p, cJSON_GetObjectItemCaseSensitive(schema, "properties"))
        cJSON_AddItemToObject(o, p->string, fill(x, p->string, p, depth + 1));
    return o;
}

static const cJSON *resolved(const struct reading *x, const cJSON *schema)
{
    const char *ref = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(schema, "$ref"));
    if (ref == NULL || strncmp(ref, "#/", 2) != 0) return schema;
    const cJSON *at = x->root;
    for (const char *p = ref + 2; at != NULL && *p != '\0';) {
        size_t n = strcspn(p, "/");
        at = cJSON_GetObjectItemCaseSensitive(at, keep_mem(p, n));
        p += n + (p[n] == '/');
    }
    return at;
}

/* The first type that is not null. */
static const char *type_of(const cJSON *schema)
{
    const cJSON *t = cJSON_GetObjectItemCaseSensitive(schema, "type"), *one;
    if (cJSON_IsString(t)) return t->valuestring;
    cJSON_ArrayForEach(one,
                       t) if (cJSON_IsString(one) && strcmp(one->valuestring, "null") != 0) return one->valuestring;
    return cJSON_HasObjectItem(schema, "properties") ? "object" : "string";
}

static cJSON *string_value(const struct reading *x, const char *name, const cJSON *schema)
{
    const char *s = string_for(x, name);
    size_t      max = (size_t)limit(schema, "maxLength", 1e6);
    return cJSON_CreateString(strlen(s) > max ? keep_mem(s, max) : s);
}

static cJSON *fill(struct reading *x, const char *name, const cJSON *schema, int depth)
{
    const cJSON *alternatives, *words, *fixed;
    schema = resolved(x, schema);
    if (schema == NULL || depth > DEPTH_MAX) return cJSON_CreateNull();
    if ((fixed = cJSON_GetObjectItemCaseSensitive(schema, "const")) != NULL) return cJSON_Duplicate(fixed, 1);
    if ((words = cJSON_GetObjectItemCaseSensitive(schema, "enum")) != NULL && words->child != NULL)
        return choose(x, name, words);
    alternatives = cJSON_GetObjectItemCaseSensitive(schema, "anyOf");
    if (alternatives == NULL) alternatives = cJSON_GetObjectItemCaseSensitive(schema, "oneOf");
    if (alternatives != NULL && alternatives->child != NULL) return fill(x, name, alternatives->child, depth + 1);
    const char *type = type_of(schema);
    if (strcmp(type, "object") == 0) return object_for(x, schema, depth);
    if (strcmp(type, "array") == 0) return array_for(x, name, schema, depth);
    if (strcmp(type, "number") == 0) return number_for(x, name, schema, false);
    if (strcmp(type, "integer") == 0) return number_for(x, name, schema, true);
    if (strcmp(type, "boolean") == 0) return cJSON_CreateBool(x->score >= 0);
    if (strcmp(type, "null") == 0) return cJSON_CreateNull();
    return string_value(x, name, schema);
}

/* Without a schema: the members that analyses of calls usually have. */
static const char USUAL[] = "{\"type\":\"object\",\"properties\":{\"sentiment\":{\"enum\":[\"positive\",\"neutral\","
                            "\"negative\"]},\"score\":{\"type\":\"number\","
                            "\"minimum\":-1,\"maximum\":1},\"summary\":{\"type\":\"string\"},\"action_items\":{"
                            "\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
                            "\"topics\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}";

static const char *content_for(const cJSON *request, const char *text)
{
    const cJSON *format = cJSON_GetObjectItemCaseSensitive(request, "response_format");
    const cJSON *given =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(format, "json_schema"), "schema");
    const char    *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(format, "type"));
    struct reading x = { 0 };
    ai_understand(&x, text);
    if (type == NULL || strcmp(type, "text") == 0) return ai_summary(&x);
    cJSON *usual = given == NULL ? cJSON_Parse(USUAL) : NULL;
    x.root = given != NULL ? given : usual;
    cJSON      *o = fill(&x, NULL, x.root, 0);
    char       *printed = cJSON_PrintUnformatted(o);
    const char *kept = keep_str(printed);
    free(printed);
    cJSON_Delete(o);
    cJSON_Delete(usual);
    return kept;
}

cJSON *chat_json(const cJSON *request, bool wrong)
{
    const char *text = ai_user_text(cJSON_GetObjectItemCaseSensitive(request, "messages"));
    const char *content = wrong ? "{\"surprise\":[1,2,3],\"score\":\"very\"}" : content_for(request, text);
    int64_t     in = (int64_t)strlen(text) / 4 + 20, out = (int64_t)strlen(content) / 4 + 1;
    cJSON      *o = cJSON_CreateObject(), *choice = cJSON_CreateObject(), *message, *usage;
    json_text(o, "id", keep_fmt("chatcmpl-%016llx", (unsigned long long)chance_of(text)));
    json_text(o, "object", "chat.completion");
    json_int(o, "created", clock_wall_ms() / 1000);
    json_text(o, "model", cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(request, "model")));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(o, "choices"), choice);
    json_int(choice, "index", 0);
    message = cJSON_AddObjectToObject(choice, "message");
    json_text(message, "role", "assistant");
    json_text(message, "content", content);
    json_text(message, "refusal", NULL);
    json_text(choice, "logprobs", NULL);
    json_text(choice, "finish_reason", "stop");
    usage = cJSON_AddObjectToObject(o, "usage");
    json_int(usage, "prompt_tokens", in);
    json_int(usage, "completion_tokens", out);
    json_int(usage, "total_tokens", in + out);
    return o;
}
