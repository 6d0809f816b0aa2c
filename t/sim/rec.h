/* Recordings: what is said on which channel and when; rendered as WAV when somebody asks. */
#pragma once
#include "call.h"
#include "speech.h"

/** A piece of speech on a channel: 0 the parent leg, 1 the other side. */
struct piece {
    int                  channel;
    int64_t              at_ms, from_ms, len_ms; /* place in the recording; part of the spoken line that is heard */
    const struct speech *speech;
};

enum { PAUSES_MAX = 32 };

/** Ms since the start; skip: the time is left out, else it is silent. https://www.twilio.com/docs/voice/api/recording
 */
struct pause {
    int64_t from, to; /* to -1: not over */
    bool    skip;
};

struct recording {
    const char       *sid, *source, *conference;
    struct call      *call;
    int               channels;
    const char       *status;               /* in-progress paused stopped processing completed absent */
    int64_t           started, duration_ms; /* simulated ms */
    struct pause      pauses[PAUSES_MAX];
    size_t            n_pauses;
    struct piece     *v;
    size_t            n, cap;
    struct rec_report report;
    const char       *sha256; /* of the .wav served by default, once known */
    bool              deleted;
    const char       *transcribe;      /* transcribeCallback */
    void (*done)(struct recording *r); /* when its media are ready; may be NULL */
};

struct recording *rec_start(struct call *c, const char *source, bool dual, const struct rec_report *report);
/** Somebody speaks from a simulated instant on; what lies before the start is cut. */
void              rec_say(struct recording *r, int channel, int64_t at, const struct speech *s);
void              rec_pause(struct recording *r, bool skip);
void              rec_resume(struct recording *r);
/** What is left of an ended recording: nothing that was said in a pause, nothing after its end. */
void              rec_cut(struct recording *r);
/** One more piece, which may have none of its line: then nothing is added. */
void              rec_add(struct recording *r, const struct piece *p);
/** Ends it; the media are ready and reported a little later. */
void              rec_stop(struct recording *r);
int64_t           rec_seconds(const struct recording *r); /* RecordingDuration */
/** The .wav with 1 (mix) or 2 channels. */
void              rec_wav(const struct recording *r, int channels, struct buf *out);
/** 64 bits that a recording bears as samples 0 and 1 at its start; the second channel bears the complement. */
uint64_t          rec_mark(const struct recording *r);
const char       *rec_sha256(struct recording *r);
