/* Documents: fetched, checked, and executed verb by verb. */
#include "twiml_run.h"

#include "hooks.h"
#include "speech.h"
#include "url.h"
#include "verbs.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

struct fetch {
    struct call *call;
    unsigned     turn;
    bool         fallback;
    const char  *url;
};

void run_drop(struct call *c)
{
    if (c->doc != NULL) xmlFreeDoc(c->doc);
    c->doc = c->node = NULL;
}

static void error_said(struct call *c)
{
    call_hang_up(c);
}

void run_failed(struct call *c)
{
    static const char sorry[] = "We are sorry, an application error has occurred. Goodbye.";
    call_answer(c);
    if (c->doc != NULL) xmlFreeDoc(c->doc);
    c->doc = c->node = NULL;
    c->at_end = error_said;
    call_hears(c, sorry);
    run_after(c, speech_ms(speech_of(sorry, VOICE_TWILIO)));
}

static void step(struct call *c)
{
    for (;;) {
        const xmlNode *n = c->node;
        if (n == NULL) break;
        const struct verb *v = verb_find((const char *)n->name);
        if (v != NULL) {
            if (v->answers) call_answer(c);
            if (!status_final(c->status)) v->run(c, n);
            return;
        }
        world_alert("12200", c, c->doc_url, keep_fmt("schema: unknown verb %s", (const char *)n->name));
        c->node = (void *)(uintptr_t)run_sibling(n);
    }
    if (c->at_end != NULL) c->at_end(c);
    else {
        call_answer(c);
        call_hang_up(c);
    }
}

void run_next(struct call *c)
{
    if (status_final(c->status)) return;
    if (c->node != NULL) c->node = (void *)(uintptr_t)run_sibling(c->node);
    step(c);
}

static void due(void *arg)
{
    struct call *c = arg;
    c->step = NULL;
    run_next(c);
}

void run_after(struct call *c, int64_t ms)
{
    clock_cancel(&c->step);
    c->step = clock_in(ms, due, c);
}

static bool broken(struct call *c, const char *code, const char *url, const char *why)
{
    world_alert(code, c, url, why);
    return false;
}

/* Makes the text the document of the call; false if it is none. */
static bool load(struct call *c, const char *text, size_t len, const char *url)
{
    xmlDoc  *doc = xmlReadMemory(text, (int)len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    if (root == NULL || strcmp((const char *)root->name, "Response") != 0) {
        xmlFreeDoc(doc);
        return broken(c, "12100", url, root == NULL ? "document parse failure" : "root element is not Response");
    }
    if (c->doc != NULL) xmlFreeDoc(c->doc);
    c->doc = doc;
    c->node = (void *)(uintptr_t)run_child(root);
    if (url != NULL) c->doc_url = keep_str(url);
    return true;
}

void run_text(struct call *c, const char *text, size_t len, const char *url)
{
    c->turn++;
    if (load(c, text, len, url)) step(c);
    else run_failed(c);
}

static bool type_is(const char *type, const char *prefix)
{
    return type != NULL && strncmp(type, prefix, strlen(prefix)) == 0;
}

/* A reply becomes a document: XML as it is, plain text read aloud, audio played. */
static bool accept_reply(struct call *c, const struct hook_reply *r)
{
    if (r->code != NULL) return false;
    if (type_is(r->type, "text/xml") || type_is(r->type, "application/xml") || type_is(r->type, "text/html")
        || (type_is(r->type, "text/plain") && r->body[0] == '<'))
        return load(c, r->body, r->len, r->url);
    if (type_is(r->type, "audio/")) {
        static const char played[] = "<Response><Pause length=\"3\"/></Response>";
        return load(c, played, sizeof played - 1, r->url);
    }
    if (!type_is(r->type, "text/plain"))
        return broken(c, "12300", r->url, keep_fmt("invalid content type: %s", r->type != NULL ? r->type : "(none)"));
    xmlChar    *escaped = xmlEncodeSpecialChars(NULL, (const xmlChar *)r->body);
    const char *doc = keep_fmt("<Response><Say>%s</Say></Response>", (const char *)escaped);
    xmlFree(escaped);
    return load(c, doc, strlen(doc), r->url);
}

static void fetched(void *arg, const struct hook_reply *r)
{
    struct fetch *f = arg;
    struct call  *c = f->call;
    if (f->turn != c->turn || status_final(c->status)) return;
    size_t alerts = world.alerts.n;
    if (accept_reply(c, r)) {
        step(c);
        return;
    }
    if (f->fallback || c->fallback == NULL || c->fallback[0] == '\0') {
        run_failed(c);
        return;
    }
    const struct alert *a = alerts < world.alerts.n ? world.alerts.v[world.alerts.n - 1] : NULL;
    struct form         more = { 0 };
    form_add(&more, "ErrorCode", a != NULL ? a->code : r->code != NULL ? r->code : "12400");
    form_add(&more, "ErrorUrl", f->url);
    run_url(c, "fallback", c->fallback, c->fallback_method, &more);
}

static struct hook request(struct call *c, const char *kind, const char *url, const char *method, struct form *more)
{
    struct hook h = { .kind = kind, .url = url, .method = method, .call = c, .twiml = true };
    hook_standard(c, &h.params);
    for (size_t i = 0; more != NULL && i < more->n; i++) form_add(&h.params, more->v[i].name, more->v[i].value);
    if (more != NULL) form_free(more);
    return h;
}

void run_url(struct call *c, const char *kind, const char *url, const char *method, struct form *more)
{
    struct fetch *f = keep(sizeof *f);
    struct hook   h = request(c, kind, url, method, more);
    *f =
        (struct fetch){ .call = c, .turn = ++c->turn, .fallback = strcmp(kind, "fallback") == 0, .url = keep_str(url) };
    h.done = fetched;
    h.arg = f;
    send_hook(&h);
}

void run_notify(struct call *c, const char *kind, const char *url, const char *method, struct form *more)
{
    struct hook h = request(c, kind, url, method, more);
    send_hook(&h);
}
