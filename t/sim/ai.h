/* OpenAI's side: what is heard in an upload, what a model would say about a transcript. */
#pragma once
#include "http.h"

#include <cjson/cJSON.h>

/** A multipart upload; file points into the request. */
struct upload {
    struct form fields; /* all but the file */
    const char *file, *filename;
    size_t      len;
};
bool upload_read(const struct request *q, struct upload *u);
void upload_free(struct upload *u);

struct segment {
    const char *text;
    int64_t     start_ms, end_ms;
};

/** What was spoken in an audio file, in order of time. */
struct heard {
    struct segment *v;
    size_t          n, cap;
    const char     *text, *recording; /* whole text, kept; the recording it is from, NULL unknown */
    double          duration_s;
};
/** False if the bytes are no PCM WAV. Silence is an empty text. */
bool hear(const char *wav, size_t len, struct heard *h);
void hear_free(struct heard *h);

enum { ITEMS_MAX = 5 };

struct sentence {
    const char *text;
    bool        agent;
    int         line;
};

struct reading { /* what was understood */
    struct sentence *v;
    size_t           n;
    size_t           items[ITEMS_MAX], n_items, item; /* action items; the one being described */
    size_t           topic;
    double           score; /* -1 to 1 */
    const cJSON     *root;  /* for $ref */
};

void        ai_understand(struct reading *x, const char *text);
const char *ai_label(const struct reading *x);                /* positive neutral negative */
const char *ai_topic(const struct reading *x, size_t wanted); /* NULL: no more */
const char *ai_summary(const struct reading *x);
const char *ai_user_text(const cJSON *messages); /* all text of the user's messages; kept */

/** The completion for a chat request; wrong: an object that does not fit the schema. */
cJSON *chat_json(const cJSON *request, bool wrong);
