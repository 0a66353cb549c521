/** About in the real desktop program, with what the program says about updates. */
import type { UpdateStatus } from '@slate/shared/updates';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings } from '../helpers/console/axe.ts';
import { noElectron, openDesktop } from '../helpers/electron/desktop.ts';
import type { Desktop } from '../helpers/electron/desktop.ts';
import { openSlateStub } from '../helpers/network/foreign-servers.ts';
import type { ForeignServer } from '../helpers/network/foreign-servers.ts';

const release = { version: '1.4.0', notes: 'Faster openings.\nThe day list prints in landscape.' };
const states: [UpdateStatus, string][] = [
  [{ is: 'off' }, 'This workstation doesn’t look for updates.'],
  [{ is: 'unknown' }, 'Slate checks for updates after somebody signs in.'],
  [{ is: 'checking' }, 'Checking for updates…'],
  [{ is: 'none' }, 'There is no update for this workstation.'],
  [{ is: 'paused' }, 'Your administrators have paused updates.'],
  [{ is: 'unreachable' }, 'Slate can’t check for updates right now. It will try again.'],
  [{ is: 'announced', ...release }, 'Version 1.4.0 is available.'],
  [{ is: 'downloading', version: '1.4.0', percent: 41 }, 'Downloading version 1.4.0: 41%'],
  [{ is: 'ready', ...release, needsPerson: false }, 'Version 1.4.0 is ready.'],
  [{ is: 'refused', version: '1.4.0', why: 'hash' }, 'Version 1.4.0 isn’t installed:'],
];

describe.skipIf(noElectron())('UP10 axe finds nothing in About when the update is', () => {
  let slate: ForeignServer;
  let desktop: Desktop;
  let about: Locator;
  beforeAll(async () => {
    slate = await openSlateStub();
    desktop = await openDesktop({ server: slate.url });
    about = desktop.page.getByRole('dialog', { name: 'About Slate' });
    await desktop.app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? [];
      items.find(({ label }) => label === 'Check for Updates…')?.click();
    });
    await about.waitFor();
  });
  afterAll(async () => {
    await desktop?.close();
    await slate?.[Symbol.asyncDispose]();
  });

  test.each(states)('$is', async (update, sentence) => {
    await desktop.app.evaluate(({ BrowserWindow }, status) => {
      BrowserWindow.getAllWindows()[0]?.webContents.send('slate:event:update', status);
    }, update);
    await about.getByRole('region', { name: 'Updates' }).getByText(sentence).waitFor();
    const notes = about.getByText('New in 1.4.0');
    if ('notes' in update) await notes.click();
    expect(await axeFindings(desktop.page)).toEqual([]);
    if ('notes' in update) await notes.click();
  });
});
