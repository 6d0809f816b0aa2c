// Every sentence of the pages goes through t(): the English sentence is its own name. lang/<code>.json translates;
// ?lang=pseudo brackets all of them, so that a sentence that went past t() is seen.
import { kept } from './keep.js';

const asked = new URLSearchParams(location.search).get('lang') ?? kept('lang') ?? 'en';
const table = asked === 'en' || asked === 'pseudo' ? {} : await load(asked);

async function load(code) {
  const res = /^[a-z]{2}(-[A-Z]{2})?$/.test(code)
    ? await fetch(new URL(`../lang/${code}.json`, import.meta.url)).catch(() => null)
    : null;
  return res?.ok ? res.json() : {};
}

export const language = /^[a-z]{2}/.test(asked) && asked !== 'pseudo' ? asked : 'en';
// How the person's country writes days and numbers in that language: of the browser, where it knows the language.
export const locale = navigator.languages.find((l) => l.split('-')[0] === language.split('-')[0]) ?? language;

// t('{n} calls', { n: 3 }). Values are put in as text; nothing here makes HTML.
export function t(sentence, values) {
  const text = asked === 'pseudo' ? `⟦${sentence}⟧` : (table[sentence] ?? sentence);
  return values ? text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all) : text;
}

// n of something: the plural rule of the language picks the sentence:
// plural(3, { one: '{n} call', other: '{n} calls' })
const rules = new Intl.PluralRules(language);
export const plural = (n, words) => t(words[rules.select(n)] ?? words.other, { n: n.toLocaleString(locale) });
