// libtwiml against Twilio's own SDK: the golden documents, and a walk through the whole table of the language.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import twilio from 'twilio';
import { attempts, documents, fixtures, parse, table, verb } from './twiml-program.mjs';

const { VoiceResponse, MessagingResponse } = twilio.twiml;
const odd = 'Smith & Sons <"it\'s"> López 👋';

// What Twilio's SDK writes for the calls. A verb that this SDK does not know yet is added by its name.
function reference({ kind, calls }) {
  const response = kind === 'voice' ? new VoiceResponse() : new MessagingResponse();
  const walk = (cls, node, list) => {
    for (const [method, attrs, text, children] of list) {
      const [element, child] = Object.entries(table[kind].classes[cls].children).find(([, c]) => c.method === method);
      const clean = Object.fromEntries(Object.entries(attrs ?? {}).filter(([, v]) => v !== null && v !== undefined));
      let made;
      if (typeof node[method] !== 'function') {
        made = node.addChild(element, clean);
        if (text) made.addText(text);
      } else made = child.text ? node[method](clean, text ?? undefined) : node[method](clean);
      walk(child.cls, made, children ?? []);
    }
  };
  walk(table[kind].root, response, calls);
  return response.toString();
}

// A chain of calls from the root to each class, so that any verb can be put in its place.
function chains(kind) {
  const { root, classes } = table[kind];
  const found = new Map([[root, []]]);
  for (const [cls, chain] of found) {
    for (const child of Object.values(classes[cls].children)) {
      if (!found.has(child.cls)) found.set(child.cls, [...chain, child.method]);
    }
  }
  return found;
}

const nested = (chain, call) => chain.reduceRight((inner, method) => [method, null, null, [inner]], call);

// Each value that an attribute may have: words one by one and together, numbers, both flags, any text.
function values({ type, list, values: words }) {
  if (type === 'boolean') return [true, false];
  if (type === 'number') return list ? [1, [1, 2, 3]] : [7, 0, 4294967294];
  if (type === 'enum' && words) return list ? [...words, words] : words;
  return [odd, ''];
}

function walk() {
  const list = [];
  for (const kind of ['voice', 'messaging']) {
    const seen = new Set();
    for (const [cls, chain] of chains(kind)) {
      for (const child of Object.values(table[kind].classes[cls].children)) {
        const put = (attrs, text) =>
          list.push({ kind, calls: [nested(chain, [child.method, attrs, text])], child, attrs });
        put(null, child.text ? odd : null);
        if (seen.has(child.cls)) continue;
        seen.add(child.cls);
        for (const [name, spec] of Object.entries(child.attrs)) for (const v of values(spec)) put({ [name]: v }, null);
      }
    }
  }
  return list;
}

// record="true" and "false" are old; what is written is what they mean today.
const old = { true: 'record-from-answer', false: 'do-not-record' };
const today = (d) =>
  d.attrs?.record in old && d.child.cls === 'Conversation' ? { record: old[d.attrs.record] } : d.attrs;

describe('libtwiml', () => {
  const goldens = readdirSync(join(fixtures, 'golden')).filter((f) => f.endsWith('.json'));
  it(`makes the ${goldens.length} golden documents, and reads them without a finding`, () => {
    assert.equal(goldens.length, 64);
    const list = goldens.map((f) => JSON.parse(readFileSync(join(fixtures, 'golden', f), 'utf8')));
    documents(list).forEach((xml, i) => {
      const golden = readFileSync(join(fixtures, 'golden', goldens[i].replace('.json', '.xml')), 'utf8');
      assert.notEqual(parse(golden), null);
      assert.deepEqual(parse(xml), parse(golden), `${goldens[i]}: ${xml}`);
    });
  });

  const list = walk();
  it(`writes each verb with each attribute at each value as Twilio's SDK does: ${list.length} documents`, () => {
    assert.ok(list.length > 1000);
    documents(list).forEach((xml, i) => {
      const d = list[i];
      const attrs = today(d);
      const want =
        attrs === d.attrs ? reference(d) : reference(d).replace(/record="[^"]*"/, `record="${attrs.record}"`);
      assert.deepEqual(parse(xml), parse(want), `${JSON.stringify(d.calls)}: ${xml}`);
    });
  });

  it('refuses each word that an attribute cannot have, and names verb and attribute', () => {
    const seen = new Set();
    const bad = list
      .filter((d) => {
        const [name] = Object.keys(d.attrs ?? {});
        const key = `${d.child.cls} ${name}`;
        if (!name || seen.has(key) || !d.child.attrs[name].values) return false;
        return seen.add(key);
      })
      .map((d) => ({ ...d, name: Object.keys(d.attrs)[0] }));
    assert.ok(bad.length > 40);
    const wrong = (call, name) =>
      call[3]?.length ? [call[0], null, null, [wrong(call[3][0], name)]] : [call[0], { [name]: 'x-y' }, null];
    documents(bad.map((d) => ({ kind: d.kind, calls: [wrong(d.calls[0], d.name)] }))).forEach((got, i) => {
      const { child, name, kind } = bad[i];
      const element = Object.values(table[kind].classes)
        .flatMap((c) => Object.entries(c.children))
        .find(([, c]) => c.cls === child.cls)[0];
      assert.equal(got, `!4 ${element} ${name} cannot be "x-y"`);
    });
  });
});

// Both languages in one Response, which libtwiml refuses.
const merge = (f) => Object.fromEntries(['voice', 'messaging'].flatMap(f));
table.mixed = {
  root: 'Response',
  classes: {
    ...merge((kind) => Object.entries(table[kind].classes)),
    Response: {
      children: merge((kind) =>
        Object.entries(table[kind].classes[table[kind].root].children).map(([e, c]) => [e, { ...c, method: e }]),
      ),
    },
  },
};

// Every element that there is, with the way to it; ReferSip is Sip in another place.
function elements() {
  const all = new Map();
  for (const kind of ['voice', 'messaging']) {
    const { root, classes } = table[kind];
    const found = new Map([[root, []]]);
    for (const [cls, path] of found) {
      for (const [element, child] of Object.entries(classes[cls].children)) {
        if (!found.has(child.cls)) found.set(child.cls, [...path, element]);
        const key = `${kind} ${child.cls}`;
        if (!all.has(key)) all.set(key, { kind, cls: child.cls, element, path: [...path, element] });
      }
    }
  }
  return [...all.values()];
}

describe('nesting', () => {
  const all = elements();
  it(`of ${all.length} elements in each other is as in Twilio's table`, () => {
    const pairs = all.flatMap((parent) => all.map((child) => ({ parent, child })));
    const wants = pairs.map(({ parent, child }) =>
      table[parent.kind].classes[parent.cls].children[child.element]
        ? '0 '
        : `2 ${child.element} is not allowed in ${parent.element}`,
    );
    assert.ok(wants.length > 3000 && wants.filter((w) => w === '0 ').length > 100);
    assert.deepEqual(attempts(pairs.map(({ parent, child }) => [...parent.path, child.element].map(verb))), wants);
  });

  it('keeps calls and messages apart', () => {
    const top = all.filter((e) => e.path.length === 1 && e.element !== 'Redirect');
    const xml = documents(
      top.map((e) => ({ kind: 'mixed', calls: [[e.kind === 'voice' ? 'Message' : 'Say'], [e.element]] })),
    );
    const to = { voice: 'message', messaging: 'call' };
    assert.deepEqual(
      xml,
      top.map((e) => `!2 ${e.element} is not allowed in a Response to a ${to[e.kind]}`),
    );
  });
});
