import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { startServerProcess } from '../../scripts/server-process.ts';
import { testDatabase } from '../../server/test/database.ts';
import { launch } from '../helpers/browser/browser.ts';
import { axeFindings } from '../helpers/console/axe.ts';

describe.skipIf(inject('chromium') === null)('the set-up of a new installation', () => {
  test('SU7 by the keyboard alone from the printed link to twelve rooms on the board', async () => {
    const database = await testDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'slate-set-up-'));
    const file = join(folder, 'link');
    const server = await startServerProcess({
      environment: {
        DATABASE_URL: database.appUrl,
        SLATE_SECRET: randomBytes(32).toString('hex'),
        PORT: '0',
        SLATE_SET_UP_FILE: file,
      },
    });
    const browser = await launch();
    try {
      const page = await browser.newPage({
        viewport: { width: 1280, height: 800 },
        timezoneId: 'Europe/Vienna',
      });
      const keys = page.keyboard;
      await page.goto(readFileSync(file, 'utf8').trim());
      await page.getByLabel('Your name, as others will see it').waitFor();
      expect(await axeFindings(page)).toEqual([]);
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
      expect(await axeFindings(page)).toEqual([]);
      await keys.type('St. Anna');
      await keys.press('Enter');
      await page.getByRole('region', { name: 'New room' }).waitFor();
      expect(page.url()).not.toContain('set-up');
      await page.getByRole('region', { name: 'New room' }).getByLabel('Name').focus();
      await keys.type('Main OR 1-12');
      await keys.press('Control+Enter');
      await expect.poll(() => page.locator('[data-record]').count()).toBe(12);
    } finally {
      await browser.close();
      await server.stop();
      await database.end();
      rmSync(folder, { recursive: true });
    }
  });
});
