// The softphone, over real calls of the simulator: an agent's day, by keyboard, in two tabs, and when things break.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Exchange } from '../lib/exchange.mjs';
import { Pages } from '../lib/pages.mjs';
import { addPerson } from '../lib/person.mjs';
import { Rig, until } from '../lib/rig.mjs';

const hostile = `<img src=x onerror="globalThis.hit=1">${'\u202e'}evil ${'long '.repeat(28)}`;
const customer = '+447700900111';
const ours = '+442079460958';

describe('the softphone', () => {
  let rig;
  let pages;
  let exchange;
  const contexts = [];
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
    await exchange.phone('+447700900444', { answer: 'yes', after_s: 1 });
    rig.sql(`update tenants set disclosure_mode = 'off', wrap_up_seconds = 120, ring_timeout_seconds = 600;
      insert into contacts (tenant_id, name, phone_number) values ('${rig.tenant.id}', 'Ada Lovelace', '${customer}'),
        ('${rig.tenant.id}', $q$${hostile}$q$, '+447700900222');
      insert into campaigns (tenant_id, name) values ('${rig.tenant.id}', 'Spring'),
        ('${rig.tenant.id}', $q$${hostile}$q$)`);
  });
  after(async () => {
    await exchange?.stop();
    await pages?.stop();
    await rig?.stop();
  });
  afterEach(async () => {
    for (const c of contexts.splice(0)) await c.close();
  });

  // An agent of her own, with the number; calls to it ring her browser.
  async function agent(options = {}) {
    const person = addPerson(rig, options.role ?? 'agent');
    rig.sql(`update numbers set user_id = '${person.id}', forward_to = null;
      update user_voip_settings set assigned_phone_number = null, caller_id_number = null;
      insert into user_voip_settings (user_id, caller_id_number) values ('${person.id}', '${ours}')`);
    const opened = await pages.open(options);
    await exchange.join(opened.context);
    await opened.context.grantPermissions(['microphone'], { origin: pages.base });
    contexts.push(opened.context);
    const { page } = opened;
    await page.goto('/app/login');
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('.dock').waitFor();
    return { ...opened, person };
  }
  const user = (person) =>
    rig.rows(`select presence, rings, available, away_reason from users where id = '${person.id}'`)[0];
  const openDock = (page) => page.locator('.dock .pill').click();
  const goAvailable = async (page) => {
    await openDock(page);
    await page.getByRole('button', { name: 'Go available' }).click();
    await page.getByRole('button', { name: 'Availability: Available' }).waitFor();
  };
  const dialog = (page) => page.getByRole('alertdialog', { name: 'Incoming call' });
  const timer = (page, name) => page.getByRole('timer', { name: new RegExp(`^${name}:`) });
  const last = () => rig.rows('select * from calls order by created_at desc, id desc limit 1')[0];

  it("is an agent's day", async () => {
    const { page, person } = await agent({ allow: [/409/] });
    assert.equal(await page.evaluate(() => globalThis.Twilio), undefined, 'no SDK before it is wanted');
    await openDock(page);
    await pages.shot(page, 'phone-off-light');
    await page.getByRole('button', { name: 'Go available' }).click();
    await page.getByRole('button', { name: 'Availability: Available' }).waitFor();
    await until(() => user(person).rings === 'browser' && user(person).presence === 'available');
    await until(async () => (await page.title()).startsWith('Available · '));
    await pages.accessible(page, 'ready');

    // somebody calls
    const sid = await exchange.ring(customer, ours);
    await dialog(page).waitFor();
    await until(async () => (await dialog(page).innerText()).includes('Ada Lovelace'));
    assert.equal(await page.evaluate(() => document.activeElement.innerText), 'Answer');
    await pages.accessible(page, 'ringing');
    await pages.shot(page, 'phone-ringing-light');
    await dialog(page).getByRole('button', { name: 'Answer' }).click();
    await timer(page, 'Talk').waitFor();
    await dialog(page).waitFor({ state: 'detached' });

    // held and taken back, each with its own clock
    const tool = (name) => page.locator('.tools').getByRole('button', { name, exact: true });
    await tool('Hold').click();
    await tool('Resume').waitFor();
    await timer(page, 'Hold').waitFor();
    const id = rig.sql(`select id from calls where twilio_call_sid = '${sid}'`);
    assert.equal(rig.sql(`select held from call_controls where call_id = '${id}'`), 't');
    await pages.shot(page, 'phone-hold-light');
    await tool('Resume').click();
    await tool('Hold').waitFor();
    await timer(page, 'Hold').waitFor({ state: 'detached' });

    // muted
    await tool('Mute').click();
    await tool('Unmute').click();

    // keys, to the side of the customer
    await tool('Keypad').click();
    for (const k of ['1', 'Hash'])
      await page.getByRole('group', { name: 'Keypad' }).getByRole('button', { name: k }).click();
    const sent = () =>
      rig.sql(`select string_agg(digits, '' order by created_at) from call_commands
      where call_id = '${id}' and kind = 'dtmf' and state = 'done'`);
    await until(() => sent() === '1#');
    await pages.accessible(page, 'keypad');
    await pages.shot(page, 'phone-keypad-light');

    // recording
    await tool('Pause record').click();
    await tool('Record on').click();
    await tool('Pause record').waitFor();

    // a note, kept while the call goes on
    const note = page.getByLabel('Notes');
    await note.fill('Wants the blue one.');
    await note.blur();
    await until(() => rig.sql(`select notes from calls where id = '${id}'`) === 'Wants the blue one.');

    // given away
    await tool('Transfer').click();
    await page.getByLabel('Transfer to').fill('+44 7700 900444');
    await pages.accessible(page, 'transfer');
    await pages.shot(page, 'phone-transfer-light');
    await page.getByRole('button', { name: 'Transfer now' }).click();

    // wrapped up
    await page.getByText('What came of it?').waitFor();
    await until(() => user(person).presence === 'busy');
    await until(async () => (await page.title()).startsWith('Wrapping up'));
    await pages.accessible(page, 'wrap-up');
    await pages.shot(page, 'phone-wrapup-light');
    await page.getByLabel('Callback requested').check();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.locator('.field .wrong').waitFor();
    await page.getByLabel('Call back at').fill('2031-05-06T10:30');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Call', exact: true }).waitFor();
    assert.deepEqual(
      rig.rows(`select disposition, notes, follow_up_at is not null as later from calls where id = '${id}'`)[0],
      { disposition: 'callback requested', notes: 'Wants the blue one.', later: true },
    );
    await until(() => user(person).presence === 'available');

    // a contact is called for a campaign
    await page.getByLabel('Number or name').fill('ada');
    await page.getByRole('option', { name: /Ada Lovelace/ }).click();
    await page.getByRole('combobox', { name: 'Campaign' }).fill('spri');
    await page.getByRole('option', { name: 'Spring' }).click();
    assert.equal(await page.getByLabel('Show as').inputValue(), ours);
    await pages.shot(page, 'phone-dial-light');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await timer(page, 'Talk').waitFor();
    await until(() => last().direction === 'outbound' && last().contact_id && last().campaign_id);
    await page.getByRole('button', { name: 'End call' }).click();
    await page.getByLabel('Connected', { exact: true }).check();
    await page.getByRole('button', { name: 'Done' }).click();
    await until(() => last().disposition === 'connected');
    await until(() => user(person).presence === 'available');

    // and one is missed
    const gone = await exchange.ring('+447700900333', ours);
    await dialog(page).waitFor();
    await exchange.hangUp(null, gone);
    await dialog(page).waitFor({ state: 'detached' });
    await page.getByText('Missed call', { exact: true }).waitFor();
    await pages.accessible(page, 'missed');
    await pages.shot(page, 'phone-missed-light');
    await page.getByRole('button', { name: /^Availability/ }).click();
    await page.getByRole('menuitemradio', { name: 'Away' }).click();
    await page.getByRole('button', { name: 'Lunch' }).click();
    await until(() => user(person).away_reason === 'Lunch');
    await page.getByRole('button', { name: /^Availability: Away: Lunch/ }).click();
    await page.getByRole('menuitemradio', { name: 'Offline' }).click();
    await until(() => user(person).presence === 'offline');
  });

  it('works by keys alone', async () => {
    const { page, person } = await agent();
    const key = (...all) => all.reduce((p, k) => p.then(() => page.keyboard.press(k)), Promise.resolve());
    await page.locator('.dock .pill').focus();
    await key('Enter');
    await page.getByRole('button', { name: 'Go available' }).focus();
    await key('Enter');
    await page.getByRole('button', { name: 'Availability: Available' }).waitFor();
    await until(() => user(person).rings === 'browser');
    await page.locator('h1').focus();
    const sid = await exchange.ring(customer, ours);
    await dialog(page).waitFor();
    await key('a');
    await timer(page, 'Talk').waitFor();
    const pressed = (name) => page.locator('.tools').getByRole('button', { name, exact: true });
    await key('m');
    await pressed('Unmute').waitFor();
    await key('m', 'k');
    await page.getByRole('group', { name: 'Keypad' }).waitFor();
    await page.getByRole('button', { name: '5', exact: true }).focus();
    await key('5', '7');
    const leg = (await rig.sim.ledger()).calls.find((c) => c.parent_call_sid === sid).sid;
    await until(() => exchange.digitsOf(leg) === '57');
    await key('t');
    await page.getByLabel('Transfer to').waitFor();
    // ready to be written in
    await page.waitForFunction(() => document.activeElement.labels?.[0]?.innerText === 'Transfer to');
    await key('m', 'h', 'Escape');
    assert.equal(await page.getByLabel('Transfer to').inputValue(), 'mh', 'letters are letters where one writes');
    await page.locator('h1').focus();
    await key('n');
    await page.keyboard.type('by keys');
    await page.locator('h1').focus();
    await key('h');
    await pressed('Resume').waitFor();
    await key('h');
    await pressed('Hold').waitFor();
    await key('Shift+E');
    await page.getByText('What came of it?').waitFor();
    await until(() => last().notes === 'by keys');
    await page.getByLabel('Connected', { exact: true }).focus();
    await key('Space');
    await page.getByRole('button', { name: 'Done' }).focus();
    await key('Enter');
    await until(() => last().disposition === 'connected');
    await until(() => user(person).presence === 'available');
    await exchange.ring(customer, ours);
    await dialog(page).waitFor();
    await page.locator('h1').focus();
    await key('x');
    await dialog(page).waitFor({ state: 'detached' });
  });

  it('is one phone in two tabs', async () => {
    const { page, context, person } = await agent();
    await goAvailable(page);
    const second = await context.newPage();
    await second.goto('/app/');
    await second.locator('.dock .pill').click();
    await second.getByText('The phone is on in another tab').waitFor();
    assert.equal(await second.evaluate(() => globalThis.Twilio), undefined, 'nothing rings twice');
    await until(() => user(person).rings === 'browser');

    // steered from the second
    await exchange.ring(customer, ours);
    await dialog(second).waitFor();
    await pages.accessible(second, 'second tab');
    await dialog(second).getByRole('button', { name: 'Answer' }).click();
    await timer(second, 'Talk').waitFor();
    await timer(page, 'Talk').waitFor();
    await second.locator('.tools').getByRole('button', { name: 'Mute' }).click();
    await page.locator('.tools').getByRole('button', { name: 'Unmute' }).waitFor();
    await pages.shot(second, 'phone-second-tab-light');

    // nobody changes accounts in the middle of a call, wherever its phone is
    for (const p of [second, page]) {
      await p.getByRole('button', { name: 'Account', exact: true }).click();
      await p.getByRole('menuitem', { name: 'Log in to another account…' }).click();
      await p.locator('.notes').getByText('You are in a call').waitFor();
    }

    // closing the first asks first
    let asked = '';
    page.on('dialog', (d) => {
      asked = d.type();
      d.dismiss();
    });
    await page.close({ runBeforeUnload: true });
    await until(() => asked === 'beforeunload');
    await second.getByRole('button', { name: 'End call' }).click();
    await second.getByLabel('Connected', { exact: true }).check();
    await second.getByRole('button', { name: 'Done' }).click();
    await second.getByText('The phone is on in another tab').waitFor();

    // taken over, and inherited
    await second.getByRole('button', { name: 'Use it here' }).click();
    await page.getByText('The phone is on in another tab').waitFor();
    await until(() => second.evaluate(() => globalThis.standin?.tokens().length === 1));
    await second.close();
    await until(() => page.evaluate(() => globalThis.standin.tokens().length === 1));
    await page.getByText('The phone is on in another tab').waitFor({ state: 'detached' });
    const sid = await exchange.ring(customer, ours);
    await dialog(page).waitFor();
    await exchange.hangUp(null, sid);
    await dialog(page).waitFor({ state: 'detached' });

    // another account in this browser has a phone of its own, which is off
    const further = addPerson(rig, 'agent');
    const third = await context.newPage();
    await third.goto('/app/login?beside=1');
    await third.getByLabel('E-mail').fill(further.email);
    await third.getByLabel('Password').fill(further.password);
    await third.getByRole('button', { name: 'Log in' }).click();
    for (const p of [third, page]) {
      await p.locator('.dock .pill').getByText('Phone off').waitFor();
      assert.equal(await p.evaluate(() => globalThis.Twilio), undefined, 'nothing rings for the account before');
    }
  });

  it('says what is wrong, and comes back without a reload', async () => {
    const { page, context } = await agent({ allow: [/503|ERR_INTERNET/] });
    await goAvailable(page);
    const trouble = page.locator('.panel .alert[role=alert]');

    // a token in time, and one that is not to be had
    const had = exchange.tokens.length;
    await page.evaluate(() => globalThis.standin.device('tokenWillExpire'));
    await until(() => exchange.tokens.length === had + 1);
    rig.sql(`update twilio_configurations set twiml_app_sid = null`);
    await page.evaluate(() => globalThis.standin.device('tokenWillExpire'));
    await trouble.getByText('pass ends soon').waitFor();
    await pages.accessible(page, 'token');
    await pages.shot(page, 'phone-token-light');
    rig.givePhone(rig.tenant);
    const old = exchange.tokens.length;
    await trouble.getByRole('button', { name: 'Retry' }).click();
    await trouble.waitFor({ state: 'detached' });
    await until(() => exchange.tokens.length === old + 2); // renewed, and registered with it

    // the phone network goes and comes
    await page.evaluate(() => globalThis.standin.device('error', { code: 31005, message: 'x' }));
    await trouble.getByText('The connection to the phone network broke.').waitFor();
    await page.getByRole('button', { name: 'Availability: No connection' }).waitFor();
    await trouble.getByText('Details').click();
    await trouble.getByText('31005').waitFor();
    await pages.accessible(page, 'network');
    await pages.shot(page, 'phone-network-light');
    await page.evaluate(() => globalThis.standin.device('registered'));
    await trouble.waitFor({ state: 'detached' });
    await context.setOffline(true);
    await trouble.getByText('The connection to the phone network broke.').waitFor();
    await context.setOffline(false);
    await trouble.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Availability: Available' }).waitFor();

    // the microphone is pulled out, another is chosen
    await page.evaluate(() => globalThis.standin.audio('deviceChange', [{ kind: 'audioinput', deviceId: 'one' }]));
    await trouble.getByText('The microphone was unplugged.').waitFor();
    await pages.accessible(page, 'microphone');
    await pages.shot(page, 'phone-microphone-light');
    await trouble.getByLabel('Microphone').selectOption({ label: 'Built-in microphone' });
    await trouble.waitFor({ state: 'detached' });
    assert.deepEqual(await page.evaluate(() => globalThis.standin.chosen()), ['two']);

    // back out of the back/forward cache
    const before = exchange.tokens.length;
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await until(() => exchange.tokens.length > before);
    await page.getByRole('button', { name: 'Availability: Available' }).waitFor();
  });

  it('shows what is hostile as text, in dark, on a narrow screen', async () => {
    const { page } = await agent({ theme: 'dark', size: 'narrow' });
    const fits = async (what) =>
      assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        `${what} scrolls sideways`,
      );
    await goAvailable(page);
    await pages.accessible(page, 'ready, dark');
    await until(() => rig.sql(`select count(*) from users where rings = 'browser' and presence = 'available'`) !== '0');
    await exchange.ring('+447700900222', ours);
    await dialog(page).waitFor();
    await until(async () => (await dialog(page).innerText()).includes('<img'));
    await fits('the alert');
    await pages.accessible(page, 'alert, dark');
    await pages.shot(page, 'phone-alert-dark-narrow');
    await dialog(page).getByRole('button', { name: 'Answer' }).click();
    await timer(page, 'Talk').waitFor();
    await page.getByLabel('Notes').fill(hostile);
    await fits('the call');
    await pages.accessible(page, 'call, dark');
    await pages.shot(page, 'phone-call-dark-narrow');
    await page.getByRole('button', { name: 'End call' }).click();
    await page.getByText('What came of it?').waitFor();
    await page.getByLabel('Do not call').check();
    await page.getByText('do-not-call list').waitFor();
    await fits('the wrap-up');
    await pages.accessible(page, 'wrap-up, dark');
    await pages.shot(page, 'phone-wrapup-dark-narrow');
    await page.getByRole('button', { name: 'Done' }).click();
    await until(() => rig.sql('select count(*) from dnc_entries') === '1');
    await page.goto('/app/dial?number=%2B447700900555');
    await page.getByRole('heading', { name: 'Phone', level: 1 }).waitFor();
    await until(async () => (await page.getByLabel('Number or name').inputValue()) === '+447700900555');
    assert.equal(
      rig.sql(`select count(*) from calls where to_number = '+447700900555'`),
      '0',
      'filled in, not dialled',
    );
    await fits('the page');
    await pages.accessible(page, 'page, dark');
    await pages.shot(page, 'phone-page-dark-narrow');
    assert.equal(await page.evaluate(() => globalThis.hit), undefined);
  });

  it('is checked before the first call', async () => {
    const { page } = await agent({ allow: [/voice-js|WebSocket|503/] });
    const asked = [];
    await page.routeWebSocket(/twilio\.com/, (ws) => asked.push(ws.url()));
    await page.goto('/app/check');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText(/Everything works|need a look/).waitFor();
    const states = await page
      .locator('[data-check]')
      .evaluateAll((all) => all.map((x) => `${x.dataset.check} ${x.dataset.state}`));
    assert.deepEqual(
      states,
      ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8', 'B9'].map((b) => `${b} ok`),
    );
    assert.equal(asked.length, 1);
    await pages.accessible(page, 'check');
    await pages.shot(page, 'phone-check-light');
    await page.evaluate(() => (globalThis.preflightReport = { stats: { mos: { average: 2.1 } } }));
    rig.sql(`update twilio_configurations set twiml_app_sid = null`);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('2 of 9 need a look.').waitFor();
    await pages.accessible(page, 'check, failed');
    await pages.shot(page, 'phone-check-failed-light');
    rig.givePhone(rig.tenant);
  });
});
