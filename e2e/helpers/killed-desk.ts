/** Kills a program or browser at random moments while its page saves requests, and checks the requests after the next start. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { QueuedRequest, QueueRecord } from '@slate/shared/queue';
import type { Page } from 'playwright-core';
import { requestOf } from '../../shared/test/queue-records.ts';
import type { OpenDeskResult } from '../../desktop/src/bridge.ts';
import { launchKillable } from './browser/browser.ts';
import { openDeskPage, serveDesks } from './browser/desk-page.ts';
import { emptyPage, openDesktop } from './electron/desktop.ts';
import type { Desktop } from './electron/desktop.ts';

export const deskInput = {
  personId: '0197a6b2-5a3c-7c0e-9f41-2b7d6e8c1a55',
  siteId: '0197a6b2-5a3c-7c0e-9f41-2b7d6e8c1a56',
  email: 'kraus@example.org',
  name: 'M. Kraus',
  siteName: 'North',
  secret: Buffer.alloc(32, 7).toString('base64url'),
  password: 'correct horse battery' as string | null,
  offlineHours: 72,
};

/** Opens the desk as the console does after a sign-in. */
export const openDesk = (
  { page }: { page: Page },
  change: Partial<typeof deskInput> = {},
): Promise<OpenDeskResult> =>
  page.evaluate(
    async (input) => {
      const slate = window.slate;
      if (!slate) throw new Error('There is no program.');
      const { personId, siteId } = input;
      return slate.openDesk({ ...input, device: await slate.deskDevice({ personId, siteId }) });
    },
    { ...deskInput, ...change },
  );

export async function kill9({ app }: Desktop): Promise<void> {
  const program = app.process();
  if (program.exitCode !== null || program.signalCode !== null) return;
  const killed = once(program, 'exit');
  program.kill('SIGKILL');
  await killed;
}

/** A running program or browser. Its page has the bridge and does nothing with it. */
export type Killable = {
  page: Page;
  /** Whether the browser itself deleted its database when the desk was opened: Chromium does so when it finds its files damaged. */
  isDeleted?(): Promise<boolean>;
  kill9(): Promise<void>;
};

/** The desktop program on this data folder. */
export async function startProgram(server: string, folder: string): Promise<Killable> {
  const desktop = await openDesktop({ server, folder });
  const kill = () => kill9(desktop);
  await orKill(kill, emptyPage(desktop));
  return { page: desktop.page, kill9: kill };
}

/** A browser on this profile. */
export async function startBrowser(folder: string, script: string): Promise<Killable> {
  const { context, kill9: kill } = await launchKillable(folder);
  await orKill(kill, serveDesks(context, script));
  const page = await orKill(kill, openDeskPage(context));
  const isDeleted = () => page.evaluate(() => shell.hasLostDesks());
  return { page, isDeleted, kill9: kill };
}

/** Kills a program that cannot be used, so that a failed test leaves none running. */
const orKill = <Result>(kill: () => Promise<void>, preparing: Promise<Result>): Promise<Result> =>
  preparing.catch(async (error: unknown) => {
    await kill();
    throw error;
  });

/** A round of appending confirms at least this many requests before the kill. */
const confirmedPerRound = 7;
/** Every fifth round kills while the desk is opened. The others kill while requests are appended or the log is rewritten. */
const isOpeningRound = (round: number) => round % 5 === 4;

/**
 * Kills the program or browser at a random moment of each round. Throws if a confirmed request is missing after a restart, or is
 * there twice. Returns how many requests were confirmed, and how often a browser deleted its database.
 */
