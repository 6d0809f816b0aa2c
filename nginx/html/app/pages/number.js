// One number: what happens when it is called, whose it is, whether Twilio calls us for it.
import { del, get, patch, post } from '../api.js';
import { money } from '../fmt.js';
import { Act, Copy, facts } from '../parts/admin.js';
import { Phone, phone } from '../parts/number-text.js';
import { Badge, Button, Card, Check, Empty, Head, Icon, Loaded, Time } from '../parts/basic.js';
import { Confirm } from '../parts/dialog.js';
import {
  changed,
  Form,
  fromTernary,
  given,
  Input,
  loadTagged,
  Pick,
  sendChange,
  ternary,
  Tick,
  toTernary,
  useFollowing,
} from '../parts/form.js';
import { asMember, holder, seekMany } from '../parts/many.js';
import { useNames } from '../parts/names.js';
import { ability, Fix, holders, Light, State, typeName } from '../parts/number.js';
import { PickOne } from '../parts/pick.js';
import { Table } from '../parts/table.js';
import { go, href } from '../router.js';
import { may, note, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';

const recording = () => [
  ['record-from-answer-dual', t('From the answer, two channels')],
  ['record-from-ringing-dual', t('From ringing, two channels')],
  ['record-from-answer', t('From the answer, one channel')],
  ['record-from-ringing', t('From ringing, one channel')],
];

function Answering({ of, number, saved }) {
  const first = {
    forward_to: number.forward_to ?? '',
    greeting: number.greeting ?? '',
    ring_timeout_seconds: number.ring_timeout_seconds ?? '',
    record: toTernary(number.record),
    record_mode: number.record_mode,
    disclosure_mode: number.disclosure_mode ?? '',
    disclosure: number.disclosure ?? '',
    mask_caller: number.mask_caller,
    disabled: number.disabled,
  };
  const form = useFollowing(first, async (v) => {
    const body = changed(v, first);
    if ('record' in body) body.record = fromTernary(v.record);
    if (body.ring_timeout_seconds) body.ring_timeout_seconds = Number(body.ring_timeout_seconds);
    if (Object.keys(body).length === 0) return note(t('Nothing was changed'));
    saved(await sendChange(of, body));
    return note(t('Saved: the next call meets it'));
  });
  return html`<${Form} of=${form} action=${t('Save')} label=${t('When it is called')}>
    <div class="pair"><${Input} of=${form} name="forward_to" type="tel" label=${t('Rings at')} placeholder="+44…"
        hint=${t('Empty: at whoever has the number.')} />
      <${Input} of=${form} name="ring_timeout_seconds" type="number" min="5" max="600" label=${t('Rings for seconds')}
        hint=${t('Empty: as the company has it.')} /></div>
    <${Input} of=${form} name="greeting" as="textarea" label=${t('Greeting')}
      hint=${t('What a caller hears first. Empty: the greeting of the company.')} />
    <div class="pair"><${Pick} of=${form} name="record" label=${t('Recorded')}
      rows=${ternary(t('As the company has it'))} />
      <${Pick} of=${form} name="record_mode" label=${t('How it is recorded')} rows=${recording()} /></div>
    <div class="pair"><${Pick} of=${form} name="disclosure_mode" label=${t('Recording is announced')}
        empty=${t('As the company has it')} rows=${[
          ['announce', t('Yes, with a sentence')],
          ['off', t('No')],
        ]} />
      <${Input} of=${form} name="disclosure" label=${t('The sentence')} hint=${t('Empty: the one of the company.')} />
        </div>
    <${Tick} of=${form} name="mask_caller" label=${t('The phone that rings shows this number, not the caller')} />
    <${Tick} of=${form} name="disabled" label=${t('Switched off')}
      hint=${t('Callers hear that nobody can take the call; nothing rings.')} /><//>`;
}

const POOL = 'pool:';
const found = (q, signal) =>
  seekMany(['clients', 'users'], [{ value: POOL, label: t('A pool for tracking'), icon: 'hash' }])(q, signal);
const holderOf = (n) => {
  const who = holder({ client_id: n.client_id, user_id: n.user_id });
  return who ? `${who.kind}:${who.id}` : n.pool ? POOL : '';
};

function Assign({ number, saved, name }) {
  const [asking, setAsking] = useState(false);
  const first = {
    to: holderOf(number),
    pool: number.pool ?? '',
    campaign_id: number.campaign_id ?? '',
    source: number.source ?? '',
  };
  const form = useFollowing(first, async (v) => {
    if (v.to === '' && first.to !== '') return setAsking(true);
    if (v.to !== first.to || v.pool !== first.pool)
      await post(`/numbers/${number.id}/assignment`, given(v.to === POOL ? { pool: v.pool } : asMember(v.to)));
    const more = changed({ campaign_id: v.campaign_id, source: v.source }, number);
    if (Object.keys(more).length) await patch(`/numbers/${number.id}`, more);
    saved();
    return note(t('Assigned'));
  });
  const free = async () => {
    await del(`/numbers/${number.id}/assignment`);
    setAsking(false);
    saved();
    note(t('Taken back: it cools down before somebody else gets it'));
  };
  const { to } = form.values;
  const now = to === POOL ? t('A pool for tracking') : to === first.to ? (name(to.split(':')[1]) ?? '') : undefined;
  return html`<${Form} of=${form} action=${t('Assign')} label=${t('Belongs to')}>
    <${PickOne} of=${form} name="to" label=${t('Belongs to')} empty=${t('Nobody')} find=${found} text=${now} />
    ${to === POOL && html`<${Input} of=${form} name="pool" label=${t('Name of the pool')} maxlength="100" />`}
    <div class="pair">
      <${PickOne} of=${form} name="campaign_id" kind="campaigns" label=${t('Campaign')} empty=${t('None')} />
      <${Input} of=${form} name="source" label=${t('Source')} maxlength="100" placeholder="google"
        hint=${t('Where callers of it come from.')} /></div><//>
    ${
      asking &&
      html`<${Confirm} title=${t('Take the number back?')} action=${t('Take it back')} danger
        close=${() => setAsking(false)}
        run=${free}><p>${t(
          'Callers hear the greeting of the company and nothing rings. It cools down before somebody else gets it.',
        )}</p><//>`
    }`;
}

const drifts = {
  voice_url: () => t('Voice address'),
  voice_method: () => t('Voice method'),
  voice_fallback_url: () => t('Fallback address'),
  status_callback: () => t('Status address'),
  status_callback_method: () => t('Status method'),
  voice_fallback_method: () => t('Fallback method'),
};

function Health({ number, reload }) {
  const health = useLoad((signal) => get(`/numbers/${number.id}/health`, {}, { signal }), number.id);
  const after = (h) => {
    health.set(h);
    reload();
  };
  const admin = may('admin');
  return html`<${Card} title=${t('Health')} tools=${
    admin &&
    html`<${Act} kind="plain" icon="refresh-cw" busyText=${t('Asking Twilio…')}
    run=${async () => after(await post(`/numbers/${number.id}/check`))}>${t('Check now')}<//>`
  }>
    <${Loaded} of=${health} lines=${3}>${(h) => {
      const healthy = h.status === 'unchecked' ? null : h.status === 'ok';
      return html`<div class="stack">
        <div class="row"><${Light} healthy=${healthy} /><span class="space"></span>
          <${Fix} number=${{ ...number, healthy }} done=${after} kind="main" /></div>
        ${
          h.status === 'vanished' &&
          html`<p class="bad">
          ${t('Twilio has no such number any more: it was given back elsewhere.')}</p>`
        }
        ${
          h.drift.length > 0 &&
          html`<p>${t('At Twilio the number is not as it must be, so calls to it are not seen here.')}</p>
          <${Table} label=${t('What differs')} tight columns=${[
            { name: 'what', title: t('What'), show: (d) => drifts[d.what]?.() ?? d.what },
            { name: 'is', title: t('Is'), show: (d) => html`<span class="mono bad">${d.is || t('(empty)')}</span>` },
            { name: 'wanted', title: t('Must be'), show: (d) => html`<span class="mono">${d.wanted}</span>` },
          ]} rows=${h.drift} />`
        }
        <small class="faint">${
          h.checked_at ? html`${t('Looked at')} <${Time} at=${h.checked_at} />` : t('Not looked at yet')
        }</small>
      </div>`;
    }}<//><//>`;
}

