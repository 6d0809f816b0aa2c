// What was said, in step with the sound: a click on a word goes there, what is looked for is marked here and on the
// wave.
import { seconds } from '../fmt.js';
import { t } from '../text.js';
import { cls, html, useEffect, useMemo, useRef, useState } from '../ui.js';
import { Button, Icon } from './basic.js';

// Words of a segment with the moment each is likely said: letters take their share of the segment's time.
function words(s) {
  const parts = s.text.split(/(\s+)/);
  const all = s.text.length || 1;
  let gone = 0;
  return parts.map((text) => {
    const at = s.start + ((s.end - s.start) * gone) / all;
    gone += text.length;
    return { text, at, space: /^\s*$/.test(text) };
  });
}

// Every place where all that is typed stands, in any case: [{ segment, from, to, at }], as offsets in the segment's
// text.
export function find(segments, wanted) {
  const low = wanted.trim().toLowerCase();
  if (low.length < 2) return [];
  const out = [];
  const look = (what) =>
    segments.forEach((s, segment) => {
      const text = s.text.toLowerCase();
      for (let i = text.indexOf(what); i >= 0; i = text.indexOf(what, i + what.length))
        out.push({
          segment,
          from: i,
          to: i + what.length,
          at: s.start + ((s.end - s.start) * i) / (s.text.length || 1),
        });
    });
  look(low);
  if (out.length === 0 && /\s/.test(low)) low.split(/\s+/).filter((w) => w.length > 2).forEach(look); // prettier-ignore
  return out.sort((a, b) => a.at - b.at);
}

// A word with the parts of it that are hits; cursor counts letters of the segment.
function marked(text, cursor, hits, current) {
  const out = [];
  let at = 0;
  for (const h of hits) {
    const from = Math.max(h.from - cursor, at);
    const to = Math.min(h.to - cursor, text.length);
    if (to <= from) continue;
    if (from > at) out.push(text.slice(at, from));
    out.push(html`<mark class=${h === current ? 'now' : ''}>${text.slice(from, to)}</mark>`);
    at = to;
  }
  return out.length ? [...out, text.slice(at)] : text;
}

function Segment({ s, who, now, word, hits, current, seek }) {
  const list = useMemo(() => words(s), [s]);
  let cursor = 0;
  return html`<li class=${cls('said', s.speaker, now && 'now')} aria-current=${now ? 'true' : undefined}>
    <div><b>${who}</b><button type="button" class="at" aria-label=${t('Go to {time}', { time: seconds(s.start) })}
      onClick=${() => seek(s.start)}>${seconds(s.start)}</button></div>
    <p dir="auto" onClick=${(e) =>
      e.target.closest('[data-at]') && seek(Number(e.target.closest('[data-at]').dataset.at))}>${list.map((w, i) => {
      const inside = marked(w.text, cursor, hits, current);
      cursor += w.text.length;
      return w.space
        ? inside
        : html`<span data-at=${w.at.toFixed(2)} class=${
            now && word >= w.at && word < (list[i + 1]?.at ?? s.end) ? 'word' : undefined
          }>${inside}</span>`;
    })}</p></li>`;
}

function Search({ wanted, setWanted, hits, at, go }) {
  const key = (e) => {
    if (e.key === 'Enter') (e.preventDefault(), hits.length && go(e.shiftKey ? at - 1 : at + 1));
  };
  return html`<div class="row seek-in" role="search" aria-label=${t('In this call')}>
    <span class="seek"><${Icon} name="search" /><input class="input" type="search"
      aria-label=${t('Search in this call')}
      placeholder=${t('Search in this call')} value=${wanted} onInput=${(e) => setWanted(e.target.value)}
        onKeyDown=${key} /></span>
    <span class="soft" role="status">${
      wanted.trim().length < 2 ? '' : hits.length ? t('{n} of {all}', { n: at + 1, all: hits.length }) : t('Not found')
    }</span>
    ${
      hits.length > 1 &&
      html`<${Button} kind="plain" icon="arrow-up" label=${t('Hit before')} onClick=${() => go(at - 1)} />
      <${Button} kind="plain" icon="arrow-down" label=${t('Next hit')} onClick=${() => go(at + 1)} />`
    }
  </div>`;
}

// wanted and setWanted belong to the page, which draws the hits on the wave as well.
export function Transcript({ segments, sound, names, wanted, setWanted, hits }) {
  const [hit, setHit] = useState(0);
  const box = useRef(null);
  const at = sound.at.value;
  const now = segments.findLastIndex((s) => s.start <= at + 0.05);
  const current = hits[hit];
  const show = (i) => box.current?.children[i]?.scrollIntoView({ block: 'nearest' });
  useEffect(() => {
    if (sound.playing.peek() && box.current && !box.current.contains(document.activeElement)) {
      const li = box.current.children[now];
      if (li) box.current.scrollTop = li.offsetTop - box.current.clientHeight / 3;
    }
  }, [now]);
  useEffect(() => {
    setHit(0);
    if (hits.length) box.current.scrollTop = box.current.children[hits[0].segment].offsetTop - 40;
  }, [wanted]);
  const go = (i) => {
    const next = (i + hits.length) % hits.length;
    setHit(next);
    sound.seek(hits[next].at);
    show(hits[next].segment);
  };
  return html`<${Search} wanted=${wanted} setWanted=${setWanted} hits=${hits} at=${hit} go=${go} />
    <ol class="transcript" ref=${box} tabindex="0" aria-label=${t('Transcript')}>${segments.map(
      (s, i) => html`<${Segment} key=${i} s=${s} who=${names[s.speaker] ?? t('Somebody')} now=${
        i === now && (at > 0 || i > 0)
      }
        word=${i === now ? at : -1} hits=${hits.filter((h) => h.segment === i)} current=${current}
        seek=${(to) => sound.seek(to)} />`,
    )}</ol>`;
}
