/* libtwiml under arbitrary bytes. What begins with '<' is read; anything else is a program of builder calls. */
#include "twiml.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(fact) \
    if (!(fact)) abort()

struct input {
    const uint8_t *at, *end;
};

static unsigned byte(struct input *in)
{
    return in->at < in->end ? *in->at++ : 0;
}

/* A string of any bytes but NUL, or a word that some attribute may have, or none. */
static const char *string(struct input *in, char buf[64])
{
    static const char *const words[] = { "true",
                                         "false",
                                         "GET",
                                         "dtmf",
                                         "dtmf speech",
                                         "en-US",
                                         "both",
                                         "ringing answered",
                                         "record-from-answer",
                                         "both_tracks",
                                         "1 2",
                                         "do-not-trim",
                                         "digits",
                                         "strong" };
    const unsigned           n = byte(in);
    unsigned                 i = 0;
    if (n < 64) return NULL;
    if (n >= 128) return words[n % (sizeof words / sizeof *words)];
    for (; i < n - 64 && in->at < in->end && *in->at != 0; i++) buf[i] = (char)byte(in);
    buf[i] = '\0';
    return buf;
}

typedef struct twiml_node *add_fn(struct twiml_node *, const void *);

/* pointers: bytes of the options up to the first member that is a number or a flag. */
struct verb {
    add_fn *add;
    size_t  size, pointers;
};

#define TEXTS(v)                                                                    \
    {                                                                               \
        (add_fn *)twiml_add_##v, sizeof(struct twiml_##v), sizeof(struct twiml_##v) \
    }
#define MIXED(v, first)                                                                      \
    {                                                                                        \
        (add_fn *)twiml_add_##v, sizeof(struct twiml_##v), offsetof(struct twiml_##v, first) \
    }

/* clang-format off */
static const struct verb verbs[] = {
    MIXED(say, loop), MIXED(play, loop), MIXED(pause, length_s), MIXED(gather, max_speech_time_s),
    MIXED(record, max_length_s), TEXTS(redirect), TEXTS(reject), TEXTS(hangup), TEXTS(leave), TEXTS(echo),
    MIXED(enqueue, max_queue_size), MIXED(task, priority), TEXTS(sms), TEXTS(refer), MIXED(dial, time_limit_s),
    MIXED(number, machine_detection_silence_timeout_ms), TEXTS(client), TEXTS(identity),
    MIXED(sip, machine_detection_silence_timeout_ms), TEXTS(headers), TEXTS(header), TEXTS(uri),
    MIXED(conference, max_participants), TEXTS(queue), MIXED(application, copy_parent_to), TEXTS(application_sid),
    TEXTS(sim), TEXTS(whatsapp), TEXTS(connect), TEXTS(start), TEXTS(stop), TEXTS(stream), TEXTS(parameter),
    TEXTS(siprec), TEXTS(recording), MIXED(transcription, enable_automatic_punctuation), TEXTS(config),
    MIXED(conversation_relay, dtmf_detection), TEXTS(language), TEXTS(conversation_relay_session), TEXTS(ai_session),
    MIXED(virtual_agent, sentiment_analysis), TEXTS(autopilot), MIXED(conversation, inbound_timeout_s), TEXTS(room),
    MIXED(pay, max_attempts), MIXED(prompt, require_matching_inputs), TEXTS(break), TEXTS(emphasis), TEXTS(lang),
    TEXTS(p), TEXTS(phoneme), TEXTS(prosody), TEXTS(s), TEXTS(say_as), TEXTS(sub), TEXTS(w), TEXTS(message),
    TEXTS(body), TEXTS(media),
};
/* clang-format on */

enum { VERBS = sizeof verbs / sizeof *verbs, NODES = 16 };

static struct twiml_node *add(struct input *in, const struct verb *v, struct twiml_node *parent)
{
    union {
        size_t      size;
        const char *pointers[64];
        int         numbers[128];
    } options = { .pointers = { NULL } };
    static char strings[64][64];
    options.size = byte(in) % 4 == 0 ? byte(in) % (v->size + 1) : v->size; /* an older caller's may be shorter */
    if (options.size < sizeof options.size) options.size = sizeof options.size;
    for (size_t i = 1; i < v->pointers / sizeof(char *); i++)
        if (byte(in) % 4 == 0) options.pointers[i] = string(in, strings[i]);
    for (size_t i = v->pointers / sizeof(int); i < v->size / sizeof(int); i++) options.numbers[i] = (int)byte(in) - 1;
    return v->add(parent, &options);
}

