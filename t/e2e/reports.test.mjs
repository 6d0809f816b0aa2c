// Reports by mail: the figures of the mail are those of the API, to the last digit, and the mail can be looked at.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { seed } from '../lib/calls.mjs';
import { program, root } from '../lib/process.mjs';
import { Rig } from '../lib/rig.mjs';
import { Smtp } from '../lib/smtp.mjs';

const as = root ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
const NEW_YORK = '0b000000-0000-7000-8000-000000000001'; // a client with a zone of its own

describe('reports', () => {
  let rig;
  let smtp;
  before(async () => {
    smtp = await Smtp.start();
    rig = await Rig.start({
      workers: { hooks: 0, auth: 0 },
      settings: { SMTP_URL: smtp.url, MAIL_FROM: 'calls@example.com' },
    });
    const from = new Date(Date.now() - 70 * 864e5).toISOString().slice(0, 10);
    rig.sql(seed(rig.tenant.id, { n: 4000, from, days: 69 }));
    rig.sql(`update clients set name = 'Hook & Line <b>Ltd</b>' where id = '${NEW_YORK}'`);
  });
  after(async () => {
    await rig.stop();
    smtp.stop();
  });

  // Not in the way of the mail server, which lives here.
  const sweep = (...args) =>
    promisify(execFile)('setpriv', [...as, '--', program('switchhook-sweep'), '--env', rig.env, ...args]);
  const get = async (path) => {
    const res = await rig.api('GET', path);
    assert.equal(res.status, 200, res.text);
    return res.json();
  };
  const post = (more) =>
    rig.api('POST', '/api/v1/report-schedules', { every: 'week', recipients: ['a@example.com'], ...more });
  async function schedule(more) {
    const res = await post(more);
    assert.equal(res.status, 201, res.text);
    const { id } = res.json();
    rig.sql(`update report_schedules set created_at = now() - interval '100 days', send_at = '00:00'
      where id = '${id}'`);
    return id;
  }
  const percent = (x) => (x === null ? '–' : `${Number((x * 100).toFixed(2))} %`);
  const seconds = (x) => (x === null ? '–' : `${Math.round(x)} s`); // whole ones are shown
  const shown = (html, key) => new RegExp(`data-figure="${key}">([^<]*)<`).exec(html)[1];

  for (const every of ['week', 'month']) {
    for (const client of [undefined, NEW_YORK]) {
      const whose = client ? 'a client in another zone' : 'the tenant';
      it(`of a ${every} of ${whose} show the figures of the API`, async () => {
        smtp.mails = [];
        const to = ['a@example.com', 'b@example.com'];
        const id = await schedule({ every, client_id: client, recipients: to });
        await sweep('--once-kind', 'reports');
        await sweep('--kinds', 'report');
        const report = (await get('/api/v1/reports')).data.find((r) => r.schedule_id === id);
        assert.deepEqual(report.mails.map((m) => [m.recipient, m.state]), to.map((a) => [a, 'sent']));
        const [mail] = smtp.to('a@example.com');
        assert.equal(smtp.to('b@example.com')[0].html, mail.html, 'all get the same');

        // What the mail is about, worked out here: the last whole ISO week or month of that zone.
        const zone = client ? 'America/New_York' : 'UTC';
        const [today] = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date()).split(' ');
        const day = new Date(`${today}T00:00:00Z`);
        const until = new Date(day);
        if (every === 'week') until.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
        else until.setUTCDate(1);
        const first = new Date(until);
        if (every === 'week') first.setUTCDate(until.getUTCDate() - 7);
        else first.setUTCMonth(until.getUTCMonth() - 1);
        const date = (d) => d.toISOString().slice(0, 10);
        assert.deepEqual([report.from, report.to], [date(first), date(until)]);

        const query = `from=${report.from}&to=${report.to}${client ? `&client_id=${client}` : ''}`;
        const figures = await get(`/api/v1/stats/summary?${query}&compare=true`);
        assert.equal(figures.time_zone, zone);
        assert.ok(figures.total_calls > 10, 'figures to compare');
        for (const key of ['total_calls', 'inbound', 'answered', 'missed', 'outbound', 'first_time', 'leads'])
          assert.equal(shown(mail.html, key), `${figures[key]}`, key);
        assert.equal(shown(mail.html, 'answer_rate'), percent(figures.answer_rate));
        assert.equal(shown(mail.html, 'wait_seconds_median'), seconds(figures.wait_seconds_median));
        assert.equal(shown(mail.html, 'talk_seconds_mean'), seconds(figures.talk_seconds_mean));
        assert.ok(mail.text.includes(`Calls: ${figures.total_calls} (`));
        assert.ok(mail.text.includes(`Answer rate: ${percent(figures.answer_rate)}`));

        const days = (await get(`/api/v1/stats/timeline?${query}&by=day`)).data;
        const row = /<tr><td>(\d{4}-\d\d-\d\d)<\/td><td>(\d+)<\/td><td>(\d+)<\/td><td>(\d+)</g;
        const rows = [...mail.html.matchAll(row)];
        assert.deepEqual(rows.map((r) => r.slice(1)),
          days.map((d) => [d.label, `${d.total_calls}`, `${d.answered}`, `${d.missed}`]));
        const drawn = /<desc>(.*?)<\/desc>/.exec(mail.html)[1];
        assert.deepEqual([...drawn.matchAll(/answered (\d+), missed (\d+)/g)].map((m) => [m[1], m[2]]),
          days.map((d) => [`${d.answered}`, `${d.missed}`]));
        const kept = await get(`/api/v1/reports/${report.id}`);
        assert.equal(kept.html, mail.html);
        const { as_of: _, ...then } = kept.figures.summary;
        const { as_of: __, ...now } = figures;
        assert.deepEqual(then, now);
        if (client) assert.ok(mail.html.includes('Hook &amp; Line &lt;b&gt;Ltd&lt;/b&gt;'));
      });
    }
  }

  it('are made once a period, and not of one that was over before the schedule', async () => {
    const id = await schedule({});
    for (let i = 0; i < 3; i++) await sweep('--once-kind', 'reports');
    assert.equal(rig.sql(`select count(*) from reports where schedule_id = '${id}'`), '1');
    const fresh = await schedule({});
    rig.sql(`update report_schedules set created_at = now() where id = '${fresh}'`);
    await sweep('--once-kind', 'reports');
    assert.equal(rig.sql(`select count(*) from reports where schedule_id = '${fresh}'`), '0');
  });

  it('begin with the local day, over a change of the clocks', () => {
    const period = (every, zone, at) =>
      rig.sql(`select first || ' ' || until from report_period('${every}', '${zone}', '${at}')`);
    assert.equal(period('week', 'America/New_York', '2025-03-10 03:59+00'), '2025-02-24 2025-03-03');
    assert.equal(period('week', 'America/New_York', '2025-03-10 04:00+00'), '2025-03-03 2025-03-10');
    assert.equal(period('week', 'Europe/London', '2024-12-30 00:00+00'), '2024-12-23 2024-12-30');
    assert.equal(period('month', 'Australia/Lord_Howe', '2025-03-31 13:00+00'), '2025-03-01 2025-04-01');
    assert.equal(period('month', 'Australia/Lord_Howe', '2025-03-31 12:59+00'), '2025-02-01 2025-03-01');
  });

  it('go out by hand and from the command line, and are shown there', async () => {
    const id = await schedule({ recipients: ['c@example.com'] });
    const res = await rig.api('POST', `/api/v1/report-schedules/${id}/send`);
    assert.equal(res.status, 202, res.text);
    rig.switchhook('report', 'send', '--schedule', id);
    await sweep('--kinds', 'report');
    assert.equal(smtp.to('c@example.com').length, 2);
    const text = rig.switchhook('report', 'show', res.json().report_id);
    assert.equal(text, smtp.to('c@example.com')[0].text);
  });

  it('are refused without an address or of a client that nobody has', async () => {
    for (const [body, pointer] of [
      [{ recipients: [] }, '/recipients'],
      [{ recipients: ['x'] }, '/recipients/0'],
      [{ send_at: '7:00 a' }, '/send_at'],
      [{ client_id: '01890000-0000-7000-8000-00000000000b' }, '/client_id'],
    ]) {
      const res = await post(body);
      assert.equal(res.status, 422, res.text);
      assert.ok(res.json().errors[0].pointer.startsWith(pointer.replace('/0', '')), res.text);
    }
  });

  // Where a picture of the mail is to be looked at: SWITCHHOOK_SHOTS names the folder.
  it('can be read in light, dark and on a telephone', async () => {
    const { html } = smtp.to('a@example.com').at(-1);
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const views = [['light', 760, 'light'], ['dark', 760, 'dark'], ['narrow', 320, 'light']];
    try {
      for (const [name, width, colorScheme] of views) {
        const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
        const asked = [];
        page.on('request', (r) => asked.push(r.url()));
        await page.setContent(html);
        const facts = await page.evaluate(() => {
          const box = (e) => e.getBoundingClientRect();
          const lum = (c) => {
            const parts = c.match(/[\d.]+/g).slice(0, 3).map((x) => x / 255);
            const v = parts.map((x) => (x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
            return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2];
          };
          const ground = (e) => {
            for (; e; e = e.parentElement) {
              const c = getComputedStyle(e).backgroundColor;
              if (c !== 'rgba(0, 0, 0, 0)') return lum(c);
            }
            return 1;
          };
          const contrast = [...document.querySelectorAll('h1,h2,td,th,b,span,p,a')].map((e) => {
            const [x, y] = [lum(getComputedStyle(e).color), ground(e)].sort((p, q) => q - p);
            return (x + 0.05) / (y + 0.05);
          });
          const bars = [...document.querySelectorAll('svg rect')].map(box);
          return {
            wide: document.documentElement.scrollWidth,
            contrast: Math.min(...contrast),
            bars: bars.filter((b) => b.width > 0 && b.height > 0).length,
            lines: Math.max(...[...document.querySelectorAll('td,th')].map((e) => box(e).height)),
            named: [...document.querySelectorAll('svg')].every(
              (s) => s.getAttribute('role') === 'img' && s.querySelector('title').textContent,
            ),
          };
        });
        assert.ok(facts.wide <= width, `${name}: ${facts.wide} wide`);
        assert.ok(facts.lines < 70, `${name}: a cell of ${facts.lines} px`);
        assert.ok(facts.contrast >= 4.5, `${name}: contrast ${facts.contrast}`);
        assert.ok(facts.bars > 10 && facts.named, `${name}: ${facts.bars} bars`);
        const png = await page.screenshot({ fullPage: true });
        assert.ok(png.length > 10000);
        if (process.env.SWITCHHOOK_SHOTS) {
          mkdirSync(process.env.SWITCHHOOK_SHOTS, { recursive: true });
          writeFileSync(join(process.env.SWITCHHOOK_SHOTS, `report-${name}.png`), png);
        }
        assert.deepEqual(asked.filter((u) => /^https?:/.test(u)), [], 'nothing is asked for');
        await page.close();
      }
    } finally {
      await browser.close();
    }
  });
});
