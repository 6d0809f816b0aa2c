// Compliance: what people are told and allowed, whom nobody calls, how long things stay, and one person's rights.
import { Parts } from '../parts/admin.js';
import { Head } from '../parts/basic.js';
import { href } from '../router.js';
import { may } from '../store.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { Audit } from './compliance/audit.js';
import { Consents } from './compliance/consents.js';
import { Disclosures } from './compliance/disclosures.js';
import { DoNotCall } from './compliance/dnc.js';
import { Person } from './compliance/person.js';
import { Retention } from './compliance/retention.js';

const sections = [
  { id: 'disclosures', title: () => t('Disclosures'), View: Disclosures, role: 'manager' },
  { id: 'consents', title: () => t('Consents'), View: Consents, role: 'manager' },
  { id: 'dnc', title: () => t('Do not call'), View: DoNotCall, role: 'manager' },
  { id: 'retention', title: () => t('Retention'), View: Retention, role: 'manager' },
  { id: 'person', title: () => t('One person'), View: Person, role: 'admin' },
  { id: 'audit', title: () => t('Audit'), View: Audit, role: 'admin' },
];

export default function Compliance({ params, query }) {
  const shown = sections.filter((s) => may(s.role));
  const at = shown.find((s) => s.id === params.section) ?? shown[0];
  return html`<${Head} title=${t('Compliance')} />
    <${Parts} label=${t('Sections')}
      rows=${shown.map((s) => ({ label: s.title(), here: s === at, href: href(`/compliance/${s.id}`) }))} />
    <div class="stack wide"><${at.View} key=${at.id} query=${query} /></div>`;
}
