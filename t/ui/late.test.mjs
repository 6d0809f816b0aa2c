// Answers that come late, as from a slow machine or line: what somebody does before them stands, and what they say of
// something that is past is not shown.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Pages } from '../lib/pages.mjs';
import { inbound, Rig, until } from '../lib/rig.mjs';

describe('when answers are late', () => {
  let rig;
  let pages;
  let call;
  before(async () => {
    rig = await Rig.start({ pages: true, nginx: { limits: false }, workers: { hooks: 1 } });
    pages = await Pages.start(rig);
    rig.sql(`insert into contacts (tenant_id, name, phone_number)
      values ('${rig.tenant.id}', 'Ada Lovelace', '+447700900111')`);
    const c = inbound('before', { from: '+447700900111' });
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/status', c.completed);
    call = rig.sql('select id from calls');
  });
  after(async () => {
    await pages?.stop();
    await rig?.stop();
  });

  // Keeps the first request that fits until release(); asked: it is there.
  async function hold(page, pattern, method = 'GET') {
    const held = {};
    const open = new Promise((done) => (held.release = done));
    held.asked = new Promise((done) => (held.seen = done));
    let first = true;
    await page.route(pattern, async (route) => {
      if (!first || route.request().method() !== method) return route.fallback();
      first = false;
      held.seen(route.request());
      await open;
      return route.continue().catch(() => {}); // nobody wants the answer any more
    });
    return held;
  }
  const rings = (name) => rig.webhook('/api/twilio/voice/answer', inbound(name).answer);
  const focused = (page) => page.evaluate(() => document.activeElement.getAttribute('role'));

  it('a list that comes does not wipe what is typed into the box over it', async () => {
    const { page, context } = await pages.login('agent');
    const list = await hold(page, /\/contacts\?/);
    await page.goto('/app/contacts');
    await list.asked;
    await page.getByLabel('Name or number').fill('lovel');
    list.release();
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
    assert.equal(await page.getByLabel('Name or number').inputValue(), 'lovel');
    await context.close();
  });

  it('a page that comes does not take the keyboard from who types elsewhere', async () => {
    const { page, context } = await pages.login('agent');
    await page.locator('.dock .pill').click();
    const module = await hold(page, /\/pages\/contacts\.js/);
    await page.getByRole('link', { name: 'Contacts', exact: true }).click();
    await module.asked;
    const to = page.getByRole('combobox', { name: 'Number or name' });
    await to.pressSequentially('0770');
    module.release();
    await page.getByRole('heading', { name: 'Contacts', level: 1 }).waitFor();
    await page.keyboard.type('0900');
    assert.equal(await to.inputValue(), '07700900');
    await context.close();
  });

  it('a menu stays under the keyboard while the page around it is drawn anew', async () => {
    const { page, context } = await pages.login('agent');
    await page.getByRole('button', { name: 'Account' }).click();
    await until(async () => (await focused(page)) === 'menuitem');
    const feed = (r) => r.url().includes('after=');
    await page.waitForResponse(feed);
    await page.waitForResponse(feed);
    assert.equal(await focused(page), 'menuitem');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await context.close();
  });

  it('a dialog that is wanted again at once after Escape is there', async () => {
    const { page, context } = await pages.login('agent', { to: '/app/contacts' });
    const add = page.getByRole('button', { name: 'Add a contact' });
    await add.click();
    await page.getByLabel('Name', { exact: true }).waitFor();
    // The click waits behind the key, before the browser tells of the dialog that it is closed.
    await add.evaluate((button) =>
      document.querySelector('dialog').addEventListener('cancel', async () => {
        for (let i = 0; i < 50; i += 1) await null;
        button.click();
        globalThis.clicked = true;
      }),
    );
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => globalThis.clicked);
    await page.getByLabel('Name', { exact: true }).fill('Grace');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await context.close();
  });

  it('a call that came while the feed of events began is told of', async () => {
    const { page, context } = await pages.login('viewer');
    const feed = await hold(page, /\/events/);
    await page.goto('/app/calls');
    await feed.asked;
    await page.locator('tbody tr').first().waitFor();
    await rings('between');
    feed.release();
    await page.getByRole('button', { name: 'Show 1 new call' }).waitFor();
    await context.close();
  });

  it('new calls that were asked for under other filters are not told of', async () => {
    const { page, context } = await pages.login('viewer', { to: '/app/calls' });
    await page.locator('tbody tr').first().waitFor();
    await page.waitForResponse((r) => r.url().includes('after='));
    const news = await hold(page, /\/calls\?limit=50$/);
    await rings('other');
    const asked = await news.asked;
    const dropped = page.waitForEvent('requestfailed', (r) => r === asked);
    await page.getByLabel('Outcome', { exact: true }).selectOption('busy');
    await dropped;
    news.release();
    await page.getByRole('heading', { name: 'No call fits these filters' }).waitFor();
    assert.equal(await page.getByRole('button', { name: /^Show \d+ new/ }).count(), 0);
    await context.close();
  });

  it('the answer to one change does not take back the next', async () => {
    const { page, context } = await pages.login('agent', { to: `/app/calls/${call}` });
    const path = /\/calls\/[0-9a-f-]{36}$/;
    const add = async (tag) => {
      await page.getByPlaceholder('Add a tag').fill(tag);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: `Take ${tag} away` }).waitFor();
    };
    const second = await hold(page, path, 'PATCH');
    const first = await hold(page, path, 'PATCH'); // of two routes the later one is asked first
    await add('one');
    await first.asked;
    await add('two');
    first.release();
    await second.asked;
    assert.deepEqual(await page.getByRole('list', { name: 'Tags' }).getByRole('listitem').allInnerTexts(), [
      'one',
      'two',
    ]);
    await add('three'); // they are kept by their letters
    second.release();
    await until(() => rig.sql(`select tags from calls where id = '${call}'`) === '{one,three,two}');
    await context.close();
  });

  it('a number that changes does not wipe the form that somebody fills in', async () => {
    const { page, context } = await pages.login('admin');
    const id = rig.sql(`select id from numbers where tenant_id = '${rig.tenant.id}' and e164 = '${rig.tenant.number}'`);
    await page.goto(`/app/numbers/${id}`);
    const belongs = page.getByRole('form', { name: 'Belongs to' });
    await belongs.getByLabel('Source').fill('google');
    const number = await hold(page, new RegExp(`/numbers/${id}$`));
    await belongs.getByRole('button', { name: 'Assign' }).click();
    await number.asked;
    await page.getByLabel('Greeting').fill('Good morning');
    rig.sql(`update numbers set ring_timeout_seconds = 25 where id = '${id}'`);
    number.release();
    await until(async () => (await page.getByLabel('Rings for seconds').inputValue()) === '25');
    assert.equal(await page.getByLabel('Greeting').inputValue(), 'Good morning');
    await page.getByRole('form', { name: 'When it is called' }).getByRole('button', { name: 'Save' }).click();
    await until(() => rig.sql(`select greeting from numbers where id = '${id}'`) === 'Good morning');
    await context.close();
  });

  it('of two sites that are let in at once both are', async () => {
    const sites = ['https://one.example', 'https://two.example'];
    for (const site of sites)
      rig.sql(`insert into refused_origins (tenant_id, origin) values ('${rig.tenant.id}', '${site}')`);
    const { page, context } = await pages.login('admin', { to: '/app/settings/embeds' });
    const first = await hold(page, /\/settings\/origins$/, 'PUT');
    await page.getByRole('button', { name: `Allow ${sites[0]}` }).click();
    await first.asked;
    await page.getByRole('button', { name: `Allow ${sites[1]}` }).click();
    first.release();
    await until(
      () => rig.sql('select string_agg(origin, $$ $$ order by origin) from tenant_origins') === sites.join(' '),
    );
    await context.close();
  });

  it('what would be erased of somebody is not shown under the number of another', async () => {
    const { page, context } = await pages.login('admin', { to: '/app/compliance/person' });
    const preview = await hold(page, /\/erasure-previews$/, 'POST');
    await page.getByLabel('Number').fill('+447700900111');
    await page.getByRole('button', { name: 'What would be erased?' }).click();
    await preview.asked;
    const answer = page.waitForResponse(/\/erasure-previews$/);
    await page.getByLabel('Number').fill('+447700900112');
    preview.release();
    await (await answer).finished();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.equal(await page.getByRole('heading', { name: 'This would be erased' }).count(), 0);
    await page.getByRole('button', { name: 'What would be erased?' }).click();
    await page.getByRole('heading', { name: 'This would be erased' }).waitFor();
    await context.close();
  });

  it('figures do not stand under a name that is not theirs', async () => {
    const { page, context } = await pages.login('manager', { to: '/app/analytics?tab=sources' });
    const figure = page.locator('.figure', { hasText: 'What brought calls' });
    const bones = figure.locator('.bones');
    await figure.getByLabel('By').waitFor();
    await bones.waitFor({ state: 'detached' });
    const split = await hold(page, /model=split/);
    await figure.getByLabel('By').selectOption('split');
    await split.asked;
    await bones.waitFor();
    split.release();
    await bones.waitFor({ state: 'detached' });
    await context.close();
  });

  it('Enter waits for what is still looked for', async () => {
    const { page, context } = await pages.login('agent');
    const found = await hold(page, /\/contacts\?/);
    await page.keyboard.press('Control+k');
    const box = page.getByRole('combobox', { name: 'Search and commands' });
    await box.fill('lovelace');
    await found.asked;
    await page.keyboard.press('Enter');
    found.release();
    await page.getByRole('option', { name: /Ada Lovelace/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
    await context.close();
  });
});
