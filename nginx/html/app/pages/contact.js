// One contact: called, changed, and marked as somebody who must not be called.
import { all, ask, get, post } from '../api.js';
import { Copy } from '../parts/admin.js';
import { phone } from '../parts/number-text.js';
import { Badge, Button, Card, Field, Head, Icon, Loaded, Time } from '../parts/basic.js';
import { Call } from '../parts/dial.js';
import { Confirm } from '../parts/dialog.js';
import { loadTagged } from '../parts/form.js';
import { Change, Remove } from '../parts/noun.js';
import { Zones } from '../parts/zones.js';
import { may, note, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';
import { Calls } from './client.js';
import { contactFields } from './contacts.js';

// The list that the disposition "do not call" writes to; made with the first mark.
const LIST = 'Do not call';
async function forbid(number, reason) {
  const { data } = await all('/dnc-lists');
  const list = data.find((l) => l.name === LIST) ?? data[0] ?? (await post('/dnc-lists', { name: LIST }));
  return post(`/dnc-lists/${list.id}/entries`, { number, ...(reason && { reason }) });
}

function Mark({ number, close, done }) {
  const [reason, setReason] = useState('');
  const run = async () => {
    await forbid(number, reason.trim());
    note(t('{number} is not called any more', { number: phone(number) }));
    done();
  };
  return html`<${Confirm} title=${t('Do not call any more?')} action=${t('Do not call')} danger close=${close}
    run=${run}>
    <p>${t('Nobody here can call {number} then. The person can still call you.', { number: phone(number) })}</p>
    <${Field} label=${t('Reason')} name="reason" value=${reason} maxlength="200"
      hint=${t('Optional, for whoever asks later.')} onInput=${(e) => setReason(e.target.value)} /><//>`;
}

function Forbidden({ entries, reload }) {
  const lift = async () => {
    for (const e of entries) await ask('DELETE', `/dnc-lists/${e.list_id}/entries/${encodeURIComponent(e.number)}`);
    note(t('The number may be called again'));
    reload();
  };
  const [asking, setAsking] = useState(false);
  return html`<div class="alert"><${Icon} name="ban" /><div class="stack">
      <b>${t('This number must not be called')}</b>
      ${entries.map(
        (e) =>
          html`<p><span>${e.list}</span>${e.reason && html`: <span>${e.reason}</span>`}, <${Time} at=${e.created_at}
            /></p>`,
      )}
      ${
        may('manager') &&
        html`<div class="row"><${Button} onClick=${() => setAsking(true)}>${t('Allow calls again')}
        <//></div>`
      }
    </div></div>
    ${
      asking &&
      html`<${Confirm} title=${t('Allow calls again?')} action=${t('Allow')} close=${() => setAsking(false)}
        run=${() => lift().then(() => setAsking(false))}>
        <p>${t('Do this only if the person has asked for it. Who allowed it is kept.')}</p><//>`
    }`;
}

export default function Contact({ params }) {
  const contact = useLoad(loadTagged(`/contacts/${params.id}`), params.id);
  const number = contact.data?.doc.phone_number ?? null;
  const dnc = useLoad(
    (signal) => (number ? get('/dnc-entries', { number }, { signal }) : Promise.resolve({ data: [] })),
    number,
  );
  const [marking, setMarking] = useState(false);
  const forbidden = (dnc.data?.data.length ?? 0) > 0;
  return html`<${Loaded} of=${contact}>${(of) => {
    const c = of.doc;
    const name = c.name || (c.phone_number ? phone(c.phone_number) : t('Without a name'));
    return html`<${Head} title=${name}>
        ${forbidden && html`<${Badge} kind="bad" icon="ban">${t('Do not call')}<//>`}
        ${
          c.phone_number &&
          html`<${Copy} text=${c.phone_number} label=${t('Copy {what}', { what: c.phone_number })}
          />`
        }
        ${
          c.phone_number &&
          !forbidden &&
          html`<${Button} icon="ban" onClick=${() => setMarking(true)}>${t('Do not call')}<//>
            <${Call} kind="main" number=${c.phone_number} contact=${c}>${t('Call')}<//>`
        }<//>
      ${forbidden && html`<${Forbidden} entries=${dnc.data.data} reload=${dnc.reload} />`}
      <div class="two">
        <div class="stack"><${Calls} filter=${{ contact_id: c.id }}
          empty=${t('Calls with the number of the contact appear here.')} /></div>
        <div class="stack"><${Card} title=${t('About')}>
          <${Change} of=${of} saved=${contact.set} label=${t('About')}
            fields=${contactFields().map(({ autofocus, ...f }) => f)} /><//>
          <${Zones} />
          <div class="row"><${Remove} of=${of} name=${name} back="/contacts" label=${t('Delete the contact')}>
            ${t('Its calls stay, with their numbers. This cannot be undone.')}<//></div></div>
      </div>
      ${
        marking &&
        html`<${Mark} number=${c.phone_number} close=${() => setMarking(false)} done=${() => {
          setMarking(false);
          dnc.reload();
        }} />`
      }`;
  }}<//>`;
}
