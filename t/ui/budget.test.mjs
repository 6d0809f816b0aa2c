// What the pages cost and promise as a whole: bytes of the first load, no foreign host, a strict policy, twice the
// size.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { demo } from '../lib/demo.mjs';
import { Pages } from '../lib/pages.mjs';
import { source } from '../lib/process.mjs';
import { Rig } from '../lib/rig.mjs';

const KB = 1000;
// The addresses of the table of pages, but those of one thing.
const table = readFileSync(join(source, 'nginx', 'html', 'app', 'pages.js'), 'utf8');
const all = [...table.matchAll(/path: '([^':]+)'/g)].map((m) => m[1]);

describe('the pages as a whole', () => {
  let rig;
  let pages;
  let boss;
  before(async () => {
    rig = await Rig.start({ pages: true, nginx: { limits: false }, workers: { hooks: 0 }, sim: true });
    pages = await Pages.start(rig);
    await demo(rig);
    boss = await pages.login('admin');
  });
  after(async () => {
    await pages?.stop();
    await rig?.stop();
  });
  const settled = (page) =>
    page.waitForFunction(() => document.querySelector('main h1, .wall h1') && !document.querySelector('.bones'));

  // Bytes on the wire of what a page loads, by kind.
  async function loads(page, to, ready) {
    const got = [];
    const heard = (res) => got.push(res);
    page.on('response', heard);
    await page.goto(to);
    await ready();
    page.off('response', heard);
    const sum = { script: 0, stylesheet: 0 };
    for (const res of got) {
      const kind = res.request().resourceType();
      if (!(kind in sum)) continue;
      assert.equal(res.headers()['content-encoding'], 'gzip', res.url());
      assert.match(res.headers()['cache-control'], /immutable/, res.url());
      sum[kind] += (await res.request().sizes()).responseBodySize;
    }
    return sum;
  }
  const fits = ({ script, stylesheet }) => {
    assert.ok(script > KB && script <= 60 * KB, `${script} bytes of script`);
    assert.ok(stylesheet > KB && stylesheet <= 12 * KB, `${stylesheet} bytes of style`);
  };

  it('load at first at most 60 KB of script and 12 KB of style, gzipped, and keep them for ever', async (t) => {
    const { page, context } = await pages.open();
    const door = await loads(page, '/app/login', () => page.getByRole('heading', { name: 'Log in' }).waitFor());
    fits(door);
    await context.close();
    const known = await pages.login('manager');
    const own = await pages.browser.newContext({
      baseURL: pages.base,
      storageState: await known.context.storageState(),
    });
    const home = await own.newPage();
    const first = await loads(home, '/app/', () => settled(home));
    t.diagnostic(`the door ${JSON.stringify(door)}, the first page ${JSON.stringify(first)}`);
    fits(first);
    await own.close();
    await known.context.close();
  });

  it('are documents that run no inline script, and are shown in no frame', async () => {
    const res = await rig.http('GET', '/app/calls');
    const policy = res.headers['content-security-policy'];
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"])
      assert.ok(policy.includes(part), policy);
    assert.doesNotMatch(policy, /unsafe/);
    assert.doesNotMatch(res.text, /<script(?![^>]*\bsrc=)|\son\w+=|<style|\sstyle=/);
  });

  it('can be used at twice the size, none of them wider than its window', async () => {
    const { page } = boss;
    await page.setViewportSize({ width: 640, height: 430 }); // 1280 x 860 at 200 %
    const wide = [];
    for (const to of all) {
      await page.goto(`/app${to}`);
      await settled(page);
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wide.push(to);
    }
    assert.deepEqual(wide, []);
    assert.ok(all.length > 15);
  });

  it('look the same whatever was seen before', async () => {
    const { page } = boss;
    await page.setViewportSize({ width: 1360, height: 860 });
    const gap = () =>
      page
        .locator('main .wide')
        .first()
        .evaluate((e) => getComputedStyle(e).rowGap);
    await page.goto('/app/analytics');
    await settled(page);
    const alone = await gap();
    for (const name of ['Calls', 'Contacts', 'Analytics']) {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
    }
    await settled(page);
    assert.equal(await gap(), alone);
  });

  it('say every sentence through the table of sentences', async () => {
    const { page } = boss;
    await page.setViewportSize({ width: 1360, height: 860 });
    const bare = [];
    for (const to of ['/', '/calls', '/analytics', '/compliance', '/health']) {
      await page.goto(`/app${to}?lang=pseudo`);
      await settled(page);
      const heads = await page.locator('main h1, main h2, nav a, main button:not([aria-label])').allTextContents();
      bare.push(...heads.filter((s) => /[a-z]{3}/.test(s) && !s.includes('⟦')).map((s) => `${to}: ${s.trim()}`));
    }
    const names = rig.sql(
      "select string_agg(name, '|') from (select name from clients union select name from contacts) x",
    );
    assert.deepEqual(
      bare.filter((s) => !names.split('|').some((n) => n && s.includes(n))),
      [],
    );
  });
});
