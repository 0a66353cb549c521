/** Measures the cost of a queue: 200 commands replayed from the log of a desk, against the same commands sent one after another. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { problem } from '@slate/shared/errors';
import { createQueue } from '@slate/shared/queue';
import type { QueueRecord } from '@slate/shared/queue';
import { createLog, openLog } from '../../desktop/src/main/desk-log.ts';
import { realDisk } from '../../desktop/src/main/disk.ts';
import { createReplay } from '../../desktop/src/renderer/src/commands/replay.ts';
import { asked } from '../../shared/test/queue-records.ts';
import { baseOfLoad, createHospital } from './hospital.ts';
import type { BenchSite } from './hospital.ts';
import { HttpConnection } from './http-connection.ts';
import { median } from './measuring.ts';
import type { Row } from './report.ts';
import { signInAll } from './set-up.ts';
import type { BenchSetUp } from './set-up.ts';

/** The number of requests that are appended at a time. */
const batch = 50;

/** The cost of applying a record to a queue of this length, in microseconds, measured in turns with the other length. */
function applyCosts(lengths: readonly number[], rounds: number): number[][] {
  const newRequest = () =>
    asked(0, { id: randomUUID(), params: { case: randomUUID() }, body: { version: 1 } });
  const logs = lengths.map((length) => Array.from({ length }, newRequest));
  const costs = lengths.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, log] of logs.entries()) {
      const queue = createQueue(log);
      const more = Array.from({ length: batch }, newRequest);
      const began = performance.now();
      for (const record of more) queue.apply(record);
      costs[index]?.push(((performance.now() - began) * 1000) / batch);
    }
  }
  return costs;
}

/** Each hold is two commands: it is placed and released. */
const holds = 100;

export async function benchQueue(setUp: BenchSetUp): Promise<Row[]> {
  const { effort, folder: results, say } = setUp;
  const database = await setUp.database('bench_queue');
  const hospital = await createHospital(database.owner, { sites: 1, rooms: 1, surgeons: 1, people: 1 });
  const server = await setUp.server(database.appUrl, 'bench-queue');
  const [token = ''] = await signInAll(server.url, [hospital.people[0]?.email ?? ''], hospital.password);
  const [site] = hospital.sites;
  if (!site) throw new Error('there is no site');
  const folder = mkdtempSync(join(results, 'queue-'));
  const durations = { replay: [] as number[], direct: [] as number[] };
  const measure = async (times: number[], act: () => Promise<void>) => {
    const began = performance.now();
    await act();
    times.push(performance.now() - began);
  };
  try {
    const client = clientOf(server.url, site, token);
    await client.direct();
    for (let round = 1; round <= Math.max(3, effort.rounds); round++) {
      const prepared = await client.prepare(join(folder, `log-${round}`));
      await measure(durations.direct, () => client.direct());
      await measure(durations.replay, () => prepared.replay());
      await prepared.close();
      say(
        `queue, round ${round}: replay ${durations.replay.at(-1)?.toFixed(0)} ms, direct ${durations.direct.at(-1)?.toFixed(0)} ms`,
      );
    }
    client.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
  const [short = [], long = []] = applyCosts([10, 10_000], 40);
  return [
    {
      part: 'queue',
      what: 'a request appended to 10,000, without the disk',
      unit: 'µs',
      ours: median(long),
      baseline: median(short),
      against: 'appended to 10',
      goal: ['<=', 3],
    },
    {
      part: 'queue',
      what: `${2 * holds} queued commands, replayed from the log`,
      unit: 'ms',
      ours: median(durations.replay),
      baseline: median(durations.direct),
      ratio: median(durations.replay.map((each, n) => each / (durations.direct[n] ?? Number.NaN))),
      against: 'sent one after another',
      goal: ['<=', 1.2],
    },
  ];
}

function clientOf(url: string, site: BenchSite, token: string) {
  const connection = new HttpConnection(url);
  const post = async (path: string, body: unknown, headers: string) => {
    const authorization = `Authorization: Bearer ${token}\r\n`;
    const reply = await connection.send(
      'POST',
      `/api/v1/sites/${site.id}/${path}`,
      authorization + headers,
      JSON.stringify(body ?? {}),
    );
    return { ...reply, body: JSON.parse(reply.body) as { case: { id: string }; position: number } };
  };
  const keyed = (key: string) => `Idempotency-Key: ${key}\r\n`;
  const bodyOf = (index: number) => ({
    roomId: site.rooms[0] ?? '',
    procedureId: site.procedure,
    start: new Date(baseOfLoad() + index * 1_800_000).toISOString(),
    minutes: 10,
    overrideReason: 'Bench',
  });
  const checkStatus = (status: number) => {
    if (status >= 300) throw new Error(`refused with ${status}`);
  };

  return {
    async direct() {
      for (let index = 0; index < holds; index++) {
        const held = await post('holds', bodyOf(index), keyed(randomUUID()));
        checkStatus(held.status);
        const released = await post(`cases/${held.body.case.id}/release`, {}, keyed(randomUUID()));
        checkStatus(released.status);
      }
    },
    /** A desk whose log has the commands. */
    async prepare(path: string) {
      const device = randomUUID();
      const say = () => {};
      const log = { file: '', info: say, warn: say, error: say };
      const deps = { path, desk: device, key: randomBytes(32), disk: realDisk, log };
      await createLog(deps);
      const desk = await openLog(deps);
      if (!desk) throw new Error('expected a log');
      const queue = createQueue();
      const append = async (more: readonly QueueRecord[]) => {
        await desk.append(more);
        for (const record of more) queue.apply(record);
      };
      for (let index = 0; index < holds; index++) await append(recordsOf(index));

      const replay = () =>
        new Promise<void>((resolve, reject) => {
          let answered = 0;
          const engine = createReplay({
            device,
            queue: () => queue,
            append: async (more) => {
              await append(more);
              answered += more.filter(({ type }) => type === 'answered').length;
              if (answered === 2 * holds) resolve();
            },
            isReady: () => true,
            askPosition: async () => {
              const { body } = await post('devices', { id: device, name: 'Bench' }, '');
              return { kind: 'done', reply: body };
            },
            send: async ({ request }, { params, body }, n) => {
              const queued = `Slate-Device: ${device}\r\nSlate-Position: ${n}\r\n`;
              const to = request.command === 'placeHold' ? 'holds' : `cases/${params['case']}/release`;
              const reply = await post(to, body, keyed(request.id) + queued);
              const refused = problem.safeParse(reply.body);
              if (refused.success) reject(new Error(refused.data.detail));
              return { kind: 'done', reply: reply.body };
            },
            deliver: () => false,
            setTrouble: (trouble) => trouble && reject(new Error(trouble)),
            now: () => new Date().toISOString(),
            queueHours: () => 24,
          });
          engine.now();
        });
      return { replay, close: () => desk.close() };
    },
    close: () => connection.close(),
  };

  /** A hold and its release. */
  function recordsOf(index: number): QueueRecord[] {
    const madeAt = new Date().toISOString();
    const id = randomUUID();
    return [
      asked(0, { id, madeAt, command: 'placeHold', body: bodyOf(index) }),
      asked(0, {
        id: randomUUID(),
        madeAt,
        command: 'releaseHold',
        params: { case: `@${id}` },
        dependsOn: [id],
      }),
    ];
  }
}
