/* twiml.h: typed TwiML, written and read. The public header of libtwiml; libtwiml(3) is its manual. */
#ifndef TWIML_H
#define TWIML_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Build from the top, check once at the end:
 *
 *   struct twiml *doc = twiml_new();
 *   struct twiml_node *r = twiml_response(doc);
 *   twiml_say(r, "Fish & chips, good evening.", .voice = "Polly.Amy");
 *   if (twiml_finish(doc, &xml, &len) != TWIML_OK) report(twiml_error(doc));
 *   twiml_free(doc);
 *
 * The first failure sticks: every later call does nothing and finish reports it. A misspelt attribute does not compile.
 * 0 and NULL mean that the attribute is left out. Text and values may be any bytes: what XML cannot carry is dropped
 * (control characters) or becomes U+FFFD (broken UTF-8), so that no caller's name can break a call.
 * A document belongs to one thread at a time; different threads may have different documents. */
struct twiml;
struct twiml_node;

enum twiml_status {
    TWIML_OK,
    TWIML_ENOMEM,
    TWIML_ENEST,   /* the verb, or text, is not allowed in that parent */
    TWIML_EATTR,   /* the verb has no such attribute */
    TWIML_EVALUE,  /* the attribute cannot have that value */
    TWIML_ETOOBIG, /* a text, a value or the document is over its limit */
    TWIML_EXML     /* what was read is not a well-formed TwiML document */
};

enum {
    TWIML_TEXT_MAX = 4096,   /* characters of a text or value; Twilio speaks no more of a Say */
    TWIML_DOC_MAX = 65536,   /* bytes of a document, written or read: https://www.twilio.com/docs/api/errors/11750 */
    TWIML_DEPTH_MAX = 64,    /* elements inside each other, which only SSML can reach */
    TWIML_FINDINGS_MAX = 100 /* that twiml_read() keeps */
};

/* -- documents */

/** A document with an empty Response, for a call or for messages: the first verb that only one of the two knows
 * decides. The caller frees it. NULL: no memory; every function accepts that. */
struct twiml *twiml_new(void);
void          twiml_free(struct twiml *);

/** The Response element; lives as long as the document, like every node. NULL if what was read has none. */
struct twiml_node *twiml_response(struct twiml *);

/** TWIML_OK and the document in UTF-8 (NUL-terminated, len without it), the document's own until the next finish,
 * pretty or free; or the FIRST failure of any call, xml and len untouched. May be called again after more was added. */
enum twiml_status twiml_finish(struct twiml *, const char **xml, size_t *len);

/** As twiml_finish(), indented for people. Works with findings too, as long as there is a Response: they do not count.
 */
enum twiml_status twiml_pretty(struct twiml *, const char **xml, size_t *len);

/** The first failure as a status and in words: "Number is not allowed in Response". TWIML_OK and "" while nothing
 * failed. */
enum twiml_status twiml_status(const struct twiml *);
const char       *twiml_error(const struct twiml *);

/* -- beside the verbs of the headers below, where a NULL node does nothing, for its failure is recorded already */

/** Sets any attribute, for those that Twilio adds after this version: the value is not compared with the known words,
 * an attribute that is there already is replaced, NULL does nothing. TWIML_EATTR: XML cannot have that name. */
void twiml_attr(struct twiml_node *, const char *name, const char *value);

/** More text, behind what the node holds: between the SSML elements of a Say. */
void twiml_text(struct twiml_node *, const char *text);

/** A comment inside the node. "--" becomes "- -". */
void twiml_comment(struct twiml_node *, const char *text);

/* -- reading */

struct twiml_finding {
    enum twiml_status status;
    unsigned          line; /* 1..; where the element's start tag ends; 0: the document was not read */
    const char       *text; /* "Say has no attribute colour" */
};

/** A document from at most TWIML_DOC_MAX bytes of UTF-8. No network, no DTD, no entities of its own. It is checked like
 * one that is built; every departure is a finding and the first one sticks. What is well-formed can be walked in spite
 * of findings. Old spellings are understood and become the present ones (record="true" reads record-from-answer).
 * NULL: no memory. The caller frees it. */
struct twiml *twiml_read(const char *xml, size_t len);

/** The i-th failure, from 0, in the order of the document; NULL past the last. Lives as long as the document. */
const struct twiml_finding *twiml_finding(const struct twiml *, size_t i);

/* Elements in document order; comments and text are passed over. NULL: there is none. */
struct twiml_node *twiml_first_child(const struct twiml_node *);
struct twiml_node *twiml_next_sibling(const struct twiml_node *);

/** "Say", "say-as"... */
const char *twiml_get_name(const struct twiml_node *);

/** The value of an attribute by its name in TwiML ("numDigits"), "" if it is empty, NULL if it is not there. */
const char *twiml_get_attr(const struct twiml_node *, const char *name);

/** The text of the node and of all inside it, without markup; "" if there is none, NULL: no memory. The document's own
 * until something is added or it is freed. */
const char *twiml_get_text(const struct twiml_node *);

/** The line on which the start tag ends, from 1; 0 for a node that was built. */
unsigned twiml_get_line(const struct twiml_node *);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

/* One option struct a verb. size first: it lets an older caller's shorter struct be read only as far as it reaches, so
 * new members go last. Where a verb has text it comes second. Units are in the names: _s seconds, _ms milliseconds.
 * Flags have three ways (TWIML_YES, TWIML_NO, unset), and where 0 is a value it is TWIML_ZERO. */
#include "twiml_build.h"

#endif
