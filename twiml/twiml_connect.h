/* twiml_connect.h: Connect, Start and Stop: a call joined to streams, transcription, recorders and agents that talk.
 * Part of twiml.h. */
#ifndef TWIML_CONNECT_H
#define TWIML_CONNECT_H
#include "twiml_types.h"

/** https://www.twilio.com/docs/voice/twiml/connect */
struct twiml_connect {
    size_t      size;
    const char *action, *method;
};

/** https://www.twilio.com/docs/voice/twiml/start */
struct twiml_start {
    size_t      size;
    const char *action, *method;
};

/** https://www.twilio.com/docs/voice/twiml/stop */
struct twiml_stop {
    size_t size;
};

/** https://www.twilio.com/docs/voice/twiml/stream */
struct twiml_stream {
    size_t      size;
    const char *url; /* wss: */
    const char *name;
    const char *track; /* inbound_track outbound_track both_tracks */
    const char *audio_format, *connector_name, *sample_rate, *status_callback;
    const char *status_callback_method; /* GET POST */
};

/** https://www.twilio.com/docs/voice/twiml/client */
struct twiml_parameter {
    size_t      size;
    const char *name, *value;
};

/** https://www.twilio.com/docs/voice/twiml/siprec */
struct twiml_siprec {
    size_t      size;
    const char *name; /* to Stop it by */
    const char *connector_name, *status_callback;
    const char *status_callback_method; /* GET POST */
    const char *track;                  /* inbound_track outbound_track both_tracks */
};

/** https://www.twilio.com/docs/voice/twiml/recording */
struct twiml_recording {
    size_t      size;
    const char *recording_status_callback;
    const char *recording_status_callback_method; /* GET POST */
    const char *recording_status_callback_event;  /* words of: in-progress completed absent */
    const char *recording_configuration_id;
    const char *channels; /* mono dual */
    const char *track;    /* inbound outbound both */
    const char *trim;     /* trim-silence do-not-trim */
};

/** https://www.twilio.com/docs/voice/twiml/transcription */
struct twiml_transcription {
    size_t      size;
    const char *status_callback_url;
    const char *status_callback_method; /* GET POST */
    const char *language_code;
    const char *track; /* inbound_track outbound_track both_tracks */
    const char *name, *hints, *inbound_track_label, *intelligence_service, *outbound_track_label, *speech_model,
        *transcription_engine;
    enum twiml_flag enable_automatic_punctuation, partial_results, profanity_filter;
};

struct twiml_config {
    size_t      size;
    const char *name, *value;
};

/** https://www.twilio.com/docs/voice/twiml/connect/conversationrelay */
struct twiml_conversation_relay {
    size_t      size;
    const char *url, *welcome_greeting, *background_noise_reduction, *debug, *deepgram_smart_format,
        *elevenlabs_text_normalization, *events, *hints, *ignore_backchannel, *intelligence_service,
        *interrupt_sensitivity;
    const char *interruptible; /* none dtmf speech any, true, false */
    const char *language, *speech_model, *speech_timeout, *transcription_language, *transcription_provider,
        *tts_language, *tts_provider, *voice, *welcome_greeting_interruptible;
    enum twiml_flag dtmf_detection, partial_prompts, preemptible, profanity_filter, report_input_during_agent_speech;
};

struct twiml_language {
    size_t      size;
    const char *code, *speech_model, *transcription_provider, *tts_provider, *voice;
};

/** https://www.twilio.com/docs/voice/twiml/connect */
struct twiml_conversation_relay_session {
    size_t      size;
    const char *connector, *session_configuration;
};

struct twiml_ai_session {
    size_t      size;
    const char *ai_connector, *ai_session_configuration;
};

/** https://www.twilio.com/docs/voice/twiml/connect/virtualagent */
struct twiml_virtual_agent {
    size_t          size;
    const char     *connector_name, *language, *status_callback, *status_callback_method;
    enum twiml_flag sentiment_analysis;
};

/** https://www.twilio.com/docs/voice/twiml/connect/autopilot */
struct twiml_autopilot {
    size_t      size;
    const char *text;
};

/** https://www.twilio.com/docs/voice/twiml/connect */
struct twiml_conversation {
    size_t      size;
    const char *method, *recording_status_callback, *recording_status_callback_method, *service_instance_sid,
        *status_callback, *status_callback_method, *url;
    const char     *record; /* do-not-record record-from-answer record-from-ringing record-from-answer-dual
                               record-from-ringing-dual */
    const char     *recording_status_callback_event; /* words of: in-progress completed absent */
    const char     *status_callback_event; /* words of: call-initiated call-ringing call-answered call-completed */
    const char     *trim;                  /* trim-silence do-not-trim */
    unsigned        inbound_timeout_s, routing_assignment_timeout_s;
    enum twiml_flag inbound_autocreation;
};

/** https://www.twilio.com/docs/voice/twiml/connect/room */
struct twiml_room {
    size_t      size;
    const char *text; /* name of the room */
    const char *participant_identity;
};

#endif
