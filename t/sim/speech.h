/* Speech: a line of text as 8 kHz 16-bit samples, cached in memory and in the state directory. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum voice { VOICE_CUSTOMER, VOICE_AGENT, VOICE_TWILIO, VOICE_TONES }; /* VOICE_TONES: the text is "[tones 12#]" */
enum { RATE = 8000 };

struct speech {
    const char *text;
    int16_t    *pcm;
    size_t      n;
};

/** Never NULL, never silent. Lives as long as the process. */
const struct speech *speech_of(const char *text, enum voice voice);
int64_t              speech_ms(const struct speech *s);
/** All spoken lines so far, for recognition. */
size_t               speech_count(void);
const struct speech *speech_at(size_t i);
