import type { Case } from '@slate/shared/cases';
import type { PlaceHold } from '@slate/shared/contract/cases';
import { expect } from 'vitest';
import type { Database } from '../src/db/pool.ts';
import { changeResource } from '../src/use-cases/catalogue/resources.ts';
import type { CommandDeps, CommandRequest } from '../src/commands/context.ts';
import { changeCase } from '../src/use-cases/cases/change-case.ts';
import { placeHold } from '../src/use-cases/cases/place-hold.ts';
import { releaseExpiredHolds } from '../src/use-cases/cases/release-expired-holds.ts';
import { moveCases, swapCases } from '../src/use-cases/cases/move-cases.ts';
import { holdInput, at, settings } from './hospital.ts';
import type { Laboratory as Site } from './laboratory.ts';
import type { Script } from './stepper.ts';

// Scripts for the stepper: commands of the product, each with its own key.

type More = Partial<PlaceHold>;
type By = Parameters<Site['request']>[1];
/** A command with its own key. */
export function command(
  site: Site,
  run: (deps: CommandDeps, request: CommandRequest) => Promise<unknown>,
  by?: By,
): Script {
  const request = site.request('command', by);
  return (pool) => run({ pool, publish: () => {} }, request);
}

export const hold = (site: Site, more?: More, by?: By) =>
  command(site, (deps, request) => placeHold(deps, request, holdInput(site, more)), by);
export const book = (site: Site, { id }: Case) =>
  command(site, (deps, request) => changeCase(deps, request, id, { to: 'scheduled' }));
export const move = (site: Site, { id, version }: Case, roomId: string, start = at('09:00')) =>
  command(site, (deps, request) => changeCase(deps, request, id, { version, roomId, start }));
export const save = (site: Site, { id, version }: Case, roomId: string) =>
  command(site, (deps, request) =>
    changeCase(deps, request, id, { version, roomId, start: at('09:00'), note: 'Latex', to: 'scheduled' }),
  );
export const moves = (site: Site, cases: readonly Case[], start: string) =>
  command(site, (deps, request) =>
    moveCases(deps, request, {
      moves: cases.map(({ id, version, roomId }) => ({ caseId: id, version, roomId: roomId ?? '', start })),
    }),
  );
export const swap = (site: Site, first: Case, second: Case) => {
  const reference = ({ id, version }: Case) => ({ caseId: id, version });
  return command(site, (deps, request) =>
    swapCases(deps, request, { first: reference(first), second: reference(second) }),
  );
};
export const change = (site: Site, resourceId: string, changes: { capacity?: number; active?: boolean }) =>
  command(site, (deps, request) => changeResource(deps, request, resourceId, { version: 1, ...changes }), {
    userId: site.users.administrator,
  });
export const sweep: Script = (pool) => releaseExpiredHolds({ pool, publish: () => {} });

/** Advances the clock past the end of a hold, then runs the script in the same session. */
export const comesDue =
  ({ clock }: Site, then?: Script, seconds = settings.holdSeconds + 1): Script =>
  async (pool, turn) => {
    await turn('due');
    await clock.advance(seconds);
    await then?.(pool, turn);
  };

/** The script loses its connection just before the commit. */
export const cutOff =
  (script: Script): Script =>
  async (pool, turn) => {
    const losing = {
      connect: async () => {
        const client = await pool.connect();
        const query = async (...args: unknown[]) => {
          if (args[0] === 'COMMIT') await turn('cut');
          return client.query(...((args[0] === 'COMMIT' ? ['ROLLBACK'] : args) as [string]));
        };
        return { query, release: () => client.release() };
      },
    } as unknown as Database;
    await expect(script(losing, turn)).rejects.toThrow('not committed');
  };
