/* The attributes of twiml_connect.h, in the order in which they are written. */
#include "twiml.h"

#include "verbs.h"

/* clang-format off */

TEXT_SECOND(twiml_autopilot);
TEXT_SECOND(twiml_room);

static const char conversation_events[] =
    " call-initiated call-ringing call-answered call-completed ";

const struct attr tw_connect_attrs[] = {
    ATTR(connect, action, "action", STR,   NULL),
    ATTR(connect, method, "method", STR,   NULL),
    END
};
const struct attr tw_start_attrs[] = {
    ATTR(start, action, "action", STR,   NULL),
    ATTR(start, method, "method", STR,   NULL),
    END
};
const struct attr tw_stream_attrs[] = {
    ATTR(stream, url,                    "url",                  STR,   NULL),
    ATTR(stream, name,                   "name",                 STR,   NULL),
    ATTR(stream, track,                  "track",                WORD,  TRACKS),
    ATTR(stream, audio_format,           "audioFormat",          STR,   NULL),
    ATTR(stream, connector_name,         "connectorName",        STR,   NULL),
    ATTR(stream, sample_rate,            "sampleRate",           STR,   NULL),
    ATTR(stream, status_callback,        "statusCallback",       STR,   NULL),
    ATTR(stream, status_callback_method, "statusCallbackMethod", WORD,  METHODS),
    END
};
const struct attr tw_parameter_attrs[] = {
    ATTR(parameter, name,  "name",  STR,   NULL),
    ATTR(parameter, value, "value", STR,   NULL),
    END
};
const struct attr tw_siprec_attrs[] = {
    ATTR(siprec, name,                   "name",                 STR,   NULL),
    ATTR(siprec, connector_name,         "connectorName",        STR,   NULL),
    ATTR(siprec, status_callback,        "statusCallback",       STR,   NULL),
    ATTR(siprec, status_callback_method, "statusCallbackMethod", WORD,  METHODS),
    ATTR(siprec, track,                  "track",                WORD,  TRACKS),
    END
};
const struct attr tw_recording_attrs[] = {
    ATTR(recording, recording_status_callback,        "recordingStatusCallback",       STR,   NULL),
    ATTR(recording, recording_status_callback_method, "recordingStatusCallbackMethod", WORD,  METHODS),
    ATTR(recording, recording_status_callback_event,  "recordingStatusCallbackEvent",  WORDS, RECORDING_EVENTS),
    ATTR(recording, recording_configuration_id,       "recordingConfigurationId",      STR,   NULL),
    ATTR(recording, channels,                         "channels",                      WORD,  " mono dual "),
    ATTR(recording, track,                            "track",                         WORD,  SIDES),
    ATTR(recording, trim,                             "trim",                          WORD,  TRIMS),
    END
};
const struct attr tw_transcription_attrs[] = {
    ATTR(transcription, status_callback_url,          "statusCallbackUrl",          STR,   NULL),
    ATTR(transcription, status_callback_method,       "statusCallbackMethod",       WORD,  METHODS),
    ATTR(transcription, language_code,                "languageCode",               STR,   NULL),
    ATTR(transcription, track,                        "track",                      WORD,  TRACKS),
    ATTR(transcription, name,                         "name",                       STR,   NULL),
    ATTR(transcription, hints,                        "hints",                      STR,   NULL),
    ATTR(transcription, inbound_track_label,          "inboundTrackLabel",          STR,   NULL),
    ATTR(transcription, intelligence_service,         "intelligenceService",        STR,   NULL),
    ATTR(transcription, outbound_track_label,         "outboundTrackLabel",         STR,   NULL),
    ATTR(transcription, speech_model,                 "speechModel",                STR,   NULL),
    ATTR(transcription, transcription_engine,         "transcriptionEngine",        STR,   NULL),
    ATTR(transcription, enable_automatic_punctuation, "enableAutomaticPunctuation", FLAG,  NULL),
    ATTR(transcription, partial_results,              "partialResults",             FLAG,  NULL),
    ATTR(transcription, profanity_filter,             "profanityFilter",            FLAG,  NULL),
    END
};
const struct attr tw_config_attrs[] = {
    ATTR(config, name,  "name",  STR,   NULL),
    ATTR(config, value, "value", STR,   NULL),
    END
};
const struct attr tw_conversation_relay_attrs[] = {
    ATTR(conversation_relay, url,                              "url",                          STR,   NULL),
    ATTR(conversation_relay, welcome_greeting,                 "welcomeGreeting",              STR,   NULL),
    ATTR(conversation_relay, background_noise_reduction,       "backgroundnoisereduction",     STR,   NULL),
    ATTR(conversation_relay, debug,                            "debug",                        STR,   NULL),
    ATTR(conversation_relay, deepgram_smart_format,            "deepgramsmartformat",          STR,   NULL),
    ATTR(conversation_relay, elevenlabs_text_normalization,    "elevenlabsTextNormalization",  STR,   NULL),
    ATTR(conversation_relay, events,                           "events",                       STR,   NULL),
    ATTR(conversation_relay, hints,                            "hints",                        STR,   NULL),
    ATTR(conversation_relay, ignore_backchannel,               "ignorebackchannel",            STR,   NULL),
    ATTR(conversation_relay, intelligence_service,             "intelligenceService",          STR,   NULL),
    ATTR(conversation_relay, interrupt_sensitivity,            "interruptSensitivity",         STR,   NULL),
    ATTR(conversation_relay, interruptible,                    "interruptible",                STR,   NULL),
    ATTR(conversation_relay, language,                         "language",                     STR,   NULL),
    ATTR(conversation_relay, speech_model,                     "speechModel",                  STR,   NULL),
    ATTR(conversation_relay, speech_timeout,                   "speechtimeout",                STR,   NULL),
    ATTR(conversation_relay, transcription_language,           "transcriptionLanguage",        STR,   NULL),
    ATTR(conversation_relay, transcription_provider,           "transcriptionProvider",        STR,   NULL),
    ATTR(conversation_relay, tts_language,                     "ttsLanguage",                  STR,   NULL),
    ATTR(conversation_relay, tts_provider,                     "ttsProvider",                  STR,   NULL),
    ATTR(conversation_relay, voice,                            "voice",                        STR,   NULL),
    ATTR(conversation_relay, welcome_greeting_interruptible,   "welcomeGreetingInterruptible", STR,   NULL),
    ATTR(conversation_relay, dtmf_detection,                   "dtmfDetection",                FLAG,  NULL),
    ATTR(conversation_relay, partial_prompts,                  "partialPrompts",               FLAG,  NULL),
    ATTR(conversation_relay, preemptible,                      "preemptible",                  FLAG,  NULL),
    ATTR(conversation_relay, profanity_filter,                 "profanityFilter",              FLAG,  NULL),
    ATTR(conversation_relay, report_input_during_agent_speech, "reportInputDuringAgentSpeech", FLAG,  NULL),
    END
};
const struct attr tw_language_attrs[] = {
    ATTR(language, code,                   "code",                  STR,   NULL),
    ATTR(language, speech_model,           "speechModel",           STR,   NULL),
    ATTR(language, transcription_provider, "transcriptionProvider", STR,   NULL),
    ATTR(language, tts_provider,           "ttsProvider",           STR,   NULL),
    ATTR(language, voice,                  "voice",                 STR,   NULL),
    END
};
const struct attr tw_conversation_relay_session_attrs[] = {
    ATTR(conversation_relay_session, connector,             "connector",            STR,   NULL),
    ATTR(conversation_relay_session, session_configuration, "sessionConfiguration", STR,   NULL),
    END
};
const struct attr tw_ai_session_attrs[] = {
    ATTR(ai_session, ai_connector,             "aiConnector",            STR,   NULL),
    ATTR(ai_session, ai_session_configuration, "aiSessionConfiguration", STR,   NULL),
    END
};
const struct attr tw_virtual_agent_attrs[] = {
    ATTR(virtual_agent, connector_name,         "connectorName",        STR,   NULL),
    ATTR(virtual_agent, language,               "language",             STR,   NULL),
    ATTR(virtual_agent, status_callback,        "statusCallback",       STR,   NULL),
    ATTR(virtual_agent, status_callback_method, "statusCallbackMethod", STR,   NULL),
    ATTR(virtual_agent, sentiment_analysis,     "sentimentAnalysis",    FLAG,  NULL),
    END
};
const struct attr tw_conversation_attrs[] = {
    ATTR(conversation, method,                           "method",                        STR,   NULL),
    ATTR(conversation, recording_status_callback,        "recordingStatusCallback",       STR,   NULL),
    ATTR(conversation, recording_status_callback_method, "recordingStatusCallbackMethod", STR,   NULL),
    ATTR(conversation, service_instance_sid,             "serviceInstanceSid",            STR,   NULL),
    ATTR(conversation, status_callback,                  "statusCallback",                STR,   NULL),
    ATTR(conversation, status_callback_method,           "statusCallbackMethod",          STR,   NULL),
    ATTR(conversation, url,                              "url",                           STR,   NULL),
    ATTR(conversation, record,                           "record",                        WORD,  RECORDS),
    ATTR(conversation, recording_status_callback_event,  "recordingStatusCallbackEvent",  WORDS, RECORDING_EVENTS),
    ATTR(conversation, status_callback_event,            "statusCallbackEvent",           WORDS, conversation_events),
    ATTR(conversation, trim,                             "trim",                          WORD,  TRIMS),
    ATTR(conversation, inbound_timeout_s,                "inboundTimeout",                UINT,  NULL),
    ATTR(conversation, routing_assignment_timeout_s,     "routingAssignmentTimeout",      UINT,  NULL),
    ATTR(conversation, inbound_autocreation,             "inboundAutocreation",           FLAG,  NULL),
    END
};
const struct attr tw_room_attrs[] = {
    ATTR(room, participant_identity, "participantIdentity", STR,   NULL),
    END
};
