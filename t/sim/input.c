/* Gather and Record: what the person presses and says to the machine. */
#include "hooks.h"
#include "speech.h"
#include "talk.h"
#include "verbs.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_MS = 400, THINK_MS = 600, BEEP_MS = 500 };

struct gather {
    const char *action, *method, *finish, *language, *hints, *digits, *speech;
    int64_t     timeout_ms, digits_max;
    bool        dtmf, voice, on_empty, finished;
};

/* The next of what is separated by sep; "-" stands for nothing. */
static const char *next_token(const char **list, char sep)
{
    const char *at = *list;
    if (at == NULL || at[0] == '\0') return NULL;
    const char *stop = strchr(at, sep);
    size_t      len = stop != NULL ? (size_t)(stop - at) : strlen(at);
    *list = at + len + (stop != NULL);
    return len == 1 && at[0] == '-' ? NULL : keep_mem(at, len);
}

static bool word_in(const char *words, const char *word)
{
    return words != NULL && strstr(words, word) != NULL;
}

/* One of the phrases that the hints lead to expect; they are separated by commas. */
static bool hinted(const struct gather *g)
{
    for (const char *at = g->hints, *word; at != NULL && *at != '\0';) {
        word = next_token(&at, ',');
        if (word != NULL && strcasestr(g->speech, word + strspn(word, " ")) != NULL) return true;
    }
    return false;
}

static void submit(struct call *c, struct gather *g)
{
    struct form more = { 0 };
    if (g->speech != NULL) {
        form_add(&more, "SpeechResult", g->speech);
        form_add(&more, "Confidence", hinted(g) ? "0.97" : "0.91");
        form_add(&more, "Language", g->language != NULL ? g->language : "en-US");
    } else {
        form_add(&more, "Digits", g->digits != NULL ? g->digits : "");
        if (g->digits != NULL) form_add(&more, "FinishedOnKey", g->finished ? g->finish : "");
        form_add(&more, "msg", "Gather End");
    }
    run_url(c, "gather", g->action, g->method, &more);
}

static void gathered(void *arg)
{
    struct call   *c = arg;
    struct gather *g = c->gather;
    c->step = NULL;
    c->gather = NULL;
    if (g->digits != NULL || g->speech != NULL || g->on_empty) submit(c, g);
    else run_next(c);
}

/* What the keys pressed become: up to the finishing key or the number of digits wanted. */
static void press(struct gather *g, const char *keys)
{
    size_t n = strlen(keys), max = g->digits_max > 0 ? (size_t)g->digits_max : n;
    for (size_t i = 0; i < n; i++)
        if (g->finish[0] != '\0' && strchr(g->finish, keys[i]) != NULL) {
            n = i;
            g->finished = true;
            g->finish = keep_mem(&keys[i], 1);
            break;
        }
    g->digits = keep_mem(keys, n < max ? n : max);
}

void gather_run(struct call *c, const xmlNode *n)
{
    struct gather *g = keep(sizeof *g);
    const char    *input = run_attr(n, "input"), *finish = run_attr(n, "finishOnKey"), *keys = NULL, *said = NULL;
    const char    *action = run_attr_url(c, n, "action"), *count = run_attr(n, "numDigits");
    int64_t        prompt = 0, answer;
    *g = (struct gather){ .action = action != NULL ? action : c->doc_url,
                          .method = run_attr(n, "method"),
                          .finish = finish != NULL ? finish : "#",
                          .language = run_attr(n, "language"),
                          .hints = run_attr(n, "hints"),
                          .timeout_ms = run_attr_s(n, "timeout", 5),
                          .digits_max = count != NULL ? strtol(count, NULL, 10) : 0,
                          .dtmf = input == NULL || word_in(input, "dtmf"),
                          .voice = word_in(input, "speech"),
                          .on_empty = run_attr_is(n, "actionOnEmptyResult", "true") };
    for (const xmlNode *k = run_child(n); k != NULL; k = run_sibling(k)) prompt += run_spoken(c, k);
    if (g->dtmf) keys = next_token(&c->presses, ' ');
    if (keys == NULL && g->voice) said = next_token(&c->says, '|');
    c->gather = g;
    if (keys != NULL) {
        press(g, keys);
        const struct speech *heard = speech_of(keep_fmt("[tones %s]", keys), VOICE_TONES);
        if (c->rec != NULL) rec_say(c->rec, 0, clock_now() + prompt + THINK_MS, heard);
        answer = THINK_MS + KEY_MS * (int64_t)strlen(keys) + (g->finished || g->digits_max > 0 ? 0 : g->timeout_ms);
    } else if (said != NULL) {
        const struct speech *s = speech_of(said, VOICE_CUSTOMER);
        g->speech = said;
        if (c->rec != NULL) rec_say(c->rec, 0, clock_now() + prompt + THINK_MS, s);
        answer = THINK_MS + speech_ms(s) + 500;
    } else answer = g->timeout_ms;
    clock_cancel(&c->step);
    c->step = clock_in(prompt + answer, gathered, c);
}

