// The phone on a page of its own; /dial?number= fills it in for a click on a number elsewhere, and never calls.
import { Card, Head } from '../parts/basic.js';
import Panel from '../phone/panel.js';
import { Presence } from '../phone/presence.js';
import { Devices } from '../phone/devices.js';
import { wish } from '../phone/state.js';
import { t } from '../text.js';
import { html, useEffect } from '../ui.js';

export default function Phone({ query }) {
  useEffect(() => {
    const number = (query.number ?? query.to ?? '').replace(/^tel:/, '');
    if (number) wish.value = { number, name: query.name, contact_id: query.contact_id ?? null };
  }, [query.number, query.to]);
  return html`<${Head} title=${t('Phone')}><${Presence} /><//>
    <div class="two phone-page"><${Card} title=${t('Call')}><${Panel} focus=${true} /><//>
      <${Card} title=${t('Sound')}><${Devices} /><//></div>`;
}
