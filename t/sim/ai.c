/* OpenAI's side: the endpoints, their faults and their errors. */
#include "ai.h"

#include "fault.h"
#include "ledger.h"
#include "rec.h"
#include "rest.h"

#include <stdlib.h>
#include <string.h>

enum { HUGE_BYTES = 24 << 20 };

static void note(const char *kind, int status, const char *recording, const char *model, const char *text)
{
    struct asked *x = keep(sizeof *x);
    *x = (struct asked){ .kind = kind,
                         .status = status,
                         .recording = recording,
                         .model = keep_str(model),
                         .text = text,
                         .at = clock_wall_ms() };
    list_add(&world.ai, x);
    world_log("ai %s %d %s", kind, status, recording != NULL ? recording : "-");
}

static void fail(struct reply *r, int status, const char *type, const char *code, const char *message)
{
    cJSON *o = cJSON_CreateObject(), *e = cJSON_AddObjectToObject(o, "error");
    json_text(e, "message", message);
    json_text(e, "type", type);
    json_text(e, "param", NULL);
    json_text(e, "code", code);
    reply_json(r, status, o);
}

/* ai_status, ai_invalid_json, ai_huge, ai_slow; true if the reply is made. */
static bool faulty(struct reply *r, const struct occasion *o, const char *recording)
{
    struct fault *f = fault_at("ai_slow", o);
    if (f != NULL) r->delay_ms = f->ms;
    if ((f = fault_at("ai_status", o)) != NULL) {
        int status = f->status > 0 ? f->status : 500;
        if (f->retry_after >= 0) form_addf(&r->headers, "Retry-After", "%d", f->retry_after);
        const char *usual = status == 401 ? "invalid_api_key" : status == 429 ? "rate_limit_exceeded" : NULL;
        fail(r, status,
             status == 429   ? "requests"
             : status == 401 ? "invalid_request_error"
                             : "server_error",
             f->code != NULL ? f->code : usual, "simulated failure");
    } else if (fault_at("ai_invalid_json", o) != NULL) {
        r->status = 200;
        buf_str(&r->body, "{\"text\": \"this is not ");
    } else if (fault_at("ai_huge", o) != NULL) {
        r->status = 200;
        buf_str(&r->body, "{\"text\":\"");
        while (r->body.len < HUGE_BYTES) buf_str(&r->body, "spam and more spam, there is no end to it. ");
        buf_str(&r->body, "\"}");
    } else return false;
    note(o->kind, r->status, recording, NULL, NULL);
    return true;
}

static void cut_maybe(struct reply *r, const struct occasion *o)
{
    struct fault *f = fault_at("ai_cut", o);
    if (f == NULL) return;
    r->cut_in_body = true;
    r->cut_at = f->at_byte;
}

static bool known_extension(const char *name)
{
    static const char *const ends[] = { ".flac", ".mp3", ".mp4", ".mpeg", ".mpga", ".m4a", ".ogg", ".wav", ".webm" };
    const char              *dot = name != NULL ? strrchr(name, '.') : NULL;
    for (size_t i = 0; dot != NULL && i < sizeof ends / sizeof *ends; i++)
        if (strcmp(dot, ends[i]) == 0) return true;
    return false;
}

static const char *timed(const struct heard *h, const char *format)
{
    struct buf b = { 0 };
    bool       vtt = strcmp(format, "vtt") == 0;
    buf_str(&b, vtt ? "WEBVTT\n\n" : "");
    for (size_t i = 0; i < h->n; i++) {
        int  from = (int)h->v[i].start_ms, to = (int)h->v[i].end_ms;
        char dot = vtt ? '.' : ',';
        if (!vtt) buf_fmt(&b, "%zu\n", i + 1);
        buf_fmt(&b, "%02d:%02d:%02d%c%03d --> %02d:%02d:%02d%c%03d\n%s\n\n", from / 3600000, from / 60000 % 60,
                from / 1000 % 60, dot, from % 1000, to / 3600000, to / 60000 % 60, to / 1000 % 60, dot, to % 1000,
                h->v[i].text);
    }
    const char *kept = keep_str(b.at);
    buf_free(&b);
    return kept;
}

static cJSON *segment_json(const struct segment *s, size_t id)
{
    cJSON *o = cJSON_CreateObject();
    json_int(o, "id", (int64_t)id);
    json_int(o, "seek", s->start_ms / 10);
    (void)cJSON_AddNumberToObject(o, "start", (double)s->start_ms / 1000);
    (void)cJSON_AddNumberToObject(o, "end", (double)s->end_ms / 1000);
    json_text(o, "text", keep_fmt(" %s", s->text));
    (void)cJSON_AddArrayToObject(o, "tokens");
    (void)cJSON_AddNumberToObject(o, "temperature", 0);
    (void)cJSON_AddNumberToObject(o, "avg_logprob", -0.21);
    (void)cJSON_AddNumberToObject(o, "compression_ratio", 1.4);
    (void)cJSON_AddNumberToObject(o, "no_speech_prob", 0.01);
    return o;
}

