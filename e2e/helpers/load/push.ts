import { board } from '@slate/shared/contract/reads';
import type { Board } from '@slate/shared/contract/reads';
import type { Case } from '@slate/shared/cases';
import type { Change } from '@slate/shared/changes';
import { addMinutes } from '@slate/shared/time';
import type { Api } from '../../../scripts/api.ts';
import { TestConsole } from '../../../server/test/consoles.ts';
import { at } from '../../../server/test/hospital.ts';
import type { Deployment } from '../deployment.ts';

const missedCount = 30;
const day = at('00:00', 20).slice(0, 10);

const readBoard = async (desk: Api, deployment: Deployment) =>
  board.parse((await desk.get(`/sites/${deployment.siteId}/board?date=${day}`)).body);

/** The cases of the day and the depot after these changes. */
function casesAfter({ cases, depot }: Board, changes: readonly Change[]): Map<string, Case> {
  const now = new Map([...cases, ...depot].map((item) => [item.id, item]));
  for (const { body } of changes) if (body.type === 'case') now.set(body.case.id, body.case);
  return now;
}

const textOf = (cases: Map<string, Case>) =>
  JSON.stringify([...cases.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)));

async function changeSomething(desk: Api, deployment: Deployment, from: number, count: number) {
  for (let index = from; index < from + count; index += 2) {
    const held = await desk.post(`/sites/${deployment.siteId}/holds`, {
      roomId: deployment.rooms[0],
      start: addMinutes(at('00:00', 20), index * 15),
      minutes: 15,
      setupMinutes: 0,
      cleanupMinutes: 0,
      procedureId: deployment.procedure,
      surgeonId: deployment.surgeons[0],
      overrideReason: 'Push',
    });
    const { id } = held.body.case as Case;
    await desk.post(`/sites/${deployment.siteId}/cases/${id}/confirm`, {});
  }
}

export type CaughtUp = { different: string[]; gaps: string[]; seconds: number };

/**
 * `count` consoles follow a site on two servers. One server is killed and misses 30 changes; after its restart its consoles
 * return. Returns the consoles that then show a wrong board, and the time it took.
 */
export async function missAndCatchUp(deployment: Deployment, consoles: number): Promise<CaughtUp> {
  const [first, second] = deployment.servers;
  if (!first || !second) throw new Error('Two servers are needed.');
  const desk = await deployment.as(deployment.users.coordinator, second.url);
  await changeSomething(desk, deployment, 0, 10);
  const before = await readBoard(desk, deployment);
  const { epoch, revision } = before;
  const siteId = deployment.siteId;

  const tokens = await Promise.all(
    Array.from({ length: consoles }, () => deployment.tokenOf(deployment.users.coordinator)),
  );
  const open = async (token: string, index: number) => {
    const opened = new TestConsole(index % 2 === 0 ? first.url : second.url, token);
    await opened.follow({ siteId, epoch, revision });
    return opened;
  };
  const opened: TestConsole[] = [];
  for (let start = 0; start < consoles; start += 50) {
    const some = tokens.slice(start, start + 50).map((token, index) => open(token, start + index));
    opened.push(...(await Promise.all(some)));
  }

  const cutOff = opened.filter((_, index) => index % 2 === 0);
  await first.kill9();
  await Promise.all(cutOff.map((console) => console.untilDisconnected()));
  await changeSomething(desk, deployment, 10, missedCount);
  const restarted = await deployment.startServer({ PORT: new URL(first.url).port });
  deployment.servers[0] = restarted;
  deployment.servers.pop();

  const since = performance.now();
  const after = await readBoard(desk, deployment);
  const returned = await Promise.all(
    cutOff.map(async (console, index) => {
      const reconnected = new TestConsole(restarted.url, tokens[index * 2] ?? '');
      await reconnected.follow({ siteId, epoch: console.epoch, revision: console.revision });
      return { console: reconnected, changes: [...console.changes, ...reconnected.changes] };
    }),
  );
  const stayed = opened.filter((_, index) => index % 2 === 1);
  await Promise.all(stayed.map((console) => console.untilRevision(after.revision)));
  const seconds = (performance.now() - since) / 1000;

  const fresh = textOf(casesAfter(after, []));
  const all = [...returned, ...stayed.map((console) => ({ console, changes: console.changes }))];
  const different = all.flatMap(({ console, changes }, index) =>
    textOf(casesAfter(before, changes)) === fresh && console.revision === after.revision
      ? []
      : [`console ${index} at revision ${console.revision}, the board at ${after.revision}`],
  );
  for (const { console } of all) console.socket.disconnect();
  return { different, gaps: all.flatMap(({ console }) => console.gaps), seconds };
}
