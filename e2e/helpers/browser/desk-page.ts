/** Pages that have only the desks of a browser, as `desks` and in place of the bridge. */
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import type { DeskStore } from '../../../desktop/src/bridge.ts';

declare global {
  var desks: DeskStore;
  var shell: { hasLostDesks(): boolean };
  /** Reads or changes the database without the desks. Resolves with the result of the returned request. */
  var inDesks: <Value>(act: (stores: DeskStores) => IDBRequest<Value> | void) => Promise<Value>;
  /** Aborts the next transaction that adds a record, before or after it was added. */
  var abortNextAppend: (when: 'before' | 'after') => void;
  /** The next request to open the database gets no answer. Resolves when it was made. */
  var loseNextOpen: () => Promise<void>;
  /** Resolves when the next writing transaction has begun. `isMuted`: its end remains unknown. */
  var nextWrite: (isMuted: boolean) => Promise<void>;
  /** The writing transactions from now on. */
  var watchWrites: () => { durability: string; isComplete: boolean }[];
}
export const storeNames = ['cards', 'keys', 'logs', 'frames', 'boards'] as const;
export type DeskStores = Record<(typeof storeNames)[number], IDBObjectStore>;

const tools = `
  globalThis.inDesks = (act) => new Promise((resolve, reject) => {
    const opening = indexedDB.open('slate.desks', 1);
    opening.onsuccess = () => {
      const names = ${JSON.stringify(storeNames)};
      const transaction = opening.result.transaction(names, 'readwrite', { durability: 'strict' });
      const request = act(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
      transaction.oncomplete = () => {
        opening.result.close();
        resolve(request?.result);
      };
      transaction.onabort = () => reject(transaction.error);
    };
  });
  globalThis.abortNextAppend = (when) => {
    const { add } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.add = function (...input) {
      IDBObjectStore.prototype.add = add;
      const request = add.apply(this, input);
      if (when === 'before') this.transaction.abort();
      else request.onsuccess = () => this.transaction.abort();
      return request;
    };
  };
  globalThis.loseNextOpen = () => new Promise((resolve) => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = () => {
      IDBFactory.prototype.open = open;
      resolve();
      return new EventTarget();
    };
  });
  globalThis.nextWrite = (isMuted) => new Promise((resolve) => {
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...input) {
      const begun = transaction.apply(this, input);
      if (begun.mode !== 'readwrite') return begun;
      IDBDatabase.prototype.transaction = transaction;
      if (isMuted)
        for (const end of ['complete', 'abort'])
          begun.addEventListener(end, (event) => event.stopImmediatePropagation());
      resolve();
      return begun;
    };
  });
  globalThis.watchWrites = () => {
    const writes = [];
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...input) {
      const opened = transaction.apply(this, input);
      const write = { durability: opened.durability, isComplete: false };
      if (opened.mode === 'readwrite') writes.push(write);
      opened.addEventListener('complete', () => (write.isComplete = true));
      return opened;
    };
    return writes;
  };
`;

/** No server listens there; `serveDesks` answers. Browsers treat the name as secure. */
export const deskOrigin = 'http://localhost:9';

const shell = join(import.meta.dirname, '../../../desktop/src/renderer/src/shell');

/** The script that makes the desks of a page. */
export async function bundleDesks(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      minify: false,
      target: 'chrome130',
      lib: { entry: join(shell, 'browser-desk.ts'), formats: ['iife'], name: 'shell' },
    },
  });
  const [output] = [built].flat();
  if (!output || !('output' in output)) throw new Error('There is no bundle.');
  const { code } = output.output[0];
  return `${tools}\n${code}\nglobalThis.desks = globalThis.slate = shell.createBrowserDesks();`;
}

/** Serves a page with the desks at every address of `deskOrigin`. */
export async function serveDesks(context: BrowserContext, script: string): Promise<void> {
  const body = `<!doctype html><title>Desks</title><script>${script}</script>`;
  await context.route(`${deskOrigin}/**`, (route) => route.fulfill({ contentType: 'text/html', body }));
}

export async function openDeskPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(deskOrigin);
  return page;
}