export async function killOften(
  start: () => Promise<Killable>,
  rounds: number,
  random: () => number,
): Promise<{ confirmed: number; deleted: number }> {
  let open = new Set<string>();
  let confirmed = 0;
  let deleted = 0;
  for (let round = 0; round <= rounds; round++) {
    const when = `round ${round}`;
    const program = await start();
    try {
      const { page } = program;
      const found = await openDesk(program, { password: null });
      if (found.result !== 'opened') throw new Error(`${when}: the desk is unreadable (${found.why}).`);
      if (found.desk.damage?.kind === 'broken') throw new Error(`${when}: the log is broken.`);
      if (await program.isDeleted?.()) {
        deleted++;
        open.clear();
      }
      const ids = idsOf(found.desk.records);
      const missing = [...open].filter((id) => !ids.includes(id));
      if (missing.length > 0)
        throw new Error(
          `${when}: ${missing.length} of ${open.size} confirmed requests are missing${found.mayVanish ? '; the desk has begun anew' : ''}.`,
        );
      if (new Set(ids).size < ids.length) throw new Error(`${when}: a request is there twice.`);
      if (round === rounds) break;
      open = new Set(ids);
      if (isOpeningRound(round)) {
        await page.evaluate(() => window.slate?.closeDesk());
        void openDesk(program, { password: null }).catch(() => {});
      } else {
        // Discarding old requests makes the desk rewrite the log, also at the next start.
        const old = ids.slice(0, -50);
        for (const id of old) open.delete(id);
        await appendForever(page, round, old, (id) => {
          confirmed++;
          open.add(id);
        });
      }
      await pause(random() * (isOpeningRound(round) ? 40 : 400));
    } finally {
      await program.kill9();
    }
  }
  return { confirmed, deleted };
}

const idsOf = (records: readonly QueueRecord[]) =>
  records.flatMap((record) =>
    record.type === 'asked' && record.request.id.startsWith(openPrefix) ? [record.request.id] : [],
  );

/** The ids of requests that stay open begin with this. The others are sent, answered and closed. */
const openPrefix = 'aaaaaaaa';

/**
 * Discards old requests, and then appends without end, one request at a time and several at once. Calls back for each confirmed
 * request that stays open. Resolves when enough of them were confirmed.
 */
async function appendForever(
  page: Page,
  round: number,
  old: readonly string[],
  onConfirmed: (id: string) => void,
): Promise<void> {
  let confirmed = 0;
  const enough = new Promise<void>((resolve) => {
    page.on('console', (message) => {
      const [event, id] = message.text().split(' ');
      if (event !== 'confirmed' || id === undefined) return;
      onConfirmed(id);
      if (++confirmed === confirmedPerRound) resolve();
    });
  });
  await page.evaluate(
    async ([roundNumber, discarded, prefix, request]) => {
      const append = async (records: QueueRecord[]) => window.slate?.appendToLog(records);
      for (let from = 0; from < discarded.length; from += 100) {
        await append(
          discarded.slice(from, from + 100).map((id) => ({ type: 'closed', id, how: 'discarded' }) as const),
        );
      }
      let last = roundNumber * 1_000_000;
      const newId = (start: string) => `${start}-0000-4000-8000-${String(last++).padStart(12, '0')}`;
      const at = '2026-11-30T09:42:00.000Z';
      const recordOf = (id: string): QueueRecord => ({
        type: 'asked',
        request: { ...(JSON.parse(request) as QueuedRequest), id },
      });
      const appendOpen = async () => {
        const id = newId(prefix);
        await append([recordOf(id)]);
        console.log(`confirmed ${id}`);
      };
      const appendClosed = async () => {
        const id = newId('bbbbbbbb');
        await append([recordOf(id)]);
        await append([{ type: 'sending', id, n: 1, at }]);
        await append([{ type: 'answered', id, at, result: { kind: 'done', cases: [] } }]);
        await append([{ type: 'closed', id, how: 'seen' }]);
      };
      const loop = async (): Promise<never> => {
        for (;;) {
          await appendOpen();
          await appendClosed();
          await Promise.all([appendOpen(), appendClosed(), appendOpen(), appendClosed()]);
        }
      };
      // Ends with the program.
      void loop();
    },
    [round, old, openPrefix, JSON.stringify(requestOf(0))] as const,
  );
  await enough;
}
