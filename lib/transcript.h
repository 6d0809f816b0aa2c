/* Transcripts: what a model heard on each channel, cleared of what nobody said, merged in time. */
#ifndef TRANSCRIPT_H
#define TRANSCRIPT_H
#include "json.h"

#include <stddef.h>

/* Seconds count from the beginning of the recording. */
struct segment {
    const char *speaker; /* "customer", "agent" or "unknown" */
    double      start, end;
    const char *text;
};

/* Segments in the arena; zero is empty. */
struct transcript {
    struct segment *v;
    size_t          n, size;
    const char     *language; /* as the model names it; NULL: it did not */
};

/* Where somebody speaks, in seconds. */
struct transcript_span {
    double start, end;
};

/* The piece of audio a reply is about: where it began, how long it is, and where in the recording somebody speaks in
 * it. */
struct transcript_piece {
    const char                   *speaker;
    double                        start, length;
    const struct transcript_span *spans;
    size_t                        nspans;
};

/** Adds one segment. */
void transcript_put(struct ctx *, struct transcript *, const struct segment *);

/** Adds a text without times: its sentences go to the spans they fall into if it is spoken evenly, one segment a span.
 *  Of three or more equal sentences in a row one is kept.
 *  Good enough to tell whose turn came when. */
void transcript_spread(struct ctx *, struct transcript *, const struct transcript_piece *, const char *text);

/** Adds what a transcription's reply (verbose_json or json) says about a piece. Left out: segments that the model
 * itself doubts (no_speech_prob over 0.6 with avg_logprob under -1; compression_ratio over 2.4), those beyond the
 * piece or where nobody speaks, empty ones, and all but the first of three or more equal ones in a row: what models
 * make of silence and noise.
 * A reply without segments is one segment over the loud part. MALFORMED: not such a reply. */
enum err transcript_add(struct ctx *, struct transcript *, const struct transcript_piece *,
                        const struct json *reply) MUST_CHECK;

/** Puts the segments into the order in which they begin; equal beginnings keep the order they were added in. */
void transcript_sort(struct ctx *, struct transcript *);

/** One line a segment, "Customer: ..."; without a name where nobody knows who speaks. TOO_LARGE: over TRANSCRIPT_MAX.
 */
enum err transcript_text(struct ctx *, const struct transcript *, const char **out) MUST_CHECK;

/** [{"speaker","start","end","text"},...]: the column transcripts.segments. */
enum err transcript_json(struct ctx *, const struct transcript *, const char **out) MUST_CHECK;

/** Reads what transcript_json() wrote. */
enum err transcript_read(struct ctx *, const char *segments, struct transcript *out) MUST_CHECK;

/** Tokens of a text's words, each once, a JSON list, for a tenant whose texts are sealed: what is stored and looked for
 * in their place. NULL: the text is not sealed, and the database finds its words by itself. */
const char *transcript_tokens(struct ctx *, const char *text);

/** Who speaks on a channel (0, 1) of channels. root_role: whose phone the parent leg is, NULL if the call is not known;
 * the parent leg is channel 0. https://www.twilio.com/docs/voice/api/recording#dual-channel-recordings */
const char *transcript_speaker(const char *kind, const char *root_role, int channels, int channel);

#endif
