// Values as people read them. Times in the person's zone, with the zone on hover; numbers grouped, copied as E.164.
import { language, locale, t } from './text.js';

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const day = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' });
const dayYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });
const number = new Intl.NumberFormat(locale);
const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const small = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
const minus = (text) => text.replace(/^-/, '−'); // as wide as a plus

const sameDay = (a, b) => a.toDateString() === b.toDateString();

const dayText = (d, now) =>
  (d.getFullYear() === now.getFullYear() ? day : dayYear).format(d).replace(/^(\p{L}+\.?),/u, '$1');
// "14:05", "Yesterday 14:05", "Mon 3 Nov 14:05", "3 Nov 2025 14:05"
export function time(iso, now = new Date()) {
  if (!iso) return '–';
  const d = new Date(iso);
  const before = new Date(now);
  before.setDate(now.getDate() - 1);
  if (sameDay(d, now)) return clock.format(d);
  if (sameDay(d, before)) return `${t('Yesterday')} ${clock.format(d)}`;
  return `${dayText(d, now)} ${clock.format(d)}`;
}
// "Mon 3 Nov" or "3 Nov 2025" of a day without a place.
export function date(iso, now = new Date()) {
  if (!iso) return '–';
  const d = new Date(`${iso}T00:00`);
  return dayText(d, now);
}
export const fullTime = (iso) => (iso ? `${full.format(new Date(iso))} (${zone})` : '');
const languages = new Intl.DisplayNames(language, { type: 'language' });
// "British English" of en-GB; a tag that is none, as it is.
export function languageName(tag) {
  try {
    return languages.of(tag);
  } catch {
    return tag;
  }
}
const dayName = new Intl.DateTimeFormat(locale, { weekday: 'long' });
export const weekday = (ms) => dayName.format(new Date(ms));
export const hour = (iso) => (iso ? clock.format(new Date(iso)) : '–');

// 0:07, 4:05, 1:02:09
export function seconds(n) {
  if (n === null || n === undefined) return '–';
  const s = Math.round(n);
  const [h, m, r] = [Math.floor(s / 3600), Math.floor((s % 3600) / 60), s % 60];
  const two = (x) => String(x).padStart(2, '0');
  return h ? `${h}:${two(m)}:${two(r)}` : `${m}:${two(r)}`;
}
// "4 minutes 5 seconds", for those who listen.
export function saidSeconds(n) {
  const s = Math.round(n ?? 0);
  const [m, r] = [Math.floor(s / 60), s % 60];
  return m ? t('{m} minutes {r} seconds', { m, r }) : t('{r} seconds', { r });
}

export const count = (n) => (n === null || n === undefined ? '–' : minus(number.format(n)));
// Whole above a tenth, so that a column of them stands in line.
export const percent = (x) => {
  if (x === null || x === undefined) return '–';
  return minus((Math.abs(x) < 0.0995 ? small : share).format(x));
};

// A decimal string and its currency; never a float on the way to a sum.
// places: so many digits at least, so that a column stands in line.
export const places = (amount) => Math.min((String(amount).split('.')[1] ?? '').replace(/0+$/, '').length, 6);
export function money(amount, currency, least = 2) {
  if (amount === null || amount === undefined) return '–';
  const digits = Math.max(places(amount), least);
  try {
    return new Intl.NumberFormat(language, {
      style: 'currency',
      currency: currency || 'USD',
      minimumFractionDigits: least,
      maximumFractionDigits: digits,
    }).format(amount);
  } catch {
    return `${amount} ${currency ?? ''}`;
  }
}

export function bytes(n) {
  if (n === null || n === undefined) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const i = n > 0 ? Math.min(Math.floor(Math.log10(n) / 3), units.length - 1) : 0;
  return `${(n / 1000 ** i).toLocaleString(locale, { maximumFractionDigits: i ? 1 : 0 })} ${units[i]}`;
}
