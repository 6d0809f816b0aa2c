/* Jobs transcribe and retranscribe: each channel of a stored recording becomes text by itself, so that it is known who
 * speaks; both are merged in time. ref: recordings.id; transcript_runs.id. */
#include "ai.h"
#include "keyword.h"
#include "limit.h"
#include "parts.h"
#include "sql.h"
#include "store.h"
#include "sweep.h"
#include "transcript.h"
#include "veil.h"
#include "wav.h"

#include <string.h>

enum { CHUNK_FRAMES = (TRANSCRIBE_MAX - WAV_HEAD) / 2, PARTS_MAX = 64, SPANS_MAX = 2000, DOWNLOAD_MS = 60 * 60 * 1000 };

struct work {
    struct ai                  ai;
    struct sql_transcript_load row;
    FILE                      *file;
    struct wav                 wav;
    unsigned char             *buf; /* one chunk as a file; TRANSCRIBE_MAX bytes, or what the recording needs */
    struct transcript          text;
    const char                *parts[PARTS_MAX];
    size_t                     nparts;
    const char                *part; /* what its parts are called by: those of another model are not its own */
};

static double seconds(const struct work *w, int64_t frames)
{
    return (double)frames / (double)w->wav.rate;
}

/* Asks the model about a chunk, and adds what it said before it is kept: what cannot be used is not kept. */
static enum err ask(struct work *w, int channel, int64_t from, int64_t n, const struct transcript_piece *p,
                    const char *part)
{
    struct ctx               *cx = w->ai.cx;
    const struct json        *reply = NULL;
    const struct openai_audio audio = {
        .model = w->ai.model, .language = w->row.language, .wav = w->buf, .len = WAV_HEAD + 2 * (size_t)n
    };
    TRY(wav_channel(cx, w->file, &w->wav, channel, from, n, w->buf));
    TRY(ai_open(&w->ai, (int64_t)p->length));
    enum err e = openai_transcribe(cx, &w->ai.openai, &audio, &reply);
    if (e == OK) e = transcript_add(cx, &w->text, p, reply);
    if (e == OK) parts_write(cx, part, reply);
    ai_close(&w->ai);
    return e;
}

static const struct transcript_span *spans(struct work *w, const struct wav_levels *l, int64_t from, int64_t n,
                                           size_t *count)
{
    struct arena    *a = w->ai.cx->arena;
    struct wav_span *frames;
    *count = wav_spans(a, l, from, n, SPANS_MAX, &frames);
    struct transcript_span *v = arena_alloc(a, SPANS_MAX * sizeof *v);
    for (size_t i = 0; i < *count; i++)
        v[i] = (struct transcript_span){ seconds(w, frames[i].from), seconds(w, frames[i].to) };
    return v;
}

static enum err chunk(struct work *w, int channel, int64_t from, int64_t n, const struct wav_levels *l)
{
    struct ctx *cx = w->ai.cx;
    if (!wav_speech(l, from, n)) return OK; /* models invent text on silence */
    struct transcript_piece piece = {
        .speaker = transcript_speaker(w->row.kind, w->row.root_role, w->wav.channels, channel),
        .start = seconds(w, from),
        .length = seconds(w, n),
    };
    piece.spans = spans(w, l, from, n, &piece.nspans);
    const char        *part = parts_name(cx->arena, cx->tenant, w->part, channel, from);
    const struct json *kept = parts_read(cx, part);
    if (w->nparts < PARTS_MAX) w->parts[w->nparts++] = part;
    return kept == NULL ? ask(w, channel, from, n, &piece, part) : transcript_add(cx, &w->text, &piece, kept);
}

static enum err channel(struct work *w, int n)
{
    struct wav_levels levels;
    TRY(wav_levels(w->ai.cx, w->file, &w->wav, n, &levels));
    for (int64_t from = 0, take; from < w->wav.frames; from += take) {
        take = wav_cut(&w->wav, &levels, from, CHUNK_FRAMES);
        TRY(chunk(w, n, from, take, &levels));
    }
    return OK;
}

static enum err listen(struct work *w)
{
    struct ctx *cx = w->ai.cx;
    TRY(openai_ready(cx));
    TRY(wav_read(cx, w->file, &w->wav));
    int64_t most = w->wav.frames < CHUNK_FRAMES ? w->wav.frames : CHUNK_FRAMES;
    w->buf = arena_alloc(cx->arena, WAV_HEAD + 2 * (size_t)most);
    for (int i = 0; i < w->wav.channels; i++) TRY(channel(w, i));
    return OK;
}

static enum err skip(struct work *w, const char *word, const char *reason)
{
    struct job                         *job = w->ai.job;
    const struct sql_transcript_skip_in in = {
        .job = job->id, .token = job->token, .recording = w->row.recording_id, .word = word, .reason = reason
    };
    struct sql_transcript_skip row = { .held = false };
    job_allow(w->ai.cx, JOB_STEP_MS);
    TRY(sql_transcript_skip(w->ai.cx, &in, &row));
    return row.held ? OK : job_lost(w->ai.cx, job);
}

