/**
 * `npm run screenshots`: takes the README's screenshots of the demo hospital on a Thursday at 10:41. Everything is real
 * (PostgreSQL, server, console, browser) except the clock of database, server and browser, and the update in About. That picture
 * needs a screen: `xvfb-run npm run screenshots` makes an invisible one.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Board } from '@slate/shared/contract/reads';
import { isPlaced } from '@slate/shared/cases';
import { instantOf, localDateOf } from '@slate/shared/time';
import pg from 'pg';
import type { UpdateStatus } from '@slate/shared/updates';
import { _electron, chromium as playwright } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { migrate } from '../server/src/db/migrate.ts';
import { demoAccounts, diaz, kraus } from '../server/src/seed/accounts.ts';
import type { DemoAccount } from '../server/src/seed/accounts.ts';
import { demoSite } from '../server/src/seed/demo-hospital.ts';
import { seedDemoHospital } from '../server/src/seed/seed-demo-hospital.ts';
import { hashPassword } from '../server/src/identity/passwords.ts';
import { signIn } from './api.ts';
import { buildConsole, consoleFolder } from './build-console.ts';
import { chromium } from './chromium.ts';
import { electronArguments, hasScreen } from './electron.ts';
import { Cluster } from './postgres.ts';
import { provision } from './provision.ts';
import { startServerProcess } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';
import { beginSignedIn } from './signed-in-tab.ts';

const shownAt = '2026-11-19T16:41:00.000Z';
const otherClock = join(import.meta.dirname, 'other-clock.mjs');
const folder = join(import.meta.dirname, '..', 'docs', 'images');
const maxBytes = 300_000;

const pixelsPerHour = 112;
/** Time for animations to finish. */
const settleMs = 700;

async function main() {
  const executablePath = chromium();
  if (executablePath === undefined)
    throw new Error('There is no Chromium: install one, or set CHROMIUM_PATH to it.');
  if (!hasScreen()) throw new Error('There is no screen for the desktop program: use xvfb-run.');
  const consoleFiles = join(buildConsole(), 'renderer');
  mkdirSync(folder, { recursive: true });
  const cluster = await Cluster.temporary({ settings: { allow_system_table_mods: 'on' } });
  try {
    const ahead = Date.parse(shownAt) - Date.now();
    const urls = await openHospital(cluster.superUrl, ahead);
    const secret = randomBytes(32).toString('hex');
    const serve = (port: string) =>
      startServerProcess({
        environment: {
          DATABASE_URL: urls.appUrl,
          SLATE_SECRET: secret,
          PORT: port,
          CONSOLE_DIR: consoleFiles,
          LIMIT_AUTH: '1000/1s',
          CLOCK_AHEAD_MS: String(ahead),
          NODE_OPTIONS: `--import=${otherClock}`,
        },
      });
    const server = await serve('0');
    const browser = await playwright.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
    });
    try {
      await takeAbout(server.url);
      await takeAll(browser, server, serve, ahead);
    } finally {
      await browser.close();
    }
  } finally {
    await cluster.stop();
  }
}

/** A database with a shifted clock, and the demo hospital created by that clock. */
async function openHospital(superUrl: string, ahead: number) {
  const urls = await provision(superUrl, 'slate');
  const url = new URL(superUrl);
  url.pathname = '/slate';
  const superuser = new pg.Client({ connectionString: url.href });
  await superuser.connect();
  await superuser.query(`
    ALTER FUNCTION pg_catalog.clock_timestamp() RENAME TO real_clock_timestamp;
    CREATE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
      RETURN pg_catalog.real_clock_timestamp() + interval '${ahead} milliseconds';`);
  await superuser.end();
  await migrate(urls.ownerUrl);
  const owner = new pg.Client({ connectionString: urls.ownerUrl });
  await owner.connect();
  await seedDemoHospital(owner, { hashPassword });
  await owner.end();
  return urls;
}

/** Browsers have a size of their own. */
const desktopSize = { width: 1000, height: 780 };

async function take(page: Page, name: string, scale = 1) {
  await delay(settleMs);
  const cdp = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? desktopSize;
  const { data } = await cdp.send('Page.captureScreenshot', {
    // Lossless at this quality, and smaller than PNG.
    format: 'webp',
    quality: 100,
    clip: { x: 0, y: 0, width, height, scale },
  });
  const picture = Buffer.from(data, 'base64');
  if (picture.length > maxBytes) throw new Error(`${name} is too large: ${picture.length} bytes`);
  writeFileSync(join(folder, `${name}.webp`), picture);
  console.log(`docs/images/${name}.webp`);
}

