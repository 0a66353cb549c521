import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SiteDocument } from '@slate/shared/site-document';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startServerProcess } from '../../scripts/server-process.ts';
import { testDatabase } from '../../server/test/database.ts';
import { launch } from '../helpers/browser/browser.ts';
import { axeFindings } from '../helpers/console/axe.ts';

describe.skipIf(inject('chromium') === null)('the set-up of a new installation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slate-set-up-'));
  const exported = join(folder, 'site.json');
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** A server on an empty database, and a page at its set-up link. */
  async function openLink(file: string) {
    const database = await testDatabase();
    const server = await startServerProcess({
      environment: {
        DATABASE_URL: database.appUrl,
        SLATE_SECRET: randomBytes(32).toString('hex'),
        PORT: '0',
        SLATE_SET_UP_FILE: file,
      },
    });
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      timezoneId: 'Europe/Vienna',
    });
    const link = readFileSync(file, 'utf8').trim();
    return {
      page,
      link,
      url: server.url,
      [Symbol.asyncDispose]: async () => {
        await page.close();
        await server.stop();
        await database.end();
      },
    };
  }

  test('SU7 SU10 EI11 EL3 by the keyboard alone from the printed link to a booked case', async () => {
    await using opened = await openLink(join(folder, 'first'));
    const { page, link, url } = opened;
    const keys = page.keyboard;
    await page.goto(url);
    await page.getByText('This server has no hospital yet.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.goto(link);
    await page.reload();
    await signUp(page, 'St. Anna', async (shown) => {
      expect(await axeFindings(shown)).toEqual([]);
    });
    expect(page.url()).not.toContain('set-up');
    expect(await axeFindings(page)).toEqual([]);

    const add = async (title: string, fields: Record<string, string>) => {
      const form = page.getByRole('region', { name: title });
      await form.waitFor();
      for (const [label, value] of Object.entries(fields)) {
        await form.getByLabel(label, { exact: true }).focus();
        await keys.press('Control+a');
        await keys.type(value);
      }
      await keys.press('Control+Enter');
      await form.waitFor({ state: 'detached' });
    };
    const goTo = async (name: string) => {
      await keys.press('Control+k');
      await page.getByRole('combobox').waitFor();
      await keys.type(name);
      await page.getByRole('option').first().waitFor();
      await keys.press('Enter');
    };

    await page.getByRole('button', { name: 'Add rooms' }).focus();
    await keys.press('Enter');
    await add('New room', { Name: 'Main OR 1-12' });
    await expect.poll(() => page.locator('[data-record]').count()).toBe(12);
    const list = page.waitForEvent('download');
    await goTo('export this list');
    const rooms = await list;
    expect(rooms.suggestedFilename()).toMatch(/^st-anna-rooms-\d{4}-\d{2}-\d{2}\.csv$/);
    await rooms.saveAs(join(folder, 'rooms.csv'));
    const lines = readFileSync(join(folder, 'rooms.csv'), 'utf8').split('\r\n');
    expect(lines[0]).toMatch(/^\uFEFFID,Name,/);
    expect(lines).toHaveLength(14);
    await goTo('administration: surgeons');
    await page.getByRole('heading', { name: 'Surgeons' }).waitFor();
    await keys.press('Insert');
    await add('New surgeon', { Name: 'Haddad A', Service: 'Orthopedics' });
    await goTo('administration: procedures');
    await page.getByRole('heading', { name: 'Procedures' }).waitFor();
    await keys.press('Insert');
    await add('New procedure', {
      Name: 'Total knee',
      Service: 'Orthopedics',
      'Length, min': '90',
      'Spread, min': '20',
      'Setup, min': '10',
      'Cleanup, min': '15',
    });

    await goTo('administration: set-up');
    await page.getByText('First steps').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Book the first case' }).focus();
    await keys.press('Enter');
    await page.getByRole('grid').waitFor();
    await keys.press(']');
    await goTo('hold main or 1 12:00 90m knee haddad');
    await page.getByRole('dialog', { name: 'Hold Main OR 1' }).waitFor();
    await keys.press('Control+Enter');
    await page.getByRole('grid').getByText('Total knee').first().waitFor();
    await page.getByRole('dialog', { name: 'Hold Main OR 1' }).waitFor({ state: 'detached' });

    await goTo('administration: set-up');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export…' }).focus();
    await keys.press('Enter');
    const file = await download;
    expect(await axeFindings(page)).toEqual([]);
    expect(file.suggestedFilename()).toMatch(/^st-anna-\d{4}-\d{2}-\d{2}\.json$/);
    await file.saveAs(exported);
    const document = JSON.parse(readFileSync(exported, 'utf8')) as SiteDocument;
    expect(document.resources).toHaveLength(13);
    expect(document.cases).toMatchObject([{ state: 'scheduled', minutes: 90 }]);
  });

  test('EI2 SU10 the exported hospital is imported on another server', async () => {
    await using opened = await openLink(join(folder, 'second'));
    const { page, link } = opened;
    await page.goto(link);
    await signUp(page, 'New');
    const file = page.locator('input[type=file]');
    await file.setInputFiles({
      name: 'wrong.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{"rooms": []}'),
    });
    await page.getByText('This is not an export of a Slate site.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await file.setInputFiles(exported);
    await page.getByText('Imported St. Anna: 13 resources, 1 procedure, 1 case').first().waitFor();
    await page.getByRole('button', { name: 'Book the first case' }).click();
    await page.getByRole('grid').waitFor();
    await page.keyboard.press(']');
    const card = page.getByRole('grid').getByText('Total knee').first();
    await expect.poll(() => card.isVisible()).toBe(true);
  });

  /** Fills in the two steps of the page of the link, and waits for the first steps. */
  async function signUp(page: Page, site: string, checked?: (page: Page) => Promise<void>) {
    const keys = page.keyboard;
    await page.getByLabel('Your name, as others will see it').waitFor();
    await checked?.(page);
    for (const [text, next] of [
      ['Ada Lang', 'Tab'],
      ['ada@hospital.example', 'Tab'],
      ['seven quiet harbors', 'Enter'],
    ] as const) {
      await keys.type(text);
      await keys.press(next);
    }
    await page.getByLabel('Name of the hospital').waitFor();
    expect(await page.getByLabel('Time zone').first().inputValue()).toBe('Europe/Vienna');
    await checked?.(page);
    await keys.type(site);
    await keys.press('Enter');
    await page.getByText('How do you want to begin?').waitFor();
  }
});
