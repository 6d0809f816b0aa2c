// Home: how today goes beside the same day last week, who talks now, who waits for a call back, and whether all is
// well.
import { Badge, Bones, Button, Card, Empty, Failure, Head, Time } from '../parts/basic.js';
import { Outcome, party, reason, Way } from '../parts/call.js';
import { phone } from '../parts/number-text.js';
import { Call as CallBack } from '../parts/dial.js';
import { Tile } from '../parts/figure.js';
import { Health } from '../parts/wellness.js';
import { useClock, useToday } from '../parts/today.js';
import { count, saidSeconds, seconds, weekday } from '../fmt.js';
import { href } from '../router.js';
import { may } from '../store.js';
import { plural, t } from '../text.js';
import { html, useState } from '../ui.js';

const two = (h) => `${String(h).padStart(2, '0')}:00`;

function Figures({ data }) {
  const { now, then } = data;
  const about = t('was');
  const tile = (label, name, more) =>
    html`<${Tile} label=${label} value=${now[name]} then=${then[name]} about=${about} ...${more} />`;
  const today = (more) => href('/calls', { range: 'today', ...more });
  return html`<div class="tiles" role="group" aria-label=${t('Today')}>
    ${tile(t('Calls'), 'total_calls', { href: today() })}
    ${tile(t('Answered'), 'answered', { better: 'more', href: today({ outcome: 'answered' }) })}
    ${tile(t('Missed'), 'missed', { better: 'less', href: today({ outcome: 'missed' }) })}
    ${tile(t('Answer rate'), 'rate', { shape: 'percent', better: 'more' })}
    ${tile(t('Connected out'), 'connected', { better: 'more', href: today({ outcome: 'connected' }) })}
    ${tile(t('Talk time'), 'talk', { shape: 'seconds' })}
  </div>`;
}

// Calls by hour: bars of today, marks of last week; the same as a table for whoever wants numbers.
function Hours({ hours }) {
  const [table, setTable] = useState(false);
  const busy = hours.filter((h) => h.now || h.then);
  const first = Math.min(8, busy[0]?.hour ?? 8);
  const last = Math.max(18, busy.at(-1)?.hour ?? 18);
  const rows = hours.slice(first, last + 1);
  const top = Math.max(1, ...rows.map((h) => Math.max(h.now, h.then)));
  const pct = (n) => `${(n / top) * 100}%`;
  return html`<${Card} title=${t('Calls by hour')} tools=${html`<${Button} kind="plain" aria-pressed=${String(table)}
    onClick=${() => setTable(!table)}>${t('As a table')}<//>`}>${
    table
      ? html`<div class="table"><table><caption class="unseen">${t('Calls by hour, today and a week ago')}</caption>
        <thead><tr>
          <th scope="col">${t('Hour')}</th><th scope="col" class="num">${t('Today')}</th>
          <th scope="col" class="num">${t('A week ago')}</th></tr></thead><tbody>${rows.map(
            (h) => html`<tr><td>${two(h.hour)}</td><td class="num">${count(h.now)}</td>
              <td class="num">${count(h.then)}</td></tr>`,
          )}</tbody></table></div>`
      : html`<div class="bars" role="img" aria-label=${t('Calls by hour: {list}', {
          list: rows.map((h) => `${two(h.hour)} ${h.now} (${h.then})`).join(', '),
        })}>${rows.map(
          (h, i) => html`<div><span class="bar-now" style=${{ height: pct(h.now) }}></span>
            <span class="bar-then" style=${{ height: pct(h.then) }}></span>
            <i>${i % 2 ? '' : h.hour}</i></div>`,
        )}</div>
        <p class="legend"><span class="key now"></span>${t('Today')} <span class="key then"></span>
          ${t('A week ago')} <span class="grow"></span>${plural(top, {
            one: 'at most {n} call in an hour',
            other: 'at most {n} calls in an hour',
          })}</p>`
  }<//>`;
}

function Live({ calls }) {
  const now = useClock();
  const since = (c) => Math.max(0, (now - Date.parse(c.answered_at ?? c.created_at)) / 1000);
  return html`<${Card} title=${t('Live calls')} tools=${html`<${Badge} kind=${calls.length ? 'live' : ''}>
    ${calls.length}<//>`} plain>${
    calls.length === 0
      ? html`<p class="soft quiet">${t('Nobody is on the phone.')}</p>`
      : html`<ul class="lines">${calls.map(
          (c) => html`<li key=${c.id}><${Way} call=${c} />
        <a class="grow" href=${href(`/calls/${c.id}`)}>${party(c)}<small class="under">${[c.user_name, c.client_name]
          .filter(Boolean)
          .join(' · ')}</small></a>
        <${Outcome} call=${c} />
        <span class="timer" role="timer" aria-live="off" aria-label=${saidSeconds(since(c))}>
          ${seconds(since(c))}</span></li>`,
        )}</ul>`
  }<//>`;
}

const SHOWN = 6;
function Waiting({ calls }) {
  const more = calls.length - SHOWN;
  return html`<${Card} title=${t('Missed, not returned')} tools=${html`<${Badge} kind=${
    calls.length ? 'bad' : 'good'
  }>${calls.length}<//>`} plain>${
    calls.length === 0
      ? html`<${Empty} icon="circle-check" title=${t('Everybody has been called back')}>
        ${t('Missed calls of the last seven days wait here until somebody has talked to the caller.')}<//>`
      : html`<ul class="lines">${calls.slice(0, SHOWN).map(
          (c) => html`<li key=${c.id}><${Way} call=${c} />
        <a class="grow" href=${href(`/calls/${c.id}`)}>${party(c)}<small class="under">${[
          c.contact_name && phone(c.customer_number),
          c.client_name,
          c.voicemail ? t('left a voicemail') : reason(c.missed_reason),
        ]
          .filter(Boolean)
          .join(' · ')}</small></a>
        ${c.times > 1 && html`<${Badge} kind="warn">${t('{n} times', { n: c.times })}<//>`}
        <small class="soft"><${Time} at=${c.created_at} /></small>
        ${
          may('agent') &&
          html`<${CallBack} number=${c.customer_number}
          contact=${c.contact_id ? { id: c.contact_id, name: c.contact_name } : { name: c.contact_name }} />`
        }</li>`,
        )}</ul>
        ${
          more > 0 &&
          html`<p class="pager"><a href=${href('/calls', { unreturned: 'true', range: '7d' })}>
          ${t('{n} more', { n: more })}</a></p>`
        }`
  }<//>`;
}

export default function Home() {
  const today = useToday();
  const { data, error } = today;
  const about =
    data && t('Today beside last {day}, both until {hour}.', { day: weekday(data.at), hour: two(data.until) });
  return html`<${Head} title=${t('Home')} about=${about}><${Button} icon="maximize" href=${href('/wall')}>
    ${t('Wallboard')}<//><//>
    ${error && html`<${Failure} error=${error} retry=${today.reload} />`}
    ${
      data
        ? html`<${Figures} data=${data} />
      <div class="two"><div class="stack wide"><${Waiting} calls=${data.waiting} /><${Hours}
        hours=${data.hours} /></div>
        <div class="stack wide"><${Live} calls=${data.live} /><${Health} /></div></div>`
        : !error && html`<div class="card"><${Bones} lines=${10} /></div>`
    }`;
}
