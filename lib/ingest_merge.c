/* Deliveries about one leg or recording that wait in the same batch: facts joined as the statements would join them. */
#include "ingest_read.h"
#include "sql.h"

#include <string.h>

/* The place of a word in a list; words of the last place are of one rank. */
static size_t rank(const char *const *words, size_t n, const char *word)
{
    size_t i = 0;
    while (i < n && strcmp(words[i], word) != 0) i++;
    return i;
}

static void earlier(const int64_t **into, const int64_t *at)
{
    if (at != NULL && (*into == NULL || *at < **into)) *into = at;
}

static void longer(const int64_t **into, const int64_t *seconds)
{
    if (seconds != NULL && (*into == NULL || *seconds > **into)) *into = seconds;
}

void ingest_merge_status(void *into, const void *row)
{
    static const char *const           order[] = { "queued", "initiated", "ringing", "in-progress" };
    struct sql_ingest_status_in       *a = into;
    const struct sql_ingest_status_in *b = row;
    if (rank(order, 4, b->status) > rank(order, 4, a->status)) a->status = b->status;
    if (a->parent_sid == NULL) a->parent_sid = b->parent_sid;
    if (a->intent_id == NULL) a->intent_id = b->intent_id;
    if (a->customer_number == NULL) a->customer_number = b->customer_number;
    if (a->customer_country == NULL) a->customer_country = b->customer_country;
    if (a->customer_place == NULL) a->customer_place = b->customer_place;
    if (a->place == NULL || (b->place != NULL && strcmp(b->place, a->place) < 0)) a->place = b->place;
    if (a->from_number[0] == '\0') a->from_number = b->from_number;
    if (a->to_number[0] == '\0') a->to_number = b->to_number;
    earlier(&a->started_ms, b->started_ms);
    earlier(&a->rang_ms, b->rang_ms);
    earlier(&a->answered_ms, b->answered_ms);
    earlier(&a->ended_ms, b->ended_ms);
    longer(&a->duration_seconds, b->duration_seconds);
}

void ingest_merge_recording(void *into, const void *row)
{
    static const char *const              order[] = { "in-progress", "paused", "stopped", "processing" };
    struct sql_ingest_recording_in       *a = into;
    const struct sql_ingest_recording_in *b = row;
    if (rank(order, 4, b->status) > rank(order, 4, a->status)) {
        a->status = b->status;
        a->reason = b->reason;
    }
    if (a->source == NULL) a->source = b->source;
    if (b->channels != NULL) a->channels = b->channels;
    if (a->duration_seconds == NULL) a->duration_seconds = b->duration_seconds;
    earlier(&a->started_ms, b->started_ms);
}
