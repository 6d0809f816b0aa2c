// What stays for a time, and how that time is said.
import { plural, t } from '../../text.js';

export const parts = [
  ['audio_days', () => t('Recordings'), () => t('the sound, here and at Twilio')],
  ['text_days', () => t('Transcripts'), () => t('texts, summaries, action items')],
  ['metadata_days', () => t('Metadata'), () => t('numbers, names, notes; the figures stay')],
];
export const inRange = (v) => Number.isInteger(Number(v)) && Number(v) >= 1 && Number(v) <= 36500;
export const daysText = (n) =>
  n === null || n === undefined ? t('for ever') : plural(n, { one: '{n} day', other: '{n} days' });
// Of how many days a kind is when no client is looked at.
export const usualDays = (doc, k) => (doc.by_default.includes(k.replace('_days', '')) ? doc.default_days : doc[k]);
