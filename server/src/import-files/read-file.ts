import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { limitConcurrency } from '../limit-concurrency.ts';
import { UnreadableFile } from './table.ts';
import type { Table } from './table.ts';

const longestMs = 20_000;

/** Each thread may use 512 MB. Further files wait; their time limit starts with their own thread. */
const queued = limitConcurrency(2);

/**
 * Reads a CSV or XLSX file as a table. It runs in a thread with limits of its own, so that a large or malicious file
 * delays no other request. Throws `UnreadableFile` with a sentence for the person.
 */
export const readFile = (bytes: Uint8Array): Promise<Table> => queued(() => readInThread(bytes));

async function readInThread(bytes: Uint8Array): Promise<Table> {
  const { buffer } = new Uint8Array(bytes);
  const worker = new Worker(new URL('./read-file-worker.ts', import.meta.url), {
    workerData: buffer,
    transferList: [buffer],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  // Without a listener, an error after the time limit would end the server.
  worker.on('error', () => {});
  try {
    const [answer] = (await once(worker, 'message', { signal: AbortSignal.timeout(longestMs) })) as [
      { table: Table } | { problem: string },
    ];
    if ('table' in answer) return answer.table;
    throw new UnreadableFile(answer.problem);
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(
      'The file is too large or too complicated to be read. Cut it into several files.',
      { cause: error },
    );
  } finally {
    await worker.terminate();
  }
}
