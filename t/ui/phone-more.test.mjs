// The softphone among colleagues and after calls: a call that is given on with and without asking, a wrap-up that runs
// out or may not, a weak line, the system's notification of a call; and how its troubles look in the dark.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Exchange } from '../lib/exchange.mjs';
import { Pages } from '../lib/pages.mjs';
import { addPerson } from '../lib/person.mjs';
import { Rig, until } from '../lib/rig.mjs';

const hostile = `<img src=x onerror="globalThis.hit=1">${'\u202e'}evil ${'long '.repeat(20)}`;
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
    await exchange.phone(customer, { answer: 'yes', after_s: 1 });
    rig.sql(`update tenants set disclosure_mode = 'off', wrap_up_seconds = 120, ring_timeout_seconds = 600;
      update users set disabled_at = now();
      insert into contacts (tenant_id, name, phone_number) values ('${rig.tenant.id}', 'Ada Lovelace', '${customer}');
      insert into clients (tenant_id, name, forward_to) select '${rig.tenant.id}', 'Client ' || n, '+442079460111'
        from generate_series(1, 120) n;
      insert into campaigns (tenant_id, name) select '${rig.tenant.id}', 'Campaign ' || n
        from generate_series(1, 120) n;
      insert into campaigns (tenant_id, name) values ('${rig.tenant.id}', $q$${hostile}$q$)`);
  });
  after(async () => {
    for (const c of contexts) await c.close();
    await exchange?.stop();
    await pages?.stop();
    await rig?.stop();
  });
  // Somebody of the team in a browser of her own; number: calls to ours ring there.
  async function agent(name, { number = false, open = true, script, ...options } = {}) {
    const person = addPerson(rig, 'agent');
    rig.sql(`update users set name = $q$${name}$q$ where id = '${person.id}'`);
    if (number)
      rig.sql(`update numbers set user_id = '${person.id}', forward_to = null;
        update user_voip_settings set assigned_phone_number = null, caller_id_number = null;
        insert into user_voip_settings (user_id, caller_id_number) values ('${person.id}', '${ours}')`);
    const opened = await pages.open(options);
    contexts.push(opened.context);
    const { page, context } = opened;
    if (script) await context.addInitScript(script);
    await exchange.join(context);
    await context.grantPermissions(['microphone'], { origin: pages.base });
    await page.goto('/app/login');
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('.dock .pill').click();
    if (open) await goAvailable(page, person);
    return { ...opened, person };
  }
  const user = (person) => rig.rows(`select presence, rings from users where id = '${person.id}'`)[0];
  async function goAvailable(page, person) {
    await page.getByRole('button', { name: 'Go available' }).click();
    await page.getByRole('button', { name: 'Availability: Available' }).waitFor();
    await until(() => user(person).rings === 'browser' && user(person).presence === 'available');
  }
  // The page once more: the phone comes back by itself.
  async function again(page) {
    await page.reload();
    await page.locator('.dock .pill').click();
    await page.getByRole('button', { name: 'Availability: Available' }).waitFor();
  }
  // Ann has the number, and what the tenant has set by now.
  let ann = null;
  async function annNow() {
    if (ann) await again(ann.page);
    else ann = await agent('Ann', { number: true });
    return ann;
  }
  const alert = (page) => page.getByRole('alertdialog', { name: 'Incoming call' });
  const timer = (page, name) => page.getByRole('timer', { name: new RegExp(`^${name}:`) });
  const tool = (page, name) => page.locator('.tools').getByRole('button', { name, exact: true });
  const answer = async (page) => {
    await alert(page).getByRole('button', { name: 'Answer' }).click();
    await timer(page, 'Talk').waitFor();
  };
  // Somebody calls, and she answers: the id of the call.
  async function talk(page) {
    const sid = await exchange.ring(customer, ours);
    await alert(page).waitFor();
    await answer(page);
    return rig.sql(`select id from calls where twilio_call_sid = '${sid}'`);
  }
  const end = async (page) => {
    await page.getByRole('button', { name: 'End call' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Call', exact: true }).waitFor();
  };
  const found = (page) => page.getByRole('listbox', { name: 'Found' }).getByRole('option');
  const transfer = (id) => rig.sql(`select transfer ->> 'state' from call_controls where call_id = '${id}'`);

  it('gives a call to a colleague who was asked, takes it back, and gives it at once', async () => {
    const bea = await agent('Bea');
    await annNow();
    rig.sql(`insert into users (tenant_id, email, name, role, rings, presence, available, away_reason) values
      ('${rig.tenant.id}', 'z@x.example', $q$${hostile}$q$, 'agent', 'browser', 'away', false, 'Lunch')`);
    const { page } = ann;
    const id = await talk(page);

    // a colleague, found by name
    await tool(page, 'Transfer').click();
    const box = page.getByRole('combobox', { name: 'Transfer to' });
    await box.press('ArrowDown');
    await page.getByRole('option', { name: /^Bea/ }).waitFor();
    const options = await found(page).allInnerTexts();
    assert.match(options[0], /^Bea\s+Available$/, 'who is available stands first');
    assert.match(options[1], /^<img.*\s+Cannot be reached$/s);
    assert.ok(!options.some((o) => o.startsWith('Ann')), 'not oneself');
    await page
      .getByText(/^The first \d+: type to find others$/)
      .first()
      .waitFor();
    await pages.accessible(page, 'whom to transfer to');
    await pages.shot(page, 'phone-colleagues-light');
    await box.fill('client 7');
    await page.getByRole('option', { name: /^Client 7\b/ }).waitFor();
    await box.fill('nobody at all');
    await page.getByRole('button', { name: 'Ask first' }).click();
    await page.getByText('Choose somebody of the list, or write a number.').waitFor();
    await pages.accessible(page, 'nobody to transfer to');
    await box.fill('be');
    await until(async () => (await found(page).allInnerTexts()).join().startsWith('Bea'));
    await until(async () => {
      await box.press('ArrowDown');
      return box.getAttribute('aria-activedescendant');
    });
    await box.press('Enter');
    assert.equal(await box.inputValue(), 'Bea');

    // asked, and taken back
    await page.getByRole('button', { name: 'Ask first' }).click();
    await page.getByText('Bea is being rung; the caller is on hold.').waitFor();
    await alert(bea.page).waitFor();
    await until(async () => (await alert(bea.page).innerText()).includes('Ann asks you about this call'));
    assert.ok((await alert(bea.page).innerText()).includes('Ada Lovelace'), 'she sees whom it is about');
    await pages.accessible(bea.page, 'asked');
    await pages.shot(bea.page, 'phone-asked-light');
    await answer(bea.page);
    await page.getByText('You are asking Bea; the caller is on hold.').waitFor();
    await pages.accessible(page, 'asking');
    await pages.shot(page, 'phone-consult-light');
    await page.getByRole('button', { name: 'Take the caller back' }).click();
    await page.getByText('the caller is on hold').waitFor({ state: 'detached' });
    await until(() => transfer(id) === 'cancelled');
    await timer(page, 'Hold').waitFor({ state: 'detached' });
    await bea.page.getByRole('button', { name: 'Done' }).click();
    await until(() => user(bea.person).presence === 'available');

    // asked, and she does not want it
    const ask = async () => {
      if (!(await box.isVisible())) await tool(page, 'Transfer').click();
      await box.fill('bea');
      await page.getByRole('option', { name: /^Bea/ }).click();
    };
    await ask();
    await page.getByRole('button', { name: 'Ask first' }).click();
    await alert(bea.page).getByRole('button', { name: 'Decline' }).click();
    await page.getByText('Bea is not on the line; the caller is still on hold.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Connect them' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Take the caller back' }).click();
    await page.getByText('the caller is still on hold').waitFor({ state: 'detached' });

    // asked, and left together
    await ask();
    await page.getByRole('button', { name: 'Ask first' }).click();
    await alert(bea.page).waitFor();
    await answer(bea.page);
    await page.getByText('You are asking Bea').waitFor();
    await page.getByRole('button', { name: 'Connect them' }).click();
    await page.getByText('What came of it?').waitFor();
    await until(() => transfer(id) === 'completed'); // Ann hears the end of her leg before it is written down
    await page.getByRole('button', { name: 'Done' }).click();

    // it is hers now: she holds it, and gives it back without asking
    await tool(bea.page, 'Hold').click();
    await tool(bea.page, 'Resume').click();
    await tool(bea.page, 'Hold').waitFor();
    await until(() => user(ann.person).presence === 'available');
    await tool(bea.page, 'Transfer').click();
    await bea.page.getByRole('combobox', { name: 'Transfer to' }).fill('ann');
    await bea.page.getByRole('option', { name: /^Ann/ }).click();
    await bea.page.getByRole('button', { name: 'Transfer now' }).click();
    await alert(page).waitFor();
    await until(async () => (await alert(page).innerText()).includes('Ada Lovelace'));
    await answer(page);
    await bea.page.getByText('What came of it?').waitFor();
    await end(page);
    await until(() => rig.sql(`select ended_at is not null from calls where id = '${id}'`) === 't');
    assert.equal(await page.evaluate(() => globalThis.hit), undefined);
  });

  it('is available again when the time to wrap up has run out', async () => {
    rig.sql(`update tenants set wrap_up_seconds = 2, disposition_required = false`);
    const { page, person } = await annNow();
    const id = await talk(page);
    await page.getByLabel('Notes').fill('Nobody pressed Done.');
    let release; // that she is busy is heard late, when she is available already
    const late = new Promise((done) => (release = done));
    await page.route('**/api/v1/me', async (route) => {
      if (route.request().postDataJSON()?.presence === 'busy') await late;
      return route.continue();
    });
    await page.getByRole('button', { name: 'End call' }).click();
    await timer(page, 'Next call in').waitFor();
    await page.getByRole('button', { name: 'Call', exact: true }).waitFor();
    release();
    assert.equal(rig.sql(`select notes from calls where id = '${id}'`), 'Nobody pressed Done.');
    const said = () =>
      rig.sql(`select string_agg(detail -> 'new' ->> 'presence', ' ' order by seq) from audit_entries
        where object = '${person.id}' and action = 'user.change'`);
    await until(() => /busy available$/.test(said())); // no call rang in between, and the last word stands
    assert.equal(user(person).presence, 'available');
    await page.unroute('**/api/v1/me');

    // the clock is stopped by who needs longer
    rig.sql('update tenants set wrap_up_seconds = 120');
    await again(page);
    await talk(page);
    await page.getByRole('button', { name: 'End call' }).click();
    await page.getByRole('button', { name: 'Stop the clock' }).click();
    await timer(page, 'Next call in').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Done' }).click();
    await until(() => user(person).presence === 'available');

    // nor is it forgotten by a page that is loaded again meanwhile
    await talk(page);
    await page.getByRole('button', { name: 'End call' }).click();
    await page.getByRole('button', { name: 'Stop the clock' }).click();
    await until(() => user(person).presence === 'busy');
    await again(page);
    await until(() => user(person).presence === 'available');

    // and what she says herself meanwhile stands
    await talk(page);
    await page.getByRole('button', { name: 'End call' }).click();
    await page.getByRole('button', { name: 'Stop the clock' }).click();
    await until(() => user(person).presence === 'busy');
    await page.getByRole('button', { name: /^Availability/ }).click();
    await page.getByRole('menuitemradio', { name: 'Busy', exact: true }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Call', exact: true }).waitFor();
    await page.reload();
    await page.locator('.dock .pill').click();
    await page.getByRole('button', { name: 'Availability: Busy' }).click();
    await page.getByRole('menuitemradio', { name: 'Available', exact: true }).click();
    await until(() => user(person).presence === 'available');
  });

  it('is not available before the team’s word for the call, where it is required', async () => {
    rig.sql(`update tenants set wrap_up_seconds = 1, disposition_required = true`);
    const { page, person } = await annNow();
    const required = page.getByText('Say what came of the call.');
    const id = await talk(page);
    await page.getByRole('button', { name: 'End call' }).click();
    await required.waitFor(); // by the clock
    await pages.accessible(page, 'required');
    await pages.shot(page, 'phone-required-light');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: /^Availability/ }).click();
    await page.getByRole('menuitemradio', { name: 'Available', exact: true }).click();
    await required.waitFor();
    assert.equal(user(person).presence, 'busy');
    await page.getByLabel('Interested', { exact: true }).check();
    await page.getByRole('button', { name: 'Done' }).click();
    await until(() => user(person).presence === 'available');
    assert.equal(rig.sql(`select disposition from calls where id = '${id}'`), 'interested');

    // nor where there is no time to wrap up
    rig.sql(`update tenants set wrap_up_seconds = 0`);
    await again(page);
    await talk(page);
    await page.getByRole('button', { name: 'End call' }).click();
    await until(() => user(person).presence === 'busy');
    await page.getByLabel('Connected', { exact: true }).check();
    await page.getByRole('button', { name: 'Done' }).click();
    await until(() => user(person).presence === 'available');
    rig.sql(`update tenants set wrap_up_seconds = 120, disposition_required = false`);
  });

  it('says that the line is weak, and when it is not any more', async () => {
    const { page } = await annNow();
    await talk(page);
    const line = (event, ...more) =>
      page.evaluate(
        ([name, args]) => globalThis.standin.calls().forEach((sid) => globalThis.standin.call(sid, name, ...args)),
        [event, more],
      );
    const weak = page.getByRole('status').filter({ hasText: 'The connection is weak' });
    await line('warning', 'low-mos');
    await weak.waitFor();
    await pages.accessible(page, 'weak line');
    await pages.shot(page, 'phone-weak-light');
    await line('warning-cleared', 'low-mos');
    await weak.waitFor({ state: 'detached' });
    await line('warning', 'constant-audio-input-level');
    await page.getByText('Nothing comes from your microphone').waitFor();
    await tool(page, 'Mute').click();
    await page.getByText('Nothing comes from your microphone').waitFor({ state: 'detached' }); // as it should be
    await line('reconnecting', { code: 53405 });
    await page.getByText('Reconnecting…').waitFor();
    await line('reconnected');
    await page.getByText('Reconnecting…').waitFor({ state: 'detached' });
    await end(page);
  });

  it('finds a campaign beyond the first hundred, by keys alone', async () => {
    const { page } = await annNow();
    const box = page.getByRole('combobox', { name: 'Campaign' });
    await box.focus();
    await page.keyboard.type('campaign 1');
    await until(async () => (await found(page).count()) === 20);
    await page.getByText('The first 20: type to find others').first().waitFor();
    await pages.accessible(page, 'campaigns');
    await page.keyboard.type('19');
    await until(async () => (await found(page).allInnerTexts()).join() === 'Campaign 119');
    await page.keyboard.press('Escape');
    assert.equal(await box.getAttribute('aria-expanded'), 'false');
    assert.equal(await box.inputValue(), '', 'nothing was chosen');
    await page.keyboard.type('119');
    await until(async () => (await found(page).count()) === 1);
    const option = await until(async () => {
      await page.keyboard.press('ArrowDown'); // what is found anew is chosen from anew
      return box.getAttribute('aria-activedescendant');
    });
    assert.equal(await page.locator(`[id="${option}"]`).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Enter');
    assert.equal(await box.inputValue(), 'Campaign 119');
    await page.getByRole('button', { name: 'Clear Campaign' }).click();
    assert.equal(await box.inputValue(), '');
    await page.keyboard.type('no such');
    await page.getByText('Nothing found').first().waitFor();
    await box.fill('<img');
    await found(page).click();
    assert.equal(await page.evaluate(() => globalThis.hit), undefined);
    await page.getByLabel('Number or name').fill('07700 900111');
    await page.getByRole('option', { name: /Ada Lovelace/ }).click();
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await timer(page, 'Talk').waitFor();
    await end(page);
  });

  it('says in the dark what is wrong, and what helps', async () => {
    const script = () => {
      const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (what) => {
        if (globalThis.refuses) throw new DOMException('no', globalThis.refuses);
        return real(what);
      };
    };
    const { page, context } = await agent('Eve', { theme: 'dark', open: false, script, allow: [/503/] });
    const trouble = page.locator('.panel .alert[role=alert]');
    const looks = async (where, name) => {
      await pages.accessible(where, `${name}, dark`);
      await pages.shot(where, `phone-${name}-dark`);
    };
    const refuses = (word) => page.evaluate((w) => (globalThis.refuses = w), word);
    await refuses('NotAllowedError');
    await page.getByRole('button', { name: 'Go available' }).click();
    await trouble.getByText('The browser does not let this page use the microphone.').waitFor();
    await looks(page, 'denied');
    await refuses('NotFoundError');
    await trouble.getByRole('button', { name: 'Retry' }).click();
    await trouble.getByText('The microphone could not be opened.').waitFor();
    await looks(page, 'no-device');
    await refuses(null);
    rig.sql(`update twilio_configurations set twiml_app_sid = null`);
    await trouble.getByRole('button', { name: 'Retry' }).click();
    await trouble.getByText('TwiML App').first().waitFor();
    await trouble.getByText('Details').click();
    await looks(page, 'token');
    rig.givePhone(rig.tenant);
    await trouble.getByRole('button', { name: 'Retry' }).click();
    await trouble.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Availability: Available' }).waitFor();
    await page.evaluate(() => globalThis.standin.device('error', { code: 31005, message: 'x' }));
    await trouble.getByText('The connection to the phone network broke.').waitFor();
    await looks(page, 'network');
    await page.evaluate(() => globalThis.standin.device('registered'));
    await trouble.waitFor({ state: 'detached' });
    const second = await context.newPage();
    await second.goto('/app/');
    await second.locator('.dock .pill').click();
    await second.getByRole('button', { name: 'Use it here' }).click();
    await page.getByText('The phone is on in another tab').waitFor();
    await page.bringToFront();
    await looks(page, 'taken');
    await second.getByRole('button', { name: 'Availability: Available' }).waitFor();
  });

  it('tells the system of a call while another window is in front, if asked to', async () => {
    const script = () => {
      globalThis.told = [];
      globalThis.questions = 0;
      globalThis.Notification = class {
        static permission = sessionStorage.granted ?? 'default';
        static async requestPermission() {
          globalThis.questions += 1;
          sessionStorage.granted = this.permission = 'granted';
        }
        constructor(title, { body }) {
          globalThis.told.push([title, body]);
          this.close = () => globalThis.told.push('closed');
        }
      };
      document.hasFocus = () => !globalThis.elsewhere;
    };
    const { page, person } = await agent('Cal', { number: true, open: false, script });
    const question = page.getByText('Be told of calls while you work in another window?');
    assert.equal(await question.count(), 0, 'nobody is asked before a call could come');
    await goAvailable(page, person);
    await question.waitFor();
    assert.equal(await page.evaluate(() => globalThis.questions), 0, 'nor without a press');
    await pages.accessible(page, 'notify');
    await pages.shot(page, 'phone-notify-light');
    await page.getByRole('button', { name: 'Tell me' }).click();
    await question.waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => globalThis.questions), 1);

    const told = () => page.evaluate(() => globalThis.told);
    let sid = await exchange.ring(customer, ours);
    await alert(page).waitFor();
    await exchange.hangUp(null, sid);
    await alert(page).waitFor({ state: 'detached' });
    assert.deepEqual(await told(), [], 'who sees the page needs no other word');
    await page.evaluate(() => (globalThis.elsewhere = true));
    sid = await exchange.ring(customer, ours);
    await until(async () => (await told()).some((n) => n[1] === 'Ada Lovelace'));
    assert.deepEqual((await told())[0], ['Incoming call', (await told())[0][1]]);
    await exchange.hangUp(null, sid);
    await alert(page).waitFor({ state: 'detached' });
    await until(async () => (await told()).at(-1) === 'closed');
  });

  it('is not asked again about notifications by who said no', async () => {
    const script = () => {
      globalThis.Notification = class {
        static permission = 'default';
      };
    };
    const { page } = await agent('Dee', { script });
    await page.getByRole('button', { name: 'No, thanks' }).click();
    await again(page);
    assert.equal(await page.getByText('Be told of calls').count(), 0);
  });
});
