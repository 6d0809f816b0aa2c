// Contacts: found by name or number, called with one click.
import { get } from '../api.js';
import { Phone } from '../parts/number-text.js';
import { Button, Empty, Field, Head, Time } from '../parts/basic.js';
import { Call } from '../parts/dial.js';
import { Create } from '../parts/noun.js';
import { List } from '../parts/table.js';
import { Zones } from '../parts/zones.js';
import { go, href, setQuery } from '../router.js';
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

const isNumber = (text) => /^\+[\d\s()-]{6,}$/.test(text);

export default function Contacts({ query }) {
  const { find, ...page } = query;
  const asked = find ? (isNumber(find) ? { number: find.replace(/[^\d+]/g, '') } : { q: find }) : {};
  const contacts = useLoad(
    (signal) => get('/contacts', { limit: 50, count: true, ...page, ...asked }, { signal }),
    JSON.stringify(query),
  );
  const [adding, setAdding] = useState(false);
  const add = html`<${Button} kind="main" icon="user-plus" onClick=${() => setAdding(true)}>${t('Add a contact')}<//>`;
  const submit = (e) => {
    e.preventDefault();
    setQuery({ find: new FormData(e.target).get('find').trim() });
  };
  return html`<${Head} title=${t('Contacts')}>${add}<//>
    <form class="filters" role="search" aria-label=${t('Contacts')} onSubmit=${submit}>
      <${Field} name="find" key=${find} label=${t('Name or number')} class="wide" value=${find ?? ''} maxlength="100"
        placeholder=${t('Ada, or +44…')} />
      <${Button} type="submit" icon="search">${t('Search')}<//>
      ${find && html`<${Button} kind="plain" icon="x" href=${href('/contacts')}>${t('All contacts')}<//>`}</form>
    <${List} of=${contacts} label=${t('Contacts')} columns=${columns} link=${(c) => href(`/contacts/${c.id}`)}
      empty=${
        find
          ? html`<${Empty} icon="search" title=${t('Nobody is called so')}>${t(
              'Names are found by their beginning or a word in them, numbers when they are whole.',
            )}<//>`
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