/** About in the desktop program, with a policy and an update. */
async function takeAbout(server: string) {
  const workstation = mkdtempSync(join(tmpdir(), 'slate-pictures-'));
  const policy = join(workstation, 'policy.json');
  const locked = { ServerAddress: server, IdleMinutes: 5 };
  const settings = { ...locked, Recommended: { HoldTime: 'end' } };
  writeFileSync(policy, JSON.stringify(settings), { mode: 0o644 });
  const app = await _electron.launch({
    args: electronArguments(consoleFolder, [`--user-data-dir=${workstation}`]),
    env: { ...(process.env as Record<string, string>), SLATE_POLICY: policy },
  });
  const page = await app.firstWindow();
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  const update: UpdateStatus = {
    is: 'ready',
    version: '0.2.0',
    notes: 'Faster openings. The day list prints in landscape.',
    needsPerson: false,
  };
  await app.evaluate(
    ({ BrowserWindow }, [status, size]) => {
      const window = BrowserWindow.getAllWindows()[0];
      window?.setContentSize(size.width, size.height);
      window?.webContents.send('slate:event:update', status);
      window?.webContents.send('slate:event:menu', { command: 'about' });
    },
    [update, desktopSize] as const,
  );
  await page.getByText('New in 0.2.0').click();
  await take(page, 'about');
  await app.close();
  rmSync(workstation, { recursive: true });
}

type Look = {
  preferences?: Record<string, unknown>;
  viewport?: { width: number; height: number };
  as?: DemoAccount | undefined;
  hash?: string;
};

