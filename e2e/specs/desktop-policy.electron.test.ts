/** The policy of a workstation in the real desktop program. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { axeFindings } from '../helpers/console/axe.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import type { ConsoleDeployment } from '../helpers/console/console-deployment.ts';
import { partsOf } from '../helpers/console/console.ts';
import { installProgram, noElectron } from '../helpers/electron/desktop.ts';
import type { Desktop, DesktopOptions } from '../helpers/electron/desktop.ts';
import { setUpWorkstation } from '../helpers/electron/set-up-workstation.ts';
import { openSlateStub, openUntrusted } from '../helpers/network/foreign-servers.ts';

describe.skipIf(noElectron())('the policy of a workstation', () => {
  const setUp = setUpWorkstation();

  function writePolicy(policy: object): string {
    const folder = join(setUp.folder, 'etc');
    mkdirSync(folder, { mode: 0o755, recursive: true });
    const file = join(folder, 'policy.json');
    writeFileSync(file, JSON.stringify(policy), { mode: 0o644 });
    return file;
  }
  const open = (policy: object, options: DesktopOptions = {}): Promise<Desktop> =>
    setUp.open({ policy: writePolicy(policy), ...options });
  /** Opens About from the Help menu. */
  async function about({ app, page }: Desktop) {
    await app.evaluate(({ Menu }) => {
      const menus = Menu.getApplicationMenu()?.items ?? [];
      const items = menus.flatMap(({ submenu }) => submenu?.items ?? []);
      items.find(({ label }) => label === 'About Slate')?.click();
    });
    const dialog = page.getByRole('dialog', { name: 'About Slate' });
    await dialog.waitFor();
    return dialog;
  }
  const isFullScreen = ({ app }: Desktop) =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isFullScreen());
  const reload = (page: Page) =>
    Promise.all([page.waitForEvent('load'), page.evaluate(() => location.reload()).catch(() => {})]);

  test('FP10 FP5 locks the server: no setting, variable or person changes it, and About says so', async () => {
    await using other = await openSlateStub();
    const started = await open({ ServerAddress: setUp.slate.url }, { server: other.url });
    const { page, app } = started;
    expect(await page.evaluate(() => window.slate?.start())).toMatchObject({
      server: setUp.slate.url,
      policy: { isServerLocked: true },
    });
    expect(started.log()).toContain('Ignored SLATE_SERVER: the policy has set the server.');
    expect(started.log()).toContain(`Policy of ${join(setUp.folder, 'etc', 'policy.json')}: ServerAddress.`);

    const isEnabled = await app.evaluate(({ Menu }) => {
      const menus = Menu.getApplicationMenu()?.items ?? [];
      const items = menus.flatMap(({ submenu }) => submenu?.items ?? []);
      return items.find(({ label }) => label === 'Change Server…')?.enabled;
    });
    expect(isEnabled).toBe(false);
    expect(await page.evaluate((url) => window.slate?.tryServer(url), other.url)).toMatchObject({
      result: 'failed',
      why: 'declined',
    });
    expect(other.requests).toEqual([]);
    await expect(page.evaluate((url) => window.slate?.useServer(url), other.url)).rejects.toThrow(
      'Your IT department has set the server of this workstation.',
    );

    const dialog = await about(started);
    await dialog.getByRole('row', { name: `Server address ${setUp.slate.url} Locked` }).waitFor();
    await dialog.getByRole('button', { name: 'Copy for support' }).click();
    await dialog.getByText('Copied').waitFor();
    const copied = await app.evaluate(({ clipboard }) => clipboard.readText());
    expect(copied).toContain(`Server address: ${setUp.slate.url} (Locked)`);
  });

  test('FP2 recommends a server to a workstation that has none', async () => {
    const { page } = await open({ Recommended: { ServerAddress: setUp.slate.url } });
    expect(await page.evaluate(() => window.slate?.start())).toMatchObject({
      server: setUp.slate.url,
      policy: { isServerLocked: false },
    });
  });

  test('FP3 names what it does not use in the log and on About, and the rest applies', async () => {
    const started = await open({ IdleMinutes: 'five', Nonsense: 1, HoldTime: 'end' });
    expect(started.log()).toContain(
      'warn Refused the policy IdleMinutes: Must be a whole number from 1 to 60.',
    );
    expect(started.log()).toContain('warn Refused the policy Nonsense: Slate has no such setting.');
    // No server is known yet.
    await started.page.getByLabel('Server address').waitFor();
    const dialog = await about(started);
    await dialog.getByText('IdleMinutes: Must be a whole number from 1 to 60.').waitFor();
    await dialog.getByText('Nonsense: Slate has no such setting.').waitFor();
    await dialog.getByRole('row', { name: 'Time left of a hold Time at which it ends Locked' }).waitFor();
    expect(await axeFindings(started.page)).toEqual([]);
  });

  test('FP8 does not use a file that others can change, and says so on About', async () => {
    const file = writePolicy({ ServerAddress: setUp.slate.url });
    chmodSync(file, 0o666);
    const desktop = await setUp.open({ policy: file });
    await desktop.page.getByLabel('Server address').waitFor();
    const dialog = await about(desktop);
    await dialog.getByText(`${file}: Users other than root can change it`).waitFor();
    expect(await dialog.getByRole('row').count()).toBe(0);
  });

  test('FP4 cannot weaken the program', async () => {
    await using untrusted = await openUntrusted();
    const started = await open({
      ServerAddress: untrusted.url,
      IgnoreCertificateErrors: true,
      Sandbox: false,
      WebSecurity: false,
      CommandLine: '--no-sandbox --ignore-certificate-errors',
      DeveloperTools: true,
    });
    const { page, app } = started;
    expect(started.log().split('Slate has no such setting.')).toHaveLength(6);
    const preferences = await app.evaluate(({ webContents }) => {
      const contents = webContents.getAllWebContents()[0];
      return (contents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences();
    });
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, webSecurity: true });
    await started.untilLogged('Refused the certificate of', () =>
      page.evaluate((url) => fetch(url).catch(() => {}), untrusted.url),
    );
    expect(untrusted.requests).toEqual([]);
  });

  test('FP15 sets the language of Chromium, whatever that of the system is', async () => {
    vi.stubEnv('LANGUAGE', 'de');
    vi.stubEnv('LANG', 'de_DE.UTF-8');
    onTestFinished(() => void vi.unstubAllEnvs());
    const languageOf = async (policy: object) => {
      const opened = await open(policy);
      const language = await opened.page.evaluate(() => navigator.language);
      await opened.close();
      return language;
    };
    expect(await languageOf({})).toBe('de');
    expect(await languageOf({ Language: 'en-US' })).toBe('en-US');
  });

  test('FP13 applies at the next start', async () => {
    const first = await open({ HoldTime: 'end' });
    writePolicy({ HoldTime: 'countdown' });
    await reload(first.page);
    const holdTime = ({ page }: Desktop) =>
      page.evaluate(async () => (await window.slate?.start())?.policy.holdTime);
    expect(await holdTime(first)).toEqual({ value: 'end', isLocked: true });
    await first.close();
    expect(await holdTime(await open({ HoldTime: 'countdown' }))).toEqual({
      value: 'countdown',
      isLocked: true,
    });
  });

  test('FP13 of an installed program is only in the fixed place', async () => {
    const { program, env } = installProgram(setUp.folder);
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(program, [...root, `--user-data-dir=${join(setUp.folder, 'data')}`], {
      env: { ...env, SLATE_POLICY: writePolicy({ ServerAddress: setUp.slate.url, Nonsense: 1 }) },
      stdio: 'ignore',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const file = join(setUp.folder, 'data', 'logs', 'slate.log');
    const log = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
    await expect.poll(log, { timeout: 20_000 }).toContain('started on Electron');
    expect(log()).not.toMatch(/etc\/policy\.json|Nonsense/);
  });

  describe('with a server', () => {
    let deployment: ConsoleDeployment;
    beforeAll(async () => {
      deployment = await openConsoleDeployment({ servers: 1 });
    });
    afterAll(() => deployment?.end());
    const server = () => deployment.servers[0]?.url ?? '';

    test('FP11 FP12 sets site and preferences, and About knows the site and the server’s version', async () => {
      const hospital = await deployment.newHospital();
      const started = await open({
        ServerAddress: server(),
        Site: hospital.siteId,
        IdleMinutes: 7,
        Recommended: { HoldTime: 'end' },
      });
      const { page } = started;
      const { signIn, grid } = partsOf(page);
      await signIn(hospital.accounts.coordinator);
      await grid.waitFor();
      const dialog = await about(started);
      await dialog.getByText(hospital.siteId, { exact: false }).first().waitFor();
      const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
      await expect.poll(() => dialog.locator('dl').innerText()).toMatch(`Server version\n${version}`);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });

      await page.keyboard.press('Control+,');
      const minutes = page.getByLabel('Lock after inactivity (minutes)');
      expect(await minutes.inputValue()).toBe('7');
      expect(await minutes.isDisabled()).toBe(true);
      expect(await page.getByRole('radio', { name: 'Time at which it ends' }).isChecked()).toBe(true);
    });

    test('FP12 lets nobody work at another site', async () => {
      const [ownSite, otherSite] = [await deployment.newHospital(), await deployment.newHospital()];
      const { page } = await open({ ServerAddress: server(), Site: otherSite.siteId });
      await partsOf(page).signIn(ownSite.accounts.coordinator);
      await page.getByText('This workstation belongs to a site where you don’t have a role.').waitFor();
      expect(await partsOf(page).grid.count()).toBe(0);
    });

    test('FP14 makes the workstation a wall board, also after a reload', async () => {
      const hospital = await deployment.newHospital();
      const policy = { ServerAddress: server(), WallBoard: true };
      const first = await open(policy);
      const { page, app } = first;
      // As with a keyring, without which no session is stored.
      await app.evaluate(({ safeStorage }) => {
        safeStorage.isEncryptionAvailable = () => true;
        safeStorage.getSelectedStorageBackend = () => 'gnome_libsecret';
        safeStorage.encryptString = (text) => Buffer.from(text);
        safeStorage.decryptString = (sealed) => sealed.toString();
      });
      const hasMenu = () => app.evaluate(({ Menu }) => Menu.getApplicationMenu() !== null);
      await expect.poll(() => isFullScreen(first)).toBe(true);
      expect(await hasMenu()).toBe(false);

      await partsOf(page).signIn(hospital.accounts.coordinator);
      await page.getByText('This workstation is set up as a wall board').waitFor();
      await partsOf(page).signIn(hospital.accounts.wall);
      const wall = page.locator('main[data-wall]');
      await wall.waitFor();
      await reload(page);
      await wall.waitFor();
      expect(await isFullScreen(first)).toBe(true);
      expect(await hasMenu()).toBe(false);
      await page.keyboard.press('Escape');
      expect(await isFullScreen(first)).toBe(true);

      // About has a key, because there is no menu.
      await page.keyboard.press('F1');
      await page.getByRole('row', { name: 'Wall board On Locked' }).waitFor();
    });
  });
});
