import { appendFile } from 'node:fs/promises';
import type { Anchor } from '../use-cases/audit/anchor-audit.ts';

type Log = { info(details: object, message: string): void };

/** Writes each anchor that says something new to the log, and to the file if there is one. */
export function createAnchorKeeper(log: Log, file: string | undefined) {
  let last = '';
  return async (anchor: Anchor) => {
    const said = JSON.stringify(anchor.heads);
    if (said === last) return;
    log.info(anchor, 'audit heads');
    if (file !== undefined)
      await appendFile(file, `${JSON.stringify(anchor)}\n`, { mode: 0o600, flush: true });
    last = said;
  };
}