/** Stops the server for the last pictures. */
async function takeAll(
  browser: Browser,
  server: ServerProcess,
  serve: (port: string) => Promise<ServerProcess>,
  ahead: number,
) {
  const { url } = server;
  const site = `/sites/${demoSite.id}`;
  const api = await signIn(url, diaz.email, diaz.password);
  const date = localDateOf(shownAt, demoSite.timeZone);
  const { body } = await api.get(`${site}/board?date=${date}`);
  const board = body as unknown as Board;
  const idOf = (name: string) => board.resources.find((each) => each.name === name)?.id;

  async function open({ preferences = {}, viewport, as = kraus, hash = '' }: Look = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: viewport ?? { width: 1600, height: 900 },
      reducedMotion: 'reduce',
    });
    await context.addInitScript({
      content: `{ globalThis.clockAheadMs = ${ahead}; ${readFileSync(otherClock, 'utf8')} }`,
    });
    await context.addInitScript(
      (preferred) => localStorage.setItem('slate.preferences', preferred),
      JSON.stringify({ theme: 'light', ...preferences }),
    );
    const page = await context.newPage();
    await beginSignedIn(page, { url, account: as, hash });
    page.setDefaultTimeout(15_000);
    await page.goto(`${url}/${hash}`);
    await page
      .locator(hash === '' ? '[data-case]' : 'main[data-wall] > :not(header, [role="status"])')
      .first()
      .waitFor();
    // A browser says once what it cannot promise, over the board.
    if (hash === '') await page.getByRole('button', { name: 'Dismiss' }).press('Enter');
    return page;
  }

  /** The position of a time in a room on the screen, measured by a case drawn there. */
  async function pointOf(page: Page, room: string, time: string) {
    const at = instantOf(date, time, demoSite.timeZone);
    const near = board.cases
      .filter(isPlaced)
      .find((each) => each.roomId === idOf(room) && each.start > shownAt);
    const box = near && (await page.locator(`[role="gridcell"][data-case="${near.id}"]`).boundingBox());
    if (!box) throw new Error(`${room} has nothing to measure by.`);
    return {
      x: box.x + ((Date.parse(at) - Date.parse(near.start)) / 3_600_000) * pixelsPerHour,
      y: box.y + box.height / 2,
    };
  }

  async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }) {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
    await page.mouse.move(to.x, to.y, { steps: 4 });
  }

  async function takeAndClose(page: Page, name: string, scale = 1) {
    await take(page, name, scale);
    await page.context().close();
  }

  const hold = (room: string, time: string, operation: string, surgeon: string) =>
    api.post(`${site}/holds`, {
      roomId: idOf(room),
      start: instantOf(date, time, demoSite.timeZone),
      procedureId: board.procedures.find(({ name }) => name === operation)?.id,
      surgeonId: idOf(surgeon),
    });

  // A second person is working too.
  await hold('Main OR 10', '11:00', 'Septoplasty', 'Costa J');
  const other = await open({ as: diaz });

  const holding = await open();
  await drag(
    holding,
    await pointOf(holding, 'Main OR 9', '13:15'),
    await pointOf(holding, 'Main OR 9', '14:45'),
  );
  await holding.mouse.up();
  await holding.getByRole('combobox', { name: 'Procedure' }).fill('Myomectomy');
  await holding.getByRole('option', { name: 'Myomectomy' }).first().click();
  await holding.getByRole('combobox', { name: 'Surgeon' }).fill('Yilmaz');
  await holding.getByRole('option', { name: 'Yilmaz' }).first().click();
  await takeAndClose(holding, 'board');

  await takeAndClose(await open({ preferences: { theme: 'dark', layout: 'columns' } }), 'columns');

  const moving = await open();
  await drag(
    moving,
    await pointOf(moving, 'Main OR 6', '11:50'),
    await pointOf(moving, 'Main OR 7', '12:50'),
  );
  await moving.locator('[data-ghost]').waitFor();
  await takeAndClose(moving, 'conflict');

  const palette = await open({ preferences: { theme: 'dark' } });
  await palette.keyboard.press('Control+k');
  await palette.getByRole('dialog').getByRole('combobox').fill('hold or 10 13:15 90m tonsillectomy');
  await takeAndClose(palette, 'palette');

  const wall = demoAccounts.find(({ role }) => role === 'wall');
  await takeAndClose(
    await open({ as: wall, hash: '#/wall', viewport: { width: 3840, height: 2160 } }),
    'wall',
    0.5,
  );

  for (const [key, name] of [
    ['2', 'week'],
    ['3', 'list'],
    ['4', 'equipment'],
    ['5', 'figures'],
  ] as const) {
    const page = await open();
    await page.keyboard.press(key);
    await takeAndClose(page, name);
  }
  const administrator = demoAccounts.find(({ role }) => role === 'administrator');
  const administration = await open({ as: administrator });
  await administration.keyboard.press('6');
  await administration.getByRole('row', { name: /Main OR 10/ }).click();
  await administration.getByRole('region', { name: 'Edit Main OR 10' }).waitFor();
  await takeAndClose(administration, 'administration');
  await other.context().close();

  // The server goes away while others work on, and comes back.
  const elsewhere = await serve('0');
  const colleague = await signIn(elsewhere.url, diaz.email, diaz.password);
  const offline = await open();
  await offline.getByRole('banner').filter({ hasText: 'Live' }).waitFor();
  await server.stop();
  await offline.getByRole('region', { name: /^Offline since/ }).waitFor();
  async function run(phrase: string) {
    await offline.keyboard.press('Control+k');
    await offline.getByRole('dialog').getByRole('combobox').fill(phrase);
    await offline.keyboard.press('Enter');
    await delay(settleMs);
  }
  async function dismissToasts() {
    const dismiss = offline.getByRole('button', { name: 'Dismiss' });
    while ((await dismiss.count()) > 0) await dismiss.first().click();
  }
  await run('hold or 7 10:50 50 min');
  await offline.keyboard.press('Enter');
  await run('delay or 9 20 min');
  // Without a reason.
  await offline.keyboard.press('Enter');
  await dismissToasts();
  await run('move pacemaker to or 7 16:00');
  await take(offline, 'offline');
  await colleague.post(`${site}/holds`, {
    roomId: idOf('Main OR 7'),
    start: instantOf(date, '10:50', demoSite.timeZone),
    minutes: 50,
    title: 'Ventricular drain',
  });
  const back = await serve(new URL(url).port);
  await offline.getByText(/^Your requests were sent/).waitFor();
  await dismissToasts();
  await offline.keyboard.press('Control+j');
  await takeAndClose(offline, 'requests');
  await elsewhere.stop();
  await back.stop();
}

await main();
