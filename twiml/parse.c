/* Bytes to a tree, by libxml2 with nothing switched on. */
#include "clean.h"
#include "doc.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

/* Why the parser refused: the first cause, for later ones follow from it. */
struct refusal {
    bool     memory;
    unsigned line;
    char     words[160]; /* "": none */
};

static void refuse(struct refusal *r, int line, const char *words)
{
    if (r->words[0] != '\0') return;
    r->line = (unsigned)line;
    (void)snprintf(r->words, sizeof r->words, "%.*s", (int)strcspn(words, "\n"), words); /* cut if long */
}

/* No document type, so no entities but those of XML itself: what parses is as large as what came. */
static void refuse_dtd(void *parser, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    xmlParserCtxt *ctxt = parser;
    (void)name;
    (void)external;
    (void)system;
    refuse(ctxt->_private, 1, "a document type is not allowed");
    xmlStopParser(ctxt);
}

/* A prefix that is not declared stays in the name, which is then no name of TwiML's. */
static void refuse_error(void *parser, xmlError *e)
{
    const xmlParserCtxt *ctxt = parser;
    struct refusal      *r = ctxt->_private;
    if (e->code == XML_ERR_NO_MEMORY || e->message == NULL) r->memory = true;
    else if (e->level != XML_ERR_WARNING && e->domain != XML_FROM_NAMESPACE) refuse(r, e->line, e->message);
}

/* What is not of the parser reports to the thread's last error alone. */
static bool out_of_memory(const struct refusal *r)
{
    const xmlError *last = xmlGetLastError();
    return r->memory || (last != NULL && last->code == XML_ERR_NO_MEMORY);
}

/* The line, from 1, of the first byte that is in no character of XML in UTF-8; 0: there is none. After this libxml2 can
 * take it for no other encoding. */
static unsigned foreign_line(const char *xml, size_t len)
{
    unsigned line = 1;
    for (size_t i = 0, n; i < len; i += n) {
        n = tw_char((const unsigned char *)xml + i, len - i);
        if (n == 0) return line;
        line += xml[i] == '\n';
    }
    return 0;
}

/* NONET, and never NOENT, DTDLOAD or HUGE. IGNORE_ENC: it is UTF-8, whatever it says. */
static xmlDoc *parse(struct twiml *t, xmlParserCtxt *ctxt, const char *xml, size_t len)
{
    struct refusal refusal = { .words = "" };
    ctxt->_private = &refusal;
    ctxt->sax->internalSubset = refuse_dtd;
    ctxt->sax->serror = refuse_error;
    xmlResetLastError();
    xmlDoc *doc =
        xmlCtxtReadMemory(ctxt, xml, (int)len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_IGNORE_ENC);
    const bool starved = out_of_memory(&refusal);
    if (doc != NULL && refusal.words[0] == '\0' && !starved) return doc;
    xmlFreeDoc(doc);
    if (refusal.words[0] == '\0' || starved) tw_no_memory(t);
    else tw_fail(t, TWIML_EXML, refusal.line, "%s", refusal.words);
    return NULL;
}

xmlDoc *tw_parse(struct twiml *t, const char *xml, size_t len)
{
    const unsigned line = foreign_line(xml, len);
    xmlDoc        *doc = NULL;
    if (line > 0) {
        tw_fail(t, TWIML_EXML, line, "a byte that is in no character of XML in UTF-8");
        return NULL;
    }
    xmlParserCtxt *ctxt = xmlNewParserCtxt();
    if (ctxt == NULL) tw_no_memory(t);
    else doc = parse(t, ctxt, xml, len);
    xmlFreeParserCtxt(ctxt);
    return doc;
}
