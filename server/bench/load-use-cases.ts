/** A process that holds and books by calling the use cases: the product without HTTP. */
import { randomBytes } from 'node:crypto';
import { createPool } from '../src/db/pool.ts';
import type { Database } from '../src/db/pool.ts';
import { changeCase } from '../src/use-cases/cases/change-case.ts';
import { placeHold } from '../src/use-cases/cases/place-hold.ts';
import { answerQuestions } from './helper-process.ts';
import { drive } from './lanes.ts';
import type { Pace, Round } from './lanes.ts';

export type DatabaseRound = Round & { appUrl: string };

let pool: Database | undefined;
const fingerprint = randomBytes(32);

answerQuestions((round: DatabaseRound): Promise<Pace> => {
  pool ??= createPool({ url: round.appUrl, max: round.lanes.length, applicationName: 'bench use-cases' });
  const deps = { pool, publish() {} };
  return drive(round, async ({ site, user, room, procedure, surgeon }, slot) => {
    const request = { siteId: site, userId: user, name: 'bench', fingerprint };
    const { start } = slot;
    const place = { roomId: room, start, procedureId: procedure, surgeonId: surgeon };
    await placeHold(deps, { ...request, key: slot.case }, place);
    await changeCase(deps, { ...request, key: slot.key }, slot.case, { to: 'scheduled' });
  });
});
