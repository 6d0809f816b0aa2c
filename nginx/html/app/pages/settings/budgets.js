// Budgets: what may be spent in a month, and how much of it is.
import { all, del, post } from '../../api.js';
import { money } from '../../fmt.js';
import { Button, Card, Empty, Loaded } from '../../parts/basic.js';
import { Confirm, Dialog } from '../../parts/dialog.js';
import { Form, Input, useForm } from '../../parts/form.js';
import { asMember, seekMany } from '../../parts/many.js';
import { useNames } from '../../parts/names.js';
import { PickOne } from '../../parts/pick.js';
import { may, note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';

const found = seekMany(['clients', 'campaigns']);

function Add({ close, done }) {
  const form = useForm({ of: '', amount: '', currency: 'USD' }, async (v, key) => {
    await post('/budgets', { amount: v.amount, currency: v.currency.toUpperCase(), ...asMember(v.of) }, { key });
    note(t('The budget is set'));
    done();
  });
  return html`<${Dialog} title=${t('Set a budget')} close=${close}><${Form} of=${form} action=${t('Set it')}
    cancel=${close}>
    <${PickOne} of=${form} name="of" label=${t('Of')} empty=${t('The whole company')} find=${found} />
    <div class="pair"><${Input} of=${form} name="amount" label=${t('A month')} inputmode="decimal"
      placeholder="100.00" autofocus />
      <${Input} of=${form} name="currency" label=${t('Currency')} maxlength="3" class="upper" /></div>
    <p class="soft">
      ${t('Alerts tell of it when most of it is spent, and when all is. Calls go on: limits are what stops them.')}</p>
    <//><//>`;
}

export default function Budgets() {
  const budgets = useLoad((signal) => all('/budgets', {}, { signal }), '');
  const rows = budgets.data?.data ?? [];
  const name = useNames({ clients: rows.map((b) => b.client_id), campaigns: rows.map((b) => b.campaign_id) });
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  const done = () => {
    close();
    budgets.reload();
  };
  const drop = () => del(`/budgets/${open[1].id}`).then(done);
  const whose = (b) =>
    name(b.client_id ?? b.campaign_id) ?? (b.client_id || b.campaign_id ? '…' : t('The whole company'));
  const add =
    may('admin') && html`<${Button} kind="main" icon="plus" onClick=${() => setOpen(['add'])}>${t('Set a budget')}<//>`;
  return html`<${Card} title=${t('This month')} plain tools=${budgets.data?.data.length > 0 && add}>
    <${Loaded} of=${budgets} lines=${3}>${(page) =>
      page.data.length === 0
        ? html`<${Empty} icon="credit-card" title=${t('No budgets')} action=${add}>
            ${t('It shows what calls, numbers and models cost this month, and warns before it is too much.')}<//>`
        : html`<ul class="lines tall">${page.data.map((b) => {
            const share = Number(b.amount) > 0 ? Number(b.spent) / Number(b.amount) : 0;
            const text = t('{spent} of {amount}', {
              spent: money(Number(b.spent).toFixed(2), b.currency),
              amount: money(b.amount, b.currency),
            });
            return html`<li class="endpoint"><div class="stack tightly wide"><div class="row"><b>${whose(b)}</b>
              <span class="space"></span><span class=${share >= 1 ? 'bad num-plain' : 'num-plain'}>${text}</span></div>
              <meter min="0" max="1" high="0.8" optimum="0" value=${Math.min(share, 1)}
                aria-label=${t('Spent by {who}', { who: whose(b) })}>${text}</meter></div>
              ${
                may('admin') &&
                html`<${Button} kind="plain" icon="trash-2" label=${t('Remove the budget of {who}', { who: whose(b) })}
                onClick=${() => setOpen(['drop', b])} />`
              }</li>`;
          })}</ul>`}<//><//>
    ${open?.[0] === 'add' && html`<${Add} close=${close} done=${done} />`}
    ${
      open?.[0] === 'drop' &&
      html`<${Confirm} title=${t('Remove the budget?')} action=${t('Remove')} danger close=${close} run=${drop}>
        <p>${t('Nothing is told of what {who} spends then.', { who: whose(open[1]) })}</p><//>`
    }`;
}
