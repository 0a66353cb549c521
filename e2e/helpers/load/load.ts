import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Case } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import type { Answer, Api } from '../../../scripts/api.ts';
import { at } from '../../../server/test/hospital.ts';
import type { Deployment } from '../deployment.ts';

/** A final answer. After anything else (503, a cut connection) the request is repeated under its key. */
const isFinal = ({ status }: Answer) => status < 500 && status !== 429;

/** Repeats the request on any server until it gets an answer, like a console. */
async function sendUntilAnswered(
  desks: readonly Api[],
  request: (desk: Api, key: string) => Promise<Answer>,
): Promise<Answer> {
  const key = randomUUID();
  for (let attempt = 0; ; attempt++) {
    const desk = desks[attempt % desks.length] as Api;
    const answer = await request(desk, key).catch(() => undefined);
    if (answer && isFinal(answer)) return answer;
    await pause(Math.min(20 * 2 ** attempt, 250));
  }
}

export type Load = {
  /** The latest acknowledged state of each case. */
  readonly acknowledged: Map<string, Case>;
  readonly refused: Answer[];
  /** Resolves after `count` more commands were acknowledged. */
  more(commands: number): Promise<void>;
  stop(): Promise<void>;
};

/** Clients that hold and book until stopped, each on its own days in its own room, so that every command succeeds. */
export function startLoad(deployment: Deployment, desks: readonly Api[], room: number, clients = 8): Load {
  const acknowledged = new Map<string, Case>();
  const refused: Answer[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const stopping = new AbortController();

  function record(answer: Answer) {
    if (answer.status >= 400) {
      refused.push(answer);
      return undefined;
    }
    const item = answer.body.case as Case;
    acknowledged.set(item.id, item);
    for (const waiter of waiting) if (--waiter.count === 0) waiter.resolve();
    return item;
  }

  async function work(client: number) {
    // From next month on, each client has a room for itself every second day.
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      const start = addMinutes(at('00:00', 30 + 2 * client + Math.floor(turn / 96) * 20), (turn % 96) * 30);
      const held = record(
        await sendUntilAnswered(desks, (desk, key) =>
          desk.post(
            `/sites/${deployment.siteId}/holds`,
            {
              roomId: deployment.rooms[room],
              start,
              minutes: 10,
              setupMinutes: 0,
              cleanupMinutes: 0,
              procedureId: deployment.procedure,
              surgeonId: deployment.surgeons[room],
              overrideReason: 'Load',
            },
            { key },
          ),
        ),
      );
      if (held) {
        record(
          await sendUntilAnswered(desks, (desk, key) =>
            desk.post(`/sites/${deployment.siteId}/cases/${held.id}/confirm`, {}, { key }),
          ),
        );
      }
    }
  }

  const working = Array.from({ length: clients }, (_, client) => work(client));
  return {
    acknowledged,
    refused,
    more: (count) => new Promise((resolve) => waiting.push({ count, resolve })),
    stop: async () => {
      stopping.abort();
      await Promise.all(working);
    },
  };
}

/** Acknowledged cases that are missing or in an earlier state than acknowledged. */
export async function lostOf(
  deployment: Deployment,
  acknowledged: ReadonlyMap<string, Case>,
): Promise<string[]> {
  const { rows } = await deployment.owner.query<{ id: string; version: number }>(
    'SELECT id, version FROM cases WHERE site_id = $1',
    [deployment.siteId],
  );
  const versions = new Map(rows.map(({ id, version }) => [id, version]));
  return [...acknowledged.values()]
    .filter((item) => (versions.get(item.id) ?? 0) < item.version)
    .map(
      (item) =>
        `${item.id} was acknowledged as version ${item.version}, found ${versions.get(item.id) ?? 'nothing'}`,
    );
}
