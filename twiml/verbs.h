/* verbs.h: the grammar as data. Internal names start with tw_, for a static library shows them to the linker. */
#ifndef VERBS_H
#define VERBS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Those that hold others come first: their number is a bit of struct verb's parents. */
enum verb_id {
    V_RESPONSE,
    /* clang-format off */
    V_SAY, V_GATHER, V_REJECT, V_HANGUP, V_ENQUEUE, V_REFER, V_PAY, V_PROMPT, V_DIAL, V_CLIENT, V_SIP, V_HEADERS,
    V_APPLICATION, V_CONNECT, V_START, V_STOP, V_STREAM, V_SIPREC, V_TRANSCRIPTION, V_CONVERSATION_RELAY,
    V_VIRTUAL_AGENT, V_EMPHASIS, V_LANG, V_P, V_PROSODY, V_S, V_W, V_MESSAGE,

    V_PLAY, V_PAUSE, V_RECORD, V_REDIRECT, V_LEAVE, V_ECHO, V_TASK, V_SMS, V_PARAMETER, V_NUMBER, V_IDENTITY,
    V_HEADER, V_URI, V_CONFERENCE, V_QUEUE, V_APPLICATION_SID, V_SIM, V_WHATSAPP, V_RECORDING, V_CONFIG, V_LANGUAGE,
    V_CONVERSATION_RELAY_SESSION, V_AI_SESSION, V_AUTOPILOT, V_CONVERSATION, V_ROOM, V_BREAK, V_PHONEME, V_SAY_AS,
    V_SUB, V_BODY, V_MEDIA, V_REFER_SIP,
    /* clang-format on */
    V_COUNT
};

/* WORDS and UINTS: several, separated by spaces. */
enum kind { STR, UINT, FLAG, WORD, WORDS, UINTS };

struct attr {
    const char    *name; /* NULL ends a list */
    unsigned short off;
    unsigned char  kind;
    const char    *words; /* WORD and WORDS: " one two old=two ": old is understood as two, never written */
};

enum { TEXT = 1, SPOKEN = 2 }; /* holds text, second in its options; holds SSML too, so that blanks count */
enum { CALL = 1, MESSAGES = 2, ANY = 3 };

enum {
    UINT_DIGITS = 10, /* of a number: what unsigned has */
    WORD_MAX = 32     /* bytes of a word that replaces an old one, with the NUL */
};

struct verb {
    const char        *name;
    uint64_t           parents;  /* bits of the elements it may stand in */
    const struct attr *attrs;    /* NULL: none */
    unsigned char      flags;    /* TEXT, SPOKEN */
    unsigned char      most;     /* of them in one parent; 0: any number */
    unsigned short     text_max; /* characters; 0: TWIML_TEXT_MAX */
    unsigned char      kinds;    /* directly in Response: the documents it belongs to; 0: CALL */
};

extern const struct verb tw_verbs[V_COUNT];

#define IN(verb) (UINT64_C(1) << V_##verb)

/** The row of an element by that name, if one is allowed in a parent of that row; else any of the name; NULL: none. */
const struct verb *tw_verb(const char *name, const struct verb *parent);

/** The verb's attribute of that name; NULL: none. */
const struct attr *tw_attr(const struct verb *, const char *name);

/** The value as Twilio writes it today, in buf if that is not how it came; NULL: the attribute cannot have it. */
const char *tw_word(const struct attr *, const char *value, char buf[WORD_MAX]);

bool tw_allowed(const struct verb *, const struct verb *parent);

/* clang-format off */
/* For the rows of attributes, which stand in files by the header that has their options. */
#define ATTR(type, member, name, kind, words) { name, offsetof(struct twiml_##type, member), kind, words }
#define END                                   { NULL, 0, 0, NULL }
#define TEXT_SECOND(type) _Static_assert(offsetof(struct type, text) == sizeof(size_t), "text comes second")

#define METHODS          " GET POST "
#define TRIMS            " trim-silence do-not-trim "
#define SIDES            " both inbound outbound "
#define TRACKS           " inbound_track outbound_track both_tracks "
#define CALL_EVENTS      " initiated ringing answered completed "
#define RECORDING_EVENTS " in-progress completed absent "
#define CARDS            " visa mastercard amex maestro discover optima jcb diners-club enroute "
#define RECORDS          " do-not-record record-from-answer record-from-ringing record-from-answer-dual " \
                         "record-from-ringing-dual true=record-from-answer false=do-not-record "
/* clang-format on */

extern const struct attr tw_say_attrs[], tw_play_attrs[], tw_pause_attrs[], tw_gather_attrs[], tw_record_attrs[],
    tw_redirect_attrs[], tw_reject_attrs[], tw_enqueue_attrs[], tw_task_attrs[], tw_sms_attrs[], tw_refer_attrs[],
    tw_dial_attrs[], tw_number_attrs[], tw_client_attrs[], tw_sip_attrs[], tw_header_attrs[], tw_uri_attrs[],
    tw_conference_attrs[], tw_queue_attrs[], tw_application_attrs[], tw_whatsapp_attrs[], tw_connect_attrs[],
    tw_start_attrs[], tw_stream_attrs[], tw_parameter_attrs[], tw_siprec_attrs[], tw_recording_attrs[],
    tw_transcription_attrs[], tw_config_attrs[], tw_conversation_relay_attrs[], tw_language_attrs[],
    tw_conversation_relay_session_attrs[], tw_ai_session_attrs[], tw_virtual_agent_attrs[], tw_conversation_attrs[],
    tw_room_attrs[], tw_pay_attrs[], tw_prompt_attrs[], tw_break_attrs[], tw_emphasis_attrs[], tw_lang_attrs[],
    tw_phoneme_attrs[], tw_prosody_attrs[], tw_say_as_attrs[], tw_sub_attrs[], tw_w_attrs[], tw_message_attrs[];

#endif