static cJSON *hear_json(const struct heard *h, bool verbose)
{
    cJSON *o = cJSON_CreateObject();
    if (verbose) {
        json_text(o, "task", "transcribe");
        json_text(o, "language", "english");
        (void)cJSON_AddNumberToObject(o, "duration", h->duration_s);
    }
    json_text(o, "text", h->text);
    if (verbose) {
        cJSON *a = cJSON_AddArrayToObject(o, "segments");
        for (size_t i = 0; i < h->n; i++) cJSON_AddItemToArray(a, segment_json(&h->v[i], i));
    }
    cJSON *u = cJSON_AddObjectToObject(o, "usage");
    json_text(u, "type", "duration");
    json_int(u, "seconds", (int64_t)h->duration_s + 1);
    return o;
}

static void answer_heard(struct reply *r, const struct heard *h, const char *format)
{
    r->status = 200;
    if (strcmp(format, "text") == 0 || strcmp(format, "srt") == 0 || strcmp(format, "vtt") == 0) {
        r->type = "text/plain; charset=utf-8";
        if (strcmp(format, "text") == 0) buf_fmt(&r->body, "%s\n", h->text);
        else buf_str(&r->body, timed(h, format));
    } else reply_json(r, 200, hear_json(h, strcmp(format, "verbose_json") == 0));
}

static const char *call_of(const char *recording)
{
    const struct recording *x = recording != NULL ? world_recording(recording) : NULL;
    return x != NULL && x->call != NULL ? x->call->sid : NULL;
}

static void transcribe(struct reply *r, const struct upload *u, const struct heard *h, bool audio)
{
    const char *format = form_get(&u->fields, "response_format"), *model = form_get(&u->fields, "model");
    if (format == NULL) format = "json";
    bool whisper_only = strncmp(model != NULL ? model : "", "gpt-4o", 6) == 0 && strcmp(format, "json") != 0;
    if (model == NULL) fail(r, 400, "invalid_request_error", NULL, "you must provide a model parameter");
    else if (!known_extension(u->filename))
        fail(r, 400, "invalid_request_error", NULL,
             "Unrecognized file format. Supported formats: flac, m4a, mp3, mp4, mpeg, mpga, ogg, wav, webm");
    else if (whisper_only)
        fail(r, 400, "invalid_request_error", "unsupported_value",
             "response_format is not compatible with this model. Use 'json' instead.");
    else if (!audio) fail(r, 400, "invalid_request_error", NULL, "Invalid file format: the audio could not be decoded");
    else answer_heard(r, h, format);
    note("transcription", r->status, h->recording, model, h->text);
}

/* POST /v1/audio/transcriptions */
void ai_transcribe(struct request *q, struct reply *r)
{
    struct upload   u = { 0 };
    struct heard    h = { 0 };
    bool            read = upload_read(q, &u), audio = read && hear(u.file, u.len, &h);
    struct occasion o = { .call = call_of(h.recording), .kind = "transcription", .text = h.text };
    if (!faulty(r, &o, h.recording)) {
        if (read) transcribe(r, &u, &h, audio);
        else {
            fail(r, 400, "invalid_request_error", NULL, "multipart/form-data with file and model is needed");
            note("transcription", 400, NULL, NULL, NULL);
        }
        cut_maybe(r, &o);
    }
    hear_free(&h);
    upload_free(&u);
}

/* POST /v1/chat/completions */
void ai_chat(struct request *q, struct reply *r)
{
    struct occasion about = { .kind = "chat", .text = q->body };
    if (faulty(r, &about, NULL)) return;
    cJSON      *o = cJSON_Parse(q->body), *messages = cJSON_GetObjectItemCaseSensitive(o, "messages");
    const char *model = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "model"));
    if (!cJSON_IsArray(messages) || model == NULL)
        fail(r, 400, "invalid_request_error", NULL, "model and messages are needed");
    else reply_json(r, 200, chat_json(o, fault_at("ai_wrong_schema", &about) != NULL));
    note("chat", r->status, NULL, model, NULL);
    cJSON_Delete(o);
    cut_maybe(r, &about);
}

void ai_models(struct request *q, struct reply *r)
{
    static const char *const names[] = { "whisper-1", "gpt-4o-transcribe", "gpt-4o-mini", "gpt-4o" };
    cJSON                   *o = cJSON_CreateObject(), *a;
    (void)q;
    json_text(o, "object", "list");
    a = cJSON_AddArrayToObject(o, "data");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cJSON *m = cJSON_CreateObject();
        json_text(m, "id", names[i]);
        json_text(m, "object", "model");
        json_int(m, "created", 1700000000);
        json_text(m, "owned_by", "simulator");
        cJSON_AddItemToArray(a, m);
    }
    reply_json(r, 200, o);
}
