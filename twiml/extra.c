/* What a node takes beside verbs: attributes newer than the table, more text, comments. */
#include "clean.h"
#include "doc.h"

#include <string.h>

void twiml_text(struct twiml_node *node, const char *text)
{
    xmlNode      *n = (xmlNode *)node;
    struct twiml *t = tw_ready(n);
    if (t == NULL) return;
    if ((tw_row(n)->flags & TEXT) == 0) tw_fail(t, TWIML_ENEST, 0, "text is not allowed in %s", tw_row(n)->name);
    else tw_put_text(t, n, text);
}

enum { ATTR_NAME_MAX = 64 }; /* bytes */

/* A name without prefix, as Twilio makes them. */
static bool is_name(const char *s)
{
    static const char letters[] = "0123456789.-ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    const size_t      n = strspn(s, letters);
    return strspn(s, letters + 12) > 0 && s[n] == '\0' && n <= ATTR_NAME_MAX && strncmp(s, "xml", 3) != 0;
}

void twiml_attr(struct twiml_node *node, const char *name, const char *value)
{
    xmlNode      *n = (xmlNode *)node;
    struct twiml *t = tw_ready(n);
    char          buf[WORD_MAX];
    if (t == NULL || value == NULL) return;
    const struct attr *a = tw_attr(tw_row(n), name);
    const char        *word = a == NULL ? NULL : tw_word(a, value, buf);
    xmlAttr           *old = tw_prop(n, name);
    if (a == NULL && !is_name(name)) {
        tw_fail(t, TWIML_EATTR, 0, "%s cannot have an attribute \"%.60s\"", tw_row(n)->name, name);
        return;
    }
    if (old != NULL) (void)xmlRemoveProp(old); /* fails only on NULL */
    tw_set(t, n, name, word == NULL ? value : word);
}

/* "--" and a "-" at the end would end it or break it; a carriage return would come back as a newline. */
static xmlChar *comment_of(const xmlChar *s)
{
    xmlChar *out = xmlMallocAtomic(2 * strlen((const char *)s) + 1), *to = out;
    if (out == NULL) return NULL;
    for (; *s != '\0'; s++) {
        *to++ = *s == '\r' ? ' ' : *s;
        if (s[0] == '-' && (s[1] == '-' || s[1] == '\0')) *to++ = ' ';
    }
    *to = '\0';
    return out;
}

void twiml_comment(struct twiml_node *node, const char *text)
{
    xmlNode      *n = (xmlNode *)node;
    struct twiml *t = tw_ready(n);
    struct clean  c;
    if (t == NULL || text == NULL || !tw_cleaned(t, &c, text, n, "comment")) return;
    xmlChar *s = comment_of(c.s);
    xmlNode *comment = s == NULL ? NULL : xmlNewDocComment(t->doc, s);
    xmlFree(c.owned);
    xmlFree(s);
    if (comment != NULL && comment->content != NULL) {
        tw_append(n, comment);
        return;
    }
    xmlFreeNode(comment);
    tw_no_memory(t);
}
