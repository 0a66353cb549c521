import { every } from '../every.ts';
import { takeAnchor } from '../use-cases/audit/anchor-audit.ts';
import type { Anchor } from '../use-cases/audit/anchor-audit.ts';
import type { CommandDeps } from '../commands/context.ts';
import { forgetOldCommands } from '../commands/forget-old-commands.ts';
import { forgetOldFailures, forgetOldSessions } from '../identity/forget-old-sign-ins.ts';
import { forgetPastClaims } from '../commands/forget-past-claims.ts';
import { createParking } from '../commands/parking.ts';
import { releaseExpiredHolds } from '../use-cases/cases/release-expired-holds.ts';

export type JobsDeps = {
  commands: CommandDeps;
  freed: (holds: number) => void;
  anchors: { secret: string; seconds: number; keep: (anchor: Anchor) => Promise<void> };
  /** `what`: the site or the case with which it failed; the rest was done. */
  failed: (job: string, error: unknown, what?: string) => void;
};

/** What happens without anybody asking. Any number of processes may run these at once. */
export function startJobs({ commands, freed, anchors, failed }: JobsDeps) {
  const { pool } = commands;
  const job = (name: string, seconds: number, work: () => Promise<unknown>) =>
    every(seconds * 1_000, work, (error) => failed(name, error));
  const parkingOf = (name: string) => createParking((what, error) => failed(name, error, what));
  const holds = parkingOf('release-expired-holds');
  const claims = parkingOf('forget-past-claims');
  const stops = [
    // Twice a second: a hold is freed and everybody told within a second of its end.
    job('release-expired-holds', 0.5, async () => freed(await releaseExpiredHolds(commands, holds))),
    job('forget-past-claims', 600, () => forgetPastClaims(pool, claims)),
    job('forget-old-commands', 3_600, () => forgetOldCommands(pool)),
    job('forget-old-sessions', 3_600, () => forgetOldSessions(pool)),
    job('forget-old-failures', 3_600, () => forgetOldFailures(pool)),
    job('anchor-audit', anchors.seconds, async () => anchors.keep(await takeAnchor(pool, anchors.secret))),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}