/* An empty text, and why: models would have invented one. */
static enum err silent(struct work *w)
{
    struct job                           *job = w->ai.job;
    const struct sql_transcript_silent_in in = { .job = job->id,
                                                 .token = job->token,
                                                 .recording = w->row.recording_id,
                                                 .model = w->ai.model,
                                                 .reason = "nobody speaks in it" };
    struct sql_transcript_silent          row = { .held = false };
    job_allow(w->ai.cx, JOB_STEP_MS);
    TRY(sql_transcript_silent(w->ai.cx, &in, &row));
    return row.held ? OK : job_lost(w->ai.cx, job);
}

static enum err store(struct work *w)
{
    struct job                    *job = w->ai.job;
    struct ctx                    *cx = w->ai.cx;
    struct sql_transcript_store_in in = { .job = job->id,
                                          .token = job->token,
                                          .recording = w->row.recording_id,
                                          .model = w->ai.model,
                                          .language = w->text.language };
    struct sql_transcript_store    row;
    transcript_sort(cx, &w->text);
    job_allow(cx, JOB_STEP_MS);
    TRY(veil_load(cx)); /* hours may have passed */
    TRY(veil_ready(cx));
    if (transcript_text(cx, &w->text, &in.text) != OK || transcript_json(cx, &w->text, &in.segments) != OK
        || veil_json_seal(cx, cx->veil, VEIL_TEXT, in.segments, &in.segments) != OK) {
        job->mark = "skipped:too_large";
        return job_ends(cx, job, JOB_DEAD, -1);
    }
    if (w->text.language == NULL) in.language = w->row.language;
    TRY(keyword_said(cx, &w->text, &in.tags));
    in.words = transcript_tokens(cx, in.text);
    in.text = veil_seal(cx, cx->veil, VEIL_TEXT, in.text);
    TRY(sql_transcript_store(cx, &in, &row));
    return row.held ? OK : job_lost(cx, job);
}

static enum err transcribe(struct work *w)
{
    if (listen(w) != OK) return ai_failed(&w->ai);
    TRY(w->text.n == 0 ? silent(w) : store(w));
    for (size_t i = 0; i < w->nparts; i++) recording_drop(w->ai.cx, w->ai.cx->cfg->recordings_dir, w->parts[i]);
    return OK;
}

/* Twilio may let it wait as long as a download takes. */
static enum err audio(struct work *w)
{
    struct ctx              *cx = w->ai.cx;
    struct job              *job = w->ai.job;
    struct job_hold          hold = { cx, job, 0 };
    const struct store_place at = { .tenant = job->tenant,
                                    .id = w->row.recording_id,
                                    .sid = w->row.sid,
                                    .storage = w->row.storage,
                                    .path = w->row.path,
                                    .sealed_key = w->row.sealed_key,
                                    .goes_on = job_goes_on,
                                    .goes_on_arg = &hold };
    job_allow(cx, DOWNLOAD_MS);
    if (store_open(cx, &at, &w->file) == OK) return OK;
    return job_ends(cx, job, cx->err.code == ERR_NOT_FOUND ? JOB_DEAD : JOB_PARK, -1);
}

static enum err load(struct work *w)
{
    struct ctx                         *cx = w->ai.cx;
    const struct job                   *job = w->ai.job;
    const struct sql_transcript_load_in in = { job->id, job->token };
    struct sql_transcription_lock       lock;
    const struct db_call                calls[] = { { &sql_transcription_lock_stmt, NULL, 1, &lock },
                                                    { &sql_transcript_load_stmt, &in, 1, &w->row } };
    job_allow(cx, JOB_STEP_MS);
    TRY(db_all(cx, calls, 2));
    if (w->row.sid == NULL) return OK;
    w->ai.recording = w->row.recording_id;
    w->ai.failures = w->row.failures;
    if (w->row.model != NULL) w->ai.model = w->row.model;
    w->part =
        strcmp(job->kind, "transcribe") == 0 ? w->row.sid : arena_printf(cx->arena, "%s-%s", w->row.sid, job->ref);
    return OK;
}

enum err job_transcribe(struct ctx *cx, struct job *job)
{
    struct work w = {
        .row = { .sid = NULL },
        .ai = { .cx = cx, .job = job, .purpose = "transcribe", .model = cx->cfg->transcribe_model },
    };
    TRY(load(&w));
    if (w.row.sid == NULL) return job_finish(cx, job);
    if (w.row.over) return skip(&w, "skipped:cap", "the tenant's minutes of this month are used up");
    TRY(audio(&w));
    enum err e = transcribe(&w);
    (void)fclose(w.file);
    return e;
}
