/* Walking a document, built or read: elements, values, text, lines. */
#include "doc.h"

#include <string.h>

static struct twiml_node *element_from(xmlNode *n)
{
    while (n != NULL && n->type != XML_ELEMENT_NODE) n = n->next;
    return (struct twiml_node *)n;
}

struct twiml_node *twiml_first_child(const struct twiml_node *node)
{
    return node == NULL ? NULL : element_from(((const xmlNode *)node)->children);
}

struct twiml_node *twiml_next_sibling(const struct twiml_node *node)
{
    return node == NULL ? NULL : element_from(((const xmlNode *)node)->next);
}

const char *twiml_get_name(const struct twiml_node *node)
{
    return node == NULL ? NULL : (const char *)((const xmlNode *)node)->name;
}

const char *twiml_get_attr(const struct twiml_node *node, const char *name)
{
    const xmlAttr *a = node == NULL ? NULL : tw_prop((const xmlNode *)node, name);
    return a == NULL ? NULL : tw_prop_value(a);
}

unsigned twiml_get_line(const struct twiml_node *node)
{
    return node == NULL ? 0 : (unsigned)xmlGetLineNo((const xmlNode *)node);
}

/* The bytes of all text in n; put at `to`, if that is not NULL. */
static size_t gather_text(const xmlNode *n, char *to)
{
    size_t len = 0;
    for (const xmlNode *child = n->children; child != NULL; child = child->next) {
        char *at = to == NULL ? NULL : to + len;
        if (child->type == XML_ELEMENT_NODE) len += gather_text(child, at);
        if (child->type != XML_TEXT_NODE) continue;
        const size_t piece = strlen((const char *)child->content);
        if (at != NULL) memcpy(at, child->content, piece);
        len += piece;
    }
    return len;
}

static const char *join(struct twiml *t, const xmlNode *n)
{
    for (const struct joined *j = t->joined; j != NULL; j = j->next)
        if (j->node == n) return j->text;
    const size_t   len = gather_text(n, NULL);
    struct joined *j = xmlMalloc(sizeof *j + len + 1);
    if (j == NULL) return NULL;
    *j = (struct joined){ .next = t->joined, .node = n };
    j->text[gather_text(n, j->text)] = '\0';
    t->joined = j;
    return j->text;
}

const char *twiml_get_text(const struct twiml_node *node)
{
    const xmlNode *n = (const xmlNode *)node;
    if (n == NULL || n->children == NULL) return "";
    if (n->children->next == NULL && n->children->type == XML_TEXT_NODE) return (const char *)n->children->content;
    return join(tw_doc(n), n);
}
