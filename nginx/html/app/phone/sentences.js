// What the phone's error codes mean for whoever holds it: one sentence, and what to do.
// https://www.twilio.com/docs/api/errors, https://www.twilio.com/docs/voice/sdks/error-codes
import { may } from '../store.js';
import { t } from '../text.js';

const again = () => t('Press Retry; if it stays, tell your admin the code below.');
const admin = () => t('Tell your admin the code below: the account at Twilio needs a look.');
const network = () => t('Check the network. The phone comes back by itself as soon as it can.');
const mic = () => t('Allow the microphone in the address bar of your browser, then press Retry.');

const table = {
  31000: [() => t('The phone stopped for a reason that it did not tell.'), again],
  31001: [() => t('Our phone service refused the call.'), admin],
  31002: [() => t('The call was turned away.'), () => t('Try again in a moment, or call another number.')],
  31003: [() => t('The phone network did not answer in time.'), network],
  31005: [() => t('The connection to the phone network broke.'), network],
  31006: [() => t('Another call of yours is in the way.'), () => t('End it first.')],
  31008: [() => t('The call was cancelled.'), () => t('Nothing needs to be done.')],
  31009: [() => t('The connection to the phone network broke.'), network],
  31100: [() => t('The phone asked in a way that was not understood.'), again],
  31201: [() => t('The phone could not log in.'), again],
  31202: [() => t('The phone’s pass was not accepted.'), again],
  31203: [() => t('The account at Twilio is not known.'), admin],
  31204: [() => t('The phone’s pass was not accepted.'), again],
  31205: [() => t('The phone’s pass is over.'), () => t('Press Retry for another.')],
  31206: [() => t('Too many requests at once.'), () => t('Wait a minute, then press Retry.')],
  31207: [() => t('The phone’s pass was made for too long a time.'), admin],
  31208: [() => t('The browser does not let this page use the microphone.'), mic],
  31401: [() => t('The browser does not let this page use the microphone.'), mic],
  31402: [
    () => t('The microphone could not be opened.'),
    () => t('Plug it in, close other programs that use it, Retry.'),
  ],
  31403: [() => t('This call is not allowed.'), admin],
  31404: [() => t('That number was not found.'), () => t('Check the number.')],
  31480: [() => t('Nobody can be reached there right now.'), () => t('Try again later.')],
  31481: [() => t('The call is over already.'), () => t('Nothing needs to be done.')],
  31486: [() => t('The line is busy.'), () => t('Try again later.')],
  20101: [() => t('The phone’s pass was not accepted.'), again],
  20102: [() => t('The phone’s pass has a wrong beginning.'), admin],
  20103: [() => t('The phone’s pass was made with a key that Twilio does not know.'), admin],
  20104: [() => t('The phone’s pass is over.'), () => t('Press Retry for another.')],
  20105: [() => t('The phone’s pass is not valid yet: a clock is wrong.'), () => t('Set the clock of the server.')],
  20106: [() => t('The phone’s pass allows no calls.'), admin],
  20107: [() => t('The signature of the phone’s pass is wrong.'), admin],
  20151: [() => t('The phone could not log in.'), again],
  20157: [() => t('The phone’s pass was made for too long a time.'), admin],
  53000: [() => t('The connection to the phone network broke.'), network],
  53001: [() => t('The connection to the phone network broke.'), network],
  53400: [() => t('Sound could not be set up.'), again],
  53402: [() => t('Sound could not be set up.'), again],
  53404: [() => t('This browser knows no way to carry sound that we know.'), () => t('Use a current browser.')],
  53405: [() => t('Sound does not get through.'), () => t('A firewall may be in the way: see Check my phone.')],
  53407: [() => t('Sound could not be protected on its way.'), () => t('A firewall may be in the way.')],
};
const ranges = [
  [20100, 20199, '31201'],
  [31200, 31299, '31201'],
  [31000, 31999, '31000'],
  [53000, 53099, '53000'],
  [53400, 53499, '53405'],
];

// What only the admin can cure, in the codes of our API.
const unready = ['phone_system', 'twilio_not_configured', 'no_number_assigned'];

// { code, title, hint, kind }: of an error of the SDK, of the browser's microphone, or of our API.
export function problemOf(error) {
  const names = { NotAllowedError: 31401, NotFoundError: 31402, NotReadableError: 31402, OverconstrainedError: 31402 };
  const code = names[error?.name] ?? error?.code;
  const row = table[code] ?? table[ranges.find(([a, b]) => code >= a && code <= b)?.[2]];
  if (row) return { code: String(code), title: row[0](), hint: row[1](), kind: kindOf(Number(code)) };
  if (unready.includes(code))
    return {
      code,
      title: t('The phone is not set up yet.'),
      hint: may('admin')
        ? `${error.detail ?? error.message}. ${error.hint}`
        : t('Tell your admin: {what}.', { what: error.detail ?? error.message }),
      request: error.request_id,
      kind: 'other',
    };
  return {
    code: String(code ?? 'unknown'),
    title: [error?.message, error?.detail].filter(Boolean).join(': ') || table[31000][0](),
    hint: error?.hint ?? again(),
    request: error?.request_id,
    kind: error?.code === 'offline' ? 'network' : 'other',
  };
}
const kindOf = (n) =>
  [31208, 31401, 31402].includes(n)
    ? 'mic'
    : [31003, 31005, 31009, 53000, 53001].includes(n)
      ? 'network'
      : (n > 20100 && n < 20160) || (n > 31200 && n < 31208)
        ? 'token'
        : 'other';

// What the SDK's warnings mean, the worst first.
// https://www.twilio.com/docs/voice/sdks/javascript/twiliocall#warning-event
const warnings = [
  [
    ['ice-connectivity-lost', 'low-bytes-received', 'low-bytes-sent'],
    () => t('Sound does not get through'),
    () => t('Check the network; the call stays for a moment and comes back by itself.'),
  ],
  [
    ['constant-audio-input-level'],
    () => t('Nothing comes from your microphone'),
    () => t('Look whether it is switched off at the headset, or choose another.'),
  ],
  [
    ['high-rtt', 'low-mos', 'high-jitter', 'high-packet-loss', 'high-packets-lost-fraction'],
    () => t('The connection is weak'),
    () => t('You may hear each other badly. A cable, or a place nearer to the Wi‑Fi, helps.'),
  ],
];
export function weakness(names, muted) {
  const row = warnings.find(
    ([words]) => words.some((w) => names.includes(w)) && !(muted && words[0].startsWith('constant')),
  );
  return row && { title: row[1](), hint: row[2]() };
}
export const knownCodes = Object.keys(table);
