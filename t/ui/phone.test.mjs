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
    rig = await Rig.start({ pages: true, nginx: { limits: false }, workers: { hooks: 1 }, sim: { speed: 4 }, sweep: true });
    rig.givePhone(rig.tenant);
    pages = await Pages.start(rig);
    exchange = await Exchange.start(rig);
    await exchange.number(ours);
    await exchange.phone(customer, { answer: 'yes', after_s: 2 });
    await exchange.phone('+447700900444', { answer: 'yes', after_s: 1 });
    rig.sql(`update tenants set disclosure_mode = 'off', wrap_up_seconds = 120;
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
  const user = (person) => rig.rows(`select presence, rings, available, away_reason from users where id = '${person.id}'`)[0];
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
    const { page, person } = await agent();
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
    for (const k of ['1', 'Hash']) await page.getByRole('group', { name: 'Keypad' }).getByRole('button', { name: k }).click();
    const sent = () => rig.sql(`select string_agg(digits, '' order by created_at) from call_commands
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
    await page.locator('form').getByRole('button', { name: 'Transfer', exact: true }).click();

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
    await page.getByRole('button', { name: /Ada Lovelace/ }).click();
    await page.getByLabel('Campaign').selectOption({ label: 'Spring' });
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
    await page.getByText('Missed call').waitFor();
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
});
