import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ImportFile } from '@slate/shared/contract/imports';
import type { ListKind } from '@slate/shared/lists/columns';
import { addMinutes } from '@slate/shared/time';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../../scripts/api.ts';
import { at } from '../../server/test/hospital.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';

// Files of 20,000 lines, while a coordinator works.

let deployment: Deployment;
let administrator: Api;
let coordinator: Api;
beforeAll(async () => {
  deployment = await openDeployment({ servers: 1 });
  administrator = await deployment.as(deployment.users.administrator);
  coordinator = await deployment.as(deployment.users.coordinator);
});
afterAll(() => deployment.end());

const path = () => `/sites/${deployment.siteId}`;
const importIn = (body: Record<string, unknown>) => body.import as ImportFile;

async function until(id: string, states: ImportFile['state'][]): Promise<ImportFile> {
  for (;;) {
    const { body } = await administrator.get(`${path()}/imports`);
    const file = (body.imports as ImportFile[]).find((each) => each.id === id);
    if (file && states.includes(file.state)) return file;
    await pause(100);
  }
}

/** Imports a file. Returns the counts, and the seconds of each step. */
async function importFile(kind: ListKind, text: string) {
  const id = randomUUID();
  const seconds: Record<string, number> = {};
  const timed = async <Result>(name: string, step: () => Promise<Result>) => {
    const began = performance.now();
    const result = await step();
    seconds[name] = (performance.now() - began) / 1000;
    return result;
  };
  const uploaded = await timed('upload', () =>
    administrator.post(`${path()}/imports?id=${id}&kind=${kind}&file=${kind}.csv`, Buffer.from(text)),
  );
  expect(uploaded.status).toBe(201);
  const checked = await timed('check', async () => {
    const { mapping } = importIn(uploaded.body);
    await administrator.post(`${path()}/imports/${id}/check`, { mapping });
    return until(id, ['checked', 'failed']);
  });
  expect(checked).toMatchObject({ state: 'checked', counts: { refuse: 0 } });
  const applied = await timed('apply', async () => {
    await administrator.post(`${path()}/imports/${id}/apply`, { mode: 'all' });
    return until(id, ['applied', 'failed']);
  });
  expect(applied.reason).toBeNull();
  return { file: applied, seconds };
}

/** Holds and releases a time in the first room, one after the other. Returns the milliseconds of each hold. */
function workMeanwhile() {
  const times: number[] = [];
  const stopping = new AbortController();
  const work = (async () => {
    for (let n = 0; !stopping.signal.aborted; n++) {
      const start = addMinutes(at('00:00', 400 + (n % 300)), 60 * (n % 20));
      const began = performance.now();
      const { status, body } = await coordinator.post(`${path()}/holds`, {
        roomId: deployment.rooms[0],
        start,
        minutes: 30,
      });
      times.push(performance.now() - began);
      expect(status).toBe(201);
      await coordinator.post(`${path()}/cases/${(body.case as { id: string }).id}/release`, {});
      await pause(20);
    }
  })();
  return async () => {
    stopping.abort();
    await work;
    const sorted = times.toSorted((a, b) => a - b);
    const percentile = (part: number) => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
    return { holds: times.length, median: percentile(0.5), p99: percentile(0.99), most: percentile(1) };
  };
}

const lines = 20_000;
const report = (what: string, ...facts: unknown[]) =>
  process.stdout.write(`${what}: ${JSON.stringify(facts)}\n`);

test('IM6 20,000 procedures are imported in less than 30 s, and a coordinator’s holds go on meanwhile', async () => {
  const text = Array.from(
    { length: lines },
    (_, n) => `P${n},Procedure ${n},Service ${n % 20},${60 + (n % 60)},10,10,C-arm\n`,
  );
  const stop = workMeanwhile();
  const { file, seconds } = await importFile(
    'procedures',
    `ID,Name,Service,Minutes,Setup,Cleanup,Equipment\n${text.join('')}`,
  );
  const holds = await stop();
  report('20,000 procedures', seconds, holds);
  expect(file.counts).toMatchObject({ create: lines });
  expect((seconds.check ?? 0) + (seconds.apply ?? 0)).toBeLessThan(30);
  expect(holds.most).toBeLessThan(2_000);
});

test('IM15 20,000 cases are booked in less than 30 s, and a coordinator’s holds go on meanwhile', async () => {
  const rooms = Array.from({ length: 40 }, (_, n) => n);
  await importFile('rooms', `ID,Name\n${rooms.map((n) => `R${n},Room ${n}\n`).join('')}`);
  await importFile('surgeons', `ID,Name\n${rooms.map((n) => `S${n},Surgeon of ${n}\n`).join('')}`);
  const text = Array.from({ length: lines }, (_, n) => {
    const [room, slot] = [n % 40, Math.floor(n / 40)];
    const start = addMinutes(at('07:00', 30 + Math.floor(slot / 8)), (slot % 8) * 75);
    return `C${n},Room ${room},${start.slice(0, 16).replace('T', ' ')},50,Surgeon of ${room},Case ${n},MRN-${n}\n`;
  });
  const stop = workMeanwhile();
  const { file, seconds } = await importFile(
    'cases',
    `ID,Room,Start,Minutes,Surgeon,Title,Patient\n${text.join('')}`,
  );
  const holds = await stop();
  report('20,000 cases', seconds, holds);
  expect(file.counts).toMatchObject({ create: lines });
  expect(seconds.apply).toBeLessThan(30);
  expect(holds.most).toBeLessThan(2_000);
});

test('IM11 a file of 200 MB is refused while it is sent, and the server does not keep it', async () => {
  const chunk = Buffer.alloc(1_000_000, 'x');
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ < 200) controller.enqueue(chunk);
      else controller.close();
    },
  });
  const resident = async () => {
    const text = await (await fetch(`${administrator.url}/metrics`)).text();
    return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
  };
  const before = await resident();
  const token = await deployment.tokenOf(deployment.users.administrator);
  const answer = await fetch(
    `${administrator.url}/api/v1${path()}/imports?id=${randomUUID()}&kind=rooms&file=rooms.csv`,
    {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream' },
    } as RequestInit,
  );
  expect(answer.status).toBe(413);
  report('200 MB', { grownBy: (await resident()) - before });
  expect((await resident()) - before).toBeLessThan(150_000_000);
});
