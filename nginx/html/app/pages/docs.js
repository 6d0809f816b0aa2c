// The API's reference, drawn from /api/v1/openapi.json: what this server really takes and answers, to be tried at once.
import { get } from '../api.js';
import { Badge, Card, Empty, Field, Head, Loaded } from '../parts/basic.js';
import { Code } from '../parts/code.js';
import { Members, named } from './docs/schema.js';
import { languages, snippet } from './docs/snippets.js';
import { Try } from './docs/try.js';
import { href, setQuery } from '../router.js';
import { useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useMemo, useState } from '../ui.js';

const methods = ['get', 'post', 'put', 'patch', 'delete'];
const kinds = { get: 'live', post: 'good', put: 'warn', patch: 'warn', delete: 'bad' };

// { group: [operation] }: by the first word of the path behind /api/v1.
function operations(doc) {
  const groups = {};
  for (const [path, item] of Object.entries(doc.paths))
    for (const method of methods) {
      if (!item[method]) continue;
      const of = path.startsWith('/api/v1/') ? path.split('/')[3].replaceAll('-', ' ') : t('Paths of the guides');
      (groups[of] ??= []).push({ ...item[method], id: item[method].operationId, method, path });
    }
  return groups;
}

const Method = ({ method }) => html`<${Badge} kind=${kinds[method]}>${method.toUpperCase()}<//>`;

function Index({ groups, wanted, find }) {
  const word = find.toLowerCase();
  const fits = (o) => `${o.method} ${o.path} ${o.summary}`.toLowerCase().includes(word);
  const shown = Object.entries(groups)
    .map(([name, all]) => [name, all.filter(fits)])
    .filter(([, all]) => all.length);
  if (!shown.length) return html`<p class="soft">${t('Nothing has this word.')}</p>`;
  return html`<nav class="index" aria-label=${t('Requests')}>${shown.map(
    ([name, all]) => html`<details open=${word !== '' || all.some((o) => o.id === wanted?.id)}>
      <summary>${name} <small class="faint">${all.length}</small></summary>
      <ul>${all.map(
        (o) => html`<li><a href=${href('/docs', { op: o.id })}
        aria-current=${o.id === wanted?.id ? 'page' : undefined}>
        <${Method} method=${o.method} /><span>${o.path.replace('/api/v1', '')}</span></a></li>`,
      )}</ul></details>`,
  )}</nav>`;
}

function Parameters({ all }) {
  if (!all.length) return null;
  return html`<h3>${t('Parameters')}</h3><dl class="members">${all.map(
    (p) => html`<div>
    <dt><code>${p.name}</code>${p.required && html` <${Badge}>${t('needed')}<//>`}</dt>
    <dd><span class="soft">${p.in}, ${named(p.schema)}</span>${p.description && html`<p>${p.description}</p>`}</dd>
      </div>`,
  )}</dl>`;
}

function Snippets({ op, server }) {
  const [at, setAt] = useState(languages[0].id);
  const text = useMemo(() => snippet(at, op, server), [at, op, server]);
  return html`<div class="snippets"><div class="row" role="group" aria-label=${t('Language')}>${languages.map(
    (l) => html`<button type="button" class="button" aria-pressed=${l.id === at} onClick=${() => setAt(l.id)}>
      ${l.title}</button>`,
  )}</div><${Code} block text=${text} /></div>`;
}

function Operation({ op, doc }) {
  const body = op.requestBody?.content?.['application/json']?.schema;
  const answers = Object.entries(op.responses).filter(([code]) => /^2/.test(code));
  return html`<article class="stack wide">
    <header class="stack"><h2>${op.summary}</h2>
      <p class="path"><${Method} method=${op.method} /> <code>${op.path}</code></p>
      ${op.description && html`<p class="soft">${op.description}</p>`}</header>
    <${Snippets} op=${op} server=${location.origin} />
    <${Card} title=${t('What it takes')}>
      <${Parameters} all=${op.parameters ?? []} />
      ${body ? html`<h3>${t('Body')}</h3><${Members} schema=${body} doc=${doc} sent />` : null}
      ${!body && !op.parameters?.length && html`<p class="soft">${t('Nothing but the path.')}</p>`}<//>
    <${Card} title=${t('What it answers')}>${answers.map(
      ([code, r]) => html`<h3>${code}</h3>
      ${
        r.content?.['application/json']
          ? html`<${Members} schema=${r.content['application/json'].schema} doc=${doc} />`
          : html`<p class="soft">${r.description}</p>`
      }`,
    )}
      <p class="soft"><small>
        ${t('Everything else is a problem document (RFC 9457) with code, detail and request_id.')}</small></p><//>
    <${Try} key=${op.id} op=${op} />
  </article>`;
}

function Start() {
  const base = location.origin;
  const curl = `curl -H "Authorization: Bearer $KEY" "${base}/api/v1/calls?limit=2"`;
  const check = `# body: the raw request body; the three headers come with each delivery
secret=\${WHSEC#whsec_}
printf '%s.%s.%s' "$id" "$timestamp" "$body" |
  openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf %s "$secret" | base64 -d | xxd -p -c 64) -binary | base64`;
  return html`<div class="stack wide">
    <${Card} title=${t('Three ways in')}>
      <h3>${t('1. A key, and a first question')}</h3>
      <p>${t('Make a key under Keys; it is shown once. What a key of shk_test_ makes is marked as a test.')}</p>
      <${Code} block text=${curl} />
      <h3>${t('2. Being told: webhooks')}</h3>
      <p>${t('Standard Webhooks 1.0.0: webhook-signature is v1, and the HMAC-SHA256 of id.timestamp.body.')}</p>
      <${Code} block text=${check} />
      <h3>${t('3. The rules that hold everywhere')}</h3>
      <ul class="found">
        <li>${t('Lists come in pages: limit, next_cursor. A page asked for again has no row twice.')}</li>
        <li>${t('POST takes an Idempotency-Key: the same key within 24 hours has the same answer.')}</li>
        <li>${t('PATCH and PUT take If-Match with the ETag, so that nobody overwrites what another has changed.')}</li>
        <li>${t('Times are RFC 3339 in UTC, numbers E.164, money a decimal string with its currency.')}</li>
      </ul><//></div>`;
}

export default function Docs({ query }) {
  const spec = useLoad((signal) => get('/openapi.json', {}, { signal }), '');
  const groups = useMemo(() => (spec.data ? operations(spec.data) : {}), [spec.data]);
  const wanted = Object.values(groups)
    .flat()
    .find((o) => o.id === query.op);
  return html`<${Head} title=${t('API')} />
    <${Loaded} of=${spec} lines=${12}>${(doc) => html`<div class="docs">
      <div class="stack"><${Field} type="search" label=${t('Find a request')} value=${query.find ?? ''}
          placeholder=${t('calls, webhooks, PATCH…')} onInput=${(e) => setQuery({ find: e.target.value })} />
        <${Index} groups=${groups} wanted=${wanted} find=${query.find ?? ''} /></div>
      ${
        wanted
          ? html`<${Operation} op=${wanted} doc=${doc} />`
          : query.op
            ? html`<${Card} plain><${Empty} icon="book-open" title=${t('There is no such request')} /><//>`
            : html`<${Start} />`
      }
    </div>`}<//>`;
}
