/* Job analyse: a model reads sentiment, summary, action items and topics in a transcript. ref: transcripts.id. */
#include "ai.h"
#include "analysis.h"
#include "keyword.h"
#include "sql.h"
#include "sweep.h"
#include "veil.h"

static enum err ask(struct ai *ai, const struct transcript *t, struct analysis *out)
{
    const char *question = NULL, *answer = NULL;
    TRY(openai_ready(ai->cx));
    TRY(analysis_question(ai->cx, t, &question));
    TRY(ai_open(ai, -1));
    enum err e = openai_chat(ai->cx, &ai->openai, analysis_task, question, analysis_schema, &answer);
    if (e == OK) e = analysis_read(ai->cx, answer, t, out);
    ai_close(ai);
    return e;
}

enum err job_analyse(struct ctx *cx, struct job *job)
{
    struct sql_analysis_load  row = { .recording_id = NULL };
    struct sql_analysis_store stored = { .held = false };
    struct transcript         text;
    struct analysis           a;
    job_allow(cx, JOB_STEP_MS);
    TRY(sql_analysis_load(cx, &(const struct sql_analysis_load_in){ job->ref }, &row));
    if (row.recording_id == NULL) return job_finish(cx, job);
    struct ai ai = { .cx = cx,
                     .job = job,
                     .recording = row.recording_id,
                     .purpose = "analyse",
                     .model = cx->cfg->analyse_model,
                     .failures = row.failures };
    TRY(transcript_read(cx, veil_json_open(cx, cx->veil, row.segments), &text));
    if (ask(&ai, &text, &a) != OK) return ai_failed(&ai);
    job_allow(cx, JOB_STEP_MS);
    TRY(veil_load(cx)); /* minutes may have passed */
    TRY(veil_ready(cx));
    struct sql_analysis_store_in in = {
        .job = job->id,
        .token = job->token,
        .transcript = job->ref,
        .model = ai.model,
        .sentiment = a.sentiment,
        .score = a.score,
        .summary = veil_seal(cx, cx->veil, VEIL_TEXT, a.summary),
    };
    TRY(veil_json_seal(cx, cx->veil, VEIL_TEXT, a.action_items, &in.action_items));
    TRY(veil_json_seal(cx, cx->veil, VEIL_NAME, a.topics, &in.topics));
    TRY(keyword_topics(cx, a.topics, &in.tags));
    TRY(sql_analysis_store(cx, &in, &stored));
    return stored.held ? OK : job_lost(cx, job);
}
