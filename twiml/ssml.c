/* The attributes of twiml_ssml.h, in the order in which they are written. */
#include "twiml.h"

#include "verbs.h"

/* clang-format off */

TEXT_SECOND(twiml_emphasis);
TEXT_SECOND(twiml_lang);
TEXT_SECOND(twiml_p);
TEXT_SECOND(twiml_phoneme);
TEXT_SECOND(twiml_prosody);
TEXT_SECOND(twiml_s);
TEXT_SECOND(twiml_say_as);
TEXT_SECOND(twiml_sub);
TEXT_SECOND(twiml_w);

static const char lang_languages[] =
    " arb ar-AE ca-ES cmn-CN cy-GB da-DK de-DE de-AT en-AU en-GB en-GB-WLS en-IN en-NZ en-US en-ZA es-ES "
    "es-MX es-US fi-FI fr-CA fr-FR he-IL hi-IN is-IS it-IT ja-JP ko-KR nb-NO nl-NL pl-PL pt-BR pt-PT "
    "ro-RO ru-RU sv-SE tr-TR yue-CN ";
static const char alphabets[] =
    " ipa x-sampa x-amazon-jyutping x-amazon-pinyin x-amazon-pron-kana x-amazon-yomigana ";
static const char readings[] =
    " characters spell-out cardinal number ordinal digits fraction unit date time address expletive "
    "telephone ";
static const char date_formats[] =
    " mdy dmy ymd md dm ym my d m y yyyymmdd ";

const struct attr tw_break_attrs[] = {
    ATTR(break, strength, "strength", WORD,  " none x-weak weak medium strong x-strong "),
    ATTR(break, time,     "time",     STR,   NULL),
    END
};
const struct attr tw_emphasis_attrs[] = {
    ATTR(emphasis, level, "level", WORD,  " strong moderate reduced "),
    END
};
const struct attr tw_lang_attrs[] = {
    ATTR(lang, lang, "xml:lang", WORD,  lang_languages),
    END
};
const struct attr tw_phoneme_attrs[] = {
    ATTR(phoneme, alphabet, "alphabet", WORD,  alphabets),
    ATTR(phoneme, ph,       "ph",       STR,   NULL),
    END
};
const struct attr tw_prosody_attrs[] = {
    ATTR(prosody, pitch,  "pitch",  STR,   NULL),
    ATTR(prosody, rate,   "rate",   STR,   NULL),
    ATTR(prosody, volume, "volume", STR,   NULL),
    END
};
const struct attr tw_say_as_attrs[] = {
    ATTR(say_as, interpret_as, "interpret-as", WORD,  readings),
    ATTR(say_as, format,       "format",       WORD,  date_formats),
    END
};
const struct attr tw_sub_attrs[] = {
    ATTR(sub, alias, "alias", STR,   NULL),
    END
};
const struct attr tw_w_attrs[] = {
    ATTR(w, role, "role", STR,   NULL),
    END
};
