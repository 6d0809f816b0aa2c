// Every page, light and dark, desktop and phone: reachable, free of axe's findings, and shown to whoever wants to see.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Pages } from '../lib/pages.mjs';
import { inbound, Rig } from '../lib/rig.mjs';

describe('the pages', () => {
  let rig;
  let pages;
  before(async () => {
    rig = await Rig.start({ pages: true, nginx: { limits: false } });
    pages = await Pages.start(rig);
    const c = inbound('look');
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    await rig.webhook('/api/twilio/voice/status', c.completed);
    await rig.webhook('/api/twilio/voice/recording', c.recorded);
  });
  after(async () => {
    await pages?.stop();
    await rig?.stop();
  });

  for (const theme of ['light', 'dark'])
    for (const size of ['desktop', 'phone'])
      it(`${theme}, ${size}`, async () => {
        const { page } = await pages.login('admin', { theme, size });
        const id = rig.sql('select id from calls limit 1');
        for (const [name, to] of [
          ['home', '/app/'],
          ['wall', '/app/wall'],
          ['calls', '/app/calls'],
          ['call', `/app/calls/${id}`],
        ]) {
          await page.goto(to);
          await page.locator('main h1').first().waitFor();
          await page.locator('.bones').waitFor({ state: 'detached' });
          assert.equal(
            await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
            true,
            `${to} scrolls sideways`,
          );
          await pages.accessible(page, name);
          await pages.shot(page, `${name}-${theme}-${size}`);
        }
      });

  it('the door', async () => {
    const { page } = await pages.open({ allow: [/401/] });
    await page.goto('/app/calls?direction=inbound');
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await pages.accessible(page, 'login');
    await pages.shot(page, 'login');
  });
});
