// What a model read in a call: mood, summary, topics, and what is to be done, to be ticked by whoever has done it.
import { put } from '../api.js';
import { may, me } from '../store.js';
import { t } from '../text.js';
import { html, useId, useRef, useState } from '../ui.js';
import { Badge, Button, Empty, Failure, Time } from './basic.js';
import { Sentiment } from './call.js';

const owners = { agent: () => t('Agent'), customer: () => t('Customer') };

function Item({ item, tick, flip, quote }) {
  const id = useId();
  return html`<li class="todo"><input type="checkbox" id=${id} checked=${Boolean(tick)} disabled=${!may('agent')}
      onChange=${(e) => flip(e.target.checked)} />
    <div><label for=${id} dir="auto" class=${tick ? 'done' : ''}>${item.text}</label>
      <small class="soft row">${owners[item.owner] && html`<${Badge}>${owners[item.owner]()}<//>`}
        ${tick && html`<span>${t('{who}, ', { who: tick.by })}<${Time} at=${tick.at} /></span>`}
        ${
          item.quote &&
          quote &&
          html`<${Button} kind="plain" icon="quote" onClick=${quote}>
          ${t('Hear it')}<//>`
        }</small></div></li>`;
}

// quote(text): where it was said, or null; seek(at).
export function Analysis({ recording, where, seek }) {
  const a = recording.analysis;
  const [ticks, setTicks] = useState(() => new Map((a?.done ?? []).map((x) => [x.item, x])));
  const [error, setError] = useState(null);
  const turn = useRef(Promise.resolve()); // one tick after the other, so that the last one stays
  const last = useRef([]); // the newest tick of each item: answers to older ones are not shown
  if (!a)
    return html`<${Empty} icon="sparkles" title=${t('Not analysed')}>${
      recording.transcription_reason?.startsWith('analysis:')
        ? recording.transcription_reason
        : t('A model reads each transcript once it is there, if the settings say so.')
    }<//>`;
  const set = (i, tick) => setTicks((m) => (tick ? new Map(m).set(i, tick) : new Map([...m].filter(([k]) => k !== i))));
  const flip = (i, done) => {
    const before = ticks.get(i);
    const mine = {};
    last.current[i] = mine;
    const show = (tick) => last.current[i] === mine && set(i, tick);
    setError(null);
    set(
      i,
      done && { item: i, by: me.value.user?.name || me.value.user?.email || t('You'), at: new Date().toISOString() },
    );
    const send = () => put(`/transcripts/${recording.transcript.id}/action-items`, { item: i, done });
    turn.current = turn.current.then(send).then(
      ({ tick }) => show(tick),
      (e) => (show(before), setError(e)),
    );
  };
  return html`<div class="form">
    <div class="row"><${Sentiment} word=${a.sentiment} /><meter class="mood" min="-1" max="1" value=${a.sentiment_score}
      aria-label=${t('Sentiment from -1 to 1')}>${a.sentiment_score}</meter><span class="num-plain soft">
        ${a.sentiment_score}</span></div>
    <p dir="auto" class="pre">${a.summary}</p>
    ${
      a.topics.length > 0 &&
      html`<div class="row">${a.topics.map(
        (x) => html`<${Badge}><span dir="auto">
      ${x}</span><//>`,
      )}</div>`
    }
    <section aria-label=${t('Action items')}><h3>${t('Action items')} <span class="soft num-plain">
      ${ticks.size} / ${a.action_items.length}</span></h3>
      ${error && html`<${Failure} error=${error} />`}
      ${a.action_items.length === 0 && html`<p class="soft">${t('Nothing is to be done.')}</p>`}
      <ul class="todos">${a.action_items.map((item, i) => {
        const at = where?.(item.quote);
        return html`<${Item} key=${i} item=${item} tick=${ticks.get(i)} flip=${(done) => flip(i, done)}
          quote=${at === null || at === undefined ? null : () => seek(at)} />`;
      })}</ul></section>
    <small class="faint">${t('By {model}', { model: a.model })}, <${Time} at=${a.created_at} /></small>
  </div>`;
}
