/* Nodes of the tree: made, linked, given values and text. */
#include "clean.h"
#include "doc.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

xmlNode *tw_element(struct twiml *t, const struct verb *v)
{
    xmlNode *n = xmlNewDocNode(t->doc, NULL, XML(v->name), NULL);
    if (n == NULL || n->name == NULL) {
        xmlFreeNode(n);
        tw_no_memory(t);
        return NULL;
    }
    n->_private = (void *)(uintptr_t)v; /* never written through */
    return n;
}

static void link_before(xmlNode *parent, xmlNode *n, xmlNode *next)
{
    n->parent = parent;
    n->next = next;
    n->prev = next == NULL ? parent->last : next->prev;
    *(n->prev == NULL ? &parent->children : &n->prev->next) = n;
    *(next == NULL ? &parent->last : &next->prev) = n;
}

void tw_append(xmlNode *parent, xmlNode *n)
{
    link_before(parent, n, NULL);
}

xmlNode *tw_insert_text(struct twiml *t, xmlNode *parent, xmlNode *before, const xmlChar *s)
{
    xmlNode *n = xmlNewDocText(t->doc, s); /* escaped when it is written; xmlNewChild would not escape */
    if (n == NULL || n->content == NULL) {
        xmlFreeNode(n);
        tw_no_memory(t);
        return NULL;
    }
    link_before(parent, n, before);
    return n;
}

const char *tw_prop_name(const xmlAttr *a, char buf[PROP_NAME_MAX])
{
    if (a->ns == NULL) return (const char *)a->name;
    (void)snprintf(buf, PROP_NAME_MAX, "%s:%s", (const char *)a->ns->prefix, (const char *)a->name); /* cut: no row's */
    return buf;
}

xmlAttr *tw_prop(const xmlNode *n, const char *name)
{
    char     buf[PROP_NAME_MAX];
    xmlAttr *a = n->properties;
    while (a != NULL && strcmp(tw_prop_name(a, buf), name) != 0) a = a->next;
    return a;
}

const char *tw_prop_value(const xmlAttr *a)
{
    return a->children == NULL ? "" : (const char *)a->children->content;
}

size_t tw_text_max(const struct verb *v)
{
    return v->text_max == 0 ? TWIML_TEXT_MAX : v->text_max;
}

size_t tw_text_chars(const xmlNode *n)
{
    size_t chars = 0;
    for (const xmlNode *child = n->children; child != NULL; child = child->next)
        if (child->type == XML_TEXT_NODE) chars += (size_t)xmlUTF8Strlen(child->content);
    return chars;
}

bool tw_cleaned(struct twiml *t, struct clean *out, const char *s, const xmlNode *n, const char *what)
{
    const struct verb      *v = tw_row(n);
    const bool              text = what == NULL;
    const size_t            max = text ? tw_text_max(v) : TWIML_TEXT_MAX;
    const enum twiml_status status = tw_clean(out, s, text ? max - tw_text_chars(n) : max);
    if (status == TWIML_ETOOBIG)
        tw_fail(t, status, 0, "%s %s is longer than %zu characters", v->name, text ? "text" : what, max);
    else if (status == TWIML_ENOMEM) tw_no_memory(t);
    return status == TWIML_OK;
}

void tw_set(struct twiml *t, xmlNode *n, const char *name, const char *value)
{
    struct clean c;
    if (!tw_cleaned(t, &c, value, n, name)) return;
    xmlAttr *a = xmlNewProp(n, XML(name), c.s);
    xmlFree(c.owned);
    if (a != NULL && a->name != NULL && a->children != NULL && a->children->content != NULL) return;
    if (a != NULL) (void)xmlRemoveProp(a); /* fails only on NULL */
    tw_no_memory(t);
}

void tw_put_text(struct twiml *t, xmlNode *n, const char *s)
{
    struct clean c;
    if (s == NULL || s[0] == '\0' || !tw_cleaned(t, &c, s, n, NULL)) return;
    (void)tw_insert_text(t, n, NULL, c.s); /* failure is recorded */
    xmlFree(c.owned);
}

struct twiml *tw_ready(const xmlNode *n)
{
    struct twiml *t = n == NULL ? NULL : tw_doc(n);
    if (t == NULL || t->first.is.status != TWIML_OK) return NULL;
    tw_forget_joined(t);
    return t;
}
