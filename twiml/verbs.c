/* Every verb and noun: its name, where it may stand, its attributes, what it holds. A verb is its row. */
#include "verbs.h"

#include <string.h>

/* clang-format off */

#define IN_SPEECH    IN(RESPONSE) | IN(GATHER) | IN(PROMPT)
#define IN_STREAM    IN(CONNECT) | IN(START) | IN(STOP)
#define IN_CONFIG    IN(TRANSCRIPTION) | IN(VIRTUAL_AGENT)
#define IN_PARAMETER IN(APPLICATION) | IN(CLIENT) | IN(CONVERSATION_RELAY) | IN(HANGUP) | IN(PAY) | IN(REJECT) | \
                     IN(SIPREC) | IN(STREAM) | IN(TRANSCRIPTION) | IN(VIRTUAL_AGENT)
#define IN_TEXT      IN(SAY) | IN(LANG) | IN(PROSODY)
#define IN_PHRASE    IN_TEXT | IN(P) | IN(S) | IN(EMPHASIS)

/* Behind the attributes: flags, then any other member of struct verb by its name. */
#define VERB(id, n, in, list, ...) [V_##id] = { .name = n, .parents = in, .attrs = list, .flags = __VA_ARGS__ }

/* At most 10 numbers and 10 clients a Dial: https://www.twilio.com/docs/voice/twiml/dial
 * 128 characters a conference: https://www.twilio.com/docs/voice/twiml/conference
 * 256 characters a client: https://www.twilio.com/docs/voice/twiml/client */
