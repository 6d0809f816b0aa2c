// Several accounts in one browser, through the pages: logged in to beside each other, changed between by menu and
// palette, in every tab at once, and never mixed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Pages } from '../lib/pages.mjs';
import { addPerson } from '../lib/person.mjs';
import { Rig, until } from '../lib/rig.mjs';

const hostile = `<img src=x onerror="globalThis.hit=1">${'\u202e'}Sons ${'and more '.repeat(12)}`;
const other = {
  account: `AC${'0'.repeat(31)}2`,
  token: 'f'.repeat(32),
  number: '+442079460957',
  forward: '+442079460998',
};

describe('accounts in one browser', () => {
  let rig;
  let pages;
  let page;
  let tab; // a second one of the same browser
  let anna;
  let bob; // her account in the other tenant
  before(async () => {
    rig = await Rig.start({ pages: true, nginx: { limits: false }, workers: { hooks: 0 } });
    pages = await Pages.start(rig);
    const b = rig.addTenant('B', other);
    rig.sql(`update tenants set name = $q$${hostile.trim()}$q$ where id = '${b.id}'`);
    anna = addPerson(rig, 'agent', { email: 'anna@fish.example' });
    bob = addPerson(rig, 'admin', { tenant: b, email: `anna@${'long-'.repeat(10)}name.example` });
    ({ page } = await pages.login('agent', { person: anna, allow: [/status of 40[134]/] }));
    tab = await page.context().newPage();
    tab.on('pageerror', (e) => pages.trouble.push(e.stack));
  });
  after(async () => {
    await pages?.stop();
    await rig?.stop();
  });

  const mine = 'Fish & chips';
  const theirs = hostile.trim();
  const at = (p, name) => p.locator('.side footer').getByText(name, { exact: true }).waitFor({ state: 'attached' });
  const home = async (p, name) => {
    await p.waitForURL((url) => url.pathname === '/app/' && url.search === '');
    await at(p, name);
  };
  const fits = (p) => p.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  const account = (p) => p.getByRole('button', { name: 'Account', exact: true });
  const menu = (p) => p.getByRole('menu', { name: 'Account' });
  const item = (p, name) => menu(p).getByRole('menuitem', { name });
  const open = async (p) => {
    await p.bringToFront();
    await account(p).focus();
    await p.keyboard.press('Enter');
    await menu(p).waitFor();
    await p.waitForFunction(() => document.activeElement.getAttribute('role') === 'menuitem');
  };
  const focused = (p) => p.evaluate(() => document.activeElement.innerText);
  const session = (p) => p.evaluate(() => fetch('/api/v1/me').then((r) => r.json()));

  it('begin with a second login, at a door that says who stays', async () => {
    await tab.goto('/app/contacts');
    await at(tab, mine);
    await tab.evaluate(() => sessionStorage.setItem('phone-on', '1'));
    await open(page);
    assert.equal(await item(page, 'Log out').innerText(), 'Log out');
    await page.keyboard.press('End');
    assert.match(await focused(page), /another account/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Log in to another account' }).waitFor();
    await page.getByText(`${anna.email} stays logged in to ${mine}.`).waitFor();
    await pages.accessible(page, 'a further login');
    await pages.shot(page, 'accounts-door-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await pages.accessible(page, 'a further login, dark', { colours: true });
    await page.setViewportSize({ width: 320, height: 640 });
    assert.equal(await fits(page), true);
    await pages.shot(page, 'accounts-door-narrow');
    await page.setViewportSize({ width: 1360, height: 860 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.getByRole('link', { name: 'Password forgotten?' }).click();
    await page.getByRole('heading', { name: 'A new password' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: `Back to ${mine}` }).click();
    await home(page, mine);
    await page.goto('/app/login?beside=1');
    await page.getByLabel('E-mail').fill(bob.email);
    await page.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('wrong').waitFor();
    await page.getByLabel('Password').fill(bob.password);
    await page.keyboard.press('Enter');
    await home(page, theirs);
    await home(tab, theirs);
    assert.equal(await tab.evaluate(() => sessionStorage.length), 0, 'what the tab kept of the phone is gone');
    rig.sql(`update sessions set seen_at = now() - interval '25 min' where user_id = '${anna.id}'`);
    await tab.reload();
    const recent = `select seen_at > now() - interval '5 min' from sessions where user_id = '${anna.id}'`;
    await until(() => rig.sql(recent) === 't'); // an open page is a use of the accounts beside
  });

  it('are changed by the menu, from the keyboard, in every tab', async () => {
    await tab.goto('/app/people');
    await tab.getByRole('heading', { name: 'People', level: 1 }).waitFor();
    await open(page);
    await item(page, mine).waitFor();
    assert.match(await focused(page), /admin/, 'rows that come later take nobody\u2019s place');
    await pages.accessible(page, 'the menu');
    await pages.shot(page, 'accounts-menu-light');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    assert.equal(await focused(page), `${mine}\n${anna.email}`);
    await page.keyboard.press('Enter');
    await home(page, mine);
    await home(tab, mine);
    assert.equal((await session(tab)).user.id, anna.id);
    assert.equal(await tab.getByRole('link', { name: 'People' }).count(), 0, 'an agent there');
  });

  it('are shown as text, at any width, light and dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 320, height: 640 });
    await open(page);
    await item(page, bob.email).waitFor();
    assert.equal(await item(page, 'Log out').innerText(), 'Log out of all accounts');
    await pages.accessible(page, 'the menu, dark');
    assert.equal(await fits(page), true);
    const box = await menu(page).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 320, JSON.stringify(box));
    await pages.shot(page, 'accounts-menu-narrow');
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => globalThis.hit), undefined);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1360, height: 860 });
  });

  it('are changed by the palette', async () => {
    await page.bringToFront();
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: `Switch to ${theirs.slice(0, 20)}` }).waitFor();
    await page.keyboard.type('switch to');
    await page.keyboard.press('Enter');
    await home(page, theirs);
    await home(tab, theirs);
    assert.equal((await session(page)).user.id, bob.id);
  });

  it('are not mixed by a page that nobody has told', async () => {
    await tab.goto('/app/me');
    await tab.getByLabel('Name').fill('Mixed');
    const [{ csrf_token: csrf }, { data }] = await page.evaluate(() =>
      Promise.all(['/api/v1/me', '/api/v1/sessions/beside'].map((url) => fetch(url).then((r) => r.json()))),
    );
    const status = await page.evaluate(
      ([token, session_id]) =>
        fetch('/api/v1/sessions/switch', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-csrf-token': token },
          body: JSON.stringify({ session_id }),
        }).then((r) => r.status),
      [csrf, data[0].session_id],
    );
    assert.equal(status, 200);
    await tab.getByRole('form', { name: 'About you' }).getByRole('button', { name: 'Save' }).click();
    await home(tab, mine);
    await home(page, mine);
    assert.equal(rig.sql("select count(*) from users where name = 'Mixed'"), '0');
  });

  it('of a page that is shown again are looked at first', async () => {
    await tab.goto('/app/contacts');
    await at(tab, mine);
    // As if the word of the others had not come: nothing is asked in the name of somebody else.
    await tab.evaluate(() => {
      globalThis.fetch = async (to) => localStorage.setItem('amiss', to);
      localStorage.setItem('here', '01890000-0000-7000-8000-000000000001');
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await home(tab, mine);
    assert.equal(await tab.evaluate(() => localStorage.getItem('amiss')), null);
  });

  it('that have ended say so, and all end together', async () => {
    await open(page);
    await item(page, bob.email).waitFor();
    rig.sql(`delete from sessions where user_id = '${bob.id}'`);
    await item(page, bob.email).click();
    await page.locator('.notes').getByText('That account is logged out by now').waitFor();
    await page.goto('/app/login?beside=1');
    await page.getByLabel('E-mail').fill(bob.email);
    await page.getByLabel('Password').fill(bob.password);
    await page.keyboard.press('Enter');
    await home(page, theirs);
    await open(page);
    await item(page, 'Log out of all accounts').click();
    for (const p of [page, tab]) await p.getByRole('heading', { name: 'Log in', exact: true }).waitFor();
    assert.equal(rig.sql('select count(*) from sessions'), '0');
    assert.deepEqual(
      (await page.context().cookies()).filter((c) => c.name.startsWith('__Host-')),
      [],
    );
  });
});
