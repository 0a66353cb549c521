/** `npm run dev:console`: rebuilds the console whenever its sources change. */
import { watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildConsole, sources } from './build-console.ts';

let changed = Promise.withResolvers<void>();
for (const folder of sources) {
  watch(join(import.meta.dirname, '..', folder), { recursive: true }, () => changed.resolve());
}

for (;;) {
  changed = Promise.withResolvers();
  try {
    console.log(`${new Date().toLocaleTimeString()}  ${buildConsole()}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  await changed.promise;
  // Editors and git change several files at once.
  await sleep(100);
}
