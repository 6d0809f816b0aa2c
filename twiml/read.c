/* A document to nodes: parsed by libxml2 with nothing switched on, then held against the same rows as one that is
 * built. */
#include "doc.h"

#include <stdint.h>
#include <string.h>

static unsigned line_of(const xmlNode *n)
{
    return (unsigned)xmlGetLineNo(n);
}

static void read_attr(struct twiml *t, const struct verb *v, xmlNode *n, xmlAttr *a)
{
    char               qualified[PROP_NAME_MAX], buf[WORD_MAX];
    const char        *name = tw_prop_name(a, qualified), *value = tw_prop_value(a);
    const struct attr *row = tw_attr(v, name);
    const char        *word = row == NULL ? NULL : tw_word(row, value, buf);
    if (row == NULL) tw_fail(t, TWIML_EATTR, line_of(n), "%s has no attribute %s", v->name, name);
    else if (word == NULL) tw_fail(t, TWIML_EVALUE, line_of(n), "%s %s cannot be \"%.60s\"", v->name, row->name, value);
    else if (xmlUTF8Strlen(XML(value)) > TWIML_TEXT_MAX)
        tw_fail(t, TWIML_ETOOBIG, line_of(n), "%s %s is longer than %d characters", v->name, row->name, TWIML_TEXT_MAX);
    else if (word == buf) {
        (void)xmlRemoveProp(a); /* fails only on NULL */
        tw_set(t, n, row->name, word);
    }
}

static void read_attrs(struct twiml *t, xmlNode *n)
{
    const struct verb *v = tw_row(n);
    if (n->nsDef != NULL) tw_fail(t, TWIML_EATTR, line_of(n), "%s has no attribute xmlns", v->name);
    for (xmlAttr *a = n->properties, *next; a != NULL; a = next) {
        next = a->next;
        read_attr(t, v, n, a);
    }
}

static bool is_blank(const xmlNode *n)
{
    return n->content[strspn((const char *)n->content, " \t\r\n")] == '\0';
}

/* Blanks beside elements are layout, except among SSML, where they part what is spoken. */
static bool is_layout(const xmlNode *n)
{
    const struct verb *in = tw_row(n->parent);
    const xmlNode     *beside = n->parent->children;
    if (!is_blank(n) || (in->flags & SPOKEN) != 0) return false;
    while (beside != NULL && beside->type != XML_ELEMENT_NODE) beside = beside->next;
    return beside != NULL || (in->flags & TEXT) == 0;
}

static void read_text(struct twiml *t, xmlNode *n)
{
    const struct verb *in = tw_row(n->parent);
    if (is_layout(n)) {
        xmlUnlinkNode(n);
        xmlFreeNode(n);
    } else if ((in->flags & TEXT) == 0)
        tw_fail(t, TWIML_ENEST, line_of(n->parent), "text is not allowed in %s", in->name);
}

static void read_children(struct twiml *t, xmlNode *n);

static void read_element(struct twiml *t, xmlNode *n)
{
    const struct verb *in = tw_row(n->parent), *v = n->ns == NULL ? tw_verb((const char *)n->name, in) : NULL;
    if (v == NULL) {
        tw_fail(t, TWIML_ENEST, line_of(n), "%s is no element of TwiML", (const char *)n->name);
        return;
    }
    n->_private = (void *)(uintptr_t)v;                  /* never written through */
    (void)tw_fits(t, v, n->parent, n->prev, line_of(n)); /* recorded; it is read all the same */
    read_attrs(t, n);
    read_children(t, n);
    if ((v->flags & TEXT) != 0 && tw_text_chars(n) > tw_text_max(v))
        tw_fail(t, TWIML_ETOOBIG, line_of(n), "%s text is longer than %zu characters", v->name, tw_text_max(v));
}

/* Not deeper than libxml2 parses: 256. */
static void read_children(struct twiml *t, xmlNode *n)
{
    for (xmlNode *child = n->children, *next; child != NULL; child = next) {
        next = child->next;
        if (child->type == XML_ELEMENT_NODE) read_element(t, child);
        else if (child->type == XML_TEXT_NODE) read_text(t, child);
        else if (child->type == XML_PI_NODE)
            tw_fail(t, TWIML_EXML, line_of(child), "a processing instruction is not allowed");
    }
}

static void read_document(struct twiml *t)
{
    xmlNode *root = xmlDocGetRootElement(t->doc);
    t->doc->_private = t;
    for (const xmlNode *n = t->doc->children; n != NULL; n = n->next)
        if (n->type == XML_PI_NODE) tw_fail(t, TWIML_EXML, line_of(n), "a processing instruction is not allowed");
    if (strcmp((const char *)root->name, tw_verbs[V_RESPONSE].name) != 0) {
        tw_fail(t, TWIML_EXML, line_of(root), "the document is %s, not Response", (const char *)root->name);
        return;
    }
    root->_private = (void *)(uintptr_t)&tw_verbs[V_RESPONSE]; /* never written through */
    read_attrs(t, root);
    read_children(t, root);
}

struct twiml *twiml_read(const char *xml, size_t len)
{
    struct twiml *t = tw_new();
    if (t == NULL) return NULL;
    t->read = true;
    if (len > TWIML_DOC_MAX) tw_fail(t, TWIML_ETOOBIG, 0, "the document is longer than %d bytes", TWIML_DOC_MAX);
    else if ((t->doc = tw_parse(t, xml, len)) != NULL) read_document(t);
    if (!t->starved) return t;
    twiml_free(t);
    return NULL;
}
