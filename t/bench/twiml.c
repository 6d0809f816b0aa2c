/* What a TwiML document costs: libtwiml beside libxml2's writer used by hand. Lines of "writer document ns
 * allocations". */
#include "twiml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libxml/xmlmemory.h>
#include <libxml/xmlwriter.h>

#define XML(s) ((const xmlChar *)(s))

enum { VERBS = 200, ROUNDS = 20, ROUND_NS = 10000000, BATCH = 16 };

static unsigned long allocations;

static void *counted_malloc(size_t n)
{
    allocations++;
    return malloc(n);
}

static void *counted_realloc(void *p, size_t n)
{
    allocations++;
    return realloc(p, n);
}

static char *counted_strdup(const char *s)
{
    allocations++;
    return strdup(s);
}

/* An answer as Switchhook gives it: a disclosure, a recorded and followed forward. */
static size_t answer_twiml(void)
{
    struct twiml      *doc = twiml_new();
    struct twiml_node *r = twiml_response(doc), *dial;
    const char        *xml;
    size_t             len = 0;
    twiml_say(r, "Thanks for calling Fish & Chips. This call may be recorded.", .voice = "Polly.Amy",
              .language = "en-GB");
    dial = twiml_dial(r, .action = "https://voice.example.com/api/twilio/voice/dial", .caller_id = "+442079460123",
                      .record = "record-from-answer-dual",
                      .recording_status_callback = "https://voice.example.com/api/twilio/voice/recording",
                      .timeout_s = 20, .answer_on_bridge = TWIML_YES);
    twiml_number(dial, "+442079460958", .status_callback = "https://voice.example.com/api/twilio/voice/status",
                 .status_callback_event = "initiated ringing answered completed");
    if (twiml_finish(doc, &xml, &len) != TWIML_OK) exit(1);
    twiml_free(doc);
    return len;
}

static size_t long_twiml(void)
{
    struct twiml      *doc = twiml_new();
    struct twiml_node *r = twiml_response(doc);
    const char        *xml;
    size_t             len = 0;
    for (int i = 0; i < VERBS / 2; i++) {
        twiml_say(r, "Please hold the line.", .voice = "Polly.Amy");
        twiml_pause(r, .length_s = 5);
    }
    if (twiml_finish(doc, &xml, &len) != TWIML_OK) exit(1);
    twiml_free(doc);
    return len;
}

static void attribute(xmlTextWriter *w, const char *name, const char *value)
{
    xmlTextWriterWriteAttribute(w, XML(name), XML(value));
}

static size_t written(xmlTextWriter *w, xmlBuffer *buf)
{
    xmlTextWriterEndDocument(w);
    xmlFreeTextWriter(w);
    const size_t len = (size_t)xmlBufferLength(buf);
    xmlBufferFree(buf);
    return len;
}

static size_t answer_writer(void)
{
    xmlBuffer     *buf = xmlBufferCreate();
    xmlTextWriter *w = xmlNewTextWriterMemory(buf, 0);
    xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL);
    xmlTextWriterStartElement(w, XML("Response"));
    xmlTextWriterStartElement(w, XML("Say"));
    attribute(w, "voice", "Polly.Amy");
    attribute(w, "language", "en-GB");
    xmlTextWriterWriteString(w, XML("Thanks for calling Fish & Chips. This call may be recorded."));
    xmlTextWriterEndElement(w);
    xmlTextWriterStartElement(w, XML("Dial"));
    attribute(w, "action", "https://voice.example.com/api/twilio/voice/dial");
    attribute(w, "callerId", "+442079460123");
    attribute(w, "record", "record-from-answer-dual");
    attribute(w, "recordingStatusCallback", "https://voice.example.com/api/twilio/voice/recording");
    attribute(w, "timeout", "20");
    attribute(w, "answerOnBridge", "true");
    xmlTextWriterStartElement(w, XML("Number"));
    attribute(w, "statusCallback", "https://voice.example.com/api/twilio/voice/status");
    attribute(w, "statusCallbackEvent", "initiated ringing answered completed");
    xmlTextWriterWriteString(w, XML("+442079460958"));
    return written(w, buf);
}

static size_t long_writer(void)
{
    xmlBuffer     *buf = xmlBufferCreate();
    xmlTextWriter *w = xmlNewTextWriterMemory(buf, 0);
    xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL);
    xmlTextWriterStartElement(w, XML("Response"));
    for (int i = 0; i < VERBS / 2; i++) {
        xmlTextWriterStartElement(w, XML("Say"));
        attribute(w, "voice", "Polly.Amy");
        xmlTextWriterWriteString(w, XML("Please hold the line."));
        xmlTextWriterEndElement(w);
        xmlTextWriterStartElement(w, XML("Pause"));
        attribute(w, "length", "5");
        xmlTextWriterEndElement(w);
    }
    return written(w, buf);
}

static double now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t); /* always there on Linux */
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* A document and the writers of it; each round measures all of them, so that what disturbs one disturbs all. */
static struct {
    const char *writer, *document;
    size_t (*make)(void);
    double        ns; /* of the best round */
    unsigned long allocations;
} makers[] = {
    { "libtwiml", "answer", answer_twiml, 1e18, 0 },
    { "xmlTextWriter", "answer", answer_writer, 1e18, 0 },
    { "libtwiml", "200-verbs", long_twiml, 1e18, 0 },
    { "xmlTextWriter", "200-verbs", long_writer, 1e18, 0 },
};

enum { MAKERS = sizeof makers / sizeof *makers };

static void measure(int i)
{
    unsigned long n = 0;
    const double  start = now_ns();
    for (double spent = 0; spent < ROUND_NS; spent = now_ns() - start, n += BATCH)
        for (int k = 0; k < BATCH; k++) (void)makers[i].make();
    const double ns = (now_ns() - start) / (double)n;
    if (ns < makers[i].ns) makers[i].ns = ns;
    allocations = 0;
    (void)makers[i].make();
    makers[i].allocations = allocations;
}

int main(void)
{
    if (xmlMemSetup(free, counted_malloc, counted_realloc, counted_strdup) != 0) return 1;
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < MAKERS; i++) measure(i);
    for (int i = 0; i < MAKERS; i++)
        printf("%s %s %.0f %lu\n", makers[i].writer, makers[i].document, makers[i].ns, makers[i].allocations);
    return 0;
}
