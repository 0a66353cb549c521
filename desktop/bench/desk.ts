/** Measures appends to the log of a browser's desk, alternating with bare puts of as many bytes. */
import type { QueueRecord } from '@slate/shared/queue';
import { createBrowserDesks } from '../src/renderer/src/shell/browser-desk.ts';

/** Milliseconds. */
type Appends = { append: number[]; bare: number[]; bytes: number };

declare global {
  interface Window {
    measureAppends(record: string, times: number): Promise<Appends>;
  }
}

/** The bytes of the nonce and the tag. */
const sealBytes = 28;

window.measureAppends = async (record, times) => {
  const desks = createBrowserDesks();
  const of = { personId: crypto.randomUUID(), siteId: crypto.randomUUID() };
  const names = { email: 'bench@example.org', name: 'Bench', siteName: 'Bench' };
  const device = await desks.deskDevice(of);
  const key = { device, secret: 'A'.repeat(43), password: null, offlineHours: 0 };
  await desks.openDesk({ ...of, ...names, ...key });
  const database = await openBare();
  const bytes = new Uint8Array(JSON.stringify([JSON.parse(record)]).length + sealBytes);
  const append: number[] = [];
  const bare: number[] = [];
  for (let n = 0; n < times; n++) {
    const queueRecord = JSON.parse(record) as QueueRecord & { type: 'asked' };
    queueRecord.request.id = crypto.randomUUID();
    const began = performance.now();
    await desks.appendToLog([queueRecord]);
    const appended = performance.now();
    await put(database, bytes, n);
    append.push(appended - began);
    bare.push(performance.now() - appended);
  }
  return { append, bare, bytes: bytes.length };
};

const openBare = () =>
  new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('bare', 1);
    opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('bare'));
    opening.addEventListener('success', () => resolve(opening.result));
    opening.addEventListener('error', () => reject(new Error('The database could not be opened.')));
  });

const put = (database: IDBDatabase, bytes: Uint8Array, at: number) =>
  new Promise<void>((resolve, reject) => {
    const transaction = database.transaction('bare', 'readwrite', { durability: 'strict' });
    transaction.objectStore('bare').put(bytes, at);
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(new Error('The transaction was aborted.')));
  });
