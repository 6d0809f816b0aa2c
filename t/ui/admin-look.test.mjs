// The pages of set-up as they look: nothing there yet, with data, in error, with hostile words, on a narrow screen.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { demo } from '../lib/demo.mjs';
import { addPerson } from '../lib/person.mjs';
import { Pages } from '../lib/pages.mjs';
import { Rig } from '../lib/rig.mjs';

const hostile = `<img src=x onerror="document.title='taken'"> \u202Eolleh ${'wide'.repeat(30)}`;
const quote = (text) => `'${text.replaceAll("'", "''")}'`;
// What the browser writes of answers that the page then shows.
const quiet = { allow: [/status of 503/] };

describe('the pages of set-up', () => {
  let rig;
  let pages;
  let page;
  let list;
  before(async () => {
    rig = await Rig.start({
      pages: true,
      sim: { speed: 100 },
      nginx: { limits: false },
      workers: { hooks: 1, api: 3 },
    });
    await rig.sim.number(rig.tenant.number);
    pages = await Pages.start(rig);
    ({ page } = await pages.login('admin', { person: addPerson(rig, 'admin'), ...quiet }));
  });
  after(async () => {
    try {
      await pages?.stop();
    } finally {
      await rig?.stop();
    }
  });

  const lists = ['numbers', 'clients', 'campaigns', 'contacts', 'people', 'keys'];
  const sections = [
    '',
    '/twilio',
    '/voice',
    '/embeds',
    '/ai',
    '/mail',
    '/webhooks',
    '/alerts',
    '/budgets',
    '/prices',
    '/limits',
  ];
  const pathsOf = () => [
    ...lists.map((name) => [name, `/${name}`]),
    ['buy', '/numbers/buy?country=US&area_code=415'],
    ...sections.map((s) => [`settings${s.replace('/', '-')}`, `/settings${s}`]),
    ['me', '/me'],
    ...(list ?? []),
  ];
  const open = async (path, at = page) => {
    await at.goto(`/app${path}`);
    await at.locator('main h1').first().waitFor();
    await at.locator('.bones').first().waitFor({ state: 'detached' });
  };
  const straight = async (at, name) =>
    assert.equal(await at.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${name} is wider`);
  // In the dark the same page differs in colours alone.
  const dark = async (name) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    const wrong = await page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document, { runOnly: ['color-contrast'] });
      return violations.flatMap((v) => v.nodes.map((n) => `${n.html.slice(0, 120)} ${n.any?.[0]?.message}`));
    });
    await pages.shot(page, `${name}-dark-desktop`);
    await page.emulateMedia({ colorScheme: 'light' });
    assert.deepEqual(wrong, [], `${name} in the dark`);
  };

  it('say what to do next where there is nothing yet', async () => {
    rig.sql('delete from user_voip_settings; delete from number_assignments; delete from numbers');
    for (const name of [
      'numbers',
      'clients',
      'campaigns',
      'contacts',
      'settings/webhooks',
      'settings/alerts',
      'settings/budgets',
      'settings/prices',
    ]) {
      await open(`/${name}`);
      await page.locator('.state h2').first().waitFor();
      assert.ok((await page.locator('.state .button').count()) > 0, `${name} offers a next step`);
      await pages.accessible(page, `${name}, empty`);
      await pages.shot(page, `${name.replace('/', '-')}-empty-desktop`);
    }
  });

  it('are reachable by everybody, in light and dark, with data', async () => {
    demo(rig);
    const t = rig.tenant.id;
    rig.sql(`insert into webhook_endpoints (tenant_id, url, events, secret)
        values ('${t}', 'https://crm.example.com/hook', '{call.created,call.missed}', 'enc2|x');
      insert into alert_rules (tenant_id, kinds, channel, target, quiet_from, quiet_until)
        values ('${t}', '{missed_call}', 'mail', 'ops@example.com', '22:00', '07:00');
      insert into budgets (tenant_id, amount, currency) values ('${t}', 50, 'USD');
      insert into prices (tenant_id, kind, item, unit, amount, currency) values
        ('${t}', 'transcribe', 'gpt-4o-mini-transcribe', 'minute', 0.003, 'USD'),
        ('${t}', 'analyse', '*', 'request', 0.0012, 'USD'), ('${t}', 'number', '*', 'month', 1.15, 'USD');
      insert into transcription_exceptions (tenant_id, client_id, transcribe, language)
        select '${t}', id, false, 'cy' from clients where tenant_id = '${t}' order by id limit 1;
      insert into transcription_exceptions (tenant_id, number_id, transcribe)
        select '${t}', id, true from numbers where tenant_id = '${t}' order by id limit 1`);
    const first = (table, where = 'true') =>
      rig.sql(`select id from ${table} where tenant_id = '${t}' and ${where} order by created_at, id limit 1`);
    const client = first('clients');
    list = [
      ['number', `/numbers/${first('numbers', 'client_id is not null')}`],
      ['client', `/clients/${client}`],
      ['client-phone', `/clients/${client}?tab=phone`],
      ['client-settings', `/clients/${client}?tab=settings`],
      ['campaign', `/campaigns/${first('campaigns')}`],
      ['contact', `/contacts/${first('contacts')}`],
    ];
    for (const [name, path] of pathsOf()) {
      await open(path);
      await straight(page, name);
      await pages.accessible(page, name);
      await pages.shot(page, `${name}-light-desktop`);
      await dark(name);
    }
  });

  it('are reachable in their dialogs too', async () => {
    for (const [path, name] of [
      ['/numbers/buy?country=GB', /^Choose /],
      ['/people', 'Invite somebody'],
      ['/keys', 'Make a key'],
      ['/settings/webhooks', 'Add an endpoint'],
      ['/settings/alerts', 'Add a rule'],
      ['/settings/prices', 'Add a price'],
      ['/settings/ai', 'Add an exception'],
      [list[0][1], 'Give it back'],
    ]) {
      await open(path);
      await page.getByRole('button', { name }).first().click();
      await page.getByRole('dialog').waitFor();
      if (path === '/keys') await page.getByLabel('Only for some things').check();
      await pages.accessible(page, `${path}, ${name}`);
      await pages.shot(page, `dialog-${path.split(/[/?]/).slice(1, 3).join('-')}-light-desktop`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  it('say what failed, and try again', async () => {
    const problem = {
      type: 'urn:x',
      status: 503,
      title: 'Unavailable',
      detail: 'The service is not available at the moment',
      code: 'unavailable',
      hint: 'Try again in a second.',
      request_id: 'r-1',
    };
    const json = { status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) };
    for (const name of [...lists, 'settings', 'settings/webhooks']) {
      const api = { people: 'users', settings: 'settings', 'settings/webhooks': 'webhook-endpoints' }[name] ?? name;
      const pattern = new RegExp(`/api/v1/${api}(\\?|$)`);
      await page.route(pattern, (route) => route.fulfill(json));
      await page.goto(`/app/${name}`);
      const alert = page.getByRole('alert').first();
      await alert.getByText('r-1').waitFor();
      await alert.getByText('Try again in a second.').waitFor();
      if (name === 'numbers' || name === 'settings') await pages.accessible(page, `${name}, in error`);
      await page.unroute(pattern);
      await alert.getByRole('button', { name: 'Retry' }).click();
      await page.getByText('r-1').waitFor({ state: 'detached' });
    }
  });

  it('show hostile words as words', async () => {
    const [t, words] = [rig.tenant.id, quote(hostile)];
    rig.sql(`update clients set name = ${words}, external_id = left(${words}, 60) || right(id::text, 12);
      update campaigns set name = ${words}, source = left(${words}, 100), medium = left(${words}, 100);
      update contacts set name = ${words} where tenant_id = '${t}';
      update users set name = ${words} where role = 'agent';
      update api_keys set name = left(${words}, 100);
      update numbers set pool = case when client_id is null and user_id is null then left(${words}, 100) end,
        source = left(${words}, 100), greeting = ${words}, disclosure = ${words};
      update tenants set name = ${words}, greeting = ${words}, unanswered = ${words}, connecting = ${words};
      update webhook_endpoints set description = ${words}, enabled = false, disabled_reason = ${words},
        disabled_at = now();
      insert into dnc_lists (tenant_id, name) values ('${t}', ${words});
      insert into dnc_entries (tenant_id, number, list_id, reason, added_by)
        select '${t}', phone_number, (select id from dnc_lists limit 1), ${words}, 't' from contacts limit 1`);
    const { page: narrow, context } = await pages.login('admin', { size: 'narrow', ...quiet });
    for (const [name, path] of pathsOf()) {
      await open(path, narrow);
      assert.equal(await narrow.locator('img[src="x"]').count(), 0, name);
      assert.notEqual(await narrow.title(), 'taken', name);
      if (['clients', 'campaigns', 'contacts', 'keys'].includes(name))
        await narrow.locator('main').getByText('<img src=x onerror=').first().waitFor();
      await straight(narrow, name);
      await pages.shot(narrow, `${name}-hostile-narrow`);
    }
    await context.close();
  });

  it('hide what a role may not do', async () => {
    const { page: seen, context } = await pages.login('agent', quiet);
    for (const [path, name] of [
      ['/numbers', 'Buy a number'],
      ['/clients', 'Add a client'],
      ['/campaigns', 'Add a campaign'],
      [list[0][1], 'Give it back'],
      [list[1][1], 'Settings'],
    ]) {
      await open(path, seen);
      for (const role of ['button', 'link'])
        assert.equal(await seen.locator('main').getByRole(role, { name, exact: true }).count(), 0, `${path}: ${name}`);
    }
    for (const path of ['/people', '/keys', '/settings', '/numbers/buy']) {
      await seen.goto(`/app${path}`);
      await seen.getByRole('heading', { name: 'There is no such page' }).waitFor();
    }
    await context.close();
  });
});
