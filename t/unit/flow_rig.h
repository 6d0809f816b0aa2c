/* What the tests of lib/flow share: a row as the database gives it, and the TwiML that comes of it. */
#ifndef FLOW_RIG_H
#define FLOW_RIG_H
#include "flow.h"
#include "render.h"
#include "sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define URL  "https://crm.example.com"
#define KEEP "#rc=5&amp;rp=all&amp;ct=2000&amp;rt=5000&amp;tt=15000"

static int up(void **state)
{
    *state = arena_new(1 << 20);
    return *state == NULL;
}

static int down(void **state)
{
    arena_free(*state);
    return 0;
}

static struct sql_ingest_answer inbound(void)
{
    return (struct sql_ingest_answer){ .call_id = "x",
                                       .route = "inbound",
                                       .say = "Fish & chips.",
                                       .disclosure = "This call is recorded.",
                                       .disclosure_language = "en-GB",
                                       .record_as = "record-from-answer-dual",
                                       .dial_to = "+442079460959",
                                       .record = "record-from-answer-dual",
                                       .ring_timeout_s = 25,
                                       .language = "en-GB",
                                       .unanswered = "Sorry." };
}

static const char *document(struct arena *a, const struct plan *p)
{
    struct ctx  cx = { .arena = a };
    const char *xml = NULL;
    size_t      len = 0;
    assert_int_equal(render_plan(&cx, p, &xml, &len), OK);
    return strchr(xml, '\n') + 1;
}

static const char *answer(struct arena *a, const struct sql_ingest_answer *row)
{
    struct ctx   cx = { .arena = a };
    struct event ev = { .kind = EVENT_ANSWER };
    struct plan  p;
    flow_answer(&cx, URL, &ev, row, &p);
    return document(a, &p);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, up, down)

#endif