const struct verb tw_verbs[V_COUNT] = {
    VERB(RESPONSE,        "Response",        0,                       NULL,                    0),
    VERB(SAY,             "Say",             IN_SPEECH,               tw_say_attrs,            TEXT | SPOKEN),
    VERB(PLAY,            "Play",            IN_SPEECH,               tw_play_attrs,           TEXT),
    VERB(PAUSE,           "Pause",           IN_SPEECH,               tw_pause_attrs,          0),
    VERB(GATHER,          "Gather",          IN(RESPONSE),            tw_gather_attrs,         0),
    VERB(RECORD,          "Record",          IN(RESPONSE),            tw_record_attrs,         0),
    VERB(REDIRECT,        "Redirect",        IN(RESPONSE),            tw_redirect_attrs,       TEXT, .kinds = ANY),
    VERB(REJECT,          "Reject",          IN(RESPONSE),            tw_reject_attrs,         0),
    VERB(HANGUP,          "Hangup",          IN(RESPONSE),            NULL,                    0),
    VERB(LEAVE,           "Leave",           IN(RESPONSE),            NULL,                    0),
    VERB(ECHO,            "Echo",            IN(RESPONSE),            NULL,                    0),
    VERB(ENQUEUE,         "Enqueue",         IN(RESPONSE),            tw_enqueue_attrs,        TEXT),
    VERB(TASK,            "Task",            IN(ENQUEUE),             tw_task_attrs,           TEXT),
    VERB(SMS,             "Sms",             IN(RESPONSE),            tw_sms_attrs,            TEXT),
    VERB(REFER,           "Refer",           IN(RESPONSE),            tw_refer_attrs,          0),
    VERB(DIAL,            "Dial",            IN(RESPONSE),            tw_dial_attrs,           TEXT),
    VERB(NUMBER,          "Number",          IN(DIAL),                tw_number_attrs,         TEXT, .most = 10),
    VERB(CLIENT,          "Client",          IN(DIAL),                tw_client_attrs,         TEXT,
         .most = 10, .text_max = 256),
    VERB(IDENTITY,        "Identity",        IN(CLIENT),              NULL,                    TEXT, .text_max = 256),
    VERB(SIP,             "Sip",             IN(DIAL),                tw_sip_attrs,            TEXT),
    VERB(HEADERS,         "Headers",         IN(SIP),                 NULL,                    0),
    VERB(HEADER,          "Header",          IN(HEADERS),             tw_header_attrs,         0),
    VERB(URI,             "Uri",             IN(SIP),                 tw_uri_attrs,            TEXT),
    VERB(CONFERENCE,      "Conference",      IN(DIAL),                tw_conference_attrs,     TEXT, .text_max = 128),
    VERB(QUEUE,           "Queue",           IN(RESPONSE) | IN(DIAL), tw_queue_attrs,          TEXT),
    VERB(APPLICATION,     "Application",     IN(DIAL),                tw_application_attrs,    TEXT),
    VERB(APPLICATION_SID, "ApplicationSid",  IN(APPLICATION),         NULL,                    TEXT),
    VERB(SIM,             "Sim",             IN(DIAL),                NULL,                    TEXT),
    VERB(WHATSAPP,        "WhatsApp",        IN(DIAL),                tw_whatsapp_attrs,       TEXT),
    VERB(CONNECT,         "Connect",         IN(RESPONSE),            tw_connect_attrs,        0),
    VERB(START,           "Start",           IN(RESPONSE),            tw_start_attrs,          0),
    VERB(STOP,            "Stop",            IN(RESPONSE),            NULL,                    0),
    VERB(STREAM,          "Stream",          IN_STREAM,               tw_stream_attrs,         0),
    VERB(PARAMETER,       "Parameter",       IN_PARAMETER,            tw_parameter_attrs,      0),
    VERB(SIPREC,          "Siprec",          IN(START) | IN(STOP),    tw_siprec_attrs,         0),
    VERB(RECORDING,       "Recording",       IN(START),               tw_recording_attrs,      0),
    VERB(TRANSCRIPTION,   "Transcription",   IN(START) | IN(STOP),    tw_transcription_attrs,  0),
    VERB(CONFIG,          "Config",          IN_CONFIG,               tw_config_attrs,         0),
    VERB(CONVERSATION_RELAY, "ConversationRelay", IN(CONNECT), tw_conversation_relay_attrs, 0),
    VERB(LANGUAGE,        "Language",        IN(CONVERSATION_RELAY),  tw_language_attrs,       0),
    VERB(CONVERSATION_RELAY_SESSION, "ConversationRelaySession", IN(CONNECT), tw_conversation_relay_session_attrs,
         0),
    VERB(AI_SESSION,      "AiSession",       IN(CONNECT),             tw_ai_session_attrs,     0),
    VERB(VIRTUAL_AGENT,   "VirtualAgent",    IN(CONNECT),             tw_virtual_agent_attrs,  0),
    VERB(AUTOPILOT,       "Autopilot",       IN(CONNECT),             NULL,                    TEXT),
    VERB(CONVERSATION,    "Conversation",    IN(CONNECT),             tw_conversation_attrs,   0),
    VERB(ROOM,            "Room",            IN(CONNECT),             tw_room_attrs,           TEXT),
    VERB(PAY,             "Pay",             IN(RESPONSE),            tw_pay_attrs,            0),
    VERB(PROMPT,          "Prompt",          IN(RESPONSE) | IN(PAY),  tw_prompt_attrs,         0),
    VERB(BREAK,           "break",           IN_PHRASE | IN(W),       tw_break_attrs,          0),
    VERB(EMPHASIS,        "emphasis",        IN_PHRASE | IN(W),       tw_emphasis_attrs,       TEXT | SPOKEN),
    VERB(LANG,            "lang",            IN_PHRASE,               tw_lang_attrs,           TEXT | SPOKEN),
    VERB(P,               "p",               IN_TEXT,                 NULL,                    TEXT | SPOKEN),
    VERB(PHONEME,         "phoneme",         IN_PHRASE | IN(W),       tw_phoneme_attrs,        TEXT | SPOKEN),
    VERB(PROSODY,         "prosody",         IN_PHRASE | IN(W),       tw_prosody_attrs,        TEXT | SPOKEN),
    VERB(S,               "s",               IN_TEXT | IN(P),         NULL,                    TEXT | SPOKEN),
    VERB(SAY_AS,          "say-as",          IN_PHRASE | IN(W),       tw_say_as_attrs,         TEXT | SPOKEN),
    VERB(SUB,             "sub",             IN_PHRASE | IN(W),       tw_sub_attrs,            TEXT | SPOKEN),
    VERB(W,               "w",               IN_PHRASE,               tw_w_attrs,              TEXT | SPOKEN),
    VERB(MESSAGE,         "Message",         IN(RESPONSE),            tw_message_attrs,        TEXT, .kinds = MESSAGES),
    VERB(BODY,            "Body",            IN(MESSAGE),             NULL,                    TEXT),
    VERB(MEDIA,           "Media",           IN(MESSAGE),             NULL,                    TEXT),
    VERB(REFER_SIP,       "Sip",             IN(REFER),               NULL,                    TEXT),
};

