// Home, the wall, the call log and the page of a call as managers and agents use them: with the mouse, by keyboard
// alone, while calls come in, when the server says no, and with hostile text in every field.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { demo } from '../lib/demo.mjs';
import { campaigns } from '../lib/demo.words.mjs';
import { Pages } from '../lib/pages.mjs';
import { inbound, Rig, until } from '../lib/rig.mjs';

describe('calls in the pages', () => {
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

  const url = (page) => new URL(page.url());
  const loaded = (page) => page.locator('main .bones').waitFor({ state: 'detached' });
  const position = (page) => page.getByRole('slider', { name: 'Position in the recording' });
  const second = async (page) => Number(await position(page).inputValue());
  const chosen = (page, label) => page.getByRole('combobox', { name: label, exact: true });
  const call = (id) => rig.rows(`select notes, tags, disposition, value, lead_status from calls where id = '${id}'`)[0];

  describe('a manager’s review', () => {
    let page;
    let context;
    let asked; // requests for audio: [status, range]
    before(async () => {
      ({ page, context } = await pages.login('manager', { person: made.people.manager[0] }));
      asked = [];
      page.on('response', (r) => /\/audio$/.test(r.url()) && asked.push([r.status(), r.request().headers().range]));
    });
    after(() => context.close());

    it('begins at home: today beside last week, live calls, who waits for a call back, health', async () => {
      await page.getByRole('group', { name: 'Today' }).getByText('Answer rate').waitFor();
      const live = page
        .getByRole('region', { name: 'Live calls' })
        .or(page.locator('section', { hasText: 'Live calls' }));
      assert.equal(await live.last().getByRole('timer').count(), 3);
      const waiting = page.locator('section', { hasText: 'Missed, not returned' });
      assert.ok((await waiting.getByRole('button', { name: /^Call / }).count()) > 0);
      await page.getByText(/numbers, not checked yet/).waitFor();
      await page.getByRole('button', { name: 'As a table' }).click();
      await page.getByRole('table', { name: /Calls by hour/ }).waitFor();
    });

    it('narrows the log down, all of it in the address, and keeps the view', async () => {
      await page.getByRole('link', { name: 'Calls', exact: true }).first().click();
      await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
      await chosen(page, 'Outcome').selectOption('answered');
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await chosen(page, 'Recorded').selectOption('true');
      await pages.choose(page, 'Client', 'kestrel', 'Kestrel Plumbing & Heating');
      await chosen(page, 'Period').selectOption('30d');
      assert.deepEqual(Object.fromEntries(url(page).searchParams), {
        outcome: 'answered', has_recording: 'true', client_id: made.clients[1], range: '30d',
      }); // prettier-ignore
      const want = rig.sql(`select count(distinct c.id) from calls c join recordings r on r.call_id = c.id
        where outcome = 'answered' and client_id = '${made.clients[1]}' and c.created_at > now() - interval '29 days'`);
      assert.ok(Number(want) > 2);
      await until(async () => {
        const rows = await page.locator('tbody tr').allInnerTexts();
        return rows.length >= Number(want) && rows.every((text) => /Answered[^]*Kestrel/.test(text));
      });
      const csv = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
      const text = await page.evaluate((to) => fetch(to).then((r) => r.text()), csv);
      assert.equal(text.trim().split('\r\n').length - 1, await page.locator('tbody tr').count());

      await page.getByRole('button', { name: 'Views' }).click();
      await page.getByRole('menuitem', { name: 'Save this view…' }).click();
      await page.getByLabel('Name').fill('Kestrel, heard');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Without Outcome: Answered' }).click();
      await until(() => !url(page).searchParams.has('outcome'));
      await page.getByRole('button', { name: 'Views' }).click();
      await page.getByRole('menuitem', { name: 'Kestrel, heard' }).click();
      await until(() => url(page).searchParams.get('outcome') === 'answered');
      assert.equal(url(page).searchParams.get('range'), '30d');
    });

    it('sorts, chooses columns, and turns pages', async () => {
      await page.goto('/app/calls?limit=25');
      await loaded(page);
      const first = () => page.locator('tbody tr').first().innerText();
      const newest = await first();
      await page.getByRole('button', { name: 'Talk' }).click();
      await until(async () => (await first()) !== newest);
      assert.equal(url(page).searchParams.get('sort'), 'longest');
      await page.getByRole('columnheader', { name: 'Talk' }).and(page.locator('[aria-sort="descending"]')).waitFor();
      await page.getByRole('button', { name: 'When' }).click();
      await until(async () => (await first()) === newest);
      await page.getByRole('button', { name: 'Older' }).click();
      await page.getByRole('button', { name: 'Back', exact: true }).waitFor();
      await until(async () => (await first()) !== newest);
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('checkbox', { name: 'Tags' }).check();
      await page.getByRole('checkbox', { name: 'Agent' }).uncheck();
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('columnheader', { name: 'Tags' }).waitFor();
      assert.equal(await page.getByRole('columnheader', { name: 'Agent' }).count(), 0);
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('button', { name: 'As it was' }).click();
      await page.getByRole('button', { name: 'Close' }).click();
    });

    it('hears a call in step with its text: not a byte before Play, then ranges', async () => {
      await page.goto(`/app/calls/${made.calls.played}`);
      await page.getByRole('list', { name: 'Transcript' }).waitFor();
      await page.getByText('boiler has been leaking').waitFor();
      await page.locator('.wave path').first().waitFor({ state: 'attached' });
      assert.deepEqual(asked, []);
      await page.locator('[data-at]', { hasText: 'Vaillant' }).click();
      assert.ok(Math.abs((await second(page)) - 17.9) < 1.5, `${await second(page)}`);
      assert.deepEqual(asked, []);
      await page.getByRole('button', { name: 'Play' }).click();
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      await until(async () => (await second(page)) > 18.5);
      assert.ok(
        asked.length > 0 && asked.every(([status, range]) => status === 206 && /^bytes=/.test(range)),
        `${asked}`,
      );
      await page.locator('.said[aria-current="true"]', { hasText: 'It is a Vaillant' }).waitFor();
      await page.keyboard.press('k');
      await page.getByRole('button', { name: 'Play' }).waitFor();
      const at = await second(page);
      await page.keyboard.press('l');
      assert.ok(Math.abs((await second(page)) - at - 10) < 0.2);
      await page.keyboard.press('j');
      assert.match(await position(page).getAttribute('aria-valuetext'), /^\d+ seconds of 1 minutes 0 seconds$/);
      await page.getByLabel('Speed').selectOption('2');
      await page.getByRole('button', { name: 'Skip silence' }).click();
    });

    it('finds words in it, on the wave as well', async () => {
      await page.getByRole('searchbox', { name: 'Search in this call' }).fill('hot water');
      await page.getByText('1 of 2').waitFor();
      assert.equal(await page.locator('.wave .hit').count(), 2);
      assert.deepEqual(await page.locator('mark').allInnerTexts(), ['hot', ' ', 'water', 'hot', ' ', 'water']);
      await page.keyboard.press('Enter');
      await page.getByText('2 of 2').waitFor();
      assert.ok((await second(page)) > 42);
    });

    it('ticks what has been done, hears where it was promised', async () => {
      const items = page.getByRole('region', { name: 'Action items' });
      await items.getByLabel('Engineer rings before he comes').check();
      await items.getByText(/Morgan Castellanos/).waitFor();
      await until(() => rig.sql('select count(*) from action_ticks') === '1');
      await items.getByRole('button', { name: 'Hear it' }).first().click();
      assert.ok(Math.abs((await second(page)) - 52) < 3, `${await second(page)}`);
      await page.reload();
      await page.getByLabel('Engineer rings before he comes').and(page.locator(':checked')).waitFor();
      await page.getByLabel('Engineer rings before he comes').uncheck();
      await until(() => rig.sql('select count(*) from action_ticks') === '0');
    });

    it('notes, tags, says what came of it', async () => {
      const id = made.calls.played;
      await page.getByLabel('Note', { exact: true }).fill('Ring on Monday.');
      await page.getByRole('button', { name: 'Save the note' }).click();
      await page.getByText('Saved', { exact: true }).waitFor();
      await page.getByPlaceholder('Add a tag').fill('boiler');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Take boiler away' }).waitFor();
      await chosen(page, 'Disposition').selectOption('callback requested');
      await page.getByLabel('When to call back').fill('2027-01-15T10:00');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText(/Call back on .*2027/).waitFor();
      await chosen(page, 'Lead').selectOption('qualified');
      await page.getByLabel('Value', { exact: true }).fill('180.50');
      await page.getByRole('button', { name: 'Set', exact: true }).click();
      await until(() => call(id).value === 180.5);
      const { notes, tags, disposition, lead_status: lead } = call(id);
      assert.deepEqual([notes, disposition, lead], ['Ring on Monday.', 'callback requested', 'qualified']);
      assert.ok(tags.includes('boiler'));
    });

    it('shares a moment of it, which opens there', async () => {
      await page.getByRole('button', { name: 'Go to 0:24' }).click();
      await page.getByRole('button', { name: 'Share' }).click();
      const link = await page.getByLabel('Link').inputValue();
      assert.match(link, /\/app\/calls\/[0-9a-f-]+\?t=24$/);
      const other = await context.newPage();
      await other.goto(link);
      await until(async () => (await second(other)) === 24);
      await other.close();
      await page.getByRole('button', { name: 'Close' }).click();
    });

    it('reads how it came about: timeline, cost, why', async () => {
      await page.getByRole('tab', { name: 'Timeline' }).click();
      await page.getByText('Webhook from Twilio').first().waitFor();
      await page.keyboard.press('ArrowRight');
      await page.getByRole('tab', { name: 'Cost', selected: true }).waitFor();
      await page.getByRole('table', { name: 'Cost' }).waitFor();
      await page.getByRole('tab', { name: 'Details' }).click();
      await page.getByRole('region', { name: 'Why' }).getByText('Answered: a leg to an agent was answered.').waitFor();
      assert.equal(url(page).searchParams.get('tab'), 'details');
      const told = page.getByRole('region', { name: 'Recording and consent' });
      await told.getByText('This call may be recorded, so that we can help you better.').waitFor();
      await told.getByText('British English').waitFor();
    });

    it('holds a recording, which then cannot be deleted; lifted, it can', async () => {
      const id = made.calls.voicemail;
      const more = async (name) => {
        await page.getByRole('button', { name: 'More', exact: true }).click();
        await page.getByRole('menuitem', { name }).click();
      };
      await page.goto(`/app/calls/${id}`);
      await more('Place a legal hold…');
      await page.getByLabel('Reason').fill('Case 12');
      await page.getByRole('button', { name: 'Place the hold' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await until(() => rig.sql(`select count(*) from legal_holds where ref = '${id}'`) === '1');
      await more('Lift the legal hold…');
      await page.getByText('Placed for: Case 12').waitFor();
      await page.getByRole('button', { name: 'Lift it' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await more('Delete the recording…');
      await page.getByRole('button', { name: 'Delete for good' }).click();
      await page.getByRole('heading', { name: 'The recording was deleted' }).waitFor();
    });
  });

  it('finds from anywhere: a number, somebody, words that were said, an id', async () => {
    const { page, context } = await pages.login('manager', { person: made.people.manager[1] });
    const search = async (text) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search and commands' }).fill(text);
    };
    const option = (name) => page.getByRole('option', { name });
    const heading = (name) => page.getByRole('heading', { name, level: 1 }).waitFor();
    await search('combi');
    await until(async () => (await page.getByRole('option').locator('mark').first().innerText()) === 'combi');
    await page.keyboard.press('Enter');
    await page.getByText(/^1 of \d/).waitFor();
    assert.equal(url(page).searchParams.get('q'), 'combi');
    await search('thornton');
    await option(/^Alice Thornton/).first().click();
    await heading('Alice Thornton');
    for (const [text, name, there] of [
      ['kestrel', /^Kestrel Plumbing & Heating Client/, 'Kestrel Plumbing & Heating'],
      [campaigns[0].name, new RegExp(`^${campaigns[0].name} Campaign`), campaigns[0].name],
    ]) {
      await search(text);
      await option(name).waitFor();
      for (let i = 0; !(await page.getByRole('option', { name, selected: true }).count()) && i < 20; i++)
        await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await heading(there);
    }
    const [c] = rig.rows(
      `select twilio_call_sid as sid, customer_number as number from calls where id = '${made.calls.played}'`,
    );
    await search(c.number);
    await option(/All calls with/).waitFor();
    await search(c.sid);
    await option(/^Call with/).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Transcript' }).waitFor();
    const json = JSON.stringify({ title: 'Unavailable', status: 503, hint: 'Try again.', request_id: 'palette-1' });
    await page.route(/\/api\/v1\/clients\?/, (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body: json }),
    );
    await search('some words');
    await page.getByRole('alert').getByText('palette-1').waitFor();
    await pages.accessible(page, 'palette, with a fault');
    await page.unroute(/\/api\/v1\/clients\?/);
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    // Asked for again before the browser says that it was closed.
    await page.evaluate(() => {
      document.querySelector('.palette').close();
      dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }));
    });
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('nothing of the kind');
    await page.getByText(/Nothing found/).waitFor();
    await pages.accessible(page, 'palette');
    await page.keyboard.press('Escape');
    await page.goto('/app/calls/01890000-0000-7000-8000-000000000000').catch(() => {});
    await heading('There is no such call');
    await context.close();
    pages.trouble = pages.trouble.filter((line) => !/status of (404|503)/.test(line));
  });

  it('goes by keyboard alone: to the log, into a call, play, note', async () => {
    const { page, context } = await pages.login('agent', { person: made.people.agent[0] });
    const keys = async (...all) => {
      for (const key of all) await page.keyboard.press(key);
    };
    const tabTo = async (name) => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
          const el = document.activeElement;
          return el.getAttribute('aria-label') ?? el.labels?.[0]?.textContent ?? el.textContent;
        });
        if (at.trim() === name) return;
      }
      assert.fail(`no way by Tab to ${name}`);
    };
    await keys('g', 'c');
    await page.locator('tbody tr').first().waitFor();
    await page.goto('/app/calls?has_recording=true&outcome=answered');
    await page.locator('tbody tr').first().waitFor();
    await loaded(page);
    await keys('j', 'j', 'Enter');
    await page.getByRole('list', { name: 'Transcript' }).waitFor();
    await keys('Space');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await until(async () => (await second(page)) > 0.2);
    await keys('Space');
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await tabTo('Position in the recording');
    const before = await second(page);
    await keys('l');
    assert.ok((await second(page)) >= before + 9.8);
    await tabTo('Note');
    await page.keyboard.type('Typed.');
    await keys('Control+Enter');
    await page.getByText('Saved', { exact: true }).waitFor();
    await keys('Control+k');
    await page.keyboard.type('Home');
    await page.getByRole('option', { name: /^Home/, selected: true }).waitFor();
    await keys('Enter');
    await page.getByRole('group', { name: 'Today' }).waitFor();
    await context.close();
  });

  it('tells of new calls without a jump, and shows them when asked', async () => {
    const { page, context } = await pages.login('viewer', { person: made.people.viewer[0], to: '/app/calls' });
    await loaded(page);
    const rows = () => page.locator('tbody tr').allInnerTexts();
    const before = await rows();
    // The feed has begun where it stands now.
    await page.waitForResponse((r) => /\/events/.test(r.url()) && r.request().url().includes('after='));
    const c = inbound('fresh', { from: '+447700900999' });
    await rig.webhook('/api/twilio/voice/answer', c.answer);
    const show = page.getByRole('button', { name: 'Show 1 new call' });
    await show.waitFor();
    assert.equal((await rows()).length, before.length);
    await show.click();
    await page.locator('tbody tr').first().getByText('+44 7700 900999').waitFor();
    await rig.webhook('/api/twilio/voice/status', c.completed);
    await page
      .locator('tbody tr', { hasText: '900999' })
      .getByText(/Missed|Answered|Handled/)
      .waitFor();
    await context.close();
  });

  it('takes a note back that the server refuses, and keeps what was typed', async () => {
    const { page, context } = await pages.login('agent', {
      person: made.people.agent[1],
      allow: [/status of 50/, /412/],
    });
    await page.goto(`/app/calls/${made.calls.silent}`);
    await page.route('**/api/v1/calls/*', (route) =>
      route.request().method() === 'PATCH'
        ? route.fulfill({ status: 500, contentType: 'application/problem+json',
            body: JSON.stringify({ title: 'Internal', hint: 'Try again.', request_id: 'ab12', code: 'internal' }) })
        : route.continue()); // prettier-ignore
    await page.getByLabel('Note', { exact: true }).fill('Kept');
    const was = await chosen(page, 'Lead').inputValue();
    await page.getByRole('button', { name: 'Save the note' }).click();
    await page.getByRole('alert').getByText('ab12').waitFor();
    await page.getByText('Not saved: your text is still here').waitFor();
    assert.equal(await page.getByLabel('Note', { exact: true }).inputValue(), 'Kept');
    await chosen(page, 'Lead').selectOption('spam');
    await until(async () => (await chosen(page, 'Lead').inputValue()) === was);
    await page.unroute('**/api/v1/calls/*');
    // Somebody else was faster: what stands is shown, and the second try goes through.
    rig.sql(`update calls set tags = '{theirs}' where id = '${made.calls.silent}'`);
    await page.getByRole('button', { name: 'Save the note' }).click();
    await page
      .getByRole('alert')
      .getByText(/Somebody else/)
      .waitFor();
    await page.getByText('theirs', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Save the note' }).click();
    await until(() => call(made.calls.silent).notes === 'Kept');
    await context.close();
  });

  it('shows a viewer no button that is not his', async () => {
    const { page, context } = await pages.login('viewer', { person: made.people.viewer[1] });
    await page.getByRole('group', { name: 'Today' }).waitFor();
    assert.equal(await page.getByRole('button', { name: /^Call / }).count(), 0);
    await page.goto(`/app/calls/${made.calls.played}`);
    await page.getByRole('list', { name: 'Transcript' }).waitFor();
    for (const name of ['Save the note', 'Call back', 'More'])
      assert.equal(await page.getByRole('button', { name }).count(), 0);
    assert.equal(await page.getByRole('checkbox').first().isDisabled(), true);
    await context.close();
  });

  it('keeps the wall on: big, quiet, without anything around it', async () => {
    const { page, context } = await pages.login('viewer', { person: made.people.viewer[0], to: '/app/wall' });
    await page.getByText('Answer rate').waitFor();
    assert.equal(await page.getByRole('navigation').count(), 0);
    const size = await page
      .locator('.big b')
      .first()
      .evaluate((b) => parseFloat(getComputedStyle(b).fontSize));
    assert.ok(size > 80, `${size}`);
    await page.getByRole('link', { name: 'Back to home' }).click();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await context.close();
  });
});
