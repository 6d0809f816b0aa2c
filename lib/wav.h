/* RIFF/WAVE files of 16-bit PCM: what is in them, how loud it is, and one channel as a file of its own. */
#ifndef WAV_H
#define WAV_H
#include "db.h"

#include <stdbool.h>
#include <stdio.h>

enum {
    WAV_HEAD = 44,       /* bytes before the samples in what wav_channel() makes */
    WAV_WINDOW_MS = 100, /* what wav_levels() measures at a time */
    WAV_PEAK_SLICES = 2000,
    WAV_LOUD = 200 /* level of speech, of 32,767: about -44 dB; line noise lies below -50 */
};

struct wav {
    int64_t at;     /* offset of the first sample in the file */
    int64_t frames; /* samples of each channel */
    int64_t rate;   /* frames a second */
    int     channels;
};

/** Reads the header and checks that every sample it promises is there. MALFORMED, saying what, for anything that is not
 *  one or two channels of 16-bit PCM at 8 to 48 kHz, and for a file that was cut.
 *  http://soundfile.sapp.org/doc/WaveFormat/ */
enum err wav_read(struct ctx *, FILE *, struct wav *out) MUST_CHECK;

/** Whole seconds, rounded. */
int64_t wav_seconds(const struct wav *);

/** The loudest sample of each of up to WAV_PEAK_SLICES slices as a byte a channel, channels interleaved: what a player
 *  draws. In the arena. */
enum err wav_peaks(struct ctx *, FILE *, const struct wav *, struct db_bytes *out) MUST_CHECK;

/* How loud a channel is, window by window (root mean square, 0 to 32,767). In the arena. */
struct wav_levels {
    const unsigned short *v;
    size_t                n;
    int64_t               window; /* frames */
};

/** Measures channel (0 or 1). */
enum err wav_levels(struct ctx *, FILE *, const struct wav *, int channel, struct wav_levels *out) MUST_CHECK;

/** Does anybody speak in these n frames: a third of a second in all at WAV_LOUD or above? */
bool wav_speech(const struct wav_levels *, int64_t from, int64_t n);

/* Frames from (included) to (not). */
struct wav_span {
    int64_t from, to;
};

/** Where in these n frames somebody speaks, one span between two pauses of more than half a second. In the arena; count
 *  of them. Past max the last one takes the rest. */
size_t wav_spans(struct arena *, const struct wav_levels *, int64_t from, int64_t n, size_t max, struct wav_span **out);

/** How many frames to take from `from` on, max at most: all that are left if they fit, else up to the quietest window
 * of the last minute before max. */
int64_t wav_cut(const struct wav *, const struct wav_levels *, int64_t from, int64_t max);

/** Writes n frames of one channel as a mono file to buf, which holds WAV_HEAD + 2n bytes. */
enum err wav_channel(struct ctx *, FILE *, const struct wav *, int channel, int64_t from, int64_t n,
                     unsigned char *buf) MUST_CHECK;

#endif