struct message {
    const char       *action, *method, *key;
    struct recording *rec;
    bool              hangs_up;
};

static void recorded(struct call *c, struct message *m, const char *digits)
{
    struct form more = { 0 };
    form_add(&more, "RecordingUrl", hook_recording_url(m->rec));
    form_add(&more, "RecordingSid", m->rec->sid);
    form_addf(&more, "RecordingDuration", "%lld", (long long)rec_seconds(m->rec));
    form_add(&more, "Digits", digits);
    if (status_final(c->status)) run_notify(c, "record", m->action, m->method, &more);
    else run_url(c, "record", m->action, m->method, &more);
}

/* The caller hung up, or somebody ended the call, while it recorded. */
static void gone(struct call *c)
{
    struct message *m = c->verb;
    c->on_gone = NULL;
    c->verb = NULL;
    rec_stop(m->rec);
    if (status_final(c->status)) recorded(c, m, "hangup");
}

static void message_over(void *arg)
{
    struct call    *c = arg;
    struct message *m = c->verb;
    c->step = NULL;
    if (m->hangs_up) {
        call_hang_up(c);
        return;
    }
    c->on_gone = NULL;
    c->verb = NULL;
    rec_stop(m->rec);
    recorded(c, m, m->key);
}

static int64_t speak(struct call *c, struct recording *r, int64_t at, int64_t max)
{
    struct script s = talk_voicemail(c);
    int64_t       t = at;
    for (size_t i = 0; i < s.n; i++) {
        if (s.v[i].agent) continue;
        const struct speech *line = speech_of(s.v[i].text, VOICE_CUSTOMER);
        rec_say(r, 0, clock_now() + t, line);
        if (c->rec != NULL) rec_say(c->rec, 0, clock_now() + t, line);
        t += speech_ms(line) + 300;
    }
    return t < max ? t : max;
}

static void transcribed(struct recording *r)
{
    struct form f = { 0 };
    struct buf  text = { 0 };
    buf_str(&text, "");
    for (size_t i = 0; i < r->n; i++) buf_fmt(&text, "%s%s", i > 0 ? " " : "", r->v[i].speech->text);
    hook_standard(r->call, &f);
    form_add(&f, "TranscriptionSid", keep_fmt("TR%s", r->sid + 2));
    form_add(&f, "TranscriptionText", text.at);
    form_add(&f, "TranscriptionStatus", "completed");
    form_add(&f, "TranscriptionUrl",
             keep_fmt("%s/2010-04-01/Accounts/%s/Transcriptions/TR%s", world.base, world.who.account, r->sid + 2));
    form_add(&f, "RecordingSid", r->sid);
    form_add(&f, "RecordingUrl", hook_recording_url(r));
    form_add(&f, "TranscriptionType", "fast");
    buf_free(&text);
    send_hook(&(struct hook){ .kind = "transcription", .url = r->transcribe, .call = r->call, .params = f });
}

void record_run(struct call *c, const xmlNode *n)
{
    struct message *m = keep(sizeof *m);
    const char     *events = run_attr(n, "recordingStatusCallbackEvent"), *action = run_attr_url(c, n, "action");
    const char     *finish = run_attr(n, "finishOnKey"), *transcribe = run_attr_url(c, n, "transcribeCallback"),
               *end = c->voicemail_end;
    struct rec_report report = { .url = run_attr_url(c, n, "recordingStatusCallback"),
                                 .method = run_attr(n, "recordingStatusCallbackMethod"),
                                 .track = "inbound",
                                 .events = events != NULL ? hook_rec_events(events) : REC_ON_COMPLETED };
    int64_t length = run_attr_s(n, "maxLength", 3600), beep = run_attr_is(n, "playBeep", "false") ? 0 : BEEP_MS;
    *m = (struct message){ .action = action != NULL ? action : c->doc_url, .method = run_attr(n, "method"), .key = "" };
    m->rec = rec_start(c, "RecordVerb", false, &report);
    if (transcribe != NULL && !run_attr_is(n, "transcribe", "false")) {
        m->rec->transcribe = transcribe;
        m->rec->done = transcribed;
    }
    if (finish == NULL) finish = "1234567890*#";
    int64_t ms = speak(c, m->rec, beep + THINK_MS, length);
    if (ms >= length) ms = length;
    else if (strcmp(end, "hangup") == 0) m->hangs_up = true;
    else if (strlen(end) == 1 && strchr(finish, end[0]) != NULL) m->key = end;
    else ms += run_attr_s(n, "timeout", 5);
    c->verb = m;
    c->on_gone = gone;
    clock_cancel(&c->step);
    c->step = clock_in(ms, message_over, c);
}