/* clang-format on */

bool tw_allowed(const struct verb *v, const struct verb *parent)
{
    const ptrdiff_t id = parent - tw_verbs;
    return id <= V_MESSAGE && (v->parents >> id & 1) != 0;
}

const struct verb *tw_verb(const char *name, const struct verb *parent)
{
    const struct verb *found = NULL;
    for (const struct verb *v = tw_verbs; v < tw_verbs + V_COUNT; v++) {
        if (strcmp(v->name, name) != 0) continue;
        if (tw_allowed(v, parent)) return v;
        if (found == NULL) found = v;
    }
    return found;
}

const struct attr *tw_attr(const struct verb *v, const char *name)
{
    const struct attr *a = v->attrs;
    while (a != NULL && a->name != NULL && strcmp(a->name, name) != 0) a++;
    return a == NULL || a->name == NULL ? NULL : a;
}

/* Where set has the word of n bytes, a blank or '=' behind it; NULL: nowhere. */
static const char *find(const char *set, const char *word, size_t n)
{
    for (const char *at = set; (at = strchr(at, ' ')) != NULL; at++)
        if (strncmp(at + 1, word, n) == 0 && (at[n + 1] == ' ' || at[n + 1] == '=')) return at + 1;
    return NULL;
}

static bool is_number(const char *s, size_t n)
{
    return n > 0 && n <= UINT_DIGITS && strspn(s, "0123456789") >= n;
}

/* Are all its words, between single blanks, in set; numbers, if that is NULL? */
static bool all_known(const char *value, const char *set)
{
    for (const char *s = value;; s++) {
        const size_t n = strcspn(s, " ");
        if (set == NULL ? !is_number(s, n) : n == 0 || find(set, s, n) == NULL) return false;
        s += n;
        if (*s == '\0') return true;
    }
}

/* The one word as it is spelt today, in buf if it was old. */
static const char *spelt(const char *set, const char *value, char buf[WORD_MAX])
{
    const size_t n = strlen(value);
    const char  *at = strpbrk(value, " =") == NULL ? find(set, value, n) : NULL;
    if (at == NULL || at[n] == ' ') return at == NULL ? NULL : value;
    const size_t len = strcspn(at + n + 1, " ");
    memcpy(buf, at + n + 1, len); /* a word of ours, shorter than WORD_MAX */
    buf[len] = '\0';
    return buf;
}

const char *tw_word(const struct attr *a, const char *value, char buf[WORD_MAX])
{
    bool ok = true;
    if (a->kind == WORD) return spelt(a->words, value, buf);
    if (a->kind == WORDS || a->kind == UINTS) ok = all_known(value, a->words);
    else if (a->kind == UINT) ok = is_number(value, strlen(value));
    else if (a->kind == FLAG) ok = strcmp(value, "true") == 0 || strcmp(value, "false") == 0;
    return ok ? value : NULL;
}
