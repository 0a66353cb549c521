import { Refusal } from '../../domain/refusal.ts';
import { minutesOf } from '@slate/shared/time';
import { checkHolder, commandOnCase } from '../../commands/command-on-case.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import { extendedUntil } from './start-hold.ts';

/** Keeps a hold for longer: the phone call goes on. Bounded, so that nobody parks a room. */
export const extendHold = (deps: CommandDeps, request: CommandRequest, caseId: string) =>
  commandOnCase(
    deps,
    request,
    { caseId, commands: ['extend'], action: 'case.hold', cause: 'extended', claims: false },
    (before, context) => {
      checkHolder(before, context);
      return {
        after: before,
        settle: (after, now) => {
          const expiresAt = extendedUntil(before, context, now);
          if (before.expiresAt !== null && expiresAt <= before.expiresAt) {
            const { holdLimitSeconds: limit } = context.settings;
            const longest = limit % 60 === 0 ? minutesOf(limit / 60) : `${limit} seconds`;
            throw new Refusal(
              'in_use',
              `This hold already lasts ${longest}, the most allowed. Book it or release it.`,
            );
          }
          return { ...after, expiresAt };
        },
      };
    },
  );
