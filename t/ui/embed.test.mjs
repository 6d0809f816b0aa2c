// The phone inside a page of another site: logged in by a ticket, steered, heard; a site that is not listed is turned
// away and let in by the admin; adapters with the names of other makers.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { after, before, describe, it } from 'node:test';
import { Exchange } from '../lib/exchange.mjs';
import { Pages } from '../lib/pages.mjs';
import { addPerson } from '../lib/person.mjs';
import { source } from '../lib/process.mjs';
import { Rig, until } from '../lib/rig.mjs';

const customer = '+447700900111';
const ours = '+442079460958';
const script = (name) => readFileSync(join(source, 'nginx', 'html', 'embed', name));

describe('the phone in another page', () => {
  let rig;
  let pages;
  let exchange;
  let host;
  let site; // the origin of the other page
  let person;
  const trouble = [];
  const open = [];
  before(async () => {
    rig = await Rig.start({
      pages: true,
      nginx: { limits: false },
      workers: { hooks: 1 },
      sim: { speed: 4 },
      sweep: true,
    });
    rig.givePhone(rig.tenant);
    pages = await Pages.start(rig);
    exchange = await Exchange.start(rig);
    await exchange.number(ours);
    await exchange.phone(customer, { answer: 'yes', after_s: 2 });
    person = addPerson(rig, 'agent');
    rig.sql(`update tenants set disclosure_mode = 'off', wrap_up_seconds = 0, ring_timeout_seconds = 600;
      update numbers set user_id = '${person.id}', forward_to = null;
      insert into user_voip_settings (user_id, caller_id_number) values ('${person.id}', '${ours}')`);
    // A page of its own, with a policy that lists our origin and nothing else.
    host = createServer((req, res) => {
      const policy = `default-src 'none'; script-src 'self' ${pages.base}; frame-src ${pages.base}; style-src 'self'`;
      if (req.url === '/page.js') res.setHeader('content-type', 'text/javascript').end('');
      else
        res.setHeader('content-type', 'text/html; charset=utf-8').setHeader('content-security-policy', policy)
          .end(`<!doctype html><html lang="en"><title>A CRM</title><main><h1>Customers</h1><div id="phone"></div>
            <p data-call="${customer}">Ada Lovelace</p><p id="text">Ring +44 20 7946 0123 today</p></main>
            ${['phone', 'call', 'aircall-compat', 'hubspot']
              .map((n) => `<script ${n === 'call' ? 'data-detect ' : ''}src="${pages.base}/embed/${n}.js"></script>`)
              .join('')}`);
    }).listen(0, '127.0.0.1');
    await once(host, 'listening');
    site = `http://localhost:${host.address().port}`;
  });
  after(async () => {
    for (const c of open) await c.close();
    host?.close();
    host?.closeAllConnections();
    await exchange?.stop();
    await pages?.stop();
    await rig?.stop();
    assert.deepEqual(trouble, [], 'no page complained');
  });
  async function visit({ quiet = [] } = {}) {
    const context = await pages.browser.newContext({ reducedMotion: 'reduce', viewport: { width: 900, height: 760 } });
    open.push(context);
    await exchange.join(context);
    await context.grantPermissions(['microphone'], { origin: pages.base });
    const page = await context.newPage();
    page.setDefaultTimeout(30000);
    page.on('console', (m) => m.type() === 'error' && !quiet.some((q) => q.test(m.text())) && trouble.push(m.text()));
    page.on('pageerror', (e) => trouble.push(`${e.name}: ${e.message} ${e.stack}`));
    await page.goto(site);
    return { page, context };
  }
  const ticket = async (origin = site, user = person) => {
    const res = await rig.api('POST', '/api/v1/embed-tickets', { user_id: user.id, origin });
    return res.status === 201 ? res.json().ticket : res.json();
  };
  // Mounts it and keeps what it says.
  const mount = (page, word, more = {}) =>
    page.evaluate(
      async ([t, options]) => {
        globalThis.said = [];
        globalThis.phone = Switchhook.phone({ mount: '#phone', ticket: t, ...options });
        for (const name of [
          'call.ringing',
          'call.answered',
          'call.ended',
          'call.logged',
          'agent.status',
          'ready',
          'error',
        ])
          globalThis.phone.on(name, (data) => globalThis.said.push({ name, ...data, code: data?.code }));
        return Promise.race([
          globalThis.phone.ready.then(
            () => 'ready',
            (e) => e.code,
          ),
          new Promise((late) => setTimeout(late, 8000, 'nothing')),
        ]);
      },
      [word, more],
    );
  const said = (page, name) => page.evaluate((n) => globalThis.said.filter((s) => s.name === n), name);
  const ask = (page, name, ...args) =>
    page.evaluate(
      ([n, a]) =>
        globalThis.phone[n](...a).then(
          (value) => ({ value }),
          (e) => ({ code: e.code }),
        ),
      [name, args],
    );

  it('is small', () => {
    const size = (name) => gzipSync(script(name), { level: 9 }).length;
    assert.ok(size('phone.js') <= 1536, `phone.js ${size('phone.js')}`);
    for (const name of ['call.js', 'aircall-compat.js', 'hubspot.js'])
      assert.ok(size(name) <= 2048, `${name} ${size(name)}`);
  });

  it('is refused to a site that is not listed, until the admin lets it in', async () => {
    const { code } = await ticket();
    assert.equal(code, 'unauthorized_domain', 'nor has it a ticket');
    const { page } = await visit();
    assert.equal(await mount(page, `${rig.tenant.id}.${'x'.repeat(43)}`), 'denied_origin');
    assert.equal(await page.evaluate(() => globalThis.phone.state), 'error');
    await page.frameLocator('#phone iframe').getByText('may not show the phone').waitFor();
    assert.equal(rig.sql(`select origin from refused_origins`), site);

    const { page: admin } = await pages.login('admin', { to: '/app/settings/embeds' });
    await admin.getByText(site).waitFor();
    await pages.accessible(admin, 'embeds');
    await pages.shot(admin, 'embeds-refused-light');
    await admin.getByRole('button', { name: `Allow ${site}` }).click();
    await admin.getByText('Nobody was turned away').waitFor();
    await pages.accessible(admin, 'embeds allowed');
    await admin.context().close();
    assert.equal(rig.sql('select count(*) from tenant_origins'), '1');
    const res = await rig.http('GET', `/embed/phone?tenant=${rig.tenant.id}&origin=${encodeURIComponent(site)}`);
    assert.match(res.headers['content-security-policy'], new RegExp(`frame-ancestors ${site}$`));
    const bad = await rig.http('GET', `/embed/phone?tenant=${rig.tenant.id}&origin=https://evil.example`);
    assert.match(bad.text, /may not show/);
    const nobody = await rig.http('GET', `/embed/phone?tenant=x&origin=${site}`);
    assert.match(nobody.text, /may not show/);
  });

  it('logs in by a ticket, once, dials, is steered, and says what happens', async () => {
    const { page } = await visit();
    const word = await ticket();
    assert.equal(await mount(page, word), 'ready');
    const again = await rig.api('POST', '/api/v1/embed-sessions', { ticket: word }, { key: null });
    assert.equal(again.status, 401, 'a ticket is for one time');
    const frame = page.frameLocator('#phone iframe');
    assert.equal((await ask(page, 'dial', 'nonsense')).code, 'bad_number');
    assert.equal((await ask(page, 'hangup')).code, 'not_ready');
    const { value } = await ask(page, 'dial', customer, { recordId: 'deal-7', context: { tab: 2 } });
    assert.equal(value.customer_number, customer);
    assert.equal(value.record_id, 'deal-7');
    await until(async () => (await said(page, 'call.answered')).length === 1);
    const [answered] = await said(page, 'call.answered');
    assert.equal(answered.call_sid, value.call_sid);
    assert.deepEqual(answered.context, { tab: 2 });
    assert.equal((await ask(page, 'dial', customer)).code, 'in_call');
    await ask(page, 'mute', true);
    await frame.getByRole('button', { name: 'Unmute' }).waitFor();
    await until(async () => (await ask(page, 'hold', true)).value?.held === true);
    await frame.getByText('On hold').waitFor();
    await pages.accessible(
      page.frames().find((f) => f.url().includes('/embed/phone')),
      'the frame',
    );
    await pages.shot(page, 'embed-call-light');
    await ask(page, 'hold', false);
    await ask(page, 'hangup');
    await until(async () => (await said(page, 'call.ended')).length === 1);
    assert.ok((await said(page, 'call.ringing')).length === 1);
    await frame.getByLabel('Notes').fill('Sent the offer.');
    await frame.getByLabel('Interested', { exact: true }).check();
    await frame.getByRole('button', { name: 'Done' }).click();
    await until(async () => (await said(page, 'call.logged')).length === 1);
    assert.deepEqual(
      (await said(page, 'call.logged')).map((c) => [c.disposition, c.notes, c.record_id]),
      [['interested', 'Sent the offer.', 'deal-7']],
    );
    assert.equal(rig.sql('select disposition from calls order by created_at desc limit 1'), 'interested');
    await ask(page, 'setStatus', 'away', 'Lunch');
    await until(() => rig.sql(`select away_reason from users where id = '${person.id}'`) === 'Lunch');
    await ask(page, 'setStatus', 'available');
    await until(async () => (await said(page, 'agent.status')).length === 2);

    // somebody calls
    await exchange.ring(customer, ours);
    await frame.getByRole('alertdialog').waitFor();
    await frame.getByRole('button', { name: 'Answer' }).click();
    await until(async () => (await said(page, 'call.answered')).length === 2);
    assert.equal((await said(page, 'call.answered'))[1].direction, 'inbound');
    await ask(page, 'hangup');
    await frame.getByRole('button', { name: 'Done' }).click();

    // a number of the page is clicked
    await page.getByText('Ada Lovelace').click();
    await until(async () => (await said(page, 'call.answered')).length === 3);
    await ask(page, 'hangup');
    await until(async () => (await said(page, 'call.ended')).length === 3);
    assert.equal(await page.locator('#text a').getAttribute('href'), 'tel:+442079460123');
    await page.evaluate(() => globalThis.phone.close());
    assert.equal(await page.locator('iframe').count(), 0);
  });

  it('listens to its host alone, and to no word but its own', async () => {
    const { page } = await visit();
    assert.equal(await mount(page, await ticket()), 'ready');
    await page.evaluate(() => {
      const { contentWindow } = globalThis.phone.frame;
      contentWindow.postMessage({ switchhook: 'guess', id: 1, do: 'setStatus', args: ['busy'] }, '*');
      contentWindow.postMessage({ switchhook: '', id: 1, do: 'setStatus', args: ['busy'] }, '*');
      window.postMessage({ switchhook: 'guess', event: 'call.ended', data: {} }, '*');
      const stranger = document.createElement('iframe');
      document.body.append(stranger);
    });
    assert.deepEqual((await ask(page, 'setStatus', 'nonsense')).code, 'bad_status', 'what came before is done with');
    assert.equal(rig.sql(`select presence from users where id = '${person.id}'`), 'available');
    assert.deepEqual(await said(page, 'call.ended'), []);
  });

  it('takes no ticket of another page', async () => {
    rig.sql(`insert into tenant_origins (tenant_id, origin) values ('${rig.tenant.id}', 'https://other.example')`);
    const { page } = await visit();
    assert.equal(await mount(page, await ticket('https://other.example')), 'denied_origin');
    const { page: second } = await visit({ quiet: [/401/] });
    assert.equal(await mount(second, `${rig.tenant.id}.${'x'.repeat(43)}`), 'token');
    await second.frameLocator('#phone iframe').getByRole('alert').waitFor();
  });

  it('is an element as well, which numbers of the page find', async () => {
    const { page } = await visit();
    const state = await page.evaluate(
      async (t) => {
        globalThis.said = [];
        const element = document.createElement('switchhook-phone');
        element.setAttribute('ticket', t);
        element.setAttribute('size', '400x640');
        document.getElementById('phone').append(element);
        globalThis.phone = element.phone;
        for (const name of ['call.answered', 'call.ended'])
          globalThis.phone.on(name, (data) => globalThis.said.push({ name, ...data }));
        await element.phone.ready;
        return [element.phone.state, element.querySelector('iframe').clientWidth];
      },
      await ticket(),
    );
    assert.deepEqual(state, ['ready', 400]);
    await page.getByText('Ada Lovelace').click();
    await until(async () => (await said(page, 'call.answered')).length === 1);
    assert.equal((await said(page, 'call.answered'))[0].customer_number, customer);
    await ask(page, 'hangup');
    await until(async () => (await said(page, 'call.ended')).length === 1);

    // and without a ticket it says why it is none
    const code = await page.evaluate(async () => {
      const bare = document.createElement('switchhook-phone');
      document.body.append(bare);
      return bare.phone.ready.catch((e) => e.code);
    });
    assert.equal(code, 'denied_origin');
  });

  it('speaks as aircall-everywhere does', async () => {
    const { page } = await visit();
    const log = await page.evaluate(
      async (t) => {
        globalThis.log = [];
        const workspace = new AircallWorkspace({
          domToLoadWorkspace: '#phone',
          size: 'big',
          ticket: t,
          onLogin: () => globalThis.log.push(['login']),
        });
        globalThis.workspace = workspace;
        for (const name of [
          'incoming_call',
          'call_end_ringtone',
          'outgoing_call',
          'outgoing_answered',
          'call_ended',
          'comment_saved',
        ])
          workspace.on(name, (data) => globalThis.log.push([name, Object.keys(data).sort().join()]));
        workspace.send('dial_number', { phone_number: '1' }, (ok, e) => globalThis.log.push(['early', ok, e.code]));
        workspace.send('dance', {}, (ok, e) => globalThis.log.push(['dance', ok, e.code]));
        return globalThis.log;
      },
      await ticket(),
    );
    assert.deepEqual(log, [
      ['early', false, 'not_ready'],
      ['dance', false, 'does_not_exist'],
    ]);
    const now = () => page.evaluate(() => globalThis.log.map((l) => l.slice(0, 2).join(' ')));
    await until(async () => (await now()).includes('login'));
    await page.evaluate(
      (to) =>
        globalThis.workspace.send('dial_number', { phone_number: to }, (ok) => globalThis.log.push(['dialled', ok])),
      customer,
    );
    await until(async () => (await now()).some((l) => l.startsWith('outgoing_answered')));
    const frame = page.frameLocator('#phone iframe');
    await frame.getByLabel('Notes').fill('Hello');
    await frame.getByRole('button', { name: 'End call' }).click();
    await until(async () => (await now()).some((l) => l.startsWith('call_ended')));
    await frame.getByRole('button', { name: 'Done' }).click();
    await until(async () => (await now()).some((l) => l.startsWith('comment_saved')));
    const sid = await exchange.ring('+447700900333', ours);
    await frame.getByRole('alertdialog').waitFor();
    await exchange.hangUp(null, sid);
    await until(async () => (await now()).some((l) => l.startsWith('call_end_ringtone')));
    assert.deepEqual((await now()).slice(2), [
      'login',
      'outgoing_call call_id,from,to',
      'dialled true',
      'outgoing_answered answer_date,call_id',
      'call_ended call_id,duration',
      'comment_saved call_id,comment',
      'incoming_call call_id,from,to',
      'call_end_ringtone answer_status,call_id',
      'call_ended call_id,duration',
    ]);
  });

  it("joins HubSpot's class", async () => {
    const { page } = await visit();
    await page.evaluate(
      async (t) => {
        globalThis.log = [];
        globalThis.CallingExtensions = class {
          constructor({ eventHandlers }) {
            this.handlers = eventHandlers;
            return new Proxy(this, {
              get: (x, name) => x[name] ?? ((data) => void (name !== 'then' && globalThis.log.push([name, data]))),
            });
          }
        };
        globalThis.phone = Switchhook.phone({ mount: '#phone', ticket: t });
        globalThis.hub = Switchhook.hubspot(globalThis.phone, globalThis.CallingExtensions);
        await globalThis.hub.handlers.onReady();
      },
      await ticket(),
    );
    const names = () => page.evaluate(() => globalThis.log.map((l) => l[0]));
    await page.evaluate((to) => globalThis.hub.handlers.onDialNumber({ phoneNumber: to, objectId: '7' }), customer);
    await until(async () => (await names()).includes('callAnswered'));
    await page.evaluate(() => globalThis.hub.handlers.onEndCall());
    await until(async () => (await names()).includes('callEnded'));
    await page.frameLocator('#phone iframe').getByRole('button', { name: 'Done' }).click();
    await until(async () => (await names()).includes('callCompleted'));
    assert.deepEqual(await names(), [
      'initialized',
      'userLoggedIn',
      'outgoingCall',
      'callAnswered',
      'callEnded',
      'callCompleted',
    ]);
    await page.evaluate(() => globalThis.hub.handlers.onDialNumber({ phoneNumber: 'x' }));
    await until(async () => (await names()).includes('sendError'));
  });
});
