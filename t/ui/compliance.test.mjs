// Compliance, as an admin meets it: what is said and allowed, who is not called, what goes, one person's rights.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { demo } from '../lib/demo.mjs';
import { Pages } from '../lib/pages.mjs';
import { Rig, until } from '../lib/rig.mjs';

describe('compliance', () => {
  let rig;
  let pages;
  let page;
  before(async () => {
    rig = await Rig.start({ pages: true, nginx: { limits: false }, workers: { hooks: 0 }, sweep: true, sim: true });
    pages = await Pages.start(rig);
    await demo(rig);
    ({ page } = await pages.login('admin', { allow: [/400|422|409/] }));
  });
  after(async () => {
    await pages?.stop();
    await rig?.stop();
  });
  const open = async (section) => {
    await page.goto(`/app/compliance/${section}`);
    await page.locator('main h1').waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.bones').length === 0);
  };
  const dialog = () => page.getByRole('dialog');

  it('says other words to a client, and asks everybody for a key', async () => {
    await open('disclosures');
    await page.getByRole('heading', { name: 'Everybody hears the same' }).waitFor();
    await page.getByRole('button', { name: 'Other words' }).first().click();
    await dialog().getByRole('combobox', { name: 'Client' }).click();
    await dialog().getByRole('option').first().click();
    await dialog().getByLabel('What is said').fill('This call to <b>Harbour</b> is recorded.');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'This call to <b>Harbour</b> is recorded.' }).waitFor();
    await page.getByLabel('Before a recorded call').selectOption('keypress');
    await page.getByLabel('What is asked').fill('Press 1 if we may record.');
    await page.getByLabel('Who refuses, or says nothing').selectOption('end');
    await page.getByRole('form', { name: 'What everybody hears' }).getByRole('button', { name: 'Save' }).click();
    await until(() => rig.sql('select disclosure_mode from tenants limit 1') === 'keypress');
    assert.equal(rig.sql('select disclosure_refused from tenants limit 1'), 'end');
    await page.getByRole('button', { name: 'Delete' }).click();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Everybody hears the same' }).waitFor();
  });

  it('notes a withdrawal, and finds it by number', async () => {
    await open('consents');
    await page.getByRole('button', { name: 'Note a decision' }).click();
    await dialog().getByLabel('Number').fill('07700 nonsense');
    await dialog().getByRole('button', { name: 'Note it' }).click();
    await dialog().locator('[aria-invalid="true"]').first().waitFor();
    await dialog().getByLabel('Number').fill('+447700900123');
    await dialog().getByLabel('Evidence').fill('asked on the telephone');
    await dialog().getByRole('button', { name: 'Note it' }).click();
    await dialog().waitFor({ state: 'detached' });
    assert.equal(rig.sql("select decision from consent_records where number = '+447700900123'"), 'withdrawn');
    await page.getByRole('combobox', { name: 'Number' }).fill('+447700900123');
    await page.getByRole('combobox', { name: 'Number' }).press('Enter');
    await page.waitForURL(/number=%2B447700900123/);
    await page.getByRole('row', { name: /withdrawn/ }).waitFor();
  });

  it('fills a list from a file, looks a number up, and takes it off', async () => {
    await open('dnc');
    await page.getByRole('button', { name: 'Add a number' }).click();
    await dialog().getByLabel('Name of the list').fill('Asked us not to');
    await dialog().getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('cell', { name: 'Asked us not to' }).first().waitFor();
    await page.getByRole('button', { name: 'Import' }).click();
    const csv = 'number,reason\n+447700900200,tps\n+447700900201,tps\nnot a number,x\n';
    await dialog()
      .getByLabel('CSV file')
      .setInputFiles({ name: 'tps.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await dialog().getByText('2 added, 0 known, 1 not understood.').waitFor();
    await dialog().getByRole('button', { name: 'Done' }).click();
    const box = page.getByRole('combobox', { name: 'Look up a number' });
    const { name, phone_number } = rig.rows('select name, phone_number from contacts order by name limit 1')[0];
    await pages.choose(page, 'Look up a number', name);
    await page.waitForURL(new RegExp(`number=%2B${phone_number.slice(1)}`));
    await page.getByRole('heading', { name: 'This number may be called' }).waitFor();
    await box.fill('+447700900201');
    await box.press('Enter');
    await page.waitForURL(/number=%2B447700900201/);
    await page.getByRole('button', { name: /Take .*900201 off/ }).click();
    await dialog().getByRole('button', { name: 'Take it off' }).click();
    await page.getByRole('heading', { name: 'This number may be called' }).waitFor();
    assert.equal(rig.sql('select count(*) from dnc_entries'), '1');
  });

  it('shows what would go before it is saved, and what went', async () => {
    await open('retention');
    await page.getByLabel('Recordings, days').fill('10');
    const figure = page.locator('.figure', { hasText: 'What would go within 30 days' });
    await figure.getByRole('cell', { name: 'Recordings' }).first().waitFor();
    const res = await rig.api('GET', '/api/v1/retention-preview?days=30&audio_days=10&text_days=0&metadata_days=0');
    const lines = res.json().within.lines;
    const shown = await figure.locator('tbody tr').count();
    assert.equal(shown, lines.length);
    await page.getByRole('form', { name: 'How long things stay' }).getByRole('button', { name: 'Save' }).click();
    await until(() => rig.sql("select days from retention_rules where kind = 'audio'") === '10');
    await page.getByRole('button', { name: 'Run now' }).click();
    await until(() => rig.sql('select count(*) from retention_runs') === '1');
    await page.getByRole('region', { name: 'What went' }).getByRole('cell', { name: 'admin', exact: true }).waitFor();
  });

  it('says whose days count where nothing is said, and leaves that so until somebody says it', async () => {
    rig.sql("delete from retention_rules where kind <> 'audio'; insert into retention_default (days) values (50)");
    await open('retention');
    await page.getByText('Nothing is said here of: Transcripts, Metadata.').waitFor();
    const form = page.getByRole('form', { name: 'How long things stay' });
    await form.getByLabel('Recordings, days').fill('12');
    await form.getByRole('button', { name: 'Save' }).click();
    const rules = () =>
      rig.sql("select string_agg(kind || coalesce(days::text, '-'), ' ' order by kind) from retention_rules");
    await until(() => rules() === 'audio12');
    await page.getByText('Nothing is said here of: Transcripts, Metadata.').waitFor();
    await form.getByRole('checkbox', { name: 'Keep for ever' }).first().check();
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Nothing is said here of: Metadata.').waitFor();
    assert.equal(rules(), 'audio12 text-');
    rig.sql('delete from retention_default');
  });

  it('keeps the things of one client for other days, and says of how many recordings webhooks heard', async () => {
    rig.sql(`update retention_runs set told = 1000;
      insert into retention_counts (tenant_id, run_id, kind, items, bytes, held, held_bytes)
        select tenant_id, id, 'audio', 4200, 1, 0, 0 from retention_runs`);
    await open('retention');
    await page.getByRole('cell', { name: /^1,000 of 4,\d{3}$/ }).waitFor();
    const { id, name } = rig.rows('select id, name from clients order by name desc limit 1')[0];
    const own = () =>
      rig.sql(`select string_agg(kind || coalesce(days::text, '-'), ' ' order by kind)
      from retention_rules where client_id = '${id}'`);
    await page.getByRole('button', { name: 'Add an exception' }).click();
    await pages.choose(dialog(), 'Client', name);
    await dialog().getByLabel('Recordings', { exact: true }).selectOption('days');
    await dialog().getByLabel('Recordings, days').fill('7');
    await dialog().getByLabel('Metadata', { exact: true }).selectOption('ever');
    await pages.accessible(page, 'an exception of retention');
    await pages.shot(page, 'compliance-retention-exception');
    await dialog().getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('row', { name: new RegExp(`${name}.*7 days.*for ever`) }).waitFor();
    assert.equal(own(), 'audio7 metadata-');
    await page.getByRole('button', { name: `Change ${name}` }).click();
    await dialog().getByLabel('Recordings', { exact: true }).selectOption('');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    assert.equal(own(), 'metadata-');
    await page.getByRole('button', { name: `Remove ${name}` }).click();
    await dialog().getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { name: 'It is the same for every client' }).waitFor();
    assert.equal(own(), '');
  });

  it("gives a person's data as a file, and erases the person after the number is typed", async () => {
    await open('person');
    // Nobody who is talking: erasing waits for the end of a call.
    const number = rig.sql(`select customer_number from calls where customer_number is not null
      group by 1 having bool_and(ended_at is not null) order by count(*) desc, 1 limit 1`);
    await page.getByLabel('Number').fill(number);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Everything, as a file' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'subject.json');
    await page.getByRole('button', { name: 'What would be erased?' }).click();
    await page.getByRole('heading', { name: 'This would be erased' }).waitFor();
    await pages.accessible(page, 'a preview of an erasure');
    await page.getByRole('button', { name: 'Erase for good' }).click();
    const erase = dialog().getByRole('button', { name: 'Erase', exact: true });
    assert.equal(await erase.isDisabled(), true);
    await dialog().getByRole('textbox').fill(number);
    await erase.click();
    await dialog().waitFor({ state: 'detached' });
    await until(() => rig.sql(`select count(*) from calls where customer_number = '${number}'`) === '0');
    await page.reload();
    await page.getByRole('region', { name: 'Erasures' }).locator('tbody tr').first().waitFor();
  });

  it('tells who changed what', async () => {
    await open('audit');
    await page.getByRole('searchbox', { name: 'What' }).fill('settings');
    await page.getByRole('searchbox', { name: 'What' }).press('Enter');
    await page.waitForURL(/action=settings/);
    await page
      .getByRole('button', { name: /What changed/ })
      .first()
      .click();
    await dialog().getByText('disclosure_mode').waitFor();
    await pages.accessible(page, 'an entry of the audit');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  for (const theme of ['light', 'dark'])
    for (const size of ['desktop', 'narrow'])
      it(`is shown ${theme} and ${size}`, async () => {
        const { page: other, context } = await pages.login('admin', { theme, size });
        for (const section of ['disclosures', 'consents', 'dnc', 'retention', 'person', 'audit']) {
          await other.goto(`/app/compliance/${section}`);
          await other.locator('main h1').waitFor();
          await other.waitForFunction(() => document.querySelectorAll('.bones').length === 0);
          assert.ok(
            await other.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
            `${section} is too wide`,
          );
          await pages.accessible(other, section);
          await pages.shot(other, `compliance-${section}-${theme}-${size}`);
        }
        await context.close();
      });
});
