// The admin's set-up, from Twilio's account to the first call: through the pages alone, on the real stack.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addPerson } from '../lib/person.mjs';
import { Pages } from '../lib/pages.mjs';
import { nodeSignature, Receiver } from '../lib/receiver.mjs';
import { ACCOUNT, inbound, Rig, TOKEN, until } from '../lib/rig.mjs';
import { Smtp } from '../lib/smtp.mjs';

const refused = [/status of (4\d\d|502)/]; // what the browser writes of an answer that a form then shows

describe("the admin's set-up", () => {
  let rig;
  let pages;
  let smtp;
  let receiver;
  let page;
  let person;
  before(async () => {
    [smtp, receiver] = [await Smtp.start(), await Receiver.start()];
    rig = await Rig.start({
      pages: true,
      sim: { speed: 200 },
      sweep: true,
      nginx: { limits: false },
      settings: {
        SMTP_URL: smtp.url,
        MAIL_FROM: 'phone@example.com',
        WEBHOOKS_TO_LOOPBACK: '1',
        TRANSCRIBE_MODEL: 'whisper-1',
      },
    });
    rig.sql(`update tenants set country = 'US', number_rent_cap = null, dial_countries = 'GB US';
      insert into clients (tenant_id, name) values ('${rig.tenant.id}', 'Oakfield Motors');
      insert into clients (tenant_id, name, created_at)
        select '${rig.tenant.id}', 'One of ' || n, now() + interval '1 s' from generate_series(1, 120) n;
      insert into campaigns (tenant_id, name) values ('${rig.tenant.id}', 'Radio Harbour')`);
    await rig.sim.number(rig.tenant.number);
    pages = await Pages.start(rig);
    ({ page, person } = await pages.login('admin', { allow: refused }));
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });
  after(async () => {
    receiver?.stop();
    smtp?.stop();
    try {
      await pages?.stop();
    } finally {
      await rig?.stop();
    }
  });

  const to = async (path) => {
    await page.goto(`/app${path}`);
    await page.locator('main h1').first().waitFor();
  };
  const button = (name, scope = page) => scope.getByRole('button', { name, exact: true });
  const link = (name) => page.getByRole('link', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const bought = async () =>
    (await rig.sim.ledger()).numbers.filter((r) => r.method === 'POST' && /IncomingPhoneNumbers\.json/.test(r.path));
  const row = (what, where = 'true') => rig.sql(`select ${what} from numbers where ${where} and released_at is null`);

  it('begins with accounts that work', async () => {
    await to('/settings/twilio');
    await button('Check now').click();
    await page.getByText('Twilio accepts the account and its token').waitFor();
    await page.getByText('$97.46').waitFor();
    await link('Transcripts and analysis').click();
    await button('Check now').click();
    await page.getByText('The server answers and accepts us').waitFor();
    await link('Mail').click();
    await button('Send a test mail to me').click();
    await page.getByText('The mail server took it').waitFor();
    const tests = smtp.to(person.email).filter((m) => m.headers.subject === 'Mail from Fish & chips works');
    assert.equal(tests.length, 1); // besides it the sweep tells of the number, whose addresses at Twilio are not ours
    smtp.refuse = 1;
    await button('Send a test mail to me').click();
    await page.getByRole('alert').getByText('SMTP_URL').waitFor();
  });

  it('buys a number once, with the price and what is asked for before the button', async () => {
    await to('/');
    await link('Numbers').click();
    await link('Buy a number').click();
    await page.getByLabel('Area code').fill('415');
    await button('Search', page.getByRole('search')).click();
    const offer = page.locator('.offer').first();
    await offer.waitFor();
    assert.match(await offer.innerText(), /\+1 415.*San Francisco.*\$1\.15 a month/s);
    assert.match(await offer.innerText(), /Nothing asked for/);
    await offer.getByRole('button').click();
    assert.match(await dialog().innerText(), /\$1\.15 a month.*No address asked for.*No regulatory bundle/s);
    assert.equal((await bought()).length, 0);
    await dialog()
      .getByRole('button', { name: /^Buy for/ })
      .dblclick();
    await page.waitForURL(/\/app\/numbers\/[0-9a-f-]{36}$/);
    await page.getByText('Healthy').waitFor();
    assert.equal((await bought()).length, 1);
  });

  it('gives it to a client and a campaign, and says where it rings', async () => {
    const belongs = page.getByRole('form', { name: 'Belongs to' });
    await pages.choose(belongs, 'Belongs to', 'oakf', 'Oakfield Motors Client');
    await pages.choose(belongs, 'Campaign', 'radio', 'Radio Harbour');
    await button('Assign', belongs).click();
    await page.locator('.head .badge').getByText('Assigned').waitFor();
    const called = page.getByRole('form', { name: 'When it is called' });
    await called.getByLabel('Rings at').fill('020 794');
    await button('Save', called).click();
    await called.locator('.wrong').waitFor();
    assert.equal(await called.getByLabel('Rings at').evaluate((el) => el === document.activeElement), true);
    await called.getByLabel('Rings at').fill('+442079460778');
    await button('Save', called).click();
    const now = `select c.name || ' ' || k.name || ' ' || n.forward_to from numbers n
      join clients c on c.id = n.client_id join campaigns k on k.id = n.campaign_id where n.e164 like '+1415%'`;
    await until(() => rig.sql(now) === 'Oakfield Motors Radio Harbour +442079460778');
    const res = await rig.webhook(
      '/api/twilio/voice/answer',
      inbound('first', { to: row('e164', "e164 like '+1415%'") }).answer,
    );
    assert.match(res.text, />\+442079460778</);
    await to(`/clients/${rig.sql("select id from clients where name like 'Oak%'")}?tab=phone`);
    await page.getByRole('cell', { name: '+44 20 7946 0778' }).waitFor();
  });

  it('sees that somebody changed it at Twilio, and mends it', async () => {
    const [id, sid] = row("id || ' ' || twilio_sid", "e164 like '+1415%'").split(' ');
    const at = `${rig.sim.url}/2010-04-01/Accounts/${ACCOUNT}/IncomingPhoneNumbers/${sid}.json`;
    const headers = { authorization: `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}` };
    const body = new URLSearchParams({ VoiceUrl: 'https://old.example.com/voice' });
    await fetch(at, { method: 'POST', headers, body });
    await to('/numbers');
    await button('Check all').click();
    await page.getByText('2 numbers do not call us any more.').waitFor();
    await page
      .getByRole('row', { name: /\+1 415/ })
      .getByRole('link')
      .first()
      .click();
    await page.getByText('https://old.example.com/voice').waitFor();
    await button('Fix').click();
    await page.getByText('Healthy').waitFor();
    const { voice_url: url } = await (await fetch(at, { headers })).json();
    assert.ok(url.startsWith(rig.settings.PUBLIC_URL));
    assert.equal(rig.sql(`select drift from number_health where number_id = '${id}'`), '[]');
  });

  it('cures a refusal for want of papers in the form itself', async () => {
    const paper = async (kind) => {
      const body = JSON.stringify({ kind, country: 'GB', type: 'mobile' });
      return (await (await fetch(`${rig.sim.url}/sim/papers`, { method: 'POST', body })).json()).sid;
    };
    await to('/numbers/buy?country=GB&type=local&area_code=20');
    await page.locator('.offer').first().getByRole('button').click();
    await dialog().getByText('An approved regulatory bundle').waitFor();
    await dialog()
      .getByRole('button', { name: /^Buy for/ })
      .click();
    await dialog().getByRole('alert').getByText('Bundle required').waitFor();
    await dialog().getByText('Twilio sells this number with papers only').waitFor();
    await dialog().getByLabel('Bundle').fill('BU12');
    await dialog()
      .getByRole('button', { name: /^Buy for/ })
      .click();
    await dialog().locator('.wrong').waitFor();
    const [bundle, address] = [await paper('bundle'), await paper('address')];
    await dialog().getByLabel('Bundle').fill(bundle);
    await dialog().getByLabel('Address', { exact: true }).fill(address);
    await dialog()
      .getByRole('button', { name: /^Buy for/ })
      .click();
    await page.waitForURL(/\/app\/numbers\/[0-9a-f-]{36}$/);
    assert.equal(new URLSearchParams((await bought()).at(-1).params).get('BundleSid'), bundle);
  });

  it('invites somebody, who comes in by the link of the mail', async () => {
    await to('/people');
    await button('Invite somebody').click();
    await dialog().getByLabel('E-mail').fill('priya@example.com');
    await dialog().getByLabel('Name').fill('Priya');
    await dialog().getByLabel('Role').selectOption('manager');
    await button('Send the invitation').click();
    await page.getByRole('row', { name: /Priya/ }).getByText('Invited').waitFor();
    const mail = await until(() => smtp.to('priya@example.com')[0]);
    const { page: hers } = await pages.open({ allow: [/401/] });
    await hers.goto(mail.link);
    await hers.getByLabel('New password').fill('plum orbit cedar nine');
    await hers.getByRole('button', { name: 'Save' }).click();
    await hers.getByRole('heading', { name: 'Log in' }).waitFor();
    await hers.getByLabel('E-mail').fill('priya@example.com');
    await hers.getByLabel('Password').fill('plum orbit cedar nine');
    await hers.getByRole('button', { name: 'Log in' }).click();
    await hers.locator('.shell main h1').waitFor();
    assert.equal(
      await hers.getByRole('link', { name: 'People', exact: true }).count(),
      0,
      'a manager has no such page',
    );
    await page.reload();
    const at = page.getByRole('row', { name: /Priya/ });
    await at.getByText('Active').waitFor();
    await button('Lock Priya out', at).click();
    await button('Lock out', dialog()).click();
    await at.getByText('Locked out').waitFor();
    await hers.context().close();
  });

  it('makes a key that is shown once, and revokes it', async () => {
    await to('/keys');
    await button('Make a key').first().click();
    await dialog().getByLabel('Name').fill('CRM');
    await dialog().getByLabel('Only for some things').check();
    await dialog().getByRole('listitem').filter({ hasText: 'Contacts' }).getByLabel('reads').check();
    await button('Make the key').click();
    const key = await dialog().getByRole('textbox', { name: 'API key' }).inputValue();
    await button('Copy API key', dialog()).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
    assert.equal((await rig.api('GET', '/api/v1/contacts', undefined, { key })).status, 200);
    assert.equal((await rig.api('GET', '/api/v1/calls', undefined, { key })).status, 403);
    await button('I have copied it').click();
    assert.equal(await page.getByText(key).count(), 0);
    await button('Revoke CRM').click();
    await button('Revoke', dialog()).click();
    await page.getByRole('row', { name: /CRM/ }).getByText('Revoked').waitFor();
    assert.equal((await rig.api('GET', '/api/v1/contacts', undefined, { key })).status, 401);
  });

  it('adds a webhook and sees a test arrive, signed with the secret that was shown', async () => {
    await to('/settings/webhooks');
    await button('Add an endpoint').click();
    await dialog().getByLabel('Address').fill('http://10.0.0.1/hook');
    await button('Add', dialog()).click();
    await dialog().locator('.wrong').waitFor();
    await dialog().getByLabel('Address').fill(receiver.url);
    await button('Add', dialog()).click();
    const secret = await dialog().getByRole('textbox', { name: 'Secret' }).inputValue();
    await button('I have copied it').click();
    await button('Test').click();
    const line = page.getByRole('row', { name: /test\.ping/ });
    await line.getByText('Delivered').waitFor();
    const [got] = receiver.of('test.ping');
    assert.equal(got.headers['webhook-signature'], nodeSignature(secret, got));
    await button('test.ping', line).click();
    await dialog().getByText('204').waitFor();
    await button('Send once more', dialog()).click();
    await until(() => receiver.of('test.ping').length === 2);
  });

  it('adds a contact, calls it with one click, and forbids calls to it', async () => {
    rig.sql(`update users set forward_to = '+442079460999' where id = '${person.id}'`);
    await rig.sim.phone('+442079460999', { answer: 'yes' });
    await to('/contacts');
    await button('Add a contact').first().click();
    await dialog().getByLabel('Name').fill('Ada Lovelace');
    await dialog().getByLabel('Number').fill('+442079460123');
    await button('Add', dialog()).click();
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
    await button('Call').click();
    await until(() => rig.sql('select count(*) from call_intents') === '1');
    await to('/contacts?find=lovel');
    await page.getByRole('link', { name: 'Ada Lovelace' }).click();
    await button('Do not call').click();
    await dialog().getByLabel('Reason').fill('asked for it');
    await button('Do not call', dialog()).click();
    await page.getByText('This number must not be called').waitFor();
    assert.equal(await button('Call').count(), 0);
    await to('/contacts?find=%2B442079460123');
    await button('Call Ada Lovelace').click();
    await dialog().getByText('Do not call;').waitFor();
  });

  it('brings in what advertising cost, and is told of rows that name nothing', async () => {
    await to('/campaigns');
    await button('Bring in costs').click();
    const day = new Date(Date.now() - 864e5).toISOString().slice(0, 10);
    await dialog()
      .getByLabel('Or as text')
      .fill(`campaign,day,amount,currency\nRadio Harbour,${day},12.50,GBP\nNobody,${day},1,GBP\n`);
    await button('Bring in', dialog()).click();
    await dialog().getByText('1 day was taken').waitFor();
    await dialog().getByText('These rows name no campaign that is here: 2.').waitFor();
    await button('Done', dialog()).click();
    await page.getByRole('cell', { name: /£12\.50/ }).waitFor();
  });

  it('keeps a price list that nobody overwrites unseen', async () => {
    await to('/settings/prices');
    await button('Add a price').click();
    await dialog().getByLabel('Model').fill('whisper-1');
    await dialog().getByLabel('Price').fill('a lot');
    await button('Add', dialog()).click();
    await dialog().getByRole('alert').waitFor();
    await dialog().getByLabel('Price').fill('0.006');
    await button('Add', dialog()).click();
    const price = page.getByRole('row', { name: /Transcribing whisper-1 \$0\.006 a minute/ });
    await price.waitFor();
    const kept = rig.sql("select item || ' ' || unit || ' ' || trim_scale(amount) from prices");
    assert.equal(kept, 'whisper-1 minute 0.006');
    await button('Add a price').click();
    await dialog().getByLabel('Of').selectOption('number');
    await dialog().getByLabel('Price').fill('1.15');
    await button('Add', dialog()).click();
    await page.getByRole('row', { name: /A number every number \$1\.15 a month/ }).waitFor();
    await button('Change Transcribing: whisper-1').click();
    await dialog().getByLabel('Price').fill('0.003');
    rig.sql("update prices set amount = 2 where kind = 'number'");
    await button('Save', dialog()).click();
    await dialog().getByRole('alert').getByText('changed meanwhile').waitFor();
    await page.keyboard.press('Escape');
    await page.reload();
    await button('Change Transcribing: whisper-1').click();
    await dialog().getByLabel('Price').fill('0.003');
    await button('Save', dialog()).click();
    await page.getByText('Transcribing: whisper-1: $0.006 a minute → $0.003 a minute').waitFor();
    await button('Remove A number: every number').click();
    await button('Remove', dialog()).click();
    await until(() => rig.sql('select count(*) from prices') === '1');
    await page.getByText('A number: every number: $2.00 a month → none').waitFor();
  });

  it('leaves a client, a number and a person out of what is written down', async () => {
    const who = { ...addPerson(rig, 'agent'), name: 'Tariq Osei' };
    rig.sql(`update users set name = '${who.name}' where id = '${who.id}'`);
    await to('/settings/ai');
    const add = async (typed, name, more) => {
      await button('Add an exception').click();
      await pages.choose(dialog(), 'For', typed, name);
      await more?.();
      await button('Add', dialog()).click();
      await dialog().waitFor({ state: 'detached' });
    };
    const at = (name) => page.getByRole('row', { name });
    await add('oakfield', 'Oakfield Motors', async () => {
      await dialog().getByLabel('Written down').selectOption({ label: 'As it is otherwise' });
      await dialog().getByLabel('Language').fill('cy');
    });
    await at(/Oakfield Motors As it is otherwise .*cy/).waitFor();
    await add(rig.tenant.number.slice(-6), /^\+44/);
    await at(/^\+44 .* No/).waitFor();
    await add(who.name, who.name);
    await at(/^Tariq Osei No/).waitFor();
    const [kept] = rig.rows(`select count(*) filter (where client_id is not null and language = 'cy') as clients,
      count(*) filter (where number_id is not null and not transcribe) as numbers from transcription_exceptions`);
    assert.deepEqual([kept.clients, kept.numbers], [1, 1]);
    const off = () => rig.sql('select count(*) from user_voip_settings where not auto_transcribe');
    assert.equal(off(), '1');
    await pages.accessible(page, 'exceptions');
    await button(`Remove ${who.name}`).click();
    await button('Remove', dialog()).click();
    await at(/^Tariq/).waitFor({ state: 'detached' });
    assert.equal(off(), '0');
    await button('Change Oakfield Motors').click();
    await dialog().getByLabel('Language').fill('nonsense');
    await button('Save', dialog()).click();
    await dialog().getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Exceptions: 1 row → 2 rows').waitFor();
  });

  it('stops every call out with one switch', async () => {
    await to('/settings/limits');
    await button('Stop all calls out').click();
    await button('Stop them', dialog()).click();
    await page.getByText('Calls out are stopped').first().waitFor();
    assert.equal(rig.sql('select dial_stopped_at is not null from tenants'), 't');
    await button('Let calls out again').click();
    await until(() => rig.sql('select dial_stopped_at is null from tenants') === 't');
  });

  it('finds one of many by a part of it', async () => {
    await to(`/numbers?find=${rig.tenant.number.slice(-7)}`);
    await page.getByText('1 of 1').waitFor();
    const box = page.getByRole('search').getByLabel('Digits');
    await box.fill('00000000');
    await box.press('Enter');
    await page.getByRole('heading', { name: 'Nothing is called so' }).waitFor();
    await page.getByRole('link', { name: 'All of them' }).click();
    await page.getByRole('row', { name: /^\+44/ }).first().waitFor();
  });

  it('gives a number back only when its digits are typed', async () => {
    const [id, e164] = row("id || ' ' || e164", "e164 like '+4420%' and client_id is null and user_id is null").split(
      ' ',
    );
    await to(`/numbers/${id}`);
    await button('Give it back').click();
    assert.equal(await button('Give it back', dialog()).isDisabled(), true);
    await dialog().getByLabel(`Type ${e164} to go on`).fill(e164);
    await dialog().getByLabel('At once, without cooling down').check();
    await button('Give it back', dialog()).click();
    await page.waitForURL(/\/app\/numbers$/);
    await until(() => row('release_asked_at is not null', `e164 = '${e164}'`) !== 'f');
  });

  it('changes their own password, and every other session ends', async () => {
    const other = await pages.login('admin', { person, allow: [/401/] });
    await to('/me');
    await page.getByLabel('Current password').fill('not this one');
    await page.getByLabel('New password').fill('plum orbit cedar nine');
    await button('Change the password').click();
    await page.locator('.wrong').getByText('is wrong').waitFor();
    await page.getByLabel('Current password').fill(person.password);
    await button('Change the password').click();
    await until(() => rig.sql(`select count(*) from sessions where user_id = '${person.id}'`) === '1');
    await other.page.getByRole('heading', { name: 'Log in' }).waitFor();
    await other.context.close();
  });

  it('buys with the keyboard alone', async () => {
    const who = addPerson(rig, 'admin');
    const { page: p, context } = await pages.login('admin', { person: who });
    const press = async (...keys) => {
      for (const k of keys) await p.keyboard.press(k);
    };
    const tabTo = async (name) => {
      for (let i = 0; i < 60; i += 1) {
        await p.keyboard.press('Tab');
        const said = await p.evaluate(
          () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '',
        );
        const label = await p.evaluate(() => document.activeElement?.labels?.[0]?.textContent ?? '');
        if (name.test(said) || name.test(label)) return;
      }
      assert.fail(`no way to ${name}`);
    };
    await press('g', 'n');
    await p.getByRole('heading', { name: 'Numbers' }).waitFor();
    await tabTo(/^Buy a number$/);
    await press('Enter');
    await p.locator('.offer').first().waitFor();
    await tabTo(/^Area code$/);
    await p.keyboard.type('212');
    await press('Enter');
    await p.locator('.offer').getByText('+1 212').first().waitFor();
    await tabTo(/^Choose /);
    await press('Enter');
    await p.getByRole('dialog').waitFor();
    await tabTo(/^Buy for/);
    await press('Enter');
    await p.waitForURL(/\/app\/numbers\/[0-9a-f-]{36}$/);
    assert.equal(row('count(*)', "e164 like '+1212%'"), '1');
    await context.close();
  });
});
