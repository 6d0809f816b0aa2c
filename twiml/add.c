/* One function adds any verb; verbs.c says what is allowed. */
#include "doc.h"

#include <stdio.h>

/* Only SSML can hold itself; what goes through the tree goes down in calls. */
static bool too_deep(const struct verb *v, const xmlNode *parent)
{
    int depth = 0;
    if ((v->flags & SPOKEN) == 0) return false;
    for (const xmlNode *n = parent; n->type == XML_ELEMENT_NODE; n = n->parent) depth++;
    return depth >= TWIML_DEPTH_MAX;
}

bool tw_fits(struct twiml *t, const struct verb *v, const xmlNode *parent, const xmlNode *before, unsigned line)
{
    const struct verb *in = tw_row(parent);
    unsigned           same = 0;
    if (!tw_allowed(v, in)) {
        tw_fail(t, TWIML_ENEST, line, "%s is not allowed in %s", v->name, in->name);
        return false;
    }
    if (too_deep(v, parent)) {
        tw_fail(t, TWIML_ENEST, line, "%s is nested deeper than %d elements", v->name, TWIML_DEPTH_MAX);
        return false;
    }
    if (in == &tw_verbs[V_RESPONSE]) {
        const unsigned kinds = v->kinds == 0 ? CALL : v->kinds;
        if ((t->kinds & kinds) == 0) {
            tw_fail(t, TWIML_ENEST, line, "%s is not allowed in a Response to a %s", v->name,
                    t->kinds == CALL ? "call" : "message");
            return false;
        }
        t->kinds &= kinds;
    }
    for (; v->most > 0 && before != NULL; before = before->prev) same += before->_private == (const void *)v;
    if (same < v->most || v->most == 0) return true;
    tw_fail(t, TWIML_ENEST, line, "%s is not allowed more than %u times in %s", v->name, v->most, in->name);
    return false;
}

/* The attribute's value in the options as text, in buf where it is a number; NULL: leave it out. */
static const char *value_of(const struct attr *a, const void *options, char buf[UINT_DIGITS + 1])
{
    const void *at = (const char *)options + a->off;
    if (a->kind == FLAG) {
        const enum twiml_flag f = *(const enum twiml_flag *)at;
        return f == TWIML_UNSET ? NULL : f == TWIML_YES ? "true" : "false";
    }
    if (a->kind != UINT) return *(const char *const *)at;
    const unsigned u = *(const unsigned *)at;
    if (u == 0) return NULL;
    (void)snprintf(buf, UINT_DIGITS + 1, "%u", u == TWIML_ZERO ? 0 : u);
    return buf;
}

static size_t width(const struct attr *a)
{
    return a->kind == FLAG ? sizeof(enum twiml_flag) : a->kind == UINT ? sizeof(unsigned) : sizeof(char *);
}

static void put_attr(struct twiml *t, xmlNode *n, const struct attr *a, const char *value)
{
    const struct verb *v = tw_row(n);
    char               buf[WORD_MAX];
    const char        *word = tw_word(a, value, buf);
    if (tw_attr(v, a->name) == NULL)
        tw_fail(t, TWIML_EATTR, 0, "%s in %s has no attribute %s", v->name, (const char *)n->parent->name, a->name);
    else if (word == NULL) tw_fail(t, TWIML_EVALUE, 0, "%s %s cannot be \"%.60s\"", v->name, a->name, value);
    else tw_set(t, n, a->name, word);
}

/* Only as far as the caller's struct reaches: an older one ends before our newest members. */
static void put_options(struct twiml *t, xmlNode *n, const struct verb *v, const void *options)
{
    const size_t size = *(const size_t *)options;
    if ((v->flags & TEXT) != 0 && size >= sizeof(size_t) + sizeof(char *))
        tw_put_text(t, n, *(const char *const *)(const void *)((const char *)options + sizeof(size_t)));
    for (const struct attr *a = v->attrs; a != NULL && a->name != NULL; a++) {
        char        buf[UINT_DIGITS + 1];
        const char *s = a->off + width(a) > size ? NULL : value_of(a, options, buf);
        if (s != NULL) put_attr(t, n, a, s);
    }
}

struct twiml_node *tw_add(struct twiml_node *node, enum verb_id id, const void *options)
{
    xmlNode           *parent = (xmlNode *)node;
    struct twiml      *t = tw_ready(parent);
    const struct verb *v = &tw_verbs[id];
    if (t == NULL) return NULL;
    if (!tw_allowed(v, tw_row(parent))) v = tw_verb(v->name, tw_row(parent)); /* Sip in Refer is another one */
    xmlNode *n = tw_fits(t, v, parent, parent->last, 0) ? tw_element(t, v) : NULL;
    if (n == NULL) return NULL;
    tw_append(parent, n);
    if (options != NULL) put_options(t, n, &tw_verbs[id], options);
    return t->first.is.status == TWIML_OK ? (struct twiml_node *)n : NULL;
}
