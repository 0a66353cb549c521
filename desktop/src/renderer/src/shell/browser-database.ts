/**
 * The database of the desks of a browser. When `transact` resolves, everything is on the disk; when it rejects, nothing is,
 * and the error is a sentence for the person. Only if a commit got no answer, nobody knows; then the sentence says so.
 */
import { Refused } from '../../../refused.ts';

const storeNames = ['cards', 'keys', 'logs', 'frames', 'boards'] as const;
export type Stores = Record<(typeof storeNames)[number], IDBObjectStore>;

let isDeleted = false;
/** Whether the browser has deleted the database because it found its files damaged. Only Chromium says so. */
export const isDatabaseDeleted = () => isDeleted;

/** Chromium may leave a request to open a database unanswered while it deletes the data of the page. */
const answerTimeoutMs = 10_000;
/** Long, because a transaction waits for those of other tabs, and its commit for the disk. */
const transactionTimeoutMs = 30_000;

let opening: Promise<IDBDatabase> | undefined;

function openDatabase(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    let isLate = false;
    setTimeout(() => {
      isLate = true;
      reject(new Error('The browser did not answer.'));
    }, answerTimeoutMs);
    const request = indexedDB.open('slate.desks', 1);
    request.addEventListener('upgradeneeded', (event: IDBVersionChangeEvent & { dataLoss?: string }) => {
      if (event.dataLoss === 'total') isDeleted = true;
      for (const name of storeNames) request.result.createObjectStore(name);
    });
    request.addEventListener('success', () => {
      const database = request.result;
      if (isLate) return database.close();
      const forget = () => (opening = undefined);
      // The browser also closes it when the person deletes the data of the page.
      database.addEventListener('close', forget);
      database.addEventListener('versionchange', () => {
        database.close();
        forget();
      });
      resolve(database);
    });
    request.addEventListener('error', () => reject(request.error ?? new Error('It could not be opened.')));
  }).catch((error: unknown) => {
    opening = undefined;
    console.info('The database of the desks could not be opened.', error);
    throw new Refused(noStorage);
  });
  return opening;
}

/** The result of a request. Within a transaction, await nothing else. */
export const answerOf = <Value>(request: IDBRequest<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('A read failed.')));
  });

/** Runs one transaction: all writes of `work`, or none of them. */
export async function transact<Result>(
  mode: 'readonly' | 'readwrite',
  work: (stores: Stores) => Result | Promise<Result>,
): Promise<Result> {
  const database = await openDatabase();
  const ended = new AbortController();
  try {
    return await new Promise<Result>((resolve, reject) => {
      // Without `strict`, `complete` would come before the data are on the disk.
      const transaction = database.transaction(storeNames, mode, { durability: 'strict' });
      const stores = Object.fromEntries(storeNames.map((name) => [name, transaction.objectStore(name)]));
      const working = (async () => work(stores as Stores))();
      let failure: unknown;
      const abort = () => {
        try {
          transaction.abort();
        } catch {
          // It has already ended.
        }
      };
      working.catch((error: unknown) => {
        failure ??= error;
        abort();
      });
      // Its result is known only from the event that follows: a commit that is under way may still succeed.
      const aborting = setTimeout(abort, transactionTimeoutMs);
      const givingUp = setTimeout(
        () => reject(new Refused(unanswered)),
        transactionTimeoutMs + answerTimeoutMs,
      );
      ended.signal.addEventListener('abort', () => {
        clearTimeout(aborting);
        clearTimeout(givingUp);
      });
      transaction.addEventListener('complete', () => resolve(working));
      // A failed request emits `error` and then `abort`. A failed commit, for example on a full disk, emits only `abort`.
      transaction.addEventListener('error', ({ target }) => {
        failure ??= (target as IDBRequest | IDBTransaction).error;
      });
      const refuse = () => reject(reasonOf(failure ?? transaction.error));
      transaction.addEventListener('abort', refuse);
      // Chromium emits neither `complete` nor `abort` if it has closed the database just before the transaction began.
      database.addEventListener('close', refuse, { signal: ended.signal });
    });
  } catch (error) {
    throw refusalOf(error);
  } finally {
    ended.abort();
  }
}

const reasonOf = (error: unknown) =>
  error instanceof Error ? error : new Error('The transaction was aborted.', { cause: error });

function refusalOf(error: unknown): Refused {
  if (error instanceof Refused) return error;
  console.info('The database of the desks could not be read or written.', error);
  return new Refused(error instanceof Error && error.name === 'QuotaExceededError' ? noSpace : failed);
}

const noStorage =
  'Nothing was saved: this browser keeps nothing for this page, perhaps because of its settings. Try again, then tell IT, or use the desktop program.';
const noSpace =
  'Nothing was saved: this browser has no space left for Slate. Free some space on the disk, then try again.';
const unanswered =
  'This browser does not answer, so nobody knows whether this was saved. Reload this page, then look in the queue.';
const failed =
  'Nothing was saved: this browser could not read or write its data. Try again, and tell IT if it happens again.';
