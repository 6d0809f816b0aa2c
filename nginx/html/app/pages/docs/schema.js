// JSON Schema as people read it: names, types in a word, what is needed, members within members.
import { Badge } from '../../parts/basic.js';
import { t } from '../../text.js';
import { html } from '../../ui.js';

const last = (ref) => ref.split('/').at(-1);
export const resolve = (schema, doc) => (schema?.$ref ? doc.components.schemas[last(schema.$ref)] : schema);

// "text", "uuid", "one of a, b", "list of Client", "number 1 to 100".
export function named(schema) {
  if (!schema) return '';
  if (schema.$ref) return last(schema.$ref);
  const types = [schema.type].flat().filter((x) => x && x !== 'null');
  const maybe = [schema.type].flat().includes('null') ? ` ${t('or null')}` : '';
  const words = schema.enum?.filter((x) => x !== null);
  if (words) return t('one of {words}', { words: words.join(', ') }) + maybe;
  if (types[0] === 'array') return t('list of {what}', { what: named(schema.items) || t('anything') }) + maybe;
  const range = [schema.minimum ?? schema.minLength, schema.maximum ?? schema.maxLength];
  const bounds = range[1] === undefined ? '' : ` ${range[0] ?? 0}–${range[1]}`;
  return `${schema.format ?? types.join(t(' or ')) ?? ''}${bounds}${maybe}` || t('anything');
}

function Member({ name, schema, needed, doc, depth }) {
  const inner = resolve(schema.type === 'array' || [schema.type].flat().includes('array') ? schema.items : schema, doc);
  const more = depth < 3 && inner?.properties;
  return html`<div><dt><code>${name}</code>${needed && html` <${Badge}>${t('needed')}<//>`}</dt>
    <dd><span class="soft">${named(schema)}</span>
      ${schema.example !== undefined && html` <code class="faint">${JSON.stringify(schema.example)}</code>`}
      ${schema.description && html`<p>${schema.description}</p>`}
      ${
        more &&
        html`<details><summary>${t('Members')}</summary>
        <${Members} schema=${inner} doc=${doc} depth=${depth + 1} /></details>`
      }</dd></div>`;
}

export function Members({ schema, doc, depth = 0, sent }) {
  const of = resolve(schema, doc);
  if (!of?.properties) return html`<p class="soft">${named(schema)}</p>`;
  const list = of.properties.data && of.properties.next_cursor ? resolve(of.properties.data.items, doc) : null;
  const members = Object.entries((list ?? of).properties ?? {});
  return html`${list && html`<p class="soft">${t('A page: data, next_cursor, total. Each of data:')}</p>`}
    <dl class="members">${members.map(
      ([name, s]) => html`<${Member} name=${name} schema=${s} doc=${doc} depth=${depth}
      needed=${sent && of.required?.includes(name)} />`,
    )}</dl>`;
}

// A body that could be sent: of each needed member an example.
export function example(schema, doc) {
  const of = resolve(schema, doc) ?? {};
  const one = (s) => {
    const x = resolve(s, doc) ?? {};
    if (x.example !== undefined) return x.example;
    if (x.enum) return x.enum[0];
    const type = [x.type].flat()[0];
    return { string: 'text', integer: 1, number: 1, boolean: true, array: [], object: {} }[type] ?? null;
  };
  return Object.fromEntries((of.required ?? []).map((name) => [name, one(of.properties[name])]));
}
