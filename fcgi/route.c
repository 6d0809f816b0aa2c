/* Matching a request against the table of URLs. */
#include "route.h"

#include "buf.h"

#include <string.h>

enum { ALLOW_MAX = 128 };

const struct route *route_next(const struct route *r)
{
    r = r == NULL ? route_tables[0] : r + 1;
    while (r != NULL && r->path == NULL) r = route_tables[r->arg];
    return r;
}

/* Does path fit the row's pattern? Fills param with what stood for :name. */
static bool fits(struct arena *a, const char *pattern, const char *path, const char *param[REQ_PARAMS])
{
    size_t at = 0;
    while (*pattern != '\0' && *path != '\0') {
        size_t n = strcspn(pattern + 1, "/") + 1, len = strcspn(path + 1, "/") + 1;
        if (*path != '/' || *pattern != '/') return false;
        if (pattern[1] == ':') {
            if (len == 1 || at == REQ_PARAMS) return false;
            param[at++] = arena_copy(a, path + 1, len - 1);
        } else if (n != len || memcmp(pattern, path, n) != 0) {
            return false;
        }
        pattern += n;
        path += len;
    }
    return *pattern == '\0' && *path == '\0';
}

static const char *allowed(struct arena *a, unsigned methods)
{
    static const struct {
        enum method method;
        const char *name;
    } all[] = { { METHOD_GET, "GET" },
                { METHOD_POST, "POST" },
                { METHOD_PUT, "PUT" },
                { METHOD_PATCH, "PATCH" },
                { METHOD_DELETE, "DELETE" } };
    struct buf b = buf_new(a, ALLOW_MAX);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if ((methods & all[i].method) != 0) buf_printf(&b, "%s%s", b.len > 0 ? ", " : "", all[i].name);
    return b.at;
}

/* The path of a row that was probably meant: the same without a slash at its end, or its neighbour in the same folder.
 */
static const char *meant(struct arena *a, enum pool_name pool, const char *path)
{
    const char *param[REQ_PARAMS], *near = NULL;
    size_t      n = strlen(path);
    const char *slash = strrchr(path, '/');
    while (n > 1 && path[n - 1] == '/') n--;
    const char *plain = arena_copy(a, path, n);
    for (const struct route *r = route_next(NULL); r != NULL; r = route_next(r)) {
        if (r->pool != pool) continue;
        if (fits(a, r->path, plain, param)) return plain;
        size_t folder = slash == NULL ? 0 : (size_t)(slash - path) + 1;
        if (folder > 5 && strncmp(r->path, path, folder) == 0 && strchr(r->path + folder, '/') == NULL) near = r->path;
    }
    return near;
}

/* Only the canonical spelling of a path is served: what Twilio signed is then what was routed. */
static bool canonical(const struct req *rq)
{
    size_t n = strlen(rq->path);
    return strncmp(rq->uri, rq->path, n) == 0 && (rq->uri[n] == '\0' || rq->uri[n] == '?');
}

static enum err no_such_path(struct req *rq, enum pool_name pool)
{
    struct ctx *cx = rq->ctx;
    const char *near = meant(cx->arena, pool, rq->path);
    if (near != NULL && cx->err.code == OK)
        cx->err.cure = arena_printf(cx->arena, "Did you mean %s? Paths are exact, without a slash at the end.", near);
    return ctx_fail(cx, ERR_NOT_FOUND, "no such path");
}

enum err route_find(struct req *rq, enum pool_name pool, const char **allow)
{
    struct ctx         *cx = rq->ctx;
    const struct route *other = NULL;
    unsigned            methods = 0;
    *allow = NULL;
    if (!canonical(rq)) return ctx_fail(cx, ERR_NOT_FOUND, "no such path: the address is not in its canonical form");
    for (const struct route *r = route_next(NULL); r != NULL; r = route_next(r)) {
        const char *param[REQ_PARAMS] = { NULL };
        if (r->pool != pool || !fits(cx->arena, r->path, rq->path, param)) continue;
        if (r->method == rq->method) {
            rq->route = r;
            memcpy(rq->param, param, sizeof param);
            return OK;
        }
        other = r;
        methods |= r->method;
    }
    if (other == NULL) return no_such_path(rq, pool);
    *allow = allowed(cx->arena, methods);
    if (other->auth == AUTH_TWILIO && cx->err.code == OK)
        cx->err.cure =
            "This is a webhook: Twilio POSTs a signed form to it. There is nothing here to see with a browser.";
    return ctx_fail(cx, ERR_METHOD, "this path takes %s", *allow);
}
