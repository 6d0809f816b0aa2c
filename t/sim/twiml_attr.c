/* What a document says: attributes, texts, children. */
#include "twiml_run.h"

#include "url.h"

#include <stdlib.h>
#include <string.h>

const char *run_attr(const xmlNode *n, const char *name)
{
    xmlChar    *v = xmlGetNoNsProp(n, (const xmlChar *)name);
    const char *kept = keep_str((const char *)v);
    xmlFree(v);
    return kept;
}

int64_t run_attr_s(const xmlNode *n, const char *name, int64_t seconds)
{
    const char *v = run_attr(n, name);
    return 1000 * (v != NULL && v[0] != '\0' ? strtol(v, NULL, 10) : seconds);
}

bool run_attr_is(const xmlNode *n, const char *name, const char *value)
{
    const char *v = run_attr(n, name);
    return v != NULL && strcmp(v, value) == 0;
}

const char *run_attr_url(const struct call *c, const xmlNode *n, const char *name)
{
    const char *v = run_attr(n, name);
    return v != NULL ? url_resolve(c->doc_url, v) : NULL;
}

const char *run_content(const xmlNode *n)
{
    xmlChar    *v = xmlNodeGetContent(n);
    const char *s = v != NULL ? (const char *)v : "";
    s += strspn(s, " \t\r\n");
    size_t len = strlen(s);
    while (len > 0 && strchr(" \t\r\n", s[len - 1]) != NULL) len--;
    const char *kept = keep_mem(s, len);
    xmlFree(v);
    return kept;
}

const xmlNode *run_sibling(const xmlNode *n)
{
    do n = n->next;
    while (n != NULL && n->type != XML_ELEMENT_NODE);
    return n;
}

const xmlNode *run_child(const xmlNode *n)
{
    n = n->children;
    return n == NULL || n->type == XML_ELEMENT_NODE ? n : run_sibling(n);
}
