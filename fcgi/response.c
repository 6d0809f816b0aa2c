/* A response: built in the arena, written once. */
#include "response.h"

#include "check.h"

#include <fcgiapp.h>
#include <string.h>
#include <sys/socket.h>

enum err res_json(struct res *rs, int status, const char *json)
{
    rs->status = status;
    rs->type = "application/json; charset=utf-8";
    rs->body = json;
    rs->len = strlen(json);
    return OK;
}

enum err res_header(struct ctx *cx, struct res *rs, const char *name, const char *value)
{
    if (!check_header(value)) return ctx_fail(cx, ERR_INVALID, "%s: bytes that a header must not have", name);
    rs->head = arena_printf(cx->arena, "%s%s: %s\r\n", rs->head == NULL ? "" : rs->head, name, value);
    return OK;
}

/* len -1: not known yet, the body ends with the connection. */
static void send_head(const struct res *rs, struct FCGX_Request *fc, int64_t len)
{
    (void)FCGX_FPrintF(fc->out, "Status: %d\r\n", rs->status);
    if (rs->type != NULL) (void)FCGX_FPrintF(fc->out, "Content-Type: %s\r\n", rs->type);
    if (rs->type != NULL && len >= 0) (void)FCGX_FPrintF(fc->out, "Content-Length: %d\r\n", (int)len);
    if (rs->head != NULL) (void)FCGX_PutS(rs->head, fc->out);
    (void)FCGX_PutS("\r\n", fc->out);
}

/* A 204 has neither body nor type (RFC 9110 15.3.5); X-Accel-Redirect lets nginx set both. */
void res_send(const struct res *rs, struct FCGX_Request *fc)
{
    send_head(rs, fc, (int64_t)rs->len);
    if (rs->len > 0) (void)FCGX_PutStr(rs->body, (int)rs->len, fc->out);
}

bool sink_put(struct sink *k, const void *bytes, size_t n)
{
    if (k->began && k->told()) sink_cut(k);
    if (k->cut) return false;
    if (!k->began) send_head(k->rs, k->fc, -1);
    k->began = true;
    return FCGX_PutStr(bytes, (int)n, k->fc->out) == (int)n && FCGX_FFlush(k->fc->out) == 0;
}

/* A connection that only closes counts as the end of a body; a record of version 0, which FastCGI does not have, as an
 * error. https://fastcgi-archives.github.io/FastCGI_Specification.html#S3.3 */
void sink_cut(struct sink *k)
{
    static const char wrong[8] = { 0 };
    (void)send(k->fc->ipcFd, wrong, sizeof wrong, MSG_NOSIGNAL);
    (void)shutdown(k->fc->ipcFd, SHUT_RDWR);
    k->cut = true;
}
