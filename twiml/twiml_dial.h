/* twiml_dial.h: Dial and whom it rings. Part of twiml.h. */
#ifndef TWIML_DIAL_H
#define TWIML_DIAL_H
#include "twiml_types.h"

/** https://www.twilio.com/docs/voice/twiml/dial */
struct twiml_dial {
    size_t      size;
    const char *text; /* the number to dial; NULL when nouns follow */
    const char *action, *method;
    const char *caller_id; /* E.164 of ours or of the caller, or client:name */
    const char *passports, *recording_configuration_id, *recording_status_callback, *recording_status_callback_method,
        *refer_method, *refer_url;
    const char     *call_reason; /* shown by branded calling; not in Twilio's SDK */
    const char     *events;      /* call-progress-event */
    const char     *record;      /* do-not-record record-from-answer record-from-ringing record-from-answer-dual
                                    record-from-ringing-dual */
    const char     *recording_status_callback_event; /* words of: in-progress completed absent */
    const char     *recording_track;                 /* both inbound outbound */
    const char     *ring_tone;                       /* country: us, uk, de... or us-old */
    const char     *trim;                            /* trim-silence do-not-trim */
    unsigned        time_limit_s, timeout_s;
    enum twiml_flag answer_on_bridge, hangup_on_star, sequential;
};

/** https://www.twilio.com/docs/voice/twiml/number */
struct twiml_number {
    size_t      size;
    const char *text; /* E.164 */
    const char *url, *method, *status_callback, *status_callback_method;
    const char *status_callback_event; /* words of: initiated ringing answered completed */
    const char *send_digits;           /* DTMF once answered; w waits 0.5 s */
    const char *amd_status_callback, *amd_status_callback_method, *byoc;
    const char *machine_detection;       /* "Enable" or "DetectMessageEnd" */
    const char *client_notification_url; /* not in Twilio's SDK */
    unsigned    machine_detection_silence_timeout_ms, machine_detection_speech_end_threshold_ms,
        machine_detection_speech_threshold_ms, machine_detection_timeout_s;
};

/** https://www.twilio.com/docs/voice/twiml/client */
struct twiml_client {
    size_t      size;
    const char *text; /* identity, at most 256 characters; NULL when an Identity follows */
    const char *url, *method, *status_callback, *status_callback_method;
    const char *status_callback_event;   /* words of: initiated ringing answered completed */
    const char *client_notification_url; /* not in Twilio's SDK */
};

struct twiml_identity {
    size_t      size;
    const char *text;
};

/** https://www.twilio.com/docs/voice/twiml/sip */
struct twiml_sip {
    size_t      size;
    const char *text; /* sip:user@host; inside Refer no attribute is allowed */
    const char *username, *password, *url, *method, *status_callback, *status_callback_method;
    const char *status_callback_event; /* words of: initiated ringing answered completed */
    const char *amd_status_callback, *amd_status_callback_method;
    const char *machine_detection; /* "Enable" or "DetectMessageEnd" */
    unsigned    machine_detection_silence_timeout_ms, machine_detection_speech_end_threshold_ms,
        machine_detection_speech_threshold_ms, machine_detection_timeout_s;
};

struct twiml_headers {
    size_t size;
};

struct twiml_header {
    size_t      size;
    const char *name; /* X-... */
    const char *value;
};

struct twiml_uri {
    size_t      size;
    const char *text;
    const char *password, *priority, *username, *weight;
};

/** https://www.twilio.com/docs/voice/twiml/conference */
struct twiml_conference {
    size_t      size;
    const char *text; /* name of the room, at most 128 characters */
    const char *status_callback, *status_callback_method;
    const char *status_callback_event; /* words of: start end join leave mute hold modify speaker announcement */
    const char *wait_url, *wait_method, *coach, *event_callback_url, *participant_label, *recording_configuration_id,
        *recording_status_callback, *recording_status_callback_method;
    const char     *beep;                            /* true false onEnter onExit */
    const char     *jitter_buffer_size;              /* large medium small off */
    const char     *record;                          /* do-not-record record-from-start */
    const char     *recording_status_callback_event; /* words of: in-progress completed absent */
    const char     *region;                          /* us1 us2 ie1 sg1 br1 au1 jp1 de1 */
    const char     *trim;                            /* trim-silence do-not-trim */
    unsigned        max_participants;
    enum twiml_flag end_conference_on_exit, muted, start_conference_on_enter;
};

/** https://www.twilio.com/docs/voice/twiml/queue */
struct twiml_queue {
    size_t      size;
    const char *text; /* name of the queue */
    const char *url, *method, *post_work_activity_sid, *reservation_sid;
};

/** https://www.twilio.com/docs/voice/twiml/application */
struct twiml_application {
    size_t          size;
    const char     *text;
    const char     *customer_id, *method, *status_callback, *status_callback_method, *url;
    const char     *status_callback_event; /* words of: initiated ringing answered completed */
    enum twiml_flag copy_parent_to;
};

struct twiml_application_sid {
    size_t      size;
    const char *text;
};

/** https://www.twilio.com/docs/voice/twiml/sim */
struct twiml_sim {
    size_t      size;
    const char *text; /* SID */
};

/** https://www.twilio.com/docs/voice/twiml/dial */
struct twiml_whatsapp {
    size_t      size;
    const char *text; /* E.164 */
    const char *method, *status_callback, *status_callback_method, *url;
    const char *status_callback_event; /* words of: initiated ringing answered completed */
};

#endif
