/* The attributes of twiml_voice.h, in the order in which they are written. */
#include "twiml.h"

#include "verbs.h"

/* clang-format off */

TEXT_SECOND(twiml_say);
TEXT_SECOND(twiml_play);
TEXT_SECOND(twiml_redirect);
TEXT_SECOND(twiml_enqueue);
TEXT_SECOND(twiml_task);
TEXT_SECOND(twiml_sms);

static const char say_languages[] =
    " af-ZA am-ET ar-AE ar-XA arb bg-BG bn-IN ca-ES cmn-CN cmn-TW cs-CZ cy-GB da-DK de-AT de-DE el-GR "
    "en-AU en-CA en-GB en-GB-WLS en-IE en-IN en-NZ en-US en-ZA es-ES es-MX es-US fi-FI fil-PH fr-CA fr-FR "
    "fr-BE gu-IN he-IL hi-IN hu-HU id-ID is-IS it-IT ja-JP kn-IN ko-KR lv-LV ml-IN mr-IN ms-MY nb-NO "
    "nl-BE nl-NL pa-IN pl-PL pt-BR pt-PT ro-RO ru-RU sk-SK sr-RS sv-SE ta-IN te-IN th-TH tr-TR uk-UA "
    "vi-VN yue-HK zh-CN zh-HK zh-TW ";
static const char gather_languages[] =
    " af-ZA am-ET ar-AE ar-BH ar-DZ ar-EG ar-IL ar-IQ ar-JO ar-KW ar-LB ar-MA ar-OM ar-PS ar-QA ar-SA "
    "ar-TN az-AZ bg-BG bn-BD bn-IN ca-ES cs-CZ da-DK de-DE el-GR en-AU en-CA en-GB en-GH en-IE en-IN "
    "en-KE en-NG en-NZ en-PH en-SG en-TZ en-US en-ZA es-AR es-BO es-CL es-CO es-CR es-DO es-EC es-ES "
    "es-GT es-HN es-MX es-NI es-PA es-PE es-PR es-PY es-SV es-US es-UY es-VE et-EE eu-ES fa-IR fi-FI "
    "fil-PH fr-CA fr-FR gl-ES gu-IN he-IL hi-IN hr-HR hu-HU hy-AM id-ID is-IS it-IT ja-JP jv-ID ka-GE "
    "km-KH kn-IN ko-KR lo-LA lt-LT lv-LV mk-MK ml-IN mn-MN mr-IN ms-MY my-MM nar-IQ nb-NO ne-NP nl-BE "
    "nl-NL pa-guru-IN pl-PL pt-BR pt-PT ro-RO ru-RU si-LK sk-SK sl-SI sq-AL sr-RS su-ID sv-SE sw-KE sw-TZ "
    "ta-IN ta-LK ta-MY ta-SG te-IN th-TH tr-TR uk-UA ur-IN ur-PK uz-UZ vi-VN yue-Hant-HK zh cmn-Hans-CN "
    "zh-TW cmn-Hant-TW zu-ZA ";

