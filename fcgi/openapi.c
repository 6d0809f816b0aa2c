/* The API's description, OpenAPI 3.1, written from the tables that serve and validate it. */
#include "handlers.h"

#include "config.h"
#include "schema.h"

#include <string.h>

enum { DOC_MAX = 1 << 20 };

static const char *method_name(enum method m)
{
    return m == METHOD_GET      ? "get"
           : m == METHOD_POST   ? "post"
           : m == METHOD_PUT    ? "put"
           : m == METHOD_PATCH  ? "patch"
           : m == METHOD_DELETE ? "delete"
                                : NULL;
}

/* Twilio's own requests are described by Twilio. */
static bool listed(const struct route *r)
{
    return r->pool != POOL_HOOKS;
}

/* "/a/:id" as "/a/{id}" */
static void write_path(struct buf *b, const char *path)
{
    for (; *path != '\0'; path++) {
        if (*path != ':') {
            buf_add(b, path, 1);
            continue;
        }
        size_t n = strcspn(path + 1, "/");
        buf_printf(b, "{%.*s}", (int)n, path + 1);
        path += n;
    }
}

/* "get" and "/api/v1/calls/:id" as "get_v1_calls_id" */
static void write_id(struct buf *b, const struct route *r)
{
    const char *path = strncmp(r->path, "/api/", 5) == 0 ? r->path + 5 : r->path + 1;
    buf_printf(b, "%s_", method_name(r->method));
    for (; *path != '\0'; path++)
        if (*path != ':') buf_add(b, strchr("/.-", *path) != NULL ? "_" : path, 1);
}

static void parameter(struct buf *b, const char *in, const char *name, size_t n, bool required)
{
    if (b->at[b->len - 1] == '}') buf_str(b, ",");
    buf_printf(b, "{\"name\":\"%.*s\",\"in\":\"%s\",\"required\":%s,\"schema\":", (int)n, name, in,
               required ? "true" : "false");
}

static void header(struct buf *b, const char *name, bool required)
{
    parameter(b, "header", name, strlen(name), required);
    buf_str(b, "{\"type\":\"string\",\"minLength\":1,\"maxLength\":255}}");
}

static void write_parameters(struct buf *b, const struct route *r)
{
    const bool v1 = r->shape == SHAPE_V1;
    buf_str(b, "\"parameters\":[");
    for (const char *p = strchr(r->path, ':'); p != NULL; p = strchr(p + 1, ':')) {
        parameter(b, "path", p + 1, strcspn(p + 1, "/"), true);
        buf_str(b, "{\"type\":\"string\"}}");
    }
    for (size_t i = 0; r->query != NULL && i < r->query->n; i++) {
        const struct field *f = &r->query->v[i];
        parameter(b, "query", f->name, strlen(f->name), f->required);
        field_schema(b, f, false);
        buf_str(b, "}");
    }
    if (v1 && r->method == METHOD_POST && r->pool == POOL_API && r->idem != IDEM_FRESH)
        header(b, "Idempotency-Key", r->idem == IDEM_REQUIRED);
    if (v1 && (r->method == METHOD_PATCH || r->handler == nouns_delete || r->handler == lists_set))
        header(b, "If-Match", false);
    if (v1 && r->method == METHOD_GET) header(b, "If-None-Match", false);
    buf_str(b, "],");
}

static void write_required(struct buf *b, const struct fields *t)
{
    const char *comma = "";
    buf_str(b, ",\"required\":[");
    for (size_t i = 0; i < t->n; i++) {
        if (!t->v[i].required) continue;
        buf_printf(b, "%s\"%s\"", comma, t->v[i].name);
        comma = ",";
    }
    buf_str(b, "]");
}

static void write_body(struct buf *b, const struct route *r)
{
    const struct fields *t = r->in;
    if (r->body == BODY_CSV)
        buf_str(b, "\"requestBody\":{\"required\":true,\"content\":{\"text/csv\":"
                   "{\"schema\":{\"type\":\"string\"}}}},");
    if ((r->body != BODY_JSON && r->body != BODY_MAYBE) || t == NULL) return;
    buf_printf(b, "\"requestBody\":{\"required\":%s,", r->body == BODY_MAYBE ? "false" : "true");
    buf_str(b, "\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\"");
    buf_str(b, ",\"properties\":{");
    for (size_t i = 0; i < t->n; i++) {
        buf_printf(b, "%s\"%s\":", i > 0 ? "," : "", t->v[i].name);
        field_schema(b, &t->v[i], !t->v[i].required);
    }
    buf_str(b, "}");
    if (t->strange == FIELD_STRANGE_REFUSED) buf_str(b, ",\"additionalProperties\":false");
    if (!t->partial) write_required(b, t);
    buf_str(b, "}}}},");
}

static void write_reply(struct buf *b, const char *reply)
{
    if (reply == NULL) {
        buf_str(b, "{\"description\":\"Done.\"}");
        return;
    }
    if (strcmp(reply, "csv") == 0) {
        buf_str(b, "{\"description\":\"Done.\",\"content\":{\"text/csv\":{\"schema\":{\"type\":\"string\"}}}}");
        return;
    }
    if (strcmp(reply, "TwiML") == 0) {
        buf_str(b, "{\"description\":\"TwiML.\",\"content\":{\"text/xml\":{\"schema\":{\"type\":\"string\"}}}}");
        return;
    }
    if (strcmp(reply, "Audio") == 0) {
        buf_str(b, "{\"description\":\"The file, or the range asked for.\",\"content\":{\"audio/wav\":{}}}");
        return;
    }
    buf_str(b, "{\"description\":\"Done.\",\"content\":{\"application/json\":{\"schema\":");
    schema_reply(b, reply);
    buf_str(b, "}}}");
}

