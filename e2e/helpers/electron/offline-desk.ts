/** A workstation in the real desktop program whose server can be cut off, and a colleague who works with another server. */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '@slate/shared/cases';
import type { QueueRecord } from '@slate/shared/queue';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { at } from '../../../server/test/hospital.ts';
import { requestOf } from '../../../shared/test/queue-records.ts';
import type { ServerProcess } from '../../../scripts/server-process.ts';
import { bookings } from '../console/bookings.ts';
import { openConsoleDeployment } from '../console/console-deployment.ts';
import type { ConsoleDeployment, HospitalWithAccounts } from '../console/console-deployment.ts';
import { partsOf } from '../console/console.ts';
import type { Account } from '../console/console.ts';
import { openDesktop, createWorkstation } from './desktop.ts';
import type { Desktop, Workstation } from './desktop.ts';

export const patient = 'DEMO-KEEP-SECRET';
export const request = 'Move Total knee to OR 2 10:00';

/** Moves the knee through the palette. */
export async function requestMove(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('move knee to or 2 10:00');
  await page
    .getByRole('option', { name: /^Move / })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
}

type Colleague = ReturnType<typeof bookings>;

/**
 * Gives every test a hospital, a workstation and a booked case of its own. Use the result only in tests. `keyring`:
 * the variables of its session.
 */
