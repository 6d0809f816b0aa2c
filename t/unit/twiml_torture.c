/* libtwiml without memory: every allocation of a document's life fails in turn, once and from then on. Each run must
 * end in the right document or in TWIML_ENOMEM, and give everything back. */
#include "twiml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>

static struct {
    long at;     /* the allocation that fails, from 1; 0: none */
    long count;  /* allocations since it was set */
    long live;   /* not given back */
    int  sticky; /* all later ones fail too */
} memory;

static int refused(void)
{
    memory.count++;
    return memory.at > 0 && (memory.sticky ? memory.count >= memory.at : memory.count == memory.at);
}

static void *counted_malloc(size_t size)
{
    void *p = refused() ? NULL : malloc(size);
    memory.live += p != NULL;
    return p;
}

static void *counted_realloc(void *old, size_t size)
{
    void *p = refused() ? NULL : realloc(old, size);
    memory.live += p != NULL && old == NULL;
    return p;
}

static void counted_free(void *p)
{
    memory.live -= p != NULL;
    free(p);
}

static char *counted_strdup(const char *s)
{
    char *p = counted_malloc(strlen(s) + 1);
    return p == NULL ? NULL : memcpy(p, s, strlen(s) + 1);
}

/* What a run came to: the bytes of its document, or "no memory". */
struct outcome {
    char text[4096];
};

static void keep(struct outcome *o, const char *s)
{
    (void)snprintf(o->text + strlen(o->text), sizeof o->text - strlen(o->text), "%s\n", s == NULL ? "(none)" : s);
}

static void no_memory(struct outcome *o)
{
    (void)snprintf(o->text, sizeof o->text, "no memory");
}

static void build(struct outcome *o)
{
    struct twiml      *doc = twiml_new();
    struct twiml_node *r = twiml_response(doc), *say, *client;
    const char        *xml = NULL;
    size_t             len = 0;
    say = twiml_say(r, "Fish & \xFF\x01 chips", .voice = "a\xC0", .loop = TWIML_ZERO);
    twiml_lang(say, "bonjour", .lang = "fr-FR");
    twiml_text(say, " and on");
    twiml_attr(say, "loop", "2");
    twiml_comment(r, "--");
    client = twiml_client(twiml_dial(r, .record = "true", .timeout_s = 20, .answer_on_bridge = TWIML_NO));
    twiml_identity(client, "alice");
    for (int i = 0; i < 30; i++) twiml_parameter(client, "name of a parameter", "\xC3\xA9 < value");
    const char *text = twiml_get_text(say);
    if (text == NULL && doc != NULL && twiml_status(doc) == TWIML_OK) memory.count++; /* a clean failure of its own */
    if (twiml_finish(doc, &xml, &len) == TWIML_OK) {
        keep(o, xml);
        if (twiml_pretty(doc, &xml, &len) == TWIML_OK) keep(o, xml);
        else no_memory(o);
        if (text == NULL) no_memory(o);
    } else no_memory(o);
    twiml_free(doc);
}

static void walk(struct outcome *o, const struct twiml_node *n)
{
    static const char *const names[] = { "record", "xml:lang", "a", "voice", "timeout" };
    keep(o, twiml_get_name(n));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) keep(o, twiml_get_attr(n, names[i]));
    for (const struct twiml_node *c = twiml_first_child(n); c != NULL; c = twiml_next_sibling(c)) walk(o, c);
}

/* One document's life: built, if it is not read from something. */
struct life {
    const char *name, *xml;
};

static void read_document(struct outcome *o, const char *xml)
{
    struct twiml *doc = twiml_read(xml, strlen(xml));
    const char   *text = twiml_get_text(twiml_response(doc));
    for (size_t i = 0; twiml_finding(doc, i) != NULL; i++) keep(o, twiml_finding(doc, i)->text);
    walk(o, twiml_response(doc));
    keep(o, text);
    if (doc == NULL || text == NULL) no_memory(o);
    twiml_free(doc);
}

/* Runs with the at-th allocation failing; what it leaves allocated is a leak. */
static void run(const struct life *life, struct outcome *o, long at, int sticky)
{
    const long before = memory.live;
    o->text[0] = '\0';
    memory.at = at;
    memory.sticky = sticky;
    memory.count = 0;
    if (life->xml == NULL) build(o);
    else read_document(o, life->xml);
    memory.at = 0;
    xmlResetLastError();
    if (memory.live != before) print_message("# %s leaks, allocation %ld, sticky %d\n", life->name, at, sticky);
    assert_int_equal(memory.live, before);
}

static void survives(void **state)
{
    static struct outcome want, got;
    const struct life    *life = *state;
    run(life, &got, 0, 0); /* what libxml2 keeps for good */
    run(life, &want, 0, 0);
    const long n = memory.count;
    long       failed = 0;
    for (long i = 0; i < 2 * n; i++) {
        run(life, &got, i / 2 + 1, (int)(i % 2));
        if (strcmp(got.text, "no memory") == 0) failed++;
        else assert_string_equal(got.text, want.text);
    }
    print_message(
        "# %s: %ld allocations, each failed once and for good: %ld of %ld runs without memory, the rest right\n",
        life->name, n, failed, 2 * n);
    assert_true(failed > n);
}

/* libxml2 says on standard error that it has no memory, once a failure: thousands of lines here. */
static void hush(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

static struct life lives[] = {
    { "a document that is built", NULL },
    { "one that is read",
      "<?xml version='1.0' encoding='UTF-8'?>\n<Response>\n <!-- c -->\n <Say voice='a&amp;b &lt; \xC3\xA9'>Hi "
      "&gt; <![CDATA[<x>]]><lang xml:lang='fr-FR'>oui &#13; </lang></Say>\n <Dial record='true' timeout='20'>\n"
      "<Number>+15005550006</Number></Dial>\n</Response>" },
    { "one with findings",
      "<Response xmlns:b='urn:b'><Sing a='1'>la</Sing><Say b='2' b:a='3'/><Dial record='x' a='1'>t</Dial></Response>" },
    { "one that is not well-formed", "<Response><Say>1</Response>" },
    { "one with a document type", "<!DOCTYPE Response [<!ENTITY a 'b'>]><Response/>" },
};

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(survives, &lives[0]), cmocka_unit_test_prestate(survives, &lives[1]),
        cmocka_unit_test_prestate(survives, &lives[2]), cmocka_unit_test_prestate(survives, &lives[3]),
        cmocka_unit_test_prestate(survives, &lives[4]),
    };
    if (xmlMemSetup(counted_free, counted_malloc, counted_realloc, counted_strdup) != 0) return 1;
    xmlInitParser();
    xmlSetGenericErrorFunc(NULL, hush);
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