/* May nobody know whether Twilio has done it? */
static bool unsure(const struct route *r)
{
    return r->idem == IDEM_REQUIRED || r->handler == calls_initiate || r->handler == calls_make
           || r->handler == numbers_buy || (r->reply != NULL && strcmp(r->reply, "CallControl") == 0);
}

static void write_responses(struct buf *b, const struct route *r)
{
    const bool v1 = r->shape == SHAPE_V1;
    buf_printf(b, "\"responses\":{\"%d\":", r->status == 0 ? 200 : r->status);
    write_reply(b, r->reply);
    if (unsure(r)) {
        buf_str(b, ",\"202\":");
        write_reply(b, r->reply);
    }
    if (v1 && r->method == METHOD_GET && r->handler != stats_show && r->handler != exports_calls)
        buf_str(b, ",\"304\":{\"description\":\"You have it, or nothing is new.\"}");
    buf_printf(b, ",\"4XX\":{\"$ref\":\"#/components/responses/%s\"},\"5XX\":{\"$ref\":\"#/components/responses/%s\"}}",
               v1 ? "Problem" : "GuideError", v1 ? "Problem" : "GuideError");
}

static void write_operation(struct buf *b, const struct route *r)
{
    buf_printf(b, "\"%s\":{\"operationId\":\"", method_name(r->method));
    write_id(b, r);
    buf_str(b, "\",\"summary\":");
    buf_json(b, r->doc);
    buf_str(b, r->auth == AUTH_PUBLIC ? ",\"security\":[]," : ",");
    if (r->auth == AUTH_ADMIN) buf_str(b, "\"description\":\"For admins.\",");
    if (r->auth == AUTH_MANAGER) buf_str(b, "\"description\":\"For managers and admins.\",");
    if (r->auth == AUTH_SELF) buf_str(b, "\"description\":\"For people, not for keys.\",");
    write_parameters(b, r);
    write_body(b, r);
    write_responses(b, r);
    buf_str(b, "}");
}

static void write_paths(struct buf *b)
{
    const char *comma = "";
    for (const struct route *r = route_next(NULL); r != NULL; r = route_next(r)) {
        bool first = listed(r);
        for (const struct route *o = route_next(NULL); o != r && first; o = route_next(o))
            first = !listed(o) || strcmp(o->path, r->path) != 0;
        if (!first) continue;
        buf_printf(b, "%s\"", comma);
        write_path(b, r->path);
        buf_str(b, "\":{");
        for (const struct route *o = r; o != NULL; o = route_next(o)) {
            if (!listed(o) || strcmp(o->path, r->path) != 0) continue;
            if (o != r) buf_str(b, ",");
            write_operation(b, o);
        }
        buf_str(b, "}");
        comma = ",";
    }
}

static const char components[] =
    "\"securitySchemes\":{"
    "\"key\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"An API key, or a token of the CRM's login.\"},"
    "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-switchhook\"}},"
    "\"responses\":{"
    "\"Problem\":{\"description\":\"What went wrong, and what to do about it (RFC 9457).\",\"content\":"
    "{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}},"
    "\"GuideError\":{\"description\":\"What went wrong, and what to do about it.\",\"content\":"
    "{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/GuideError\"}}}}},"
    "\"schemas\":{\"Problem\":{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"},"
    "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
    "\"instance\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},\"request_id\":{\"type\":\"string\"},"
    "\"hint\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\",\"items\":"
    "{\"$ref\":\"#/components/schemas/Fault\"}}},"
    "\"required\":[\"type\",\"title\",\"status\",\"detail\",\"instance\",\"code\",\"request_id\",\"hint\"]}";

/* GET /api/v1/openapi.json -> 200: the same for everybody, and needs no login. */
enum err openapi_show(struct req *rq, struct res *rs)
{
    struct buf b = buf_new(rq->ctx->arena, DOC_MAX);
    buf_str(&b,
            "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Switchhook\",\"version\":\"1\",\"license\":"
            "{\"name\":\"MIT\",\"identifier\":\"MIT\"},\"description\":\"Calls, recordings and what belongs to them. "
            "Replies may grow: let pass what you do not know.\"},\"servers\":[{\"url\":");
    buf_json(&b, rq->ctx->cfg->public_url);
    buf_str(&b, "}],\"security\":[{\"key\":[]},{\"session\":[]}],\"paths\":{");
    write_paths(&b);
    buf_printf(&b, "},\"components\":{%s", components);
    for (const struct schema *s = schemas; s->name != NULL; s++) {
        buf_printf(&b, ",\"%s\":", s->name);
        schema_write(&b, s);
    }
    buf_str(&b, "}}}\n");
    return b.full ? ctx_fail(rq->ctx, ERR_INTERNAL, "the description is over %d bytes", DOC_MAX)
                  : res_json(rs, 200, b.at);
}