const struct attr tw_say_attrs[] = {
    ATTR(say, voice,    "voice",    STR,   NULL),
    ATTR(say, language, "language", WORD,  say_languages),
    ATTR(say, loop,     "loop",     UINT,  NULL),
    END
};
const struct attr tw_play_attrs[] = {
    ATTR(play, digits, "digits", STR,   NULL),
    ATTR(play, loop,   "loop",   UINT,  NULL),
    END
};
const struct attr tw_pause_attrs[] = {
    ATTR(pause, length_s, "length", UINT,  NULL),
    END
};
const struct attr tw_gather_attrs[] = {
    ATTR(gather, input,                          "input",                       WORDS, " dtmf speech "),
    ATTR(gather, action,                         "action",                      STR,   NULL),
    ATTR(gather, method,                         "method",                      STR,   NULL),
    ATTR(gather, finish_on_key,                  "finishOnKey",                 STR,   NULL),
    ATTR(gather, hints,                          "hints",                       STR,   NULL),
    ATTR(gather, partial_result_callback,        "partialResultCallback",       STR,   NULL),
    ATTR(gather, partial_result_callback_method, "partialResultCallbackMethod", STR,   NULL),
    ATTR(gather, speech_model,                   "speechModel",                 STR,   NULL),
    ATTR(gather, speech_timeout,                 "speechTimeout",               STR,   NULL),
    ATTR(gather, language,                       "language",                    WORD,  gather_languages),
    ATTR(gather, max_speech_time_s,              "maxSpeechTime",               UINT,  NULL),
    ATTR(gather, num_digits,                     "numDigits",                   UINT,  NULL),
    ATTR(gather, timeout_s,                      "timeout",                     UINT,  NULL),
    ATTR(gather, action_on_empty_result,         "actionOnEmptyResult",         FLAG,  NULL),
    ATTR(gather, barge_in,                       "bargeIn",                     FLAG,  NULL),
    ATTR(gather, debug,                          "debug",                       FLAG,  NULL),
    ATTR(gather, enhanced,                       "enhanced",                    FLAG,  NULL),
    ATTR(gather, profanity_filter,               "profanityFilter",             FLAG,  NULL),
    END
};
const struct attr tw_record_attrs[] = {
    ATTR(record, action,                           "action",                        STR,   NULL),
    ATTR(record, method,                           "method",                        STR,   NULL),
    ATTR(record, finish_on_key,                    "finishOnKey",                   STR,   NULL),
    ATTR(record, recording_configuration_id,       "recordingConfigurationId",      STR,   NULL),
    ATTR(record, recording_status_callback,        "recordingStatusCallback",       STR,   NULL),
    ATTR(record, recording_status_callback_method, "recordingStatusCallbackMethod", STR,   NULL),
    ATTR(record, transcribe_callback,              "transcribeCallback",            STR,   NULL),
    ATTR(record, recording_status_callback_event,  "recordingStatusCallbackEvent",  WORDS, RECORDING_EVENTS),
    ATTR(record, trim,                             "trim",                          WORD,  TRIMS),
    ATTR(record, max_length_s,                     "maxLength",                     UINT,  NULL),
    ATTR(record, timeout_s,                        "timeout",                       UINT,  NULL),
    ATTR(record, play_beep,                        "playBeep",                      FLAG,  NULL),
    ATTR(record, transcribe,                       "transcribe",                    FLAG,  NULL),
    END
};
const struct attr tw_redirect_attrs[] = {
    ATTR(redirect, method, "method", STR,   NULL),
    END
};
const struct attr tw_reject_attrs[] = {
    ATTR(reject, reason, "reason", WORD,  " rejected busy "),
    END
};
const struct attr tw_enqueue_attrs[] = {
    ATTR(enqueue, action,          "action",        STR,   NULL),
    ATTR(enqueue, method,          "method",        STR,   NULL),
    ATTR(enqueue, wait_url,        "waitUrl",       STR,   NULL),
    ATTR(enqueue, wait_url_method, "waitUrlMethod", STR,   NULL),
    ATTR(enqueue, workflow_sid,    "workflowSid",   STR,   NULL),
    ATTR(enqueue, max_queue_size,  "maxQueueSize",  UINT,  NULL),
    END
};
const struct attr tw_task_attrs[] = {
    ATTR(task, priority,  "priority", UINT,  NULL),
    ATTR(task, timeout_s, "timeout",  UINT,  NULL),
    END
};
const struct attr tw_sms_attrs[] = {
    ATTR(sms, to,              "to",             STR,   NULL),
    ATTR(sms, from,            "from",           STR,   NULL),
    ATTR(sms, action,          "action",         STR,   NULL),
    ATTR(sms, method,          "method",         STR,   NULL),
    ATTR(sms, status_callback, "statusCallback", STR,   NULL),
    END
};
const struct attr tw_refer_attrs[] = {
    ATTR(refer, action, "action", STR,   NULL),
    ATTR(refer, method, "method", STR,   NULL),
    END
};
