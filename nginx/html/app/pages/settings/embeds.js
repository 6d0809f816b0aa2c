// Whose pages may call the API from a browser and hold our telephone.
import { get, put } from '../../api.js';
import { Copy } from '../../parts/admin.js';
import { Button, Card, Empty, Loaded } from '../../parts/basic.js';
import { Form, Input, useForm } from '../../parts/form.js';
import { note, useLoad } from '../../store.js';
import { t } from '../../text.js';
import { html } from '../../ui.js';

function Inner({ origins, saved }) {
  const save = async (list, text) => {
    saved(await put('/settings/origins', { origins: list }));
    note(text);
  };
  const form = useForm({ origin: '' }, (v) => {
    const origin = v.origin.trim().replace(/\/+$/, '');
    return save([...new Set([...origins, origin])], t('{origin} is allowed', { origin }));
  });
  const wrong = form.error?.errors?.find((e) => e.pointer.startsWith('/origins'))?.detail;
  return html`<${Card} title=${t('Pages that may call us')}><div class="stack">
    ${
      origins.length === 0
        ? html`<${Empty} icon="globe" title=${t('No page of another origin may call')}>${t(
            'Allow your CRM here before you put the telephone into it.',
          )}<//>`
        : html`<ul class="lines">${origins.map(
            (o) => html`<li><code>${o}</code><span class="space"></span><${Copy} text=${o}
              label=${t('Copy {what}', { what: o })} />
            <${Button} kind="plain" icon="trash-2" label=${t('Forbid {origin}', { origin: o })}
              onClick=${() =>
                save(
                  origins.filter((x) => x !== o),
                  t('{origin} is forbidden', { origin: o }),
                ).catch((e) => note(e.message, { kind: 'bad' }))} /></li>`,
          )}</ul>`
    }
    <${Form} of=${{ ...form, loose: wrong ? null : form.loose }} action=${t('Allow')}
      disabled=${form.values.origin.trim() === ''}>
      <${Input} of=${form} name="origin" label=${t('Origin')} placeholder="https://crm.example.com" spellcheck=${false}
        error=${wrong ?? form.field('origin').error} hint=${t('Scheme, host and port of the page, without a path.')}
          /><//></div><//>`;
}

export default function Embeds() {
  const origins = useLoad((signal) => get('/settings/origins', {}, { signal }), '');
  return html`<${Loaded} of=${origins}>${(doc) =>
    html`<${Inner} key=${doc.origins.join()} origins=${doc.origins} saved=${origins.set} />`}<//>`;
}
