/* twiml_ssml.h: SSML inside Say; a name is the element's own. Part of twiml.h. */
#ifndef TWIML_SSML_H
#define TWIML_SSML_H
#include "twiml_types.h"

/** https://www.twilio.com/docs/voice/twiml/say/text-speech#ssml */
struct twiml_break {
    size_t      size;
    const char *strength; /* none x-weak weak medium strong x-strong */
    const char *time;     /* "300ms", "2s" */
};

struct twiml_emphasis {
    size_t      size;
    const char *text;
    const char *level; /* strong moderate reduced */
};

struct twiml_lang {
    size_t      size;
    const char *text;
    const char *lang; /* xml:lang, one of those Twilio lists */
};

struct twiml_p {
    size_t      size;
    const char *text;
};

struct twiml_phoneme {
    size_t      size;
    const char *text;
    const char *alphabet; /* ipa x-sampa x-amazon-jyutping x-amazon-pinyin x-amazon-pron-kana x-amazon-yomigana */
    const char *ph;       /* the sounds in that alphabet */
};

struct twiml_prosody {
    size_t      size;
    const char *text;
    const char *pitch, *rate, *volume;
};

struct twiml_s {
    size_t      size;
    const char *text;
};

struct twiml_say_as {
    size_t      size;
    const char *text;
    const char *interpret_as; /* characters spell-out cardinal number ordinal digits fraction unit date time address
                                 expletive telephone */
    const char *format;       /* mdy dmy ymd md dm ym my d m y yyyymmdd */
};

struct twiml_sub {
    size_t      size;
    const char *text;
    const char *alias; /* what is spoken */
};

struct twiml_w {
    size_t      size;
    const char *text;
    const char *role; /* "amazon:VB", "amazon:VBD"... */
};

#endif
