/* Twilio's Recordings resource and its media. */
#include "dial.h"
#include "fault.h"
#include "hooks.h"
#include "rest.h"
#include "talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cJSON *show_bare(void *item)
{
    const struct recording *x = item;
    cJSON                  *o = cJSON_CreateObject();
    int64_t                 t = x->call != NULL ? call_unix(x->call, x->started) : clock_wall_ms();
    bool                    done = strcmp(x->status, "completed") == 0;
    json_text(o, "account_sid", world.who.account);
    json_text(o, "api_version", "2010-04-01");
    json_text(o, "call_sid", x->call != NULL ? x->call->sid : NULL);
    json_text(o, "conference_sid", x->conference);
    json_date(o, "date_created", t);
    json_date(o, "date_updated", t + x->duration_ms);
    json_date(o, "start_time", t);
    json_text(o, "duration", done ? keep_fmt("%lld", (long long)rec_seconds(x)) : "-1");
    json_text(o, "sid", x->sid);
    json_text(o, "price", done ? keep_fmt("-%d.%05d", 0, (int)((rec_seconds(x) + 59) / 60 * 250)) : NULL);
    json_text(o, "price_unit", "USD");
    json_text(o, "status", x->deleted ? "deleted" : x->status);
    json_int(o, "channels", x->channels);
    json_text(o, "source", x->source);
    if (strcmp(x->status, "absent") == 0) json_int(o, "error_code", 16101);
    else json_text(o, "error_code", NULL);
    json_text(o, "encryption_details", NULL);
    json_text(o, "uri", rest_uri("/Recordings/%s.json", x->sid));
    return o;
}

/* As a recording of the account; one of a call has its track instead. */
static cJSON *show(void *item)
{
    const struct recording *x = item;
    cJSON                  *o = show_bare(item);
    json_text(o, "media_url", hook_recording_url(x));
    cJSON *u = cJSON_AddObjectToObject(o, "subresource_uris");
    json_text(u, "add_on_results", rest_uri("/Recordings/%s/AddOnResults.json", x->sid));
    json_text(u, "transcriptions", rest_uri("/Recordings/%s/Transcriptions.json", x->sid));
    return o;
}

static cJSON *show_of_call(void *item)
{
    const struct recording *x = item;
    cJSON                  *o = show_bare(item);
    json_text(o, "track", x->report.track != NULL ? x->report.track : "both");
    return o;
}

static const char *sid_of(void *item)
{
    const struct recording *x = item;
    return x->sid;
}

static void list_where(struct request *q, struct reply *r, const char *call, const char *room)
{
    struct list found = { 0 };
    const char *deleted = form_get(&q->query, "IncludeSoftDeleted");
    for (size_t i = world.recordings.n; i-- > 0;) {
        struct recording *x = world.recordings.v[i];
        const char       *sid = x->call != NULL ? x->call->sid : NULL;
        if (x->deleted && (deleted == NULL || strcmp(deleted, "true") != 0)) continue;
        if (call != NULL && (sid == NULL || strcmp(sid, call) != 0)) continue;
        if (room != NULL && (x->conference == NULL || strcmp(x->conference, room) != 0)) continue;
        if (!rest_equal(&q->query, "CallSid", sid) || !rest_equal(&q->query, "ConferenceSid", x->conference)) continue;
        if (rest_dated(&q->query, "DateCreated", x->call != NULL ? call_unix(x->call, x->started) : clock_wall_ms()))
            list_add(&found, x);
    }
    rest_page(q, r, &(struct page){ "recordings", found.v, found.n, call != NULL ? show_of_call : show, sid_of });
    free(found.v);
}

void recordings_list(struct request *q, struct reply *r)
{
    list_where(q, r, NULL, NULL);
}

void recordings_of_call(struct request *q, struct reply *r)
{
    if (world_call(q->seg[1]) == NULL) rest_not_found(q, r);
    else list_where(q, r, q->seg[1], NULL);
}

void recordings_of_room(struct request *q, struct reply *r)
{
    list_where(q, r, NULL, q->seg[1]);
}

/* Recordings/{sid}.json and Calls/{sid}/Recordings/{sid}.json */
static struct recording *asked_for(const struct request *q)
{
    struct recording *x = world_recording(q->seg[2] != NULL ? q->seg[2] : q->seg[1]);
    return x == NULL || q->seg[2] == NULL || (x->call != NULL && strcmp(x->call->sid, q->seg[1]) == 0) ? x : NULL;
}

void recordings_fetch(struct request *q, struct reply *r)
{
    struct recording *x = asked_for(q);
    const char       *deleted = form_get(&q->query, "IncludeSoftDeleted");
    if (x == NULL || (x->deleted && (deleted == NULL || strcmp(deleted, "true") != 0))) rest_not_found(q, r);
    else reply_json(r, 200, q->seg[2] != NULL ? show_of_call(x) : show(x));
}

void recordings_delete(struct request *q, struct reply *r)
{
    struct recording *x = asked_for(q);
    if (x == NULL || x->deleted) {
        rest_not_found(q, r);
        return;
    }
    x->deleted = true;
    r->status = 204;
}

