// What may be called, how much, and the switch that stops every call.
import { ask } from '../../api.js';
import { Act } from '../../parts/admin.js';
import { Button, Card, Icon, Loaded, Time } from '../../parts/basic.js';
import { Confirm } from '../../parts/dialog.js';
import { Input, loadTagged } from '../../parts/form.js';
import { may, note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';
import { asNumber, asWords, Section } from './common.js';

function Stop({ done }) {
  const limits = useLoad(loadTagged('/settings/limits'), '');
  const [open, setOpen] = useState(false);
  const set = async (stopped) => {
    const r = await ask('PATCH', '/settings/limits', { body: { stopped } });
    limits.set({ doc: r.data, etag: r.etag, path: '/settings/limits' });
    setOpen(false);
    done();
    note(stopped ? t('Calls out are stopped') : t('Calls out go again'));
  };
  return html`<${Card} title=${t('Stop everything')}><${Loaded} of=${limits} lines=${2}>${({
    doc,
  }) => html`<div class="stack">
    ${
      doc.stopped
        ? html`<div class="alert"><${Icon} name="ban" /><div class="stack"><b>${t('Calls out are stopped')}</b>
          <p>${t('Since')} <${Time} at=${doc.stopped_at} /></p></div></div>`
        : html`<p class="soft">
          ${t('For the moment in which something calls that should not. Calls in are not touched.')}</p>`
    }
    ${
      may('admin') &&
      html`<div class="row">${
        doc.stopped
          ? html`<${Act} kind="main" run=${() => set(false)}>${t('Let calls out again')}<//>`
          : html`<${Button} kind="bad" icon="ban" onClick=${() => setOpen(true)}>
            ${t('Stop all calls out')}<//>`
      }</div>`
    }</div>`}<//>
    ${
      open &&
      html`<${Confirm} title=${t('Stop all calls out?')} action=${t('Stop them')} danger
        close=${() => setOpen(false)} run=${() => set(true)}><p>${t(
          'Nobody here can place a call until an admin lets them again. Calls that are going on end by themselves.',
        )}</p><//>`
    }<//>`;
}

export default function Limits() {
  const [turn, setTurn] = useState(0);
  return html`<${Section} key=${turn} path="/settings/limits" label=${t('Limits')}
      turn=${{
        countries: [asWords[0], (v) => asWords[1](v.toUpperCase())],
        blocked_prefixes: asWords,
        per_second: asNumber,
        concurrent: asNumber,
        minutes_per_day: asNumber,
      }}
      names=${['countries', 'blocked_prefixes', 'per_second', 'concurrent', 'minutes_per_day', 'money_per_day']}>
      ${(form) => html`
      <${Input} of=${form} name="countries" label=${t('Countries that may be called')} placeholder="GB IE US"
        class="upper"
        hint=${t('Two letters each, with spaces between. All others are refused: this is what stops toll fraud.')} />
      <${Input} of=${form} name="blocked_prefixes" label=${t('Beginnings that are refused')} placeholder="+4470 +4409"
        hint=${t('Expensive numbers of countries that are allowed.')} />
      <div class="pair"><${Input} of=${form} name="minutes_per_day" type="number" min="0" label=${t('Minutes a day')} />
        <${Input} of=${form} name="money_per_day" label=${t('Money a day')} inputmode="decimal" placeholder="50.00" />
          </div>
      <div class="pair"><${Input} of=${form} name="concurrent" type="number" min="0" label=${t('Calls at once')} />
        <${Input} of=${form} name="per_second" type="number" min="0" label=${t('New calls a second')} /></div>
      <p class="soft">${t('Empty: no limit.')}</p>`}<//>
    <${Stop} done=${() => setTurn((n) => n + 1)} />`;
}
