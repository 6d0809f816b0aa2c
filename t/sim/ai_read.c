/* The model's understanding: sentences of a transcript, their tone, topics and promises, by rules. */
#include "ai.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SENTENCES_MAX = 2000 };

static const char *const GOOD[] = { "great",     "wonderful", "perfect", "thank",  "helpful",   "good", "happy",
                                    "excellent", "love",      "pleased", "lovely", "brilliant", NULL };
static const char *const BAD[] = { "angry",  "terrible", "bad ",         "awful",   "broken",  "complain",
                                   "refund", "cancel",   "disappointed", "unhappy", "problem", "wrong",
                                   "late",   "frustrat", "useless",      "worst",   NULL };
static const char *const PROMISES[] = { "i will", "i'll", "we will", "we'll", NULL };
static const char *const REQUESTS[] = { "can you", "could you", "please", "send", "call back", "call me back", NULL };
static const struct {
    const char *word, *topic;
} TOPICS[] = { { "price", "pricing" },         { "quote", "quote" },    { "plan", "service plan" },
               { "boiler", "boiler service" }, { "order", "order" },    { "delivery", "delivery" },
               { "invoice", "billing" },       { "refund", "refund" },  { "appointment", "appointment" },
               { "email", "follow-up" },       { "call", "call back" }, { NULL, NULL } };

static int count(const char *text, const char *const *words)
{
    int n = 0;
    for (; *words != NULL; words++) n += strcasestr(text, *words) != NULL;
    return n;
}

static bool any(const char *text, const char *const *words)
{
    return count(text, words) > 0;
}

/* "[3] 00:12 Agent: text": where the text begins, and who speaks; NULL if the line has no speaker. */
static const char *spoken_part(const char *line, bool *agent)
{
    static const char *const who[] = { "agent", "customer", "caller", "speaker", "channel",
                                       "user",  "client",   "rep",    NULL };
    const char              *at = line + strcspn(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (at - line > 40) return NULL;
    for (size_t i = 0; who[i] != NULL; i++) {
        if (strncasecmp(at, who[i], strlen(who[i])) != 0) continue;
        const char *colon = strchr(at, ':');
        if (colon == NULL || colon - at > 40) return NULL;
        while (colon[1] != '\0' && colon[1] != ' ' && strchr(colon + 1, ':') != NULL
               && strchr(colon + 1, ':') - at < 40)
            colon = strchr(colon + 1, ':');
        *agent = strncasecmp(at, "agent", 5) == 0 || strncasecmp(at, "rep", 3) == 0;
        return colon + 1 + strspn(colon + 1, " \"");
    }
    return NULL;
}

static void add_sentences(struct reading *x, const char *text, bool agent, int line)
{
    while (*text != '\0' && x->n < SENTENCES_MAX) {
        text += strspn(text, " \t\"");
        size_t n = 0;
        while (
            text[n] != '\0'
            && !(strchr(".?!", text[n]) != NULL && (text[n + 1] == ' ' || text[n + 1] == '\0' || text[n + 1] == '"')))
            n++;
        n += text[n] != '\0';
        if (n > 2) x->v[x->n++] = (struct sentence){ keep_mem(text, n), agent, line };
        text += n;
    }
}

static void read_lines(struct reading *x, const char *text, bool labelled)
{
    int number = 0;
    while (*text != '\0') {
        size_t      n = strcspn(text, "\n");
        const char *line = keep_mem(text, n), *said;
        bool        agent = false;
        size_t      digits = strcspn(line, "0123456789");
        if (labelled && digits < 3 && digits < n && line[0] == '[') number = (int)strtol(line + digits, NULL, 10);
        said = labelled ? spoken_part(line, &agent) : line;
        if (said != NULL) add_sentences(x, said, agent, number++);
        text += n + (text[n] == '\n');
    }
}

/* All text of the user's messages. */
const char *ai_user_text(const cJSON *messages)
{
    struct buf   b = { 0 };
    const cJSON *m, *part;
    buf_str(&b, "");
    cJSON_ArrayForEach(m, messages)
    {
        const cJSON *content = cJSON_GetObjectItemCaseSensitive(m, "content");
        const char  *role = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(m, "role"));
        if (role == NULL || strcmp(role, "user") != 0) continue;
        if (cJSON_IsString(content)) buf_fmt(&b, "%s\n", content->valuestring);
        cJSON_ArrayForEach(part, content)
        {
            const char *t = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(part, "text"));
            if (t != NULL) buf_fmt(&b, "%s\n", t);
        }
    }
    const char *kept = keep_str(b.at);
    buf_free(&b);
    return kept;
}

void ai_understand(struct reading *x, const char *text)
{
    int good = 0, bad = 0;
    x->v = keep(SENTENCES_MAX * sizeof *x->v);
    read_lines(x, text, true);
    if (x->n == 0) read_lines(x, text, false);
    for (int pass = 0; pass < 2 && x->n_items == 0; pass++)
        for (size_t i = 0; i < x->n && x->n_items < ITEMS_MAX; i++)
            if (any(x->v[i].text, pass == 0 ? PROMISES : REQUESTS)) x->items[x->n_items++] = i;
    for (size_t i = 0; i < x->n; i++) {
        good += count(x->v[i].text, GOOD);
        bad += count(x->v[i].text, BAD);
    }
    x->score = good + bad > 0 ? (double)(good - bad) / (good + bad) : 0;
}

const char *ai_label(const struct reading *x)
{
    return x->score > 0.2 ? "positive" : x->score < -0.2 ? "negative" : "neutral";
}

const char *ai_topic(const struct reading *x, size_t wanted)
{
    size_t found = 0;
    for (size_t t = 0; TOPICS[t].word != NULL; t++) {
        bool has = false;
        for (size_t i = 0; i < x->n && !has; i++) has = strcasestr(x->v[i].text, TOPICS[t].word) != NULL;
        if (has && found++ == wanted) return TOPICS[t].topic;
    }
    return wanted == 0 ? "general enquiry" : NULL;
}

const char *ai_summary(const struct reading *x)
{
    if (x->n == 0) return "Nothing was said.";
    return keep_fmt("The caller and the agent talked about %s. The tone was %s.", ai_topic(x, 0), ai_label(x));
}
