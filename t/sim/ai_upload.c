/* multipart/form-data of an upload: its fields and its file. */
#include "ai.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The value of name="…" or filename="…" in the head of a part; kept. */
static const char *quoted(const char *head, size_t len, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i + n + 2 < len; i++) {
        bool starts = i == 0 || head[i - 1] == ' ' || head[i - 1] == ';';
        if (!starts || strncmp(head + i, name, n) != 0 || head[i + n] != '=') continue;
        const char *v = head + i + n + 1;
        bool        q = *v == '"';
        v += q;
        size_t left = len - (size_t)(v - head), end = 0;
        while (end < left && (q ? v[end] != '"' : strchr(";\r\n", v[end]) == NULL)) end++;
        return keep_mem(v, end);
    }
    return NULL;
}

static void take(struct upload *u, const char *head, size_t head_len, const char *body, size_t len)
{
    const char *name = quoted(head, head_len, "name"), *filename = quoted(head, head_len, "filename");
    if (name == NULL) return;
    if (filename != NULL) {
        u->file = body;
        u->filename = filename;
        u->len = len;
    } else form_add(&u->fields, name, keep_mem(body, len));
}

bool upload_read(const struct request *q, struct upload *u)
{
    const char *b =
        q->type != NULL && strncasecmp(q->type, "multipart/form-data", 19) == 0 ? strstr(q->type, "boundary=") : NULL;
    if (b == NULL) return false;
    b += 9;
    size_t      n = b[0] == '"' ? strcspn(++b, "\"") : strcspn(b, "; ");
    const char *mark = keep_fmt("--%.*s", (int)n, b), *end = q->body + q->len;
    const char *at = memmem(q->body, q->len, mark, n + 2);
    while (at != NULL) {
        at += n + 2;
        if (end - at < 4 || memcmp(at, "--", 2) == 0) break;
        at += 2; /* the line end after the boundary */
        const char *next = memmem(at, (size_t)(end - at), mark, n + 2),
                   *gap = memmem(at, (size_t)(end - at), "\r\n\r\n", 4);
        if (next == NULL || gap == NULL || gap > next) return false;
        take(u, at, (size_t)(gap - at), gap + 4, next - 2 > gap + 4 ? (size_t)(next - 2 - gap - 4) : 0);
        at = next;
    }
    return u->file != NULL;
}

void upload_free(struct upload *u)
{
    form_free(&u->fields);
}
