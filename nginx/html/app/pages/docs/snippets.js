// A request in the languages of those who will write it.
import { example } from './schema.js';

export const languages = [
  { id: 'curl', title: 'curl' },
  { id: 'js', title: 'JavaScript' },
  { id: 'python', title: 'Python' },
  { id: 'c', title: 'C' },
];

const bodyOf = (op) => {
  const schema = op.requestBody?.content?.['application/json']?.schema;
  return schema ? example(schema, { components: { schemas: {} } }) : null;
};
const pathOf = (op) => op.path.replace(/\{(\w+)\}/g, (all, name) => `$${name.toUpperCase()}`);
const keyed = (op) => op.parameters?.some((p) => p.name === 'Idempotency-Key');

const writers = {
  curl(op, server) {
    const body = bodyOf(op);
    const lines = [`curl${op.method === 'get' ? '' : ` -X ${op.method.toUpperCase()}`} "${server}${pathOf(op)}"`];
    lines.push('-H "Authorization: Bearer $KEY"');
    if (keyed(op)) lines.push('-H "Idempotency-Key: $(uuidgen)"');
    if (body) lines.push("-H 'Content-Type: application/json'", `-d '${JSON.stringify(body)}'`);
    return lines.join(' \\\n  ');
  },
  js(op, server) {
    const body = bodyOf(op);
    const path = op.path.replace(/\{(\w+)\}/g, '${$1}');
    return [
      `const res = await fetch(\`${server}${path}\`, {`,
      ...(op.method === 'get' ? [] : [`  method: '${op.method.toUpperCase()}',`]),
      '  headers: {',
      '    authorization: `Bearer ${process.env.KEY}`,',
      ...(keyed(op) ? ["    'idempotency-key': crypto.randomUUID(),"] : []),
      ...(body ? ["    'content-type': 'application/json',"] : []),
      '  },',
      ...(body ? [`  body: JSON.stringify(${JSON.stringify(body)}),`] : []),
      '});',
      'if (!res.ok) throw new Error((await res.json()).detail);',
      ...(op.responses['204'] ? [] : ['const data = await res.json();']),
    ].join('\n');
  },
  python(op, server) {
    const body = bodyOf(op);
    const path = op.path;
    return [
      'import json, os, urllib.request' + (keyed(op) ? ', uuid' : ''),
      '',
      `req = urllib.request.Request(f"${server}${path}", method="${op.method.toUpperCase()}", headers={`,
      '    "Authorization": "Bearer " + os.environ["KEY"],',
      ...(keyed(op) ? ['    "Idempotency-Key": str(uuid.uuid4()),'] : []),
      ...(body ? ['    "Content-Type": "application/json",'] : []),
      `}${body ? `, data=json.dumps(${python(body)}).encode()` : ''})`,
      'with urllib.request.urlopen(req) as res:',
      op.responses['204'] ? '    assert res.status == 204' : '    data = json.load(res)',
    ].join('\n');
  },
  c(op, server) {
    const body = bodyOf(op);
    return [
      'struct curl_slist *headers = curl_slist_append(NULL, authorization); /* "Authorization: Bearer ..." */',
      ...(body ? ['headers = curl_slist_append(headers, "Content-Type: application/json");'] : []),
      `curl_easy_setopt(curl, CURLOPT_URL, "${server}${op.path}");`,
      `curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "${op.method.toUpperCase()}");`,
      'curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);',
      ...(body ? [`curl_easy_setopt(curl, CURLOPT_POSTFIELDS, ${JSON.stringify(JSON.stringify(body))});`] : []),
      'CURLcode done = curl_easy_perform(curl);',
    ].join('\n');
  },
};
const python = (v) =>
  JSON.stringify(v).replace(/\b(true|false|null)\b/g, (w) => ({ true: 'True', false: 'False', null: 'None' })[w]);

export const snippet = (id, op, server) => writers[id](op, server);
