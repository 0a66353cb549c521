import { appendFile } from 'node:fs/promises';
import type { CommandDeps } from '../commands/context.ts';
import { deleteOldCommands, deletePastClaims } from '../commands/delete-old.ts';
import { createParking } from '../commands/parking.ts';
import { every } from '../every.ts';
import { deleteOldInvitations } from '../identity/accept-invitation.ts';
import { deleteOldSessions } from '../identity/sessions.ts';
import { deleteOldFailures } from '../identity/throttle-sign-in.ts';
import { takeAnchor } from '../use-cases/audit/anchor-audit.ts';
import type { Anchor } from '../use-cases/audit/anchor-audit.ts';
import { layOutBlocks } from '../use-cases/catalogue/lay-out-blocks.ts';
import { layOutClosures } from '../use-cases/catalogue/recurring-closures.ts';
import { deleteImports, runImports } from '../use-cases/imports/run-imports.ts';
import { releaseExpiredHolds } from '../use-cases/cases/release-expired-holds.ts';

export type JobsDeps = {
  commands: CommandDeps;
  onFreed: (holds: number) => void;
  anchors: { secret: string; seconds: number; file: string | undefined };
  log: Log;
  /** `item`: the site or the case that failed; the others were done. */
  onFailure: (job: string, error: unknown, item?: string) => void;
};

type Log = { info(details: object, message: string): void };

/** Background jobs. Any number of processes may run them at the same time. */
export function startJobs({ commands, onFreed, anchors, log, onFailure }: JobsDeps) {
  const { pool } = commands;
  const writeAnchor = createAnchorWriter(log, anchors.file);
  const job = (name: string, seconds: number, work: () => Promise<unknown>) =>
    every(seconds * 1_000, work, (error) => onFailure(name, error));
  const parkingOf = (name: string) => createParking((item, error) => onFailure(name, error, item));
  const holds = parkingOf('release-expired-holds');
  const claims = parkingOf('delete-past-claims');
  const blocks = parkingOf('lay-out-blocks');
  const closures = parkingOf('lay-out-closures');
  const stops = [
    // Twice a second: everyone sees within a second that a hold has expired.
    job('release-expired-holds', 0.5, async () => onFreed(await releaseExpiredHolds(commands, holds))),
    job('delete-past-claims', 600, () => deletePastClaims(pool, claims)),
    job('lay-out-blocks', 600, () => layOutBlocks(commands, blocks)),
    job('lay-out-closures', 600, () => layOutClosures(commands, closures)),
    job('run-imports', 0.5, () => runImports(commands)),
    job('delete-old-imports', 3_600, () => deleteImports(pool)),
    job('delete-old-commands', 3_600, () => deleteOldCommands(pool)),
    job('delete-old-sessions', 3_600, () => deleteOldSessions(pool)),
    job('delete-old-invitations', 3_600, () => deleteOldInvitations(pool)),
    job('delete-old-failures', 3_600, () => deleteOldFailures(pool)),
    job('anchor-audit', anchors.seconds, async () => writeAnchor(await takeAnchor(pool, anchors.secret))),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** Logs each new anchor and appends it to the file, if there is one. */
export function createAnchorWriter(log: Log, file: string | undefined) {
  let last = '';
  return async (anchor: Anchor) => {
    const heads = JSON.stringify(anchor.heads);
    if (heads === last) return;
    log.info(anchor, 'audit heads');
    if (file !== undefined)
      await appendFile(file, `${JSON.stringify(anchor)}\n`, { mode: 0o600, flush: true });
    last = heads;
  };
}
