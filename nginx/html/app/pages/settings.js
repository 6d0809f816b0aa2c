// Settings: a section an address; each section is a module of its own.
import { Bones, Failure, Head } from '../parts/basic.js';
import { Parts } from '../parts/admin.js';
import { href } from '../router.js';
import { may } from '../store.js';
import { t } from '../text.js';
import { html, useEffect, useState } from '../ui.js';

const sections = [
  { id: 'company', label: () => t('Company'), icon: 'building-2', load: () => import('./settings/company.js') },
  { id: 'twilio', label: () => t('Twilio'), icon: 'phone', role: 'admin', load: () => import('./settings/twilio.js') },
  { id: 'voice', label: () => t('Voice and recording'), icon: 'mic', load: () => import('./settings/voice.js') },
  {
    id: 'embeds',
    label: () => t('Embeds'),
    icon: 'globe',
    role: 'admin',
    load: () => import('./settings/embeds.js'),
  },
  { id: 'ai', label: () => t('Transcripts and analysis'), icon: 'file-text', load: () => import('./settings/ai.js') },
  { id: 'mail', label: () => t('Mail'), icon: 'mail', role: 'admin', load: () => import('./settings/mail.js') },
  {
    id: 'webhooks',
    label: () => t('Webhooks'),
    icon: 'webhook',
    role: 'admin',
    load: () => import('./settings/webhooks.js'),
  },
  { id: 'alerts', label: () => t('Alerts'), icon: 'bell', load: () => import('./settings/alerts.js') },
  { id: 'budgets', label: () => t('Budgets'), icon: 'credit-card', load: () => import('./settings/budgets.js') },
  { id: 'prices', label: () => t('Prices'), icon: 'tag', load: () => import('./settings/prices.js') },
  { id: 'limits', label: () => t('Limits'), icon: 'shield-check', load: () => import('./settings/limits.js') },
];

export default function Settings({ params, query }) {
  const seen = sections.filter((s) => may(s.role ?? 'manager'));
  const section = seen.find((s) => s.id === (params.section ?? 'company'));
  const [state, setState] = useState({});
  useEffect(() => {
    let here = true;
    section?.load().then(
      (module) => here && setState({ id: section.id, View: module.default }),
      (error) => here && setState({ id: section.id, error }),
    );
    return () => (here = false);
  }, [section?.id]);
  const rows = seen.map((s) => ({
    label: s.label(),
    icon: s.icon,
    here: s === section,
    href: href(s.id === 'company' ? '/settings' : `/settings/${s.id}`),
  }));
  const ready = section && state.id === section.id;
  return html`<div class="settings">
    <${Parts} label=${t('Settings')} rows=${rows} />
    <div class="stack wide">${
      !section
        ? html`<${Head} title=${t('There is no such section')} />`
        : html`<${Head} title=${section.label()} />${
            !ready
              ? html`<${Bones} />`
              : state.error
                ? html`<${Failure} error=${state.error} retry=${() => location.reload()} />`
                : html`<${state.View} query=${query} />`
          }`
    }</div></div>`;
}
