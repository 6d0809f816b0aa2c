/* twiml_voice.h: what a call does: speak, play, listen, record, queue, leave. Part of twiml.h. */
#ifndef TWIML_VOICE_H
#define TWIML_VOICE_H
#include "twiml_types.h"

/** https://www.twilio.com/docs/voice/twiml/say */
struct twiml_say {
    size_t      size;
    const char *text;
    const char *voice;    /* "Polly.Amy", "Google.en-GB-Neural2-A"...; NULL: the account's */
    const char *language; /* BCP 47, one of those Twilio lists */
    unsigned    loop;     /* times; TWIML_ZERO: for ever */
};

/** https://www.twilio.com/docs/voice/twiml/play */
struct twiml_play {
    size_t      size;
    const char *text;   /* URL of the file */
    const char *digits; /* DTMF instead of a file; w waits 0.5 s */
    unsigned    loop;   /* times; TWIML_ZERO: for ever */
};

/** https://www.twilio.com/docs/voice/twiml/pause */
struct twiml_pause {
    size_t   size;
    unsigned length_s;
};

/** https://www.twilio.com/docs/voice/twiml/gather */
struct twiml_gather {
    size_t          size;
    const char     *input; /* words of: dtmf speech */
    const char     *action, *method;
    const char     *finish_on_key; /* "" for none */
    const char     *hints;         /* phrases, separated by commas */
    const char     *partial_result_callback, *partial_result_callback_method, *speech_model;
    const char     *speech_timeout; /* seconds or "auto" */
    const char     *language;       /* BCP 47, one of those Twilio lists */
    unsigned        max_speech_time_s, num_digits, timeout_s;
    enum twiml_flag action_on_empty_result, barge_in, debug, enhanced, profanity_filter;
};

/** https://www.twilio.com/docs/voice/twiml/record */
struct twiml_record {
    size_t      size;
    const char *action, *method;
    const char *finish_on_key; /* keys that end it; "" for none */
    const char *recording_configuration_id, *recording_status_callback, *recording_status_callback_method,
        *transcribe_callback;
    const char     *recording_status_callback_event; /* words of: in-progress completed absent */
    const char     *trim;                            /* trim-silence do-not-trim */
    unsigned        max_length_s, timeout_s;
    enum twiml_flag play_beep, transcribe;
};

/** https://www.twilio.com/docs/voice/twiml/redirect */
struct twiml_redirect {
    size_t      size;
    const char *text; /* URL */
    const char *method;
};

/** https://www.twilio.com/docs/voice/twiml/reject */
struct twiml_reject {
    size_t      size;
    const char *reason; /* rejected busy */
};

/** https://www.twilio.com/docs/voice/twiml/hangup */
struct twiml_hangup {
    size_t size;
};

/** https://www.twilio.com/docs/voice/twiml/leave */
struct twiml_leave {
    size_t size;
};

/** https://www.twilio.com/docs/voice/twiml */
struct twiml_echo {
    size_t size;
};

/** https://www.twilio.com/docs/voice/twiml/enqueue */
struct twiml_enqueue {
    size_t      size;
    const char *text; /* name of the queue */
    const char *action, *method, *wait_url, *wait_url_method, *workflow_sid;
    unsigned    max_queue_size;
};

struct twiml_task {
    size_t      size;
    const char *text; /* attributes as JSON */
    unsigned    priority, timeout_s;
};

/** https://www.twilio.com/docs/voice/twiml/sms */
struct twiml_sms {
    size_t      size;
    const char *text;
    const char *to, *from, *action, *method, *status_callback;
};

/** https://www.twilio.com/docs/voice/twiml/refer */
struct twiml_refer {
    size_t      size;
    const char *action, *method;
};

#endif