export function setUpOfflineDesk(keyring?: () => Record<string, string>) {
  let deployment: ConsoleDeployment;
  let server: ServerProcess;
  let otherServer: ServerProcess;
  let port: string;
  let hospital: HospitalWithAccounts;
  let colleague: Colleague;
  let knee: Case;
  let workstation: Workstation;
  let desktop: Desktop | null = null;

  beforeAll(async () => {
    deployment = await openConsoleDeployment({ servers: 0 });
    [server, otherServer] = await Promise.all([deployment.startServer(), deployment.startServer()]);
    ({ port } = new URL(server.url));
  });
  afterAll(() => deployment?.end());
  beforeEach(async () => {
    hospital = await deployment.newHospital();
    colleague = await as('second');
    knee = await colleague.book({ start: at('08:00'), title: 'Total knee', patientRef: patient });
    workstation = createWorkstation();
    await start();
  });
  afterEach(async () => {
    await stop();
    workstation[Symbol.dispose]();
    await cut();
    await repair();
  });

  const as = async (user: keyof HospitalWithAccounts['users']) =>
    bookings(await deployment.as(hospital.users[user], otherServer.url), hospital);
  const start = async () => {
    desktop = await openDesktop({
      server: `http://127.0.0.1:${port}`,
      folder: workstation.folder,
      ...(keyring && { keyring: keyring() }),
    });
  };
  const stop = async () => {
    await desktop?.close();
    desktop = null;
  };
  const cut = () => server.kill9();
  const freeze = () => process.kill(server.pid, 'SIGSTOP');
  const repair = async () => {
    server = await deployment.startServer({ PORT: port });
  };
  const running = (): Desktop => {
    if (!desktop) throw new Error('The program is not running.');
    return desktop;
  };
  const page = () => running().page;
  const parts = () => partsOf(page());
  const password = () => page().getByLabel('Password', { exact: true });
  const button = (name: string) => page().getByRole('button', { name, exact: true });
  const recentUser = () => page().getByRole('list', { name: 'Recent users' }).getByRole('button').first();

  /** When the board was last saved at the workstation; null: never. */
  const savedAt = (): number | null => {
    const names = readdirSync(workstation.folder, { recursive: true, encoding: 'utf8' });
    const board = names.find((name) => /desks.*[/\\]board$/.test(name));
    return board === undefined ? null : statSync(join(workstation.folder, board)).mtimeMs;
  };
  const passwordPrompt = () => page().getByRole('region', { name: 'Sign in again' });
  const lock = () => running().app.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
  /** Waits until the console has noticed that the server is gone. */
  const untilOffline = async () => {
    await expect.poll(() => parts().connection(), { timeout: 20_000 }).toBe('Offline since');
  };
  /** Adds requests to the log. The console reads them when it opens the desk again. */
  const append = async (...titles: string[]) => {
    const records = titles.map((title): QueueRecord => {
      const params = { site: hospital.siteId, case: knee.id };
      const madeAt = new Date().toISOString();
      return {
        type: 'asked',
        request: requestOf(0, { id: randomUUID(), params, title, madeAt, boardAt: null }),
      };
    });
    // As text: the type of a request is recursive.
    await page().evaluate(
      (text) => window.slate?.appendToLog(JSON.parse(text) as never),
      JSON.stringify(records),
    );
  };
  const isOpen = () => page().evaluate(async () => (await window.slate?.resumeDesk(600_000)) !== null);

  return {
    get desktop() {
      return running();
    },
    get page() {
      return page();
    },
    get parts() {
      return parts();
    },
    get hospital() {
      return hospital;
    },
    /** A second coordinator, on a server that is never cut off. */
    get colleague() {
      return colleague;
    },
    /** Tomorrow at 08:00 in the first room. */
    get knee() {
      return knee;
    },
    get folder() {
      return workstation.folder;
    },
    as,
    api: (user: keyof HospitalWithAccounts['users']) => deployment.as(hospital.users[user], otherServer.url),
    start,
    stop,
    restart: async () => {
      await stop();
      await start();
    },
    cut,
    freeze,
    repair,
    heading: (name: string) => page().getByRole('heading', { level: 1, name }),
    password,
    button,
    recentUser,
    alert: () => page().getByRole('alert').first().textContent(),
    tomorrow: () => page().getByRole('button', { name: 'Next day' }).click(),
    frozenBoard: () => page().getByRole('main', { name: /^Board, as of \d\d:\d\d$/ }),
    lock,
    savedAt,
    /** The files and folders of the coordinator's desk at the workstation. */
    filesOfDesk: () => {
      const desks = join(workstation.folder, 'desks');
      return existsSync(desks)
        ? readdirSync(desks, { recursive: true, encoding: 'utf8' }).filter((name) =>
            name.includes(hospital.users.coordinator),
          )
        : [];
    },
    /** Closes the tooltip of the last button, which would cover the page. */
    leaveTooltip: async () => {
      await page().mouse.move(0, 0);
      await expect.poll(() => page().getByRole('tooltip').count()).toBe(0);
    },
    /** Signs in at the server, and waits until the board is live. */
    signInLive: async (account: Account = hospital.accounts.coordinator) => {
      await parts().email.or(recentUser()).first().waitFor();
      if (await recentUser().isVisible()) {
        await recentUser().click();
        await password().fill(account.password);
        await button('Sign in').click();
      } else await parts().signIn(account);
      await parts().grid.waitFor();
      await expect.poll(() => parts().connection()).toBe('Live');
    },
    untilSaved: async () => {
      await expect.poll(isOpen).toBe(true);
      await expect.poll(savedAt).not.toBeNull();
    },
    /** Enters the password at the screen of this button. */
    enterPassword: async (name: string, typed = hospital.accounts.coordinator.password) => {
      await password().fill(typed);
      await button(name).click();
    },
    passwordPrompt,
    /** Enters the password that the console asks for when the server is back. */
    answerPasswordPrompt: async () => {
      await passwordPrompt().waitFor({ timeout: 30_000 });
      const field = passwordPrompt().getByRole('textbox', { name: 'Password' });
      await field.fill(hospital.accounts.coordinator.password);
      await field.press('Enter');
    },
    /** Saves a request, loses the server, locks, and lets another person sign in. */
    switchUserOverRequest: async () => {
      await append(request);
      await cut();
      await untilOffline();
      await lock();
      await button('Switch user').click();
    },
    /** Waits until the pause after a wrong password is over. */
    untilEnabled: async (name: string) => {
      await expect.poll(() => button(name).isEnabled(), { timeout: 15_000 }).toBe(true);
    },
    untilOffline,
    /** Requests a move of the booked case through the palette while the server is away. */
    requestMove: async () => {
      await requestMove(page());
      await expect.poll(() => page().getByRole('contentinfo').textContent()).toContain('1 waiting');
    },
    append,
  };
}
