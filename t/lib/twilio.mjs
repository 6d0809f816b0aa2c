// Twilio's side of a webhook: Twilio's own SDK signs; a call's deliveries in the shapes of Twilio's documentation.
import { createHash } from 'node:crypto';
import twilio from 'twilio';

export const PUBLIC_URL = 'https://voice.example.com'; // what Twilio was told, not where nginx listens
export const ACCOUNT = `AC${'0'.repeat(31)}1`;
export const TOKEN = '12345678901234567890123456789012';
export const API_KEY = `SK${'5'.repeat(32)}`;
export const API_SECRET = 'the-secret-of-an-api-key';

// X-Twilio-Signature of a form request to a path of ours.
export const sign = (path, fields, { token = TOKEN, base = PUBLIC_URL } = {}) =>
  twilio.getExpectedTwilioSignature(token, base + path, fields);

// A SID that is the same whenever the same words are given.
export const sid = (prefix, ...words) => prefix + createHash('md5').update(words.join('/')).digest('hex');

export const form = (fields) =>
  new URLSearchParams(Object.entries(fields).flatMap(([k, v]) => [v].flat().map((x) => [k, x]))).toString();

// One inbound call to number `to` that is forwarded to `agent`, answered, recorded, and hung up: its fields by moment.
// https://www.twilio.com/docs/voice/twiml#request-parameters, .../twiml/dial#action, .../number#statuscallback
export function inbound(
  key,
  { from = '+442079460123', to = '+442079460958', agent = '+442079460999', account = ACCOUNT } = {},
) {
  const CallSid = sid('CA', 'parent', key);
  const child = sid('CA', 'child', key);
  const RecordingSid = sid('RE', key);
  const base = { AccountSid: account, ApiVersion: '2010-04-01', Called: to, Caller: from, From: from, To: to };
  const parent = { ...base, CallSid, Direction: 'inbound' };
  const leg = {
    ...base,
    CallSid: child,
    ParentCallSid: CallSid,
    Direction: 'outbound-dial',
    To: agent,
    Called: agent,
  };
  const at = (s) => new Date(Date.UTC(2026, 0, 5, 9, 30, s)).toUTCString().replace('GMT', '+0000');
  const recording = {
    AccountSid: account,
    CallSid,
    RecordingSid,
    RecordingSource: 'DialVerb',
    RecordingTrack: 'both',
    RecordingUrl: `https://api.twilio.com/2010-04-01/Accounts/${account}/Recordings/${RecordingSid}`,
    RecordingChannels: '2',
    RecordingStartTime: at(6),
  };
  return {
    sid: CallSid,
    child,
    recordingSid: RecordingSid,
    answer: { ...parent, CallStatus: 'ringing' },
    initiated: {
      ...leg,
      CallStatus: 'initiated',
      CallbackSource: 'call-progress-events',
      SequenceNumber: '0',
      Timestamp: at(2),
    },
    ringing: {
      ...leg,
      CallStatus: 'ringing',
      CallbackSource: 'call-progress-events',
      SequenceNumber: '1',
      Timestamp: at(3),
    },
    answered: {
      ...leg,
      CallStatus: 'in-progress',
      CallbackSource: 'call-progress-events',
      SequenceNumber: '2',
      Timestamp: at(6),
    },
    childDone: {
      ...leg,
      CallStatus: 'completed',
      CallbackSource: 'call-progress-events',
      SequenceNumber: '3',
      Timestamp: at(47),
      Duration: '1',
      CallDuration: '41',
    },
    dial: {
      ...parent,
      CallStatus: 'in-progress',
      DialCallStatus: 'completed',
      DialCallSid: child,
      DialCallDuration: '41',
      DialBridged: 'true',
      RecordingUrl: recording.RecordingUrl,
      RecordingSid,
    },
    recording: { ...recording, RecordingStatus: 'in-progress' },
    recorded: { ...recording, RecordingStatus: 'completed', RecordingDuration: '41', ErrorCode: '0' },
    completed: {
      ...parent,
      CallStatus: 'completed',
      CallbackSource: 'call-progress-events',
      SequenceNumber: '0',
      Timestamp: at(48),
      Duration: '1',
      CallDuration: '46',
    },
  };
}

// The webhooks of ours that a document of TwiML names, without the fragments that only Twilio reads.
export function callbacks(xml) {
  const at = (name) =>
    new RegExp(`\\b${name}="([^"]*)"`)
      .exec(xml)?.[1]
      .replaceAll('&amp;', '&')
      .replace(/#.*/, '')
      .replace(PUBLIC_URL, '');
  return { dial: at('action'), status: at('statusCallback'), recording: at('recordingStatusCallback') };
}
