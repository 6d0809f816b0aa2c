// Contacts: found by name or number, called with one click.
import { get } from '../api.js';
import { Phone } from '../parts/number-text.js';
import { Button, Empty, Head, Time } from '../parts/basic.js';
import { Call } from '../parts/dial.js';
import { Find, found, NotFound } from '../parts/find.js';
import { Create } from '../parts/noun.js';
import { List } from '../parts/table.js';
import { Zones } from '../parts/zones.js';
import { go, href } from '../router.js';
import { note, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';

export const contactFields = () => [
  { name: 'name', label: t('Name'), maxlength: 200, autofocus: true },
  {
    name: 'phone_number',
    label: t('Number'),
    type: 'tel',
    placeholder: '+44…',
    hint: t('With + and the country, as the person would be called from abroad.'),
  },
  { name: 'time_zone', label: t('Time zone'), list: 'zones', hint: t('Calls out are held to decent hours there.') },
  { name: 'external_id', label: t('Id in your CRM'), maxlength: 200 },
];

const columns = [
  {
    name: 'name',
    title: t('Contact'),
    show: (c) => html`<a href=${href(`/contacts/${c.id}`)}>${c.name || c.phone_number || t('Without a name')}</a>`,
  },
  {
    name: 'number',
    title: t('Number'),
    show: (c) => html`<span class="row nowrap"><${Phone} number=${c.phone_number} />
      ${c.phone_number && html`<${Call} number=${c.phone_number} contact=${c} kind="plain" />`}</span>`,
  },
  { name: 'external', title: t('Id in your CRM'), minor: true, show: (c) => c.external_id ?? '–' },
  { name: 'since', title: t('Since'), num: true, minor: true, show: (c) => html`<${Time} at=${c.created_at} />` },
];

// A whole number is found where numbers are sealed as well.
const isNumber = (text) => /^\+[\d\s()-]{6,}$/.test(text);

export default function Contacts({ query }) {
  const { find } = query;
  const whole = isNumber(find ?? '') && { number: find.replace(/[^\d+]/g, ''), q: undefined };
  const asked = { ...found(query), ...whole };
  const contacts = useLoad((signal) => get('/contacts', asked, { signal }), JSON.stringify(asked));
  const [adding, setAdding] = useState(false);
  const add = html`<${Button} kind="main" icon="user-plus" onClick=${() => setAdding(true)}>${t('Add a contact')}<//>`;
  return html`<${Head} title=${t('Contacts')}>${add}<//>
    <${Find} query=${query} label=${t('Contacts')} what=${t('Name or number')} always
      placeholder=${t('Ada, or +44…')} />
    <${List} of=${contacts} label=${t('Contacts')} columns=${columns} link=${(c) => href(`/contacts/${c.id}`)}
      empty=${
        find
          ? html`<${NotFound}>${t('A part of the name or some digits of the number are enough.')}<//>`
          : html`<${Empty} icon="users" title=${t('No contacts yet')} action=${add}>${t(
              'Your CRM brings them in through the API, or add them here. Calls find their contact by its number.',
            )}<//>`
      } />
    <${Zones} />
    ${
      adding &&
      html`<${Create} title=${t('Add a contact')} path="/contacts" fields=${contactFields()}
        close=${() => setAdding(false)}
        made=${(c) => {
          note(t('{name} is added', { name: c.name || c.phone_number || t('The contact') }));
          go(`/contacts/${c.id}`);
        }} />`
    }`;
}
