// Every page of the table with nothing in it, and with a server that fails: what it says then is free of axe's
// findings, light and dark; and a fault tells what to do and the number under which the log has it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Pages } from '../lib/pages.mjs';
import { source } from '../lib/process.mjs';
import { Rig } from '../lib/rig.mjs';

const table = readFileSync(join(source, 'nginx', 'html', 'app', 'pages.js'), 'utf8');
const paths = [...table.matchAll(/path: '([^':]+)'/g)].map((m) => m[1]);
const sections = ['twilio', 'voice', 'embeds', 'ai', 'mail', 'webhooks', 'alerts', 'budgets', 'prices', 'limits'];
const rights = ['consents', 'dnc', 'retention', 'person', 'audit'];
const all = [...paths, ...sections.map((s) => `/settings/${s}`), ...rights.map((s) => `/compliance/${s}`)];

describe('every page', () => {
  let rig;
  let pages;
  before(async () => {
    rig = await Rig.start({ pages: true, nginx: { limits: false }, workers: { hooks: 0 }, sim: true });
    pages = await Pages.start(rig);
  });
  after(async () => {
    await pages?.stop();
    await rig?.stop();
  });
  const settled = async (page) => {
    await page.locator('main h1, .wall h1').first().waitFor();
    await page
      .waitForFunction(() => document.querySelectorAll('.bones').length === 0)
      .catch(() => assert.fail(`${page.url()} never ends to load`));
  };

  for (const theme of ['light', 'dark'])
    it(`is fit for everybody with nothing in it, ${theme}`, async () => {
      const { page, context } = await pages.login('admin', { theme });
      for (const to of all) {
        await page.goto(`/app${to}`);
        await settled(page);
        await pages.accessible(page, `${to}, empty`);
        await pages.shot(page, `empty${to.replaceAll('/', '-')}-${theme}`);
      }
      await context.close();
    });

  for (const theme of ['light', 'dark'])
    it(`says what failed and what to do, ${theme}`, async () => {
      const { page, context } = await pages.login('admin', { theme, allow: [/503/] });
      const problem = { title: 'Unavailable', status: 503, code: 'unavailable', hint: 'Try again in a minute.' };
      const body = JSON.stringify({ ...problem, request_id: 'abc-123' });
      await page.route(/\/api\/v1\/(?!me$|events)/, (route) =>
        route.fulfill({ status: 503, contentType: 'application/problem+json', body }),
      );
      const silent = [];
      for (const to of all) {
        await page.goto(`/app${to}`);
        await settled(page);
        await pages.accessible(page, `${to}, with a fault`);
        const said = await page.locator('body').textContent();
        if (!/Unavailable/.test(said) || !/abc-123/.test(said)) silent.push(to);
      }
      // These ask the server for nothing before somebody does something.
      assert.deepEqual(
        silent.filter(
          (to) =>
            !['/phone', '/dial', '/check', '/numbers/buy', '/me', '/compliance/person', '/settings/mail'].includes(to),
        ),
        [],
      );
      await context.close();
    });
});
