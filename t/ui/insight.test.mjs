// Figures, reports, health and the API's reference, as a manager and an admin meet them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { demo } from '../lib/demo.mjs';
import { Pages } from '../lib/pages.mjs';
import { Rig } from '../lib/rig.mjs';

describe('insight', () => {
  let rig;
  let pages;
  before(async () => {
    rig = await Rig.start({ pages: true, nginx: { limits: false }, workers: { hooks: 0 } });
    pages = await Pages.start(rig);
    await demo(rig);
  });
  after(async () => {
    await pages?.stop();
    await rig?.stop();
  });
  const settled = async (page) => {
    await page.locator('main h1').first().waitFor();
    await page.locator('.bones').first().waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.querySelectorAll('.bones').length === 0);
    await page.waitForFunction(() =>
      [...document.querySelectorAll('canvas')].every((c) => c.width > 300 || c.offsetWidth < 300),
    );
  };
  // What sticks out of the window and is not inside of something that scrolls.
  const fits = (page) =>
    page.evaluate(() => {
      if (document.documentElement.scrollWidth <= innerWidth) return [];
      return [...document.querySelectorAll('main *')]
        .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
        .map((e) => `${e.tagName}.${e.className} ${e.textContent.slice(0, 40)}`)
        .slice(0, 5);
    });
  const visits = [
    ['analytics', '/app/analytics'],
    ['analytics-who', '/app/analytics?tab=who&period=90d'],
    ['analytics-where', '/app/analytics?tab=where'],
    ['analytics-sources', '/app/analytics?tab=sources&period=90d&model=split'],
    ['analytics-cost', '/app/analytics?tab=cost&cost=client'],
    ['reports', '/app/reports'],
    ['health', '/app/health'],
    ['docs', '/app/docs'],
    ['docs-request', '/app/docs?op=post_v1_clients'],
  ];

  for (const theme of ['light', 'dark'])
    for (const size of ['desktop', 'phone'])
      it(`is shown ${theme} and ${size}`, async () => {
        const { page, context } = await pages.login('admin', { theme, size });
        for (const [name, to] of visits) {
          await page.goto(to);
          await settled(page);
          assert.deepEqual(await fits(page), [], `${to} scrolls sideways`);
          await pages.accessible(page, name);
          await pages.shot(page, `${name}-${theme}-${size}`);
        }
        await context.close();
      });

  it('shows the figures of the API, as picture, table and CSV', async () => {
    const { page, context } = await pages.login('manager', { to: '/app/analytics?period=90d' });
    await settled(page);
    const day = (n) => new Date(Date.now() + n * 864e5).toLocaleDateString('sv-SE', { timeZone: 'Europe/London' });
    const s = (await rig.api('GET', `/api/v1/stats/summary?from=${day(-89)}&to=${day(1)}`)).json();
    const tile = (name) => page.locator('.tile', { hasText: name }).locator('b');
    assert.equal(await tile('Calls').first().textContent(), String(s.total_calls));
    assert.equal(await tile('Missed').textContent(), String(s.missed));
    const shown = page.locator('.figure', { hasText: 'Why calls were missed' });
    await shown.getByRole('button', { name: 'Why calls were missed: as a table' }).click();
    assert.deepEqual(
      await shown.locator('tbody td:nth-child(2)').allTextContents(),
      ['out_of_hours', 'no_answer', 'nobody_available', 'abandoned', 'rejected', 'failed'].map((k) =>
        String(s.missed_by_reason[k]),
      ),
    );
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      shown.getByRole('button', { name: 'Why calls were missed: CSV' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'missed-by-reason.csv');
    await context.close();
  });

  it('shows what brought calls by the model that is chosen, as CSV too, and what brought one call', async () => {
    const { page, context } = await pages.login('manager', { to: '/app/analytics?period=90d&tab=sources' });
    const day = (n) => new Date(Date.now() + n * 864e5).toLocaleDateString('sv-SE', { timeZone: 'Europe/London' });
    const figure = page.locator('.figure', { hasText: 'What brought calls' });
    for (const [model, title] of [
      ['last', 'Last touch'],
      ['split', 'Half first, half lead'],
    ]) {
      if (model !== 'last') await figure.getByLabel('By').selectOption({ label: title });
      await page.waitForFunction((m) => m === 'last' || location.search.includes(m), model);
      await settled(page);
      const s = (await rig.api('GET', `/api/v1/stats/attribution?from=${day(-89)}&to=${day(1)}&model=${model}`)).json();
      const shown = await figure.locator('tbody tr').evaluateAll((all) => all.map((r) => r.children[2].textContent));
      assert.deepEqual(
        shown.map((x) => x.trim()),
        s.data.map((r) => r.credits.toLocaleString('en')),
      );
    }
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      figure.getByRole('button', { name: 'What brought calls: CSV' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'attribution-split.csv');
    const call = rig.sql(`select id from calls where direction = 'inbound' and source is not null and not test
      order by created_at desc limit 1`);
    const source = rig.sql(`select source from calls where id = '${call}'`);
    await page.goto(`/app/calls/${call}?tab=details`);
    const why = page.getByRole('region', { name: 'What brought it' });
    await why.getByText('Last touch').waitFor();
    await settled(page);
    await pages.accessible(page, 'what brought a call');
    await pages.shot(page, 'call-brought');
    assert.ok((await why.locator('dd').nth(1).textContent()).startsWith(source));
    await context.close();
  });

  it('finds its way by keyboard alone: days, a client, and what is behind a row', async () => {
    const { page, context } = await pages.login('manager', { to: '/app/' });
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByRole('heading', { name: 'Analytics', level: 1 }).waitFor();
    await settled(page);
    await page.getByLabel('Period').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.waitForURL(/period=7d/);
    await page.getByRole('link', { name: 'Who' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/tab=who/);
    await settled(page);
    const row = page.getByRole('region', { name: 'Side by side' }).first().locator('tbody a').first();
    const name = await row.textContent();
    await row.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/client_id=/);
    await page.waitForFunction((n) => document.querySelector('main').textContent.includes(n), name);
    await context.close();
  });

  it('has reports mailed, changed, sent at once and deleted', async () => {
    const { page, context } = await pages.login('manager', { to: '/app/reports', allow: [/422/] });
    await settled(page);
    await page.getByRole('button', { name: 'New report' }).first().click();
    const form = page.getByRole('dialog');
    await form.getByLabel('To').fill('not an address');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.locator('.wrong').waitFor();
    await pages.accessible(page, 'the form with what is wrong');
    await form.getByLabel('To').fill('boss@example.com\nteam@example.com');
    await form.getByRole('button', { name: 'Save' }).click();
    const row = page.getByRole('row', { name: /boss@example.com, team@example.com/ });
    await row.waitFor();
    await row.getByRole('button', { name: 'Send now' }).click();
    await page.getByText('The last report is on its way.').first().waitFor();
    await row.getByRole('button', { name: 'Change' }).click();
    await form.getByLabel('When').selectOption('month');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Every month/ }).waitFor();
    await page
      .getByRole('row', { name: /Every month/ })
      .getByRole('button', { name: 'Delete' })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Nobody gets a report yet' }).waitFor();
    await context.close();
  });

  it('shows what the doctor found, and that it is over', async () => {
    const { page, context } = await pages.login('admin', { to: '/app/health' });
    await settled(page);
    rig.sql(`insert into clients (tenant_id, name) values ('${rig.tenant.id}', '<img src=x onerror=alert(1)>')`);
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByText('<img src=x onerror=alert(1)> has no number').waitFor();
    rig.sql("delete from clients where name like '<img%'");
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByText('<img src=x onerror=alert(1)> has no number').waitFor({ state: 'detached' });
    await context.close();
  });

  it('shows work that was given up, with its call and why, and gives it another chance', async () => {
    const t = rig.tenant.id;
    const call = rig.sql(`select r.call_id from recordings r where r.call_id is not null order by r.id limit 1`);
    rig.sql(`insert into jobs (tenant_id, kind, ref, state, cause, reason, attempts)
        select '${t}', 'transcribe', r.id::text, 'dead', 'model:quota', 'the model said 429: no quota', 8
          from recordings r where r.call_id = '${call}' limit 1
        on conflict (ref, kind, tenant_id) do update set state = 'dead', cause = excluded.cause,
           reason = excluded.reason, attempts = 8;
      insert into jobs (tenant_id, kind, ref, state, cause, reason, due_at)
        values ('${t}', 'mail', 'no such', 'parked', 'mail:refused', '<img src=x onerror=1>', now() + interval '1 h')`);
    const { page, context } = await pages.login('admin', { to: '/app/health' });
    await settled(page);
    const stuck = page.getByRole('listitem').filter({ hasText: '1 × Writing a recording down' });
    await stuck.getByText('the model said 429: no quota').waitFor();
    await page.getByText('<img src=x onerror=1>').first().waitFor();
    await page.getByRole('search').getByLabel('State').selectOption('dead');
    await page.waitForURL(/state=dead/);
    const row = page.getByRole('row', { name: /Writing a recording down/ });
    await row.waitFor();
    await page.getByRole('row', { name: /A mail/ }).waitFor({ state: 'detached' });
    assert.match(await row.getByRole('link', { name: 'Call' }).getAttribute('href'), new RegExp(call));
    await pages.accessible(page, 'work that was given up');
    await pages.shot(page, 'health-stuck-light-desktop');
    await row.getByRole('button', { name: 'Try again' }).click();
    await row.waitFor({ state: 'detached' });
    assert.equal(rig.sql("select state from jobs where kind = 'transcribe' and cause = 'model:quota'"), 'waiting');
    rig.sql("delete from jobs where kind = 'mail' and ref = 'no such'");
    await context.close();
  });

  it('lets a request of the reference be tried', async () => {
    const { page, context } = await pages.login('manager', { to: '/app/docs' });
    await settled(page);
    await page.getByLabel('Find a request').fill('clients');
    await page.getByRole('link', { name: 'POST /clients' }).click();
    await page.getByRole('heading', { name: 'Adds a client.' }).waitFor();
    for (const [language, says] of [
      ['curl', 'curl -X POST'],
      ['JavaScript', 'await fetch'],
      ['Python', 'urllib'],
      ['C', 'CURLOPT_URL'],
    ]) {
      await page.getByRole('button', { name: language, exact: true }).click();
      assert.ok((await page.locator('.snippets pre').textContent()).includes(says), language);
    }
    await page.getByLabel('Body').fill('{"name":"From the reference"}');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('pre.answer').waitFor();
    assert.match(await page.locator('pre.answer').textContent(), /"name": "From the reference"/);
    assert.equal(rig.sql("select count(*) from clients where name = 'From the reference'"), '1');
    await context.close();
  });

  it('says what to do when there is nothing, and when the server does not answer', async () => {
    const { page, context } = await pages.login('manager', {
      to: '/app/analytics?from=2001-01-01&to=2001-01-02&tab=who',
    });
    await settled(page);
    await page.getByRole('heading', { name: 'No calls in these days' }).first().waitFor();
    await pages.accessible(page, 'no figures');
    await page.goto('/app/analytics?from=2026-02-01&to=2026-01-01');
    await page.getByRole('heading', { name: 'These days are in the wrong order' }).waitFor();
    await context.close();
    const other = await pages.login('manager', { to: '/app/', allow: [/Failed to load resource/] });
    await other.page.route('**/api/v1/stats/**', (route) => route.abort());
    await other.page.goto('/app/analytics');
    await other.page.getByText('No connection to the server').first().waitFor();
    await pages.accessible(other.page, 'no server');
    await other.context.close();
  });
});
