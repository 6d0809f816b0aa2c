// Home, the wall, the call log and the page of a call in all their states: with data, empty, in error, on a phone, and
// with hostile text in every field; free of axe's findings in light and dark, and never scrolling sideways.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { demo } from '../lib/demo.mjs';
import { Pages } from '../lib/pages.mjs';
import { addPerson } from '../lib/person.mjs';
import { Rig } from '../lib/rig.mjs';

const evil = `<img src=x onerror="document.title='pwned'"> ‮RTL‬ שלום ${'long'.repeat(40)}`;

describe('calls, whatever is shown', () => {
  let rig;
  let pages;
  let made;
  before(async () => {
    rig = await Rig.start({ pages: true, nginx: { limits: false } });
    pages = await Pages.start(rig);
    made = demo(rig);
  });
  after(async () => {
    await pages?.stop();
    await rig?.stop();
  });

  // Nothing scrolls sideways; what sticks out is named.
  const flat = async (page) => {
    const wide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const out = (el) => el.getBoundingClientRect().right > clientWidth + 1;
      const all = scrollWidth > clientWidth ? [...document.querySelectorAll('body *')].filter(out) : [];
      return all.slice(0, 4).map((el) => el.outerHTML.slice(0, 160));
    });
    assert.deepEqual(wide, [], page.url());
  };
  const loaded = (page) => page.locator('main .bones').waitFor({ state: 'detached' });

  const places = () => [
    ['home', '/app/'],
    ['wall', '/app/wall'],
    ['calls', '/app/calls'],
    ['calls-filtered', '/app/calls?range=30d&outcome=missed&client_id=' + made.clients[0]],
    ['call', `/app/calls/${made.calls.played}`],
    ['call-timeline', `/app/calls/${made.calls.played}?tab=timeline`],
    ['call-details', `/app/calls/${made.calls.played}?tab=details`],
    ['call-missed', `/app/calls/${made.calls.missed}?tab=details`],
    ['call-live', `/app/calls/${made.calls.live[0]}`],
  ];
  const look = async (page, name, to, themes = ['light', 'dark']) => {
    await page.goto(to);
    await page.locator('main h1').first().waitFor();
    await loaded(page);
    await flat(page);
    if (themes.length === 0) await pages.shot(page, name);
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      await pages.accessible(page, `${name}, ${colorScheme}`, { colours: colorScheme !== themes[0] });
      await pages.shot(page, `${name}-${colorScheme}`);
    }
  };
  it('is accessible with data', async () => {
    const { page, context } = await pages.login('manager', { person: made.people.manager[0] });
    for (const [name, to] of places().filter(([n]) => n !== 'calls')) await look(page, name, to);
    await context.close();
  });

  it('fits a phone', async () => {
    const { page, context } = await pages.login('manager', { size: 'phone', person: made.people.manager[0] });
    for (const [name, to] of places()) await look(page, `${name}-phone`, to, name === 'call' ? ['light'] : []);
    await context.close();
  });

  it('is accessible where there is nothing', async () => {
    const account = `AC${'e'.repeat(32)}`;
    const phones = { number: '+442079460957', forward: '+442079460998' };
    const empty = rig.addTenant('Empty & sons', { account, token: 'f'.repeat(32), ...phones });
    const { page, context } = await pages.login('manager', { person: addPerson(rig, 'manager', { tenant: empty }) });
    await look(page, 'home-empty', '/app/');
    await page.getByText('Everybody has been called back').waitFor();
    await look(page, 'calls-empty', '/app/calls');
    await page.getByText('No calls yet').waitFor();
    await look(page, 'calls-none-fits', '/app/calls?outcome=busy', []);
    await page.getByRole('link', { name: 'Show all calls' }).waitFor();
    await context.close();
  });

  it('is accessible where the server fails, and says what to do', async () => {
    const allow = [/status of 503/];
    const { page, context } = await pages.login('manager', { allow, person: made.people.manager[0] });
    const problem = { title: 'Unavailable', hint: 'Try again in a second.', request_id: 'cafe01' };
    const answer = { status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) };
    await page.route(/\/api\/v1\/(calls|stats)/, (route) => route.fulfill(answer));
    for (const [name, to] of places().filter(([n]) => ['home', 'wall', 'calls', 'call'].includes(n))) {
      await page.goto(to);
      await page.getByRole('alert').first().getByText('cafe01').waitFor();
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await pages.accessible(page, `${name} in error, ${colorScheme}`, { colours: colorScheme === 'dark' });
        await pages.shot(page, `${name}-error-${colorScheme}`);
      }
    }
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Retry' }).first().click();
    await page.getByRole('list', { name: 'Transcript' }).waitFor();
    await context.close();
  });

  it('is text, however hostile, and fits 320 pixels', async () => {
    const text = `$e$${evil}$e$`;
    const short = `left(${text}, 200)`;
    const id = made.calls.played;
    rig.sql(`update contacts set name = ${short}; update clients set name = ${short};
        update campaigns set name = left(${text}, 150) || id::text;
        update users set name = ${short} where role = 'agent';
        update calls set notes = ${text}, tags = array[left(${text}, 100)], source = left(${text}, 100),
          customer_place = ${short}, disposition = left(${text}, 60);
        update transcripts set text = ${text}, segments = jsonb_build_array(jsonb_build_object('speaker', 'customer',
          'start', 0, 'end', 9, 'text', ${text}), jsonb_build_object('speaker', ${text},
          'start', 9, 'end', 12, 'text', ${text}))
          where recording_id in (select id from recordings where call_id = '${id}');
        update analyses set summary = ${text}, topics = jsonb_build_array(${text}), model = ${short},
          action_items = jsonb_build_array(jsonb_build_object('text', ${text}, 'owner', ${text}, 'quote', ${text}));
        insert into call_views (tenant_id, name, query, columns, shared) values ('${rig.tenant.id}', left(${text}, 100),
          ${text}, jsonb_build_array(${text}), true);
        update tenants set name = ${short} where id = '${rig.tenant.id}'`);
    const { page, context } = await pages.login('manager', { size: 'narrow', person: made.people.manager[0] });
    for (const [name, to] of [
      ...places(),
      ['all columns', '/app/calls?text=' + encodeURIComponent(evil.slice(0, 90))],
    ]) {
      await page.goto(to);
      await page.locator('main h1').first().waitFor();
      await loaded(page);
      await flat(page);
      assert.doesNotMatch(await page.title(), /pwned/, name);
      assert.equal(await page.locator('main img').count(), 0, name);
    }
    await page.goto(`/app/calls/${id}`);
    assert.equal(await page.getByLabel('Note', { exact: true }).inputValue(), evil);
    await page.getByRole('heading', { level: 1 }).getByText('<img src=x').waitFor();
    await pages.accessible(page, 'hostile');
    await pages.shot(page, 'call-hostile-narrow');
    await page.goto('/app/calls');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: /img src=x/ }).click();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('RTL');
    await page.getByRole('listbox', { name: 'Found' }).getByRole('option').first().waitFor();
    assert.doesNotMatch(await page.title(), /pwned/);
    await flat(page);
    await context.close();
  });
});
