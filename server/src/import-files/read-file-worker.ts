import { parentPort, workerData } from 'node:worker_threads';
import { readTable } from './read-table.ts';
import { UnreadableFile } from './table.ts';

readTable(Buffer.from(workerData as ArrayBuffer)).then(
  (table) => parentPort?.postMessage({ table }, []),
  (error: unknown) => {
    if (!(error instanceof UnreadableFile)) throw error;
    parentPort?.postMessage({ problem: error.message }, []);
  },
);
