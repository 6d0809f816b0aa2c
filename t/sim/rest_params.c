/* The parameters that each REST request may have: https://github.com/twilio/twilio-oai */
#include "papers.h"
#include "rest.h"

#include <string.h>

/* clang-format off */
static const struct {
    http_answer *answer;
    const char  *names; /* separated by blanks */
} ROWS[] = {
    { calls_create,
      "To From Method FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent StatusCallbackMethod "
      "SendDigits Timeout Record RecordingChannels RecordingStatusCallback RecordingStatusCallbackMethod "
      "SipAuthUsername SipAuthPassword MachineDetection MachineDetectionTimeout "
      "RecordingStatusCallbackEvent Trim CallerId MachineDetectionSpeechThreshold "
      "MachineDetectionSpeechEndThreshold MachineDetectionSilenceTimeout AsyncAmd AsyncAmdStatusCallback "
      "AsyncAmdStatusCallbackMethod Byoc CallReason CallToken RecordingTrack TimeLimit "
      "ClientNotificationUrl Url Twiml ApplicationSid RecordingConfigurationId" },
    { calls_list,
      "To From ParentCallSid Status StartTime StartTime< StartTime> EndTime EndTime< EndTime> PageSize Page "
      "PageToken" },
    { calls_update,
      "Url Method Status FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod Twiml TimeLimit" },
    { recordings_start,
      "RecordingStatusCallbackEvent RecordingStatusCallback RecordingStatusCallbackMethod Trim "
      "RecordingChannels RecordingTrack" },
    { recordings_of_call,
      "DateCreated DateCreated< DateCreated> PageSize Page PageToken" },
    { recordings_update,
      "Status PauseBehavior" },
    { recordings_list,
      "DateCreated DateCreated< DateCreated> CallSid ConferenceSid IncludeSoftDeleted PageSize Page "
      "PageToken" },
    { recordings_fetch,
      "IncludeSoftDeleted" },
    { rooms_list,
      "DateCreated DateCreated< DateCreated> DateUpdated DateUpdated< DateUpdated> FriendlyName Status "
      "PageSize Page PageToken" },
    { rooms_update,
      "Status AnnounceUrl AnnounceMethod" },
    { members_create,
      "From To StatusCallback StatusCallbackMethod StatusCallbackEvent Label Timeout Record Muted Beep "
      "StartConferenceOnEnter EndConferenceOnExit WaitUrl WaitMethod EarlyMedia MaxParticipants "
      "ConferenceRecord ConferenceTrim ConferenceStatusCallback ConferenceStatusCallbackMethod "
      "ConferenceStatusCallbackEvent RecordingChannels RecordingStatusCallback "
      "RecordingStatusCallbackMethod SipAuthUsername SipAuthPassword Region "
      "ConferenceRecordingStatusCallback ConferenceRecordingStatusCallbackMethod "
      "RecordingStatusCallbackEvent ConferenceRecordingStatusCallbackEvent Coaching CallSidToCoach "
      "JitterBufferSize Byoc CallerId CallReason RecordingTrack TimeLimit MachineDetection "
      "MachineDetectionTimeout MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold "
      "MachineDetectionSilenceTimeout AmdStatusCallback AmdStatusCallbackMethod Trim CallToken "
      "ClientNotificationUrl CallerDisplayName" },
    { members_list,
      "Muted Hold Coaching PageSize Page PageToken" },
    { members_update,
      "Muted Hold HoldUrl HoldMethod AnnounceUrl AnnounceMethod WaitUrl WaitMethod BeepOnExit "
      "EndConferenceOnExit Coaching CallSidToCoach" },
    { queues_list,
      "PageSize Page PageToken" },
    { queues_create,
      "FriendlyName MaxSize" },
    { queues_update,
      "FriendlyName MaxSize" },
    { queue_members_list,
      "PageSize Page PageToken" },
    { queue_members_update,
      "Url Method" },
    { numbers_search,
      "AreaCode Contains SmsEnabled MmsEnabled VoiceEnabled ExcludeAllAddressRequired "
      "ExcludeLocalAddressRequired ExcludeForeignAddressRequired Beta NearNumber NearLatLong Distance "
      "InPostalCode InRegion InRateCenter InLata InLocality FaxEnabled PageSize Page PageToken" },
    { numbers_list,
      "Beta FriendlyName PhoneNumber Origin PageSize Page PageToken" },
    { numbers_create,
      "ApiVersion FriendlyName SmsApplicationSid SmsFallbackMethod SmsFallbackUrl SmsMethod SmsUrl "
      "StatusCallback StatusCallbackMethod VoiceApplicationSid VoiceCallerIdLookup VoiceFallbackMethod "
      "VoiceFallbackUrl VoiceMethod VoiceUrl EmergencyStatus EmergencyAddressSid TrunkSid IdentitySid "
      "AddressSid VoiceReceiveMode BundleSid PhoneNumber AreaCode" },
    { numbers_update,
      "AccountSid ApiVersion FriendlyName SmsApplicationSid SmsFallbackMethod SmsFallbackUrl SmsMethod "
      "SmsUrl StatusCallback StatusCallbackMethod VoiceApplicationSid VoiceCallerIdLookup "
      "VoiceFallbackMethod VoiceFallbackUrl VoiceMethod VoiceUrl EmergencyStatus EmergencyAddressSid "
      "TrunkSid VoiceReceiveMode IdentitySid AddressSid BundleSid" },
    { messages_create,
      "To StatusCallback ApplicationSid MaxPrice ProvideFeedback Attempt ValidityPeriod ForceDelivery "
      "ContentRetention AddressRetention SmartEncoded PersistentAction TrafficType ShortenUrls ScheduleType "
      "SendAt SendAsMms ContentVariables RiskCheck From FallbackFrom MessagingServiceSid Body MediaUrl "
      "ContentSid" },
    { messages_list,
      "To From DateSent DateSent< DateSent> PageSize Page PageToken" },
    { messages_update,
      "Body Status" },
    { apps_create,
      "ApiVersion VoiceUrl VoiceMethod VoiceFallbackUrl VoiceFallbackMethod StatusCallback "
      "StatusCallbackMethod VoiceCallerIdLookup SmsUrl SmsMethod SmsFallbackUrl SmsFallbackMethod "
      "SmsStatusCallback MessageStatusCallback FriendlyName PublicApplicationConnectEnabled" },
    { apps_list,
      "FriendlyName PageSize Page PageToken" },
    { apps_update,
      "FriendlyName ApiVersion VoiceUrl VoiceMethod VoiceFallbackUrl VoiceFallbackMethod StatusCallback "
      "StatusCallbackMethod VoiceCallerIdLookup SmsUrl SmsMethod SmsFallbackUrl SmsFallbackMethod "
      "SmsStatusCallback MessageStatusCallback PublicApplicationConnectEnabled" },
    { pricing_numbers, "" },
    { regulations_list,
      "EndUserType IsoCountry NumberType IncludeConstraints PageSize Page PageToken" },
    { bundles_list,
      "Status BundleSids FriendlyName RegulationSid IsoCountry NumberType EndUserType HasValidUntilDate SortBy "
      "SortDirection ValidUntilDate ValidUntilDate< ValidUntilDate> PageSize Page PageToken" },
    { addresses_list,
      "CustomerName FriendlyName EmergencyEnabled IsoCountry PageSize Page PageToken" },
    { accounts_list,
      "FriendlyName Status PageSize Page PageToken" },
    { alerts_list,
      "LogLevel StartDate EndDate PageSize Page PageToken" },
    { usage_records,
      "Category StartDate EndDate IncludeSubaccounts PageSize Page PageToken" },
};
/* clang-format on */

static bool has(const char *names, const char *name)
{
    size_t n = strlen(name);
    if (n == 0) return false;
    for (const char *at = strstr(names, name); at != NULL; at = strstr(at + 1, name)) {
        bool begins = at == names || at[-1] == ' ', ends = at[n] == ' ' || at[n] == '\0';
        if (begins && ends) return true;
    }
    return false;
}

static bool all_known(const char *names, const struct form *f, struct reply *r)
{
    for (size_t i = 0; i < f->n; i++) {
        if (has(names, f->v[i].name)) continue;
        rest_fail(r, 400, 20001, "Unknown parameter %s", f->v[i].name);
        return false;
    }
    return true;
}

bool rest_params_known(http_answer *answer, const struct request *q, struct reply *r)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        if (ROWS[i].answer == answer)
            return all_known(ROWS[i].names, strcmp(q->method, "GET") == 0 ? &q->query : &q->form, r);
    return true;
}
