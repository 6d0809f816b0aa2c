// Which sites may show the phone and call the API from a browser, and who was turned away.
import { ask, get } from '../../api.js';
import { Act } from '../../parts/admin.js';
import { Button, Card, Empty, Loaded, Time } from '../../parts/basic.js';
import { Confirm } from '../../parts/dialog.js';
import { Form, Input, useForm } from '../../parts/form.js';
import { Table } from '../../parts/table.js';
import { count } from '../../fmt.js';
import { note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useRef, useState } from '../../ui.js';

const snippet = () => `<div id="phone"></div>
<script src="${location.origin}/embed/phone.js"></script>
<script>
  const phone = Switchhook.phone({ mount: '#phone', ticket: () => fetch('/your/ticket').then((r) => r.text()) });
  phone.on('call.ended', (call) => console.log(call));
</script>`;

function Add({ allow }) {
  const form = useForm({ origin: '' }, async (v) => {
    await allow(v.origin.trim()).catch((error) => {
      for (const e of error.errors ?? []) e.pointer = '/origin'; // one of the list it is a part of
      throw error;
    });
    form.reset();
  });
  return html`<${Form} of=${form} action=${t('Allow')}><${Input} of=${form} name="origin" label=${t('Add a site')}
    placeholder="https://crm.example" required hint=${t('Scheme, host and port, as in the address bar.')} /><//>`;
}

export default function Embeds() {
  const [gone, setGone] = useState(null);
  const list = useLoad((signal) => ask('GET', '/settings/origins', { signal }), '');
  const refused = useLoad((signal) => get('/settings/refused-origins', {}, { signal }), '');
  // The list is kept as a whole: one change follows the other, each of the list as it is then.
  const turn = useRef(Promise.resolve());
  const change = (how, done) => {
    const now = turn.current.then(async () => {
      const { origins } = await get('/settings/origins');
      list.set(await ask('PUT', '/settings/origins', { body: { origins: how(origins) } }));
      note(done);
      refused.reload();
    });
    turn.current = now.catch(() => {});
    return now;
  };
  const origins = list.data?.data.origins ?? [];
  const allow = (origin) => change((now) => [...now, origin], t('{origin} may show the phone now.', { origin }));
  const columns = (tool) => [
    { name: 'origin', title: t('Site'), show: (r) => html`<code>${r.origin}</code>` },
    ...tool,
  ];
  return html`<p class="soft">
      ${t('Sites whose pages may show the phone and call the API. Everybody else is turned away.')}</p>
    <${Card} title=${t('Allowed sites')} plain><${Loaded} of=${list} lines=${3}>${() => html`
      ${
        origins.length === 0
          ? html`<${Empty} icon="globe" title=${t('No site yet')}>
            ${t('Add the address of your CRM, then paste the lines below into its page.')}<//>`
          : html`<${Table} label=${t('Allowed sites')} rows=${origins.map((origin) => ({ id: origin, origin }))}
            columns=${columns([
              {
                name: 'remove',
                title: '',
                num: true,
                show: (
                  r,
                ) => html`<${Button} kind="plain" icon="trash-2" label=${t('Remove {origin}', { origin: r.origin })}
                  onClick=${() => setGone(r.origin)} />`,
              },
            ])} />`
      }
      <div class="in"><${Add} allow=${allow} /></div>`}<//><//>
    <${Card} title=${t('Turned away')} plain><${Loaded} of=${refused} lines=${3}>${(page) =>
      page.refused.length === 0
        ? html`<${Empty} icon="shield-check" title=${t('Nobody was turned away')} />`
        : html`<${Table} label=${t('Turned away')} rows=${page.refused.map((r) => ({ id: r.origin, ...r }))}
            columns=${columns([
              { name: 'times', title: t('Times'), num: true, show: (r) => count(r.times) },
              {
                name: 'last',
                title: t('Last'),
                num: true,
                minor: true,
                show: (r) => html`<${Time} at=${r.last_at} />`,
              },
              {
                name: 'allow',
                title: '',
                num: true,
                show: (r) => html`<${Act} run=${() => allow(r.origin)}
                  label=${t('Allow {origin}', { origin: r.origin })}>${t('Allow')}<//>`,
              },
            ])} />`}<//><//>
    <${Card} title=${t('Lines for your page')}><p class="soft">
      ${t('Your server asks POST /api/v1/embed-tickets for a ticket with an API key and hands it to the page.')}</p>
      <pre class="snippet" tabindex="0" role="region" aria-label=${t('Code')}><code>${snippet()}</code></pre><//>
    ${
      gone &&
      html`<${Confirm} title=${t('Remove {origin}?', { origin: gone })} action=${t('Remove')} danger
      close=${() => setGone(null)}
      run=${() => change((now) => now.filter((o) => o !== gone), t('Removed')).then(() => setGone(null))}>
      ${t('The phone vanishes from its pages at the next load, and its pages cannot call the API any more.')}<//>`
    }`;
}
