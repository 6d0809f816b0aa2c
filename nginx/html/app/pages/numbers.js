// Numbers: what we have, whose each is, whether Twilio still calls us for it.
import { get, post } from '../api.js';
import { money } from '../fmt.js';
import { Act, Copy } from '../parts/admin.js';
import { useNames } from '../parts/names.js';
import { Phone } from '../parts/number-text.js';
import { Button, Empty, Head, Icon } from '../parts/basic.js';
import { Find, found as asked, NotFound } from '../parts/find.js';
import { Fix, Holder, holders, Light, State } from '../parts/number.js';
import { List } from '../parts/table.js';
import { href } from '../router.js';
import { may, note, useLoad } from '../store.js';
import { plural, t } from '../text.js';
import { html, useState } from '../ui.js';

const columns = (name, reload) => [
  {
    name: 'number',
    title: t('Number'),
    show: (
      n,
    ) => html`<span class="row nowrap"><a href=${href(`/numbers/${n.id}`)}><${Phone} number=${n.phone_number} /></a>
      <${Copy} text=${n.phone_number} label=${t('Copy {what}', { what: n.phone_number })} /></span>`,
  },
  {
    name: 'health',
    title: t('Health'),
    show: (n) => html`<span class="row"><${Light} healthy=${n.healthy} /><${Fix} number=${n} done=${reload} /></span>`,
  },
  { name: 'whose', title: t('Belongs to'), show: (n) => html`<${Holder} number=${n} name=${name} />` },
  {
    name: 'forward',
    title: t('Rings at'),
    minor: true,
    show: (n) => (n.forward_to ? html`<${Phone} number=${n.forward_to} />` : html`<span class="faint">–</span>`),
  },
  { name: 'state', title: t('State'), show: (n) => html`<${State} number=${n} />` },
  {
    name: 'price',
    title: t('A month'),
    num: true,
    minor: true,
    show: (n) => money(n.monthly_price, n.currency),
  },
];

// What the last look at Twilio found, until it is closed.
function Looked({ found, adopt, close }) {
  const good = found.drifted === 0 && found.not_adopted === 0;
  return html`<div class=${`alert ${good ? 'live' : 'warn'}`} role="status">
    <${Icon} name=${good ? 'circle-check' : 'triangle-alert'} /><div class="stack">
      <b>${
        good
          ? t('Every number at Twilio is as it must be.')
          : found.drifted > 0
            ? plural(found.drifted, {
                one: '{n} number does not call us any more.',
                other: '{n} numbers do not call us any more.',
              })
            : t('All numbers that are here call us.')
      }</b>
      ${
        found.not_adopted > 0 &&
        html`<p>${plural(found.not_adopted, {
          one: '{n} more number of the account is not here yet.',
          other: '{n} more numbers of the account are not here yet.',
        })}</p>
        <div class="row"><${Act} icon="download" run=${adopt}>${t('Take them over')}<//></div>`
      }
    </div><span class="space"></span><${Button} kind="plain" icon="x" label=${t('Close')} onClick=${close} /></div>`;
}

export default function Numbers({ query }) {
  const key = JSON.stringify(query);
  const numbers = useLoad((signal) => get('/numbers', asked(query), { signal }), key);
  const name = useNames(holders(numbers.data?.data ?? []));
  const [found, setFound] = useState(null);
  const reload = () => numbers.reload();
  const check = async () => {
    setFound(await post('/number-checks'));
    reload();
  };
  const adopt = async () => {
    const r = await post('/number-adoptions', {});
    setFound(null);
    reload();
    note(
      plural(r.adopted, { one: '{n} number was taken over', other: '{n} numbers were taken over' }) +
        (r.waiting ? t('; {n} get their addresses in a moment', { n: r.waiting }) : ''),
    );
  };
  const admin = may('admin');
  return html`<${Head} title=${t('Numbers')}>
      ${
        admin &&
        html`<${Act} icon="refresh-cw" busyText=${t('Asking Twilio…')} run=${check}>${t('Check all')}<//>
        <${Button} kind="main" icon="plus" href=${href('/numbers/buy')}>${t('Buy a number')}<//>`
      }<//>
    ${found && html`<${Looked} found=${found} adopt=${adopt} close=${() => setFound(null)} />`}
    <${Find} query=${query} label=${t('Numbers')} what=${t('Digits')} placeholder="7946" total=${numbers.data?.total} />
    <${List} of=${numbers} label=${t('Numbers')} columns=${columns(name, reload)}
      link=${(n) => href(`/numbers/${n.id}`)}
      empty=${
        query.find
          ? html`<${NotFound}>${t('Some digits are enough.')}<//>`
          : html`<${Empty} icon="hash" title=${t('No numbers yet')} action=${
              admin &&
              html`<div class="row"><${Button} kind="main" icon="plus" href=${href('/numbers/buy')}>
                ${t('Buy a number')}<//>
          <${Act} icon="download" busyText=${t('Asking Twilio…')} run=${adopt}>
            ${t('Take over what the account has')}<//></div>`
            }>
        ${
          admin
            ? t('A number is what people call. Buy one here, or take over those that your Twilio account has already.')
            : t('An admin buys numbers; they appear here then.')
        }<//>`
      } />`;
}
