// Which sites may show the phone and call the API from a browser, and who was turned away.
import { ask, get } from '../../api.js';
import { Button, Card, Empty, Failure, Field, Loaded, Time } from '../../parts/basic.js';
import { Confirm } from '../../parts/dialog.js';
import { Table } from '../../parts/table.js';
import { count } from '../../fmt.js';
import { note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';

const snippet = () => `<div id="phone"></div>
<script src="${location.origin}/embed/phone.js"></script>
<script>
  const phone = Switchhook.phone({ mount: '#phone', ticket: () => fetch('/your/ticket').then((r) => r.text()) });
  phone.on('call.ended', (call) => console.log(call));
</script>`;

function Add({ add, busy, error }) {
  const [origin, setOrigin] = useState('');
  const send = (e) => {
    e.preventDefault();
    add(origin.trim()).then((ok) => ok && setOrigin(''));
  };
  return html`<form class="row" onSubmit=${send}>
    <${Field} label=${t('Add a site')} placeholder="https://crm.example"
      hint=${t('Scheme, host and port, as in the address bar.')}
      required value=${origin} onInput=${(e) => setOrigin(e.target.value)}
      error=${error?.errors?.[0]?.detail} />
    <${Button} type="submit" kind="main" icon="plus" disabled=${busy}>${t('Allow')}<//></form>`;
}

export default function Embeds() {
  const [state, setState] = useState({ busy: false, error: null, ask: null });
  const list = useLoad((signal) => ask('GET', '/settings/origins', { signal }), '');
  const refused = useLoad((signal) => get('/settings/refused-origins', {}, { signal }), '');
  const put = async (origins, done) => {
    setState({ busy: true, error: null, ask: null });
    try {
      await ask('PUT', '/settings/origins', { body: { origins } });
      setState({ busy: false, error: null, ask: null });
      note(done);
      list.reload();
      refused.reload();
      return true;
    } catch (error) {
      setState({ busy: false, error, ask: null });
      return false;
    }
  };
  const origins = list.data?.data.origins ?? [];
  const allow = (origin) => put([...origins, origin], t('{origin} may show the phone now.', { origin }));
  const columns = (tool) => [
    { name: 'origin', title: t('Site'), show: (r) => html`<code>${r.origin}</code>` },
    ...tool,
  ];
  return html`<p class="soft">
      ${t('Sites whose pages may show the phone and call the API. Everybody else is turned away.')}</p>
    ${state.error && !state.error.errors?.length && html`<${Failure} error=${state.error} />`}
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
                  onClick=${() => setState({ ...state, ask: r.origin })} />`,
              },
            ])} />`
      }
      <div class="in"><${Add} add=${allow} busy=${state.busy} error=${state.error} /></div>`}<//><//>
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
                show: (r) => html`<${Button} disabled=${state.busy} onClick=${() => allow(r.origin)}
                  label=${t('Allow {origin}', { origin: r.origin })}>${t('Allow')}<//>`,
              },
            ])} />`}<//><//>
    <${Card} title=${t('Lines for your page')}><p class="soft">
      ${t('Your server asks POST /api/v1/embed-tickets for a ticket with an API key and hands it to the page.')}</p>
      <pre class="snippet" tabindex="0" role="region" aria-label=${t('Code')}><code>${snippet()}</code></pre><//>
    ${
      state.ask &&
      html`<${Confirm} title=${t('Remove {origin}?', { origin: state.ask })} action=${t('Remove')} danger
      close=${() => setState({ ...state, ask: null })}
      run=${() =>
        put(
          origins.filter((o) => o !== state.ask),
          t('Removed'),
        )}>
      ${t('The phone vanishes from its pages at the next load, and its pages cannot call the API any more.')}<//>`
    }`;
}
