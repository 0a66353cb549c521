/** The cost of storing a request at the desk, compared with the bare write of as many bytes: in a file, and in a browser. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { QueueRecord } from '@slate/shared/queue';
import { chromium as playwright } from 'playwright-core';
import { createLog, openLog } from '../../desktop/src/main/desk-log.ts';
import { realDisk } from '../../desktop/src/main/disk.ts';
import { chromium } from '../../scripts/chromium.ts';
import { asked } from '../../shared/test/queue-records.ts';
import { servePages } from './console-pages.ts';
import { quantile } from './measuring.ts';
import type { Row } from './report.ts';
import type { BenchSetUp } from './set-up.ts';

const groupSize = 20;

export const benchLog = async (setUp: BenchSetUp): Promise<Row[]> => [
  ...(await benchFile(setUp)),
  ...(await benchBrowser(setUp)),
];

async function benchFile({ effort, folder: results, say }: BenchSetUp): Promise<Row[]> {
  // Not in the system's folder for temporary files, which may be in memory.
  const folder = mkdtempSync(join(results, 'log-'));
  try {
    const path = join(folder, 'log');
    const log = { file: '', info: () => {}, warn: () => {}, error: (line: string) => say(line) };
    const deps = { path, desk: 'bench', key: randomBytes(32), disk: realDisk, log };
    await createLog(deps);
    const ours = await openLog(deps);
    if (!ours) throw new Error('expected a log');
    const bare = await open(join(folder, 'bare'), 'w+');
    let end = 0;
    const writeBare = async (bytes: Buffer) => {
      await bare.write(bytes, 0, bytes.length, end);
      await bare.datasync();
      end += bytes.length;
    };

    const before = (await stat(path)).size;
    await ours.append([request()]);
    const frame = randomBytes((await stat(path)).size - before);
    const durations = {
      append: [] as number[],
      bare: [] as number[],
      group: [] as number[],
      oneByOne: [] as number[],
    };
    const measure = async (times: number[], act: () => Promise<unknown>) => {
      const began = performance.now();
      await act();
      times.push(performance.now() - began);
    };
    for (let n = 0; n < 4 * effort.reads; n++) {
      await measure(durations.append, () => ours.append([request()]));
      await measure(durations.bare, () => writeBare(frame));
    }
    for (let n = 0; n < (4 * effort.reads) / groupSize; n++) {
      await measure(durations.group, () =>
        Promise.all(Array.from({ length: groupSize }, () => ours.append([request()]))),
      );
      await measure(durations.oneByOne, async () => {
        for (let each = 0; each < groupSize; each++) await writeBare(frame);
      });
    }
    await ours.close();
    await bare.close();
    say(`log: ${4 * effort.reads} appends of ${frame.length} bytes`);
    const against = 'write + fdatasync';
    const row = { part: 'log', unit: 'ms' };
    return [
      {
        ...row,
        what: 'an append, p50',
        ours: quantile(durations.append, 0.5),
        baseline: quantile(durations.bare, 0.5),
        against,
        goal: ['<=', 1.5],
      },
      {
        ...row,
        what: 'an append, p95',
        ours: quantile(durations.append, 0.95),
        baseline: quantile(durations.bare, 0.95),
        against,
      },
      {
        ...row,
        what: `${groupSize} appends at once, p50`,
        ours: quantile(durations.group, 0.5),
        baseline: quantile(durations.oneByOne, 0.5),
        against: `${groupSize} times ${against}`,
        goal: ['<=', 0.5],
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As `desktop/bench/desk.ts` measures them, in milliseconds. */
type Appends = { append: number[]; bare: number[]; bytes: number };

async function benchBrowser({ effort, folder: results, say }: BenchSetUp): Promise<Row[]> {
  const executablePath = chromium();
  if (executablePath === undefined) {
    say('log: no Chromium here, so nothing is measured in a browser');
    return [];
  }
  // A profile on the disk: a private window keeps its data in memory.
  const folder = mkdtempSync(join(results, 'profile-'));
  const context = await playwright.launchPersistentContext(folder, {
    executablePath,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const pageServer = await servePages();
  try {
    const page = await context.newPage();
    await page.goto(`${pageServer.url}/desk.html`);
    const times = 2 * effort.reads;
    const measured = (await page.evaluate(
      `measureAppends(${JSON.stringify(JSON.stringify(request()))}, ${times})`,
    )) as Appends;
    say(`log: ${times} appends of ${measured.bytes} bytes in a browser`);
    const [ours, baseline] = [quantile(measured.append, 0.5), quantile(measured.bare, 0.5)];
    const against = 'a put with strict durability';
    // More than a put: two seals in threads of the browser, and the check that no other tab has written.
    return [
      {
        part: 'log',
        unit: 'ms',
        what: 'an append in a browser, p50',
        ours,
        baseline,
        against,
        goal: ['<=', 3],
      },
    ];
  } finally {
    await context.close();
    pageServer.end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const start = '2026-11-30T10:00:00.000Z';

/** A request as long as a typical one. */
const request = (): QueueRecord =>
  asked(0, {
    id: randomUUID(),
    params: { site: randomUUID(), case: randomUUID() },
    body: { version: 7, roomId: randomUUID(), start, end: start },
    title: 'Move Hip replacement to OR 2 10:00',
  });
