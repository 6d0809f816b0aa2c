/* twiml_rig.h: documents of the tests, and what they must come to. */
#ifndef TWIML_RIG_H
#define TWIML_RIG_H
#include "twiml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static inline int doc_up(void **state)
{
    *state = twiml_new();
    return *state == NULL;
}

static inline int doc_down(void **state)
{
    twiml_free(*state);
    return 0;
}

static inline void is(struct twiml *doc, const char *want)
{
    const char *xml = NULL;
    size_t      len = 0;
    assert_int_equal(twiml_finish(doc, &xml, &len), TWIML_OK);
    assert_int_equal(len, strlen(xml));
    assert_string_equal(xml + strlen(DECLARATION), want);
    assert_string_equal(twiml_error(doc), "");
}

static inline void fails(struct twiml *doc, enum twiml_status status, const char *why)
{
    const char *xml = NULL;
    size_t      len = 0;
    assert_int_equal(twiml_finish(doc, &xml, &len), status);
    assert_int_equal(twiml_pretty(doc, &xml, &len), status);
    assert_string_equal(twiml_error(doc), why);
    assert_null(xml);
}

static inline struct twiml *read_text(const char *xml)
{
    struct twiml *doc = twiml_read(xml, strlen(xml));
    assert_non_null(doc);
    return doc;
}

/* Exactly one finding. */
static inline void finds(const char *xml, enum twiml_status status, unsigned line, const char *text)
{
    struct twiml               *doc = read_text(xml);
    const struct twiml_finding *f = twiml_finding(doc, 0);
    assert_non_null(f);
    assert_string_equal(f->text, text);
    assert_int_equal(f->status, status);
    assert_int_equal(f->line, line);
    assert_null(twiml_finding(doc, 1));
    assert_int_equal(twiml_status(doc), status);
    twiml_free(doc);
}

/* s so many times, until the next call. */
static inline const char *repeated(const char *s, size_t times)
{
    static char buf[3 * TWIML_DOC_MAX];
    buf[0] = '\0';
    for (size_t i = 0, n = strlen(s); i < times; i++) memcpy(buf + i * n, s, n + 1);
    return buf;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, doc_up, doc_down)

#endif
