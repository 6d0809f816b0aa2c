/* The attributes of twiml_dial.h, in the order in which they are written. */
#include "twiml.h"

#include "verbs.h"

/* clang-format off */

TEXT_SECOND(twiml_dial);
TEXT_SECOND(twiml_number);
TEXT_SECOND(twiml_client);
TEXT_SECOND(twiml_identity);
TEXT_SECOND(twiml_sip);
TEXT_SECOND(twiml_uri);
TEXT_SECOND(twiml_conference);
TEXT_SECOND(twiml_queue);
TEXT_SECOND(twiml_application);
TEXT_SECOND(twiml_application_sid);
TEXT_SECOND(twiml_sim);
TEXT_SECOND(twiml_whatsapp);

static const char ring_tones[] =
    " at au bg br be ch cl cn cz de dk ee es fi fr gr hu il in it lt jp mx my nl no nz ph pl pt ru se sg "
    "th uk us us-old tw ve za ";
static const char conference_events[] =
    " start end join leave mute hold modify speaker announcement ";
static const char conference_records[] =
    " do-not-record record-from-start true=record-from-start false=do-not-record ";

const struct attr tw_dial_attrs[] = {
    ATTR(dial, action,                           "action",                        STR,   NULL),
    ATTR(dial, method,                           "method",                        STR,   NULL),
    ATTR(dial, caller_id,                        "callerId",                      STR,   NULL),
    ATTR(dial, passports,                        "passports",                     STR,   NULL),
    ATTR(dial, recording_configuration_id,       "recordingConfigurationId",      STR,   NULL),
    ATTR(dial, recording_status_callback,        "recordingStatusCallback",       STR,   NULL),
    ATTR(dial, recording_status_callback_method, "recordingStatusCallbackMethod", STR,   NULL),
    ATTR(dial, refer_method,                     "referMethod",                   STR,   NULL),
    ATTR(dial, refer_url,                        "referUrl",                      STR,   NULL),
    ATTR(dial, call_reason,                      "callReason",                    STR,   NULL),
    ATTR(dial, events,                           "events",                        WORD,  " call-progress-event "),
    ATTR(dial, record,                           "record",                        WORD,  RECORDS),
    ATTR(dial, recording_status_callback_event,  "recordingStatusCallbackEvent",  WORDS, RECORDING_EVENTS),
    ATTR(dial, recording_track,                  "recordingTrack",                WORD,  SIDES),
    ATTR(dial, ring_tone,                        "ringTone",                      WORD,  ring_tones),
    ATTR(dial, trim,                             "trim",                          WORD,  TRIMS),
    ATTR(dial, time_limit_s,                     "timeLimit",                     UINT,  NULL),
    ATTR(dial, timeout_s,                        "timeout",                       UINT,  NULL),
    ATTR(dial, answer_on_bridge,                 "answerOnBridge",                FLAG,  NULL),
    ATTR(dial, hangup_on_star,                   "hangupOnStar",                  FLAG,  NULL),
    ATTR(dial, sequential,                       "sequential",                    FLAG,  NULL),
    END
};
const struct attr tw_number_attrs[] = {
    ATTR(number, url,                                       "url",                                STR,   NULL),
    ATTR(number, method,                                    "method",                             STR,   NULL),
    ATTR(number, status_callback,                           "statusCallback",                     STR,   NULL),
    ATTR(number, status_callback_method,                    "statusCallbackMethod",               STR,   NULL),
    ATTR(number, status_callback_event,                     "statusCallbackEvent",                WORDS, CALL_EVENTS),
    ATTR(number, send_digits,                               "sendDigits",                         STR,   NULL),
    ATTR(number, amd_status_callback,                       "amdStatusCallback",                  STR,   NULL),
    ATTR(number, amd_status_callback_method,                "amdStatusCallbackMethod",            STR,   NULL),
    ATTR(number, byoc,                                      "byoc",                               STR,   NULL),
    ATTR(number, machine_detection,                         "machineDetection",                   STR,   NULL),
    ATTR(number, client_notification_url,                   "clientNotificationUrl",              STR,   NULL),
    ATTR(number, machine_detection_silence_timeout_ms,      "machineDetectionSilenceTimeout",     UINT,  NULL),
    ATTR(number, machine_detection_speech_end_threshold_ms, "machineDetectionSpeechEndThreshold", UINT,  NULL),
    ATTR(number, machine_detection_speech_threshold_ms,     "machineDetectionSpeechThreshold",    UINT,  NULL),
    ATTR(number, machine_detection_timeout_s,               "machineDetectionTimeout",            UINT,  NULL),
    END
};
const struct attr tw_client_attrs[] = {
    ATTR(client, url,                     "url",                   STR,   NULL),
    ATTR(client, method,                  "method",                STR,   NULL),
    ATTR(client, status_callback,         "statusCallback",        STR,   NULL),
    ATTR(client, status_callback_method,  "statusCallbackMethod",  STR,   NULL),
    ATTR(client, status_callback_event,   "statusCallbackEvent",   WORDS, CALL_EVENTS),
    ATTR(client, client_notification_url, "clientNotificationUrl", STR,   NULL),
    END
};
const struct attr tw_sip_attrs[] = {
    ATTR(sip, username,                                  "username",                           STR,   NULL),
    ATTR(sip, password,                                  "password",                           STR,   NULL),
    ATTR(sip, url,                                       "url",                                STR,   NULL),
    ATTR(sip, method,                                    "method",                             STR,   NULL),
    ATTR(sip, status_callback,                           "statusCallback",                     STR,   NULL),
    ATTR(sip, status_callback_method,                    "statusCallbackMethod",               STR,   NULL),
    ATTR(sip, status_callback_event,                     "statusCallbackEvent",                WORDS, CALL_EVENTS),
    ATTR(sip, amd_status_callback,                       "amdStatusCallback",                  STR,   NULL),
    ATTR(sip, amd_status_callback_method,                "amdStatusCallbackMethod",            STR,   NULL),
    ATTR(sip, machine_detection,                         "machineDetection",                   STR,   NULL),
    ATTR(sip, machine_detection_silence_timeout_ms,      "machineDetectionSilenceTimeout",     UINT,  NULL),
    ATTR(sip, machine_detection_speech_end_threshold_ms, "machineDetectionSpeechEndThreshold", UINT,  NULL),
    ATTR(sip, machine_detection_speech_threshold_ms,     "machineDetectionSpeechThreshold",    UINT,  NULL),
    ATTR(sip, machine_detection_timeout_s,               "machineDetectionTimeout",            UINT,  NULL),
    END
};
const struct attr tw_header_attrs[] = {
    ATTR(header, name,  "name",  STR,   NULL),
    ATTR(header, value, "value", STR,   NULL),
    END
};
const struct attr tw_uri_attrs[] = {
    ATTR(uri, password, "password", STR,   NULL),
    ATTR(uri, priority, "priority", STR,   NULL),
    ATTR(uri, username, "username", STR,   NULL),
    ATTR(uri, weight,   "weight",   STR,   NULL),
    END
};
const struct attr tw_conference_attrs[] = {
    ATTR(conference, status_callback,                  "statusCallback",                STR,   NULL),
    ATTR(conference, status_callback_method,           "statusCallbackMethod",          STR,   NULL),
    ATTR(conference, status_callback_event,            "statusCallbackEvent",           WORDS, conference_events),
    ATTR(conference, wait_url,                         "waitUrl",                       STR,   NULL),
    ATTR(conference, wait_method,                      "waitMethod",                    STR,   NULL),
    ATTR(conference, coach,                            "coach",                         STR,   NULL),
    ATTR(conference, event_callback_url,               "eventCallbackUrl",              STR,   NULL),
    ATTR(conference, participant_label,                "participantLabel",              STR,   NULL),
    ATTR(conference, recording_configuration_id,       "recordingConfigurationId",      STR,   NULL),
    ATTR(conference, recording_status_callback,        "recordingStatusCallback",       STR,   NULL),
    ATTR(conference, recording_status_callback_method, "recordingStatusCallbackMethod", STR,   NULL),
    ATTR(conference, beep,                             "beep",                          WORD,  " true false onEnter "
                                                                                               "onExit "),
    ATTR(conference, jitter_buffer_size,               "jitterBufferSize",              WORD,  " large medium small "
                                                                                               "off "),
    ATTR(conference, record,                           "record",                        WORD,  conference_records),
    ATTR(conference, recording_status_callback_event,  "recordingStatusCallbackEvent",  WORDS, RECORDING_EVENTS),
    ATTR(conference, region,                           "region",                        WORD,  " us1 us2 ie1 sg1 br1 "
                                                                                               "au1 jp1 de1 "),
    ATTR(conference, trim,                             "trim",                          WORD,  TRIMS),
    ATTR(conference, max_participants,                 "maxParticipants",               UINT,  NULL),
    ATTR(conference, end_conference_on_exit,           "endConferenceOnExit",           FLAG,  NULL),
    ATTR(conference, muted,                            "muted",                         FLAG,  NULL),
    ATTR(conference, start_conference_on_enter,        "startConferenceOnEnter",        FLAG,  NULL),
    END
};
const struct attr tw_queue_attrs[] = {
    ATTR(queue, url,                    "url",                 STR,   NULL),
    ATTR(queue, method,                 "method",              STR,   NULL),
    ATTR(queue, post_work_activity_sid, "postWorkActivitySid", STR,   NULL),
    ATTR(queue, reservation_sid,        "reservationSid",      STR,   NULL),
    END
};
const struct attr tw_application_attrs[] = {
    ATTR(application, customer_id,            "customerId",           STR,   NULL),
    ATTR(application, method,                 "method",               STR,   NULL),
    ATTR(application, status_callback,        "statusCallback",       STR,   NULL),
    ATTR(application, status_callback_method, "statusCallbackMethod", STR,   NULL),
    ATTR(application, url,                    "url",                  STR,   NULL),
    ATTR(application, status_callback_event,  "statusCallbackEvent",  WORDS, CALL_EVENTS),
    ATTR(application, copy_parent_to,         "copyParentTo",         FLAG,  NULL),
    END
};
const struct attr tw_whatsapp_attrs[] = {
    ATTR(whatsapp, method,                 "method",               STR,   NULL),
    ATTR(whatsapp, status_callback,        "statusCallback",       STR,   NULL),
    ATTR(whatsapp, status_callback_method, "statusCallbackMethod", STR,   NULL),
    ATTR(whatsapp, url,                    "url",                  STR,   NULL),
    ATTR(whatsapp, status_callback_event,  "statusCallbackEvent",  WORDS, CALL_EVENTS),
    END
};
