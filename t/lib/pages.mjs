// The pages in Debian's chromium: one browser a test file, a context a person; every console error, every violation
// of the content policy and every request to a foreign host is remembered and fails the file.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { addPerson } from './person.mjs';
import { source } from './process.mjs';

const axe = readFileSync(join(source, 't', 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
const shots = process.env.SWITCHHOOK_SHOTS; // a folder: every shot() is written there
const sizes = {
  desktop: { width: 1360, height: 860 },
  phone: { width: 390, height: 844 },
  narrow: { width: 320, height: 640 },
};

export class Pages {
  trouble = [];
  foreign = [];

  static async start(rig) {
    const pages = new Pages();
    pages.rig = rig;
    pages.base = rig.settings.PUBLIC_URL;
    pages.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
    });
    return pages;
  }

  // A new browser window of nobody: { page, context }.
  async open({ size = 'desktop', theme = 'light', allow = [] } = {}) {
    const context = await this.browser.newContext({
      viewport: sizes[size],
      colorScheme: theme,
      reducedMotion: 'reduce',
      baseURL: this.base,
      locale: 'en-GB',
      timezoneId: 'Europe/London',
      bypassCSP: false,
    });
    const page = await context.newPage();
    const allowed = (text) => allow.some((pattern) => pattern.test(text));
    page.on(
      'console',
      (m) => m.type() === 'error' && !allowed(m.text()) && this.trouble.push(`${page.url()}: ${m.text()}`),
    );
    page.on('pageerror', (e) => this.trouble.push(`${page.url()}: ${e.stack}`));
    page.on('request', (r) => {
      const url = new URL(r.url());
      if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== this.base) this.foreign.push(r.url());
    });
    page.setDefaultTimeout(30000);
    return { page, context };
  }

  // Somebody of a role, logged in through the login page.
  async login(role, { person = addPerson(this.rig, role), to = '/app/', ...options } = {}) {
    const { page, context } = await this.open(options);
    await page.goto('/app/login');
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('.shell main h1').waitFor();
    if (to !== '/app/') await page.goto(to);
    await page.locator('main h1').first().waitFor();
    return { page, context, person };
  }

  // No violation of WCAG 2.2 A and AA on what is shown now. colours: of contrast alone, where only the theme differs.
  async accessible(page, name, { colours = false } = {}) {
    if (!(await page.evaluate(() => Boolean(globalThis.axe)))) await page.evaluate(axe).catch(() => {});
    const { violations } = await page.evaluate(
      (runOnly) => globalThis.axe.run(document, { runOnly }),
      colours ? ['color-contrast'] : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    );
    assert.deepEqual(
      violations.map(
        (v) =>
          `${v.id}: ${v.nodes
            .map((n) => `${n.html.slice(0, 160)} ${n.any?.[0]?.message ?? ''}`)
            .slice(0, 4)
            .join(' | ')}`,
      ),
      [],
      `${name} ${page.url()}`,
    );
  }

  // Types into a box that finds one of many rows, and takes the one that is called so.
  async choose(scope, label, typed, name = typed) {
    await scope.getByRole('combobox', { name: label, exact: true }).fill(typed);
    await scope.getByRole('option', { name }).first().click();
  }

  async shot(page, name) {
    if (!shots) return;
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  }

  // What it finds wrong is said when nothing runs any more that would keep the file from ending.
  async stop() {
    await this.browser.close();
    if (this.trouble.length > 0 || this.foreign.length > 0) await this.rig.stop().catch(() => {});
    assert.deepEqual(this.trouble, [], 'no page complained');
    assert.deepEqual(this.foreign, [], 'no foreign host was asked');
  }
}