/* The same elements, with the same text where that is all they hold. */
static void same(const struct twiml_node *a, const struct twiml_node *b)
{
    const struct twiml_node *x = twiml_first_child(a), *y = twiml_first_child(b);
    CHECK(strcmp(twiml_get_name(a), twiml_get_name(b)) == 0);
    CHECK(x != NULL || strcmp(twiml_get_text(a), twiml_get_text(b)) == 0);
    for (; x != NULL && y != NULL; x = twiml_next_sibling(x), y = twiml_next_sibling(y)) same(x, y);
    CHECK(x == NULL && y == NULL);
}

/* What a builder finished is read as it was built; only twiml_attr() can make it invalid. */
static void read_back(struct twiml *doc, bool departs)
{
    const char *xml = NULL;
    size_t      len = 0;
    if (twiml_status(doc) != TWIML_OK) return;
    CHECK(twiml_finish(doc, &xml, &len) == TWIML_OK || twiml_status(doc) == TWIML_ETOOBIG);
    if (xml == NULL) return;
    struct twiml *again = twiml_read(xml, len);
    CHECK(twiml_status(again) == TWIML_OK || (departs && twiml_status(again) != TWIML_EXML));
    same(twiml_response(doc), twiml_response(again));
    CHECK(twiml_pretty(doc, &xml, &len) == TWIML_OK && xml[len] == '\0');
    twiml_free(again);
}

/* Each node is the child of one made before, or what is done to one. */
static void build(struct input *in)
{
    struct twiml      *doc = twiml_new();
    struct twiml_node *nodes[NODES] = { twiml_response(doc) };
    unsigned           made = 1;
    bool               departs = false;
    char               a[64], b[64];
    while (in->at < in->end && twiml_status(doc) == TWIML_OK) {
        struct twiml_node *at = nodes[byte(in) % made];
        const unsigned     op = byte(in) % (VERBS + 3);
        if (op == VERBS) twiml_text(at, string(in, a));
        else if (op == VERBS + 1) twiml_comment(at, string(in, a));
        else if (op == VERBS + 2) {
            const char *name = string(in, a);
            twiml_attr(at, name == NULL ? "numDigits" : name, string(in, b));
            departs = true;
        } else {
            struct twiml_node *n = add(in, &verbs[op], at);
            CHECK((n != NULL) == (twiml_status(doc) == TWIML_OK));
            if (n != NULL && made < NODES) nodes[made++] = n;
        }
    }
    CHECK((twiml_status(doc) == TWIML_OK) == (twiml_error(doc)[0] == '\0'));
    read_back(doc, departs);
    twiml_free(doc);
}

/* What is read and valid is written as something valid that is written in the same way. */
static void read_any(const char *xml, size_t len)
{
    struct twiml *doc = twiml_read(xml, len), *again;
    const char   *once = NULL, *twice = NULL;
    size_t        n = 0, m = 0;
    for (size_t i = 0; twiml_finding(doc, i) != NULL; i++) CHECK(twiml_finding(doc, i)->text[0] != '\0');
    if (twiml_status(doc) == TWIML_OK) {
        const enum twiml_status status = twiml_finish(doc, &once, &n);
        CHECK(status == TWIML_OK
              || status == TWIML_ETOOBIG); /* references may be longer than what they were read from */
        if (once != NULL) {
            again = twiml_read(once, n);
            CHECK(twiml_finish(again, &twice, &m) == TWIML_OK && n == m && memcmp(once, twice, n) == 0);
            same(twiml_response(doc), twiml_response(again));
            twiml_free(again);
        }
    }
    if (twiml_response(doc) != NULL) CHECK(twiml_pretty(doc, &once, &n) == TWIML_OK);
    twiml_free(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = { data, data + size };
    if (size > 0 && data[0] == '<') read_any((const char *)data, size);
    else build(&in);
    return 0;
}
