/* doc.h: what a document is inside. A node is libxml2's xmlNode, its _private the verb's row (NULL: no verb we know).
 */
#ifndef DOC_H
#define DOC_H
#include "twiml.h"
#include "verbs.h"

#include <libxml/tree.h>
#include <stdbool.h>

#define XML(s) ((const xmlChar *)(s)) /* BAD_CAST would cast const away */

struct clean;

struct failure {
    struct failure      *next;
    struct twiml_finding is; /* its text is the message below */
    char                 message[200];
};

/* The text of a node that has several pieces of it, joined when it was asked for. */
struct joined {
    struct joined *next;
    const xmlNode *node;
    char           text[];
};

struct twiml {
    xmlDoc         *doc;
    xmlChar        *xml;   /* of the last finish or pretty */
    struct failure  first; /* sticks; TWIML_OK: none */
    struct failure *last;  /* of those kept, in their order from first on */
    unsigned        kept;
    bool            starved; /* of memory, at any time */
    struct joined  *joined;
    unsigned        kinds; /* CALL, MESSAGES: what it can still be */
    bool            read;  /* not built: failures are findings, one does not stop the next */
};

/* -- twiml.c */

/** An empty one without a tree, of libxml2's memory as all that is ours; NULL: no memory. */
struct twiml *tw_new(void);

struct twiml *tw_doc(const xmlNode *);

/** Records a failure: the first one, and the later ones of a document that is read. */
void tw_fail(struct twiml *, enum twiml_status, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void tw_no_memory(struct twiml *);

/** What was joined is wrong once something is added. */
void tw_forget_joined(struct twiml *);

/* -- node.c: what libxml2 makes is looked at, for after a failed allocation it may report success */

/** The document, ready to be changed; NULL: there is no node, or something failed before. */
struct twiml *tw_ready(const xmlNode *);

/** An element, in no tree; NULL: no memory, recorded. */
xmlNode *tw_element(struct twiml *, const struct verb *);

/** Puts a node that is in no tree last into a parent or document. Never merges texts, as xmlAddChild does. */
void tw_append(xmlNode *parent, xmlNode *);

/** A text in front of a node (NULL: last) of the parent; NULL: no memory, recorded. s is clean. */
xmlNode *tw_insert_text(struct twiml *, xmlNode *parent, xmlNode *before, const xmlChar *s);

/** Text of any bytes at the end of a verb that may hold it. What goes wrong is recorded. */
void tw_put_text(struct twiml *, xmlNode *, const char *s);

/** Sets an attribute that is not there, to any bytes. What goes wrong is recorded. */
void tw_set(struct twiml *, xmlNode *, const char *name, const char *value);

enum { PROP_NAME_MAX = 80 }; /* bytes, with the NUL */

/** An attribute's name with its prefix, in buf if it has one: "xml:lang", however it came here. */
const char *tw_prop_name(const xmlAttr *, char buf[PROP_NAME_MAX]);

/** The attribute and its value, "" if that is empty; NULL: it is not there. */
xmlAttr    *tw_prop(const xmlNode *, const char *name);
const char *tw_prop_value(const xmlAttr *);

/** Characters of the text directly in a node, and of what its verb may hold. */
size_t tw_text_chars(const xmlNode *);
size_t tw_text_max(const struct verb *);

/** s as XML carries it; false: no memory, or too long for an attribute, "comment", or (NULL) more text: recorded. */
bool tw_cleaned(struct twiml *, struct clean *, const char *s, const xmlNode *, const char *what);

/* -- add.c */

/** May v stand in parent, behind before (NULL: first)? If not, that is recorded. */
bool tw_fits(struct twiml *, const struct verb *v, const xmlNode *parent, const xmlNode *before, unsigned line);

/** A verb as the last child; the result of twiml_add_<verb>(). options begin with their size; NULL: none. */
struct twiml_node *tw_add(struct twiml_node *, enum verb_id, const void *options);

/* -- parse.c */

/** Parses; NULL: what was wrong is recorded. The caller frees it. */
xmlDoc *tw_parse(struct twiml *, const char *xml, size_t len);

static inline const struct verb *tw_row(const xmlNode *n)
{
    return n->_private;
}

#endif
