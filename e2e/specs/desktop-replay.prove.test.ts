/** The desktop program is killed at random moments while it sends its queue to a real server. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Case } from '@slate/shared/cases';
import { requestsOf } from '@slate/shared/queue';
import type { QueueRecord, Requested } from '@slate/shared/queue';
import { expect, test } from 'vitest';
import { asked } from '../../shared/test/queue-records.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import { partsOf } from '../helpers/console/console.ts';
import { noElectron, openDesktop, createWorkstation } from '../helpers/electron/desktop.ts';
import type { Desktop } from '../helpers/electron/desktop.ts';
import { kill9 } from '../helpers/killed-desk.ts';
import { seededRandom } from '../helpers/seeded-random.ts';

const kills = 50;
const perRound = 40;
/** From the first request to the kill: the replay of a round takes about as long. */
const longestMs = 400;

/** The records of the desk that is open in the program; null: none is. */
const recordsOf = async ({ page }: Desktop): Promise<QueueRecord[] | null> =>
  JSON.parse(
    await page.evaluate(async () =>
      JSON.stringify((await window.slate?.resumeDesk(600_000))?.records ?? null),
    ),
  ) as QueueRecord[] | null;
const isWaiting = ({ closed, result }: Requested) => closed === null && result === null;
const countWaiting = async (desktop: Desktop) =>
  requestsOf((await recordsOf(desktop)) ?? []).filter(isWaiting).length;

/** The replay counts as stuck when no request was answered for so long. */
const stuckAfterMs = 60_000;
/** Waits until all requests are answered, however long that takes. */
async function untilAnswered(desktop: Desktop): Promise<void> {
  let fewest = Infinity;
  let answeredAt = performance.now();
  for (;;) {
    const left = await countWaiting(desktop);
    if (left === 0) return;
    if (left < fewest) [fewest, answeredAt] = [left, performance.now()];
    else if (performance.now() - answeredAt > stuckAfterMs) throw new Error(`${left} requests wait.`);
    await pause(500);
  }
}

test.skipIf(noElectron())(
  `LG15 QU6 after ${kills} kills during a replay, each request is done once`,
  async () => {
    const deployment = await openConsoleDeployment();
    try {
      const hospital = await deployment.newHospital();
      const api = await deployment.as(hospital.users.second);
      using workstation = createWorkstation();
      const seed = Date.now() % 1e6;
      const next = seededRandom(seed);
      const confirmed: string[] = [];
      /** Counts the restarts that found a request without an answer. */
      let interrupted = 0;

      const open = async (): Promise<Desktop> => {
        const desktop = await openDesktop({
          server: deployment.servers[0]?.url ?? '',
          folder: workstation.folder,
        });
        const parts = partsOf(desktop.page);
        // From the second time on, the person is on the list of this workstation.
        const listed = desktop.page.getByRole('list', { name: 'Recent users' }).getByRole('button').first();
        await parts.email.or(listed).first().waitFor();
        if (await listed.isVisible()) {
          await listed.click();
          await desktop.page
            .getByLabel('Password', { exact: true })
            .fill(hospital.accounts.coordinator.password);
          await desktop.page.getByRole('button', { name: 'Sign in', exact: true }).click();
        } else await parts.signIn(hospital.accounts.coordinator);
        await expect.poll(() => recordsOf(desktop), { timeout: stuckAfterMs }).not.toBeNull();
        return desktop;
      };
      const countDone = async () => {
        const query = 'SELECT count(*)::int FROM cases WHERE site_id = $1';
        const { rows } = await deployment.owner.query<{ count: number }>(query, [hospital.siteId]);
        return rows[0]?.count ?? 0;
      };
      const ask = async ({ page }: Desktop, title: string) => {
        const record = asked(0, {
          id: randomUUID(),
          command: 'addToDepot',
          body: { title, surgeonId: hospital.surgeons[0], minutes: 60, urgency: 'elective' },
          title: `Add ${title}`,
          madeAt: new Date().toISOString(),
          boardAt: null,
        });
        await page.evaluate(
          (text) => window.slate?.appendToLog([JSON.parse(text) as never]),
          JSON.stringify(record),
        );
        confirmed.push(title);
      };

      for (let round = 0; round < kills; round++) {
        const done = await countDone();
        const desktop = await open();
        const found = requestsOf((await recordsOf(desktop)) ?? []);
        if (found.some(({ state, n }) => state === 'sending' && n !== null)) interrupted++;
        // The page learns of these at the next start, and sends them then.
        for (let n = 0; n < perRound; n++) await ask(desktop, `Round ${round} request ${n}`);
        const isSending = async () => !found.some(isWaiting) || (await countDone()) > done;
        await expect.poll(isSending, { timeout: stuckAfterMs, interval: 5 }).toBe(true);
        await pause(next() * longestMs);
        await kill9(desktop);
      }

      const desktop = await open();
      const [left, began] = [await countWaiting(desktop), performance.now()];
      await untilAnswered(desktop);
      const seconds = (performance.now() - began) / 1000;
      console.info(`After the last start, ${left} requests were answered in ${seconds.toFixed(0)} s.`);
      await desktop.close();
      const { body } = await api.get(`/sites/${hospital.siteId}/board?date=2026-11-30`);
      const titles = (body.depot as Case[]).map(({ title }) => title ?? '');
      const wrong = confirmed.filter((title) => titles.filter((each) => each === title).length !== 1);
      expect(wrong, `seed ${seed}`).toEqual([]);
      expect(new Set(titles).size, `seed ${seed}`).toBe(titles.length);
      expect(confirmed.length).toBeGreaterThan(kills);
      expect(interrupted).toBeGreaterThan(kills / 4);
    } finally {
      await deployment.end();
    }
  },
);
