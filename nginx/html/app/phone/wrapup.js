// After a call: what came of it, what to remember, when to call again, and the time until the next one may ring.
import { get } from '../api.js';
import { Button, Failure, Field, Icon } from '../parts/basic.js';
import { href } from '../router.js';
import { useLoad } from '../store.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { act } from './acts.js';
import { Since, Until } from './clock.js';
import { call, setup } from './state.js';
import { Notes, Who } from './talk.js';
import { Details } from './trouble.js';

const sentences = {
  connected: () => t('Connected'),
  voicemail: () => t('Voicemail'),
  'no answer': () => t('No answer'),
  busy: () => t('Busy'),
  'wrong number': () => t('Wrong number'),
  interested: () => t('Interested'),
  'not interested': () => t('Not interested'),
  'callback requested': () => t('Callback requested'),
  'do not call': () => t('Do not call'),
};
const likely = { 'no-answer': 'no answer', busy: 'busy', canceled: 'no answer' };

function Words({ c, rows }) {
  const chosen = rows.find((d) => d.word === c.disposition);
  return html`<fieldset class="words" aria-invalid=${c.error?.field === 'disposition' ? 'true' : undefined}>
      <legend>${setup.value.disposition_required ? t('What came of it? (required)') : t('What came of it?')}</legend>
      ${rows.map(
        (d) => html`<label class=${likely[c.outcome] === d.word ? 'likely' : ''}><input type="radio" name="disposition"
          checked=${c.disposition === d.word} onChange=${() => act('dispose', d.word)} />
          <span>${sentences[d.word]?.() ?? d.word}</span></label>`,
      )}</fieldset>
    ${
      chosen?.asks_time &&
      html`<${Field} label=${t('Call back at')} type="datetime-local" required value=${c.follow_up_at}
      error=${c.error?.field === 'follow_up_at' && c.error.title}
      onInput=${(e) => (act('longer'), act('followUp', e.target.value))} />`
    }
    ${
      chosen?.do_not_call &&
      html`<p class="alert warn"><${Icon} name="ban" />
      <span>${t('The number goes on your do-not-call list when you press Done.')}</span></p>`
    }`;
}

export function Wrapup() {
  const c = call.value;
  const words = useLoad((signal) => get('/dispositions', {}, { signal }), 'words');
  const shown = c.error && c.error.field !== 'follow_up_at';
  const finish = (e) => {
    e.preventDefault();
    const chosen = words.data?.dispositions.find((d) => d.word === c.disposition);
    if (chosen?.asks_time && !c.follow_up_at) act('lacks', 'follow_up_at', t('Say when to call again.'));
    else act('finish');
  };
  return html`<form class="wrapup stack" onSubmit=${finish} noValidate>
    <${Who} c=${c} />
    <div class="row times">
      ${
        c.talk_at
          ? html`<${Since} label=${t('Talk')} at=${c.talk_at} to=${c.over_at} />`
          : html`<span class="soft">${t('Nobody answered')}</span>`
      }
      ${
        c.wrap_until &&
        html`<${Until} label=${t('Next call in')} at=${c.wrap_until} end=${() => act('finish')} />
        <${Button} kind="plain" onClick=${() => act('longer')}>${t('Stop the clock')}<//>`
      }
      ${
        c.id &&
        html`<a href=${href(`/calls/${c.id}`)} target=${parent === window ? undefined : '_blank'}>
        ${t('Open the call')}</a>`
      }
    </div>
    ${
      words.error
        ? html`<${Failure} error=${words.error} retry=${words.reload} />`
        : html`<${Words} c=${c} rows=${words.data?.dispositions ?? []} />`
    }
    <${Notes} c=${c} />
    ${
      shown &&
      html`<div class="alert" role="alert"><${Icon} name="triangle-alert" /><div><b>${c.error.title}</b>
      <p>${c.error.hint}</p><${Details} problem=${c.error} /></div></div>`
    }
    <${Button} type="submit" kind="main tall" icon="check" disabled=${c.busy === 'finish'}>${t('Done')}<//>
  </form>`;
}
