/* A document's bytes, compact or indented; and the proof that they are read as what was built. */
#include "doc.h"

#include <string.h>

/* libxml2 can run out of memory half-way and still report success: look at what came out. */
static bool complete(const struct twiml *t, size_t len)
{
    const xmlNode *last = t->doc->last;
    const char    *end = last->type != XML_ELEMENT_NODE ? ">\n" : last->children == NULL ? "/>\n" : "</Response>\n";
    const size_t   n = strlen(end);
    return len > n && memcmp(t->xml + len - n, end, n) == 0;
}

/* A place in the children of an element: an element, or a byte of its text. */
struct place {
    const xmlNode *node;
    const char    *at;
};

static struct place place_of(const xmlNode *n)
{
    for (; n != NULL && n->type != XML_ELEMENT_NODE; n = n->next)
        if (n->type == XML_TEXT_NODE && n->content[0] != '\0') return (struct place){ n, (const char *)n->content };
    return (struct place){ n, "" };
}

static struct place following(struct place p)
{
    if (p.at[0] != '\0' && p.at[1] != '\0') return (struct place){ p.node, p.at + 1 };
    return place_of(p.node->next);
}

static bool same_element(const xmlNode *a, const xmlNode *b)
{
    const xmlAttr *x = a->properties, *y = b->properties;
    char           buf[2][PROP_NAME_MAX];
    if (strcmp((const char *)a->name, (const char *)b->name) != 0) return false;
    for (; x != NULL && y != NULL; x = x->next, y = y->next) {
        if (strcmp(tw_prop_name(x, buf[0]), tw_prop_name(y, buf[1])) != 0) return false;
        if (strcmp(tw_prop_value(x), tw_prop_value(y)) != 0) return false;
    }
    return x == y; /* both ended */
}

/* Pieces of one text count as one; comments do not count. */
static bool same(const xmlNode *a, const xmlNode *b)
{
    struct place x = place_of(a->children), y = place_of(b->children);
    if (!same_element(a, b)) return false;
    while (x.node != NULL && y.node != NULL) {
        if (x.node->type != y.node->type || *x.at != *y.at) return false;
        if (x.node->type == XML_ELEMENT_NODE && !same(x.node, y.node)) return false;
        x = following(x);
        y = following(y);
    }
    return x.node == y.node;
}

static void read_back(struct twiml *t, size_t len)
{
    xmlDoc *again = tw_parse(t, (const char *)t->xml, len);
    if (again != NULL && !same(xmlDocGetRootElement(t->doc), xmlDocGetRootElement(again)))
        tw_fail(t, TWIML_EXML, 0, "the document does not read as it was built");
    xmlFreeDoc(again);
}

/* The tree's bytes into t->xml; 0: no memory. */
static size_t dump(struct twiml *t)
{
    int len = 0;
    xmlFree(t->xml);
    t->xml = NULL;
    xmlDocDumpMemoryEnc(t->doc, &t->xml, &len, "UTF-8");
    return complete(t, (size_t)len) ? (size_t)len : 0;
}

enum twiml_status twiml_finish(struct twiml *t, const char **xml, size_t *len)
{
    if (twiml_status(t) != TWIML_OK) return twiml_status(t);
    const size_t n = dump(t);
    if (n == 0) tw_no_memory(t);
    else if (n > TWIML_DOC_MAX) tw_fail(t, TWIML_ETOOBIG, 0, "the document is longer than %d bytes", TWIML_DOC_MAX);
    else if (TWIML_PARSE_BACK) read_back(t, n);
    if (twiml_status(t) != TWIML_OK) return twiml_status(t);
    *xml = (const char *)t->xml;
    *len = n;
    return TWIML_OK;
}

/* Marks the blanks that are there for as long as an indented document is written. */
static char blank;

static bool holds_text(const xmlNode *n)
{
    const xmlNode *child = n->children;
    while (child != NULL && child->type != XML_TEXT_NODE) child = child->next;
    return child != NULL;
}

static bool put_blank(struct twiml *t, xmlNode *parent, xmlNode *before, unsigned depth)
{
    static const char spaces[] = "\n                                ";
    const size_t      n = 1 + 2 * (size_t)depth;
    xmlChar           s[sizeof spaces] = { 0 };
    memcpy(s, spaces, n < sizeof spaces ? n : sizeof spaces - 1);
    xmlNode *text = tw_insert_text(t, parent, before, s);
    if (text != NULL) text->_private = &blank;
    return text != NULL;
}

/* A line for each element and comment, where blanks are not part of what is spoken. */
static bool indent(struct twiml *t, xmlNode *n, unsigned depth)
{
    const bool spoken = tw_row(n) != NULL && (tw_row(n)->flags & SPOKEN) != 0;
    if (spoken || n->children == NULL || holds_text(n)) return true;
    for (xmlNode *child = n->children; child != NULL; child = child->next) {
        if (!put_blank(t, n, child, depth + 1)) return false;
        if (child->type == XML_ELEMENT_NODE && !indent(t, child, depth + 1)) return false;
    }
    return put_blank(t, n, NULL, depth);
}

static void remove_blanks(xmlNode *n)
{
    for (xmlNode *child = n->children, *next; child != NULL; child = next) {
        next = child->next;
        if (child->type == XML_ELEMENT_NODE) remove_blanks(child);
        if (child->_private != &blank) continue;
        xmlUnlinkNode(child);
        xmlFreeNode(child);
    }
}

enum twiml_status twiml_pretty(struct twiml *t, const char **xml, size_t *len)
{
    struct twiml_node *root = twiml_response(t);
    if (root == NULL || (twiml_status(t) != TWIML_OK && !t->read)) return twiml_status(t);
    const size_t n = indent(t, (xmlNode *)root, 0) ? dump(t) : 0;
    remove_blanks((xmlNode *)root);
    if (n == 0) {
        tw_no_memory(t);
        return TWIML_ENOMEM;
    }
    *xml = (const char *)t->xml;
    *len = n;
    return TWIML_OK;
}