function Release({ number, close }) {
  const [now, setNow] = useState(false);
  const run = async () => {
    await del(`/numbers/${number.id}${now ? '?now=true' : ''}`);
    note(t('{number} goes back to Twilio', { number: number.phone_number }));
    go('/numbers');
  };
  return html`<${Confirm} title=${t('Give the number back to Twilio?')} action=${t('Give it back')} danger
    close=${close}
    run=${run} word=${number.phone_number}>
    <p>${t('Nobody reaches you by it any more, and Twilio may sell it to somebody else. This cannot be undone.')}</p>
    <${Check} label=${t('At once, without cooling down')} checked=${now}
      onChange=${(e) => setNow(e.target.checked)} /><//>`;
}

const whom = (name, a) =>
  a.client_id || a.user_id ? (name(a.client_id ?? a.user_id) ?? t('Somebody')) : (a.pool ?? t('Nobody'));

export default function Number_({ params }) {
  const number = useLoad(loadTagged(`/numbers/${params.id}`), params.id);
  const history = useLoad((signal) => get(`/numbers/${params.id}/assignments`, {}, { signal }), params.id);
  const seen = [...(history.data?.data ?? []), ...(number.data ? [number.data.doc] : [])];
  const name = useNames(holders(seen));
  const [giving, setGiving] = useState(false);
  const admin = may('admin');
  const again = () => {
    number.reload();
    history.reload();
  };
  return html`<${Loaded} of=${number}>${({ doc: n, ...rest }) => html`
    <${Head} title=${phone(n.phone_number)}><${State} number=${n} />
      <${Copy} text=${n.phone_number} label=${t('Copy {what}', { what: n.phone_number })} />
      <${Button} icon="list" href=${href('/calls', { number_id: n.id })}>${t('Its calls')}<//><//>
    ${
      n.release_asked_at &&
      html`<div class="alert warn"><${Icon} name="clock" /><p>${t('It goes back to Twilio once it has cooled down.')}
        </p></div>`
    }
    <div class="two">
      <div class="stack">
        ${
          admin &&
          html`<${Card} title=${t('When it is called')}>
          <${Answering} of=${{ doc: n, ...rest }} number=${n} saved=${(d) => number.set(d)} /><//>`
        }
        <${Card} title=${t('Who had it')} plain><${Loaded} of=${history} lines=${3}>${(page) =>
          page.data.length === 0
            ? html`<${Empty} icon="users" title=${t('Nobody had it yet')} />`
            : html`<${Table} label=${t('Who had it')} tight rows=${page.data} columns=${[
                { name: 'who', title: t('Who'), show: (a) => whom(name, a) },
                {
                  name: 'campaign',
                  title: t('Campaign'),
                  minor: true,
                  show: (a) => (a.campaign_id && name(a.campaign_id)) ?? '–',
                },
                { name: 'from', title: t('From'), num: true, show: (a) => html`<${Time} at=${a.from_at} />` },
                {
                  name: 'to',
                  title: t('Until'),
                  num: true,
                  show: (a) =>
                    a.to_at ? html`<${Time} at=${a.to_at} />` : html`<${Badge} kind="good">${t('now')}<//>`,
                },
              ]} />`}<//><//>
      </div>
      <div class="stack">
        <${Health} key=${`${n.id}${n.healthy}`} number=${n} reload=${number.reload} />
        ${
          admin &&
          html`<${Card} title=${t('Belongs to')}>
          <${Assign} number=${n} name=${name} saved=${again} /><//>`
        }
        <${Card} title=${t('About it')}>${facts([
          [t('Type'), typeName(n.type)],
          [t('Can'), n.capabilities?.map(ability).join(', ')],
          [t('Costs a month'), n.monthly_price && money(n.monthly_price, n.currency)],
          !admin && [t('Rings at'), n.forward_to && phone(n.forward_to)],
          [t('Twilio SID'), n.twilio_sid && html`<code>${n.twilio_sid}</code>`],
          [t('Here since'), html`<${Time} at=${n.created_at} />`],
          [t('Cooling until'), n.cooling_until && html`<${Time} at=${n.cooling_until} />`],
        ])}<//>
        ${
          admin &&
          html`<div class="row"><${Button} kind="bad" icon="trash-2" onClick=${() => setGiving(true)}>
          ${t('Give it back')}<//></div>`
        }
      </div>
    </div>
    ${giving && html`<${Release} number=${n} close=${() => setGiving(false)} />`}`}<//>`;
}
