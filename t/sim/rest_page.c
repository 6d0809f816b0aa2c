/* Lists of Twilio's REST API: pages, filters, and small resources about the account. */
#include "rest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_DEFAULT = 50, PAGE_MAX = 1000 };

const char *rest_uri(const char *fmt, ...)
{
    char    text[512];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args); /* SIDs and names of resources */
    va_end(args);
    return keep_fmt("/2010-04-01/Accounts/%s%s", world.who.account, text);
}

static bool is_paging(const char *name)
{
    return strcmp(name, "Page") == 0 || strcmp(name, "PageSize") == 0 || strcmp(name, "PageToken") == 0;
}

static const char *uri_of(const struct request *q, long size, long page, const char *token)
{
    struct form f = { 0 };
    struct buf  b = { 0 };
    for (size_t i = 0; i < q->query.n; i++)
        if (!is_paging(q->query.v[i].name)) form_add(&f, q->query.v[i].name, q->query.v[i].value);
    form_addf(&f, "PageSize", "%ld", size);
    form_addf(&f, "Page", "%ld", page);
    if (token != NULL) form_add(&f, "PageToken", token);
    form_encode(&f, &b);
    const char *uri = keep_fmt("%s?%s", q->path, b.at);
    buf_free(&b);
    form_free(&f);
    return uri;
}

/* A token is "PA" + the SID before which the page begins: new items do not shift what follows. */
static size_t begin_of(const struct page *p, const char *token, long page, long size)
{
    for (size_t i = 0; token != NULL && strlen(token) > 2 && i < p->n; i++)
        if (strcmp(p->sid(p->v[i]), token + 2) == 0) return i + 1;
    size_t at = (size_t)page * (size_t)size;
    return at < p->n ? at : p->n;
}

static long within(const char *text, long otherwise, long min, long max)
{
    long n = text != NULL ? strtol(text, NULL, 10) : otherwise;
    return n < min ? min : n > max ? max : n;
}

void rest_page(const struct request *q, struct reply *r, const struct page *p)
{
    long size = within(form_get(&q->query, "PageSize"), PAGE_DEFAULT, 1, PAGE_MAX),
         page = within(form_get(&q->query, "Page"), 0, 0, 1000000);
    size_t from = begin_of(p, form_get(&q->query, "PageToken"), page, size),
           to = from + (size_t)size < p->n ? from + (size_t)size : p->n;
    cJSON *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, p->name);
    for (size_t i = from; i < to; i++) cJSON_AddItemToArray(a, p->show(p->v[i]));
    json_text(o, "first_page_uri", uri_of(q, size, 0, NULL));
    json_int(o, "end", to > 0 ? (int64_t)to - 1 : 0);
    json_text(o, "next_page_uri", to < p->n ? uri_of(q, size, page + 1, keep_fmt("PA%s", p->sid(p->v[to - 1]))) : NULL);
    json_int(o, "page", page);
    json_int(o, "page_size", size);
    json_text(o, "previous_page_uri", page > 0 ? uri_of(q, size, page - 1, NULL) : NULL);
    json_int(o, "start", (int64_t)from);
    json_text(o, "uri", q->raw_query != NULL ? keep_fmt("%s?%s", q->path, q->raw_query) : uri_of(q, size, page, NULL));
    reply_json(r, 200, o);
}

/* Dates compare as text: as many characters as the filter has. */
bool rest_dated(const struct form *query, const char *name, int64_t unix_ms)
{
    const char *iso = clock_rfc3339(unix_ms), *v;
    if ((v = form_get(query, name)) != NULL && strncmp(iso, v, strlen(v) < 10 ? strlen(v) : 10) != 0) return false;
    for (int less = 0; less < 2; less++) {
        v = form_get(query, keep_fmt("%s%s", name, less ? "<" : ">"));
        if (v == NULL || v[0] == '\0') continue;
        size_t n = strcspn(v, "Z");
        int    c = strncmp(iso, v, n < 19 ? n : 19);
        if (less ? c > 0 : c < 0) return false;
    }
    return true;
}

bool rest_equal(const struct form *query, const char *name, const char *value)
{
    const char *wanted = form_get(query, name);
    return wanted == NULL || wanted[0] == '\0' || (value != NULL && strcmp(wanted, value) == 0);
}
