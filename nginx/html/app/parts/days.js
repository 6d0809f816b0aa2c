// Days as the tenant counts them: presets of a range, and what the API is asked for.
import { me } from '../store.js';
import { t } from '../text.js';

const zone = () => me.value?.tenant?.time_zone ?? 'UTC';

// '2026-03-30' of an instant where the tenant is.
export function dayOf(at = new Date()) {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone: zone() }).format(at);
  } catch {
    return at.toISOString().slice(0, 10);
  }
}
export const addDays = (day, n) => new Date(Date.parse(`${day}T00:00Z`) + n * 864e5).toISOString().slice(0, 10);

const presets = {
  today: [() => t('Today'), (d) => [d, addDays(d, 1)]],
  yesterday: [() => t('Yesterday'), (d) => [addDays(d, -1), d]],
  '7d': [() => t('Last 7 days'), (d) => [addDays(d, -6), addDays(d, 1)]],
  '30d': [() => t('Last 30 days'), (d) => [addDays(d, -29), addDays(d, 1)]],
  month: [() => t('This month'), (d) => [`${d.slice(0, 8)}01`, addDays(d, 1)]],
};
export const rangeWords = () => Object.entries(presets).map(([word, [label]]) => [word, label()]);
export const rangeLabel = (word) => presets[word]?.[0]();

// { from, to } of a preset; to is the first day that does not count.
export function rangeDays(word) {
  const [from, to] = presets[word]?.[1](dayOf()) ?? [];
  return { from, to };
}
