/* Documents: their life, their failures, their bytes. */
#include "twiml.h"

#include "clean.h"
#include "doc.h"

#include <stdio.h>
#include <string.h>

struct twiml *tw_doc(const xmlNode *n)
{
    return n->doc->_private;
}

/* A message quotes what it was given: what is cut or no character of XML becomes '?'. */
static void make_printable(char *s)
{
    for (unsigned n; *s != '\0'; s += n) {
        n = tw_char((const unsigned char *)s, TW_CHAR_MAX);
        if (n == 1 && *s >= ' ') continue;
        if (n <= 1) {
            *s = '?';
            n = 1;
        }
    }
}

/* Where the next failure goes; NULL: it is not kept. */
static struct failure *next_failure(struct twiml *t)
{
    if (t->first.is.status == TWIML_OK) return &t->first;
    if (!t->read || t->kept == TWIML_FINDINGS_MAX) return NULL;
    struct failure *f = xmlMalloc(sizeof *f);
    if (f == NULL) t->starved = true;
    else f->next = NULL;
    return t->last->next = f;
}

void tw_fail(struct twiml *t, enum twiml_status status, unsigned line, const char *format, ...)
{
    struct failure *f = next_failure(t);
    va_list         args;
    if (f == NULL) return;
    va_start(args, format);
    (void)vsnprintf(f->message, sizeof f->message, format, args); /* cut if long */
    va_end(args);
    make_printable(f->message);
    f->is = (struct twiml_finding){ status, line, f->message };
    t->last = f;
    t->kept++;
}

void tw_no_memory(struct twiml *t)
{
    t->starved = true;
    tw_fail(t, TWIML_ENOMEM, 0, "out of memory");
}

struct twiml *tw_new(void)
{
    struct twiml *t = xmlMalloc(sizeof *t);
    if (t != NULL) *t = (struct twiml){ .kinds = ANY };
    return t;
}

struct twiml *twiml_new(void)
{
    struct twiml *t = tw_new();
    xmlNode      *root = NULL;
    if (t != NULL && (t->doc = xmlNewDoc(XML("1.0"))) != NULL) {
        t->doc->_private = t;
        root = tw_element(t, &tw_verbs[V_RESPONSE]);
    }
    if (root == NULL) {
        twiml_free(t);
        return NULL;
    }
    tw_append((xmlNode *)t->doc, root);
    return t;
}

void tw_forget_joined(struct twiml *t)
{
    while (t->joined != NULL) {
        struct joined *next = t->joined->next;
        xmlFree(t->joined);
        t->joined = next;
    }
}

void twiml_free(struct twiml *t)
{
    if (t == NULL) return;
    tw_forget_joined(t);
    for (struct failure *f = t->first.next, *next; f != NULL; f = next) {
        next = f->next;
        xmlFree(f);
    }
    xmlFree(t->xml);
    if (t->doc != NULL) xmlFreeDoc(t->doc);
    xmlFree(t);
}

struct twiml_node *twiml_response(struct twiml *t)
{
    xmlNode *root = t == NULL || t->doc == NULL ? NULL : xmlDocGetRootElement(t->doc);
    return root != NULL && tw_row(root) == &tw_verbs[V_RESPONSE] ? (struct twiml_node *)root : NULL;
}

enum twiml_status twiml_status(const struct twiml *t)
{
    return t == NULL ? TWIML_ENOMEM : t->first.is.status;
}

const char *twiml_error(const struct twiml *t)
{
    return t == NULL ? "out of memory" : t->first.message;
}

const struct twiml_finding *twiml_finding(const struct twiml *t, size_t i)
{
    const struct failure *f = twiml_status(t) == TWIML_OK || t == NULL ? NULL : &t->first;
    for (; i > 0 && f != NULL; i--) f = f->next;
    return f == NULL ? NULL : &f->is;
}
