import { takeAnchor } from '../use-cases/anchor-audit.ts';
import type { Anchor } from '../use-cases/anchor-audit.ts';
import type { CommandDeps } from '../use-cases/command.ts';
import { forgetOldCommands } from '../use-cases/forget-old-commands.ts';
import { forgetOldSignIns } from '../use-cases/forget-old-sign-ins.ts';
import { releaseExpiredHolds } from '../use-cases/release-expired-holds.ts';
import { every } from '../every.ts';

export type JobsDeps = {
  commands: CommandDeps;
  freed: (holds: number) => void;
  anchors: { secret: string; seconds: number; keep: (anchor: Anchor) => Promise<void> };
  failed: (job: string, error: unknown) => void;
};

/** What happens without anybody asking. Any number of processes may run these at once. */
export function startJobs({ commands, freed, anchors, failed }: JobsDeps) {
  const stops = [
    // Twice a second: a hold is freed and everybody told within a second of its end.
    every(
      500,
      async () => freed(await releaseExpiredHolds(commands)),
      (error) => failed('release-expired-holds', error),
    ),
    every(
      3_600_000,
      () => forgetOldCommands(commands.pool),
      (error) => failed('forget-old-commands', error),
    ),
    every(
      3_600_000,
      () => forgetOldSignIns(commands.pool),
      (error) => failed('forget-old-sign-ins', error),
    ),
    every(
      anchors.seconds * 1000,
      async () => anchors.keep(await takeAnchor(commands.pool, anchors.secret)),
      (error) => failed('anchor-audit', error),
    ),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}