/* POST Calls/{sid}/Recordings.json: starts one on a live call. */
void recordings_start(struct request *q, struct reply *r)
{
    struct call *c = world_call(q->seg[1]);
    const char  *channels = form_get(&q->form, "RecordingChannels"),
               *events = form_get(&q->form, "RecordingStatusCallbackEvent");
    if (c == NULL) {
        rest_not_found(q, r);
        return;
    }
    if (c->status != IN_PROGRESS || c->live != NULL) {
        rest_fail(r, 400, 21220, "Requested resource is not eligible for recording");
        return;
    }
    struct rec_report report = { .url = keep_str(form_get(&q->form, "RecordingStatusCallback")),
                                 .method = keep_str(form_get(&q->form, "RecordingStatusCallbackMethod")),
                                 .track = keep_str(form_get(&q->form, "RecordingTrack")),
                                 .events = events != NULL ? hook_rec_events(events) : REC_ON_COMPLETED };
    c->live = rec_start(c, "StartCallRecordingAPI", channels != NULL && strcmp(channels, "dual") == 0, &report);
    if (c->talk != NULL) talk_record(c->talk, c->live, c);
    reply_json(r, 201, show_of_call(c->live));
}

/* POST Calls/{sid}/Recordings/{sid or Twilio.CURRENT}.json: paused, in-progress, stopped. */
void recordings_update(struct request *q, struct reply *r)
{
    struct call      *c = world_call(q->seg[1]);
    const char       *status = form_get(&q->form, "Status"), *behaviour = form_get(&q->form, "PauseBehavior");
    struct recording *x = NULL;
    if (c != NULL && strcmp(q->seg[2], "Twilio.CURRENT") == 0)
        x = c->live != NULL ? c->live : c->dial != NULL && c->dial->rec != NULL ? c->dial->rec : c->rec;
    else if (c != NULL) x = world_recording(q->seg[2]);
    if (x == NULL || x->call != c) {
        rest_not_found(q, r);
        return;
    }
    if (strcmp(x->status, "in-progress") != 0 && strcmp(x->status, "paused") != 0)
        rest_fail(r, 400, 21220, "Recording is over");
    else if (behaviour != NULL && strcmp(behaviour, "skip") != 0 && strcmp(behaviour, "silence") != 0)
        rest_fail(r, 400, 20001, "PauseBehavior must be skip or silence");
    else if (fault_take("pause_ignored", c->sid, NULL) != NULL) reply_json(r, 200, show_of_call(x));
    else if (status != NULL && strcmp(status, "stopped") == 0) {
        rec_stop(x);
        if (x == c->live) c->live = NULL;
        reply_json(r, 200, show_of_call(x));
    } else if (status != NULL && (strcmp(status, "paused") == 0 || strcmp(status, "in-progress") == 0)) {
        if (status[0] == 'i') rec_resume(x);
        else rec_pause(x, behaviour != NULL && strcmp(behaviour, "skip") == 0);
        reply_json(r, 200, show_of_call(x));
    } else rest_fail(r, 400, 20001, "Invalid Status");
}

/* Range: bytes=a-b, a- or -n, one range, as far as it exists. */
static void serve_range(struct request *q, struct reply *r)
{
    char         *end = NULL;
    unsigned long from, to, len = r->body.len;
    form_add(&r->headers, "Accept-Ranges", "bytes");
    if (q->range == NULL || strncmp(q->range, "bytes=", 6) != 0) return;
    const bool last = q->range[6] == '-';
    from = strtoul(q->range + 6 + last, &end, 10);
    if (last) from = from < len ? len - from : 0;
    if ((!last && *end != '-') || from >= len) {
        r->status = 416;
        return;
    }
    to = !last && end[1] != '\0' ? strtoul(end + 1, NULL, 10) : len - 1;
    if (to >= len) to = len - 1;
    if (to < from) return;
    form_addf(&r->headers, "Content-Range", "bytes %lu-%lu/%lu", from, to, len);
    memmove(r->body.at, r->body.at + from, to - from + 1);
    r->body.len = to - from + 1;
    r->status = 206;
}

static const char XML_ERROR[] =
    "<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><RestException><Code>20500</Code><Message>Internal Server "
    "Error</Message>"
    "<Status>500</Status></RestException></TwilioResponse>";

/* GET Recordings/{sid}[.wav]?RequestedChannels=: faults recording_404, media_xml_error, media_truncated. */
void recordings_wav(struct request *q, struct reply *r)
{
    struct recording *x = world_recording(q->seg[1]);
    const char       *channels = form_get(&q->query, "RequestedChannels");
    const char       *sid = x != NULL && x->call != NULL ? x->call->sid : NULL;
    struct fault     *f;
    if (x == NULL || x->deleted || strcmp(x->status, "completed") != 0
        || fault_take("recording_404", sid, NULL) != NULL) {
        rest_not_found(q, r);
        return;
    }
    if ((f = fault_take("media_xml_error", sid, NULL)) != NULL) {
        r->status = f->status > 0 ? f->status : 200;
        r->type = "application/xml";
        buf_str(&r->body, XML_ERROR);
        return;
    }
    if (channels != NULL && strcmp(channels, "1") != 0 && strcmp(channels, "2") != 0) {
        rest_fail(r, 400, 20001, "RequestedChannels must be 1 or 2");
        return;
    }
    if (channels != NULL && channels[0] == '2' && strcmp(x->source, "RecordVerb") == 0) {
        rest_fail(r, 400, 21220, "Requested channels are not available for this recording");
        return;
    }
    r->status = 200;
    r->type = "audio/x-wav";
    rec_wav(x, channels != NULL ? channels[0] - '0' : x->channels, &r->body);
    if ((f = fault_take("media_truncated", sid, NULL)) != NULL) {
        r->cut_in_body = true;
        r->cut_at = f->at_byte > 0 ? f->at_byte : (int64_t)r->body.len / 2;
        return;
    }
    serve_range(q, r);
}

void recordings_mp3(struct request *q, struct reply *r)
{
    (void)q;
    rest_fail(r, 404, 20404, "The simulator keeps recordings as .wav alone");
}
