// Sends the request that is being read about, as who is logged in, and shows what really comes back.
import { ask } from '../../api.js';
import { Badge, Button, Card, Field } from '../../parts/basic.js';
import { example } from './schema.js';
import { t } from '../../text.js';
import { html, useState } from '../../ui.js';

const most = 20000; // characters of an answer that are shown

export function Try({ op }) {
  const schema = op.requestBody?.content?.['application/json']?.schema;
  const [answer, setAnswer] = useState(null);
  const [busy, setBusy] = useState(false);
  const fields = (op.parameters ?? []).filter((p) => p.in !== 'header');
  const change = op.method !== 'get';
  if (!op.path.startsWith('/api/v1/'))
    return html`<${Card} title=${t('Try it')}><p class="soft">
      ${t('Paths of the guides are tried with a key, from a terminal.')}</p><//>`;
  const send = async (e) => {
    e.preventDefault();
    const form = new FormData(e.target);
    const path = op.path
      .replace('/api/v1', '')
      .replace(/\{(\w+)\}/g, (all, name) => encodeURIComponent(form.get(name)));
    const query = Object.fromEntries(fields.filter((p) => p.in === 'query').map((p) => [p.name, form.get(p.name)]));
    setBusy(true);
    const began = performance.now();
    let out;
    try {
      const body = schema ? JSON.parse(form.get('body')) : undefined;
      const res = await ask(op.method.toUpperCase(), path, { query, body, etag: form.get('if-match') || undefined });
      out = { status: res.status, data: res.data, etag: res.etag };
    } catch (error) {
      out =
        error.status === undefined
          ? { status: t('not sent'), data: error.message }
          : { status: error.status, data: error.problem };
    }
    setAnswer({ ...out, ms: Math.round(performance.now() - began) });
    setBusy(false);
  };
  const text = answer && (typeof answer.data === 'string' ? answer.data : JSON.stringify(answer.data, null, 2));
  return html`<${Card} title=${t('Try it')}>
    <form class="form" onSubmit=${send}>
      ${change && html`<p class="warn">${t('This is your real data: what it changes is changed.')}</p>`}
      <div class="fields">${fields.map(
        (p) => html`<${Field} label=${p.name} name=${p.name} required=${p.required}
        placeholder=${p.schema.example ?? p.schema.default ?? ''} />`,
      )}
        ${['put', 'patch', 'delete'].includes(op.method) && html`<${Field} label="If-Match" name="if-match" />`}</div>
      ${
        schema &&
        html`<${Field} as="textarea" class="code" rows="6" label=${t('Body')} name="body" spellcheck="false"
        defaultValue=${JSON.stringify(example(schema, { components: { schemas: {} } }), null, 2)} />`
      }
      <div class="ends"><${Button} type="submit" kind="main" icon="play" disabled=${busy}>${t('Send')}<//></div>
    </form>
    ${
      answer &&
      html`<div class="stack" role="status"><p class="row">
        <${Badge} kind=${answer.status < 400 ? 'good' : 'bad'}>${answer.status}<//>
        <span class="soft">${t('{n} ms', { n: answer.ms })}</span>
        ${answer.etag && html`<span class="soft">ETag <code>${answer.etag}</code></span>`}</p>
      ${
        answer.data !== null &&
        html`<pre class="answer" tabindex="0">${text.slice(0, most)}${
          text.length > most ? `\n… ${t('{n} characters more', { n: text.length - most })}` : ''
        }</pre>`
      }</div>`
    }
  <//>`;
}
