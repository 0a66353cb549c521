import { draftCase } from '@slate/shared/case-draft';
import type { Case } from '@slate/shared/cases';
import type { Procedure, Resource } from '@slate/shared/resources';
import { defaultSettings } from '@slate/shared/sites';
import { creatorFor } from './accounts.ts';
import { idOf, Random } from './random.ts';
import type { Duration } from './random.ts';
import type { Operation } from './operations.ts';

/** The surgeon's pace at this procedure relative to the average. */
const paceOf = (surgeon: Resource, procedure: Procedure) =>
  new Random(`pace ${surgeon.name} ${procedure.name}`).between(0.9, 1.1);

/** The distribution of this surgeon's durations for this procedure. */
export function durationOf(procedure: Procedure, surgeon: Resource): Duration {
  const mean = procedure.minutes * paceOf(surgeon, procedure);
  return { mean, sd: procedure.spread, least: mean * 0.4 };
}

const toFive = (minutes: number) => Math.max(5, Math.round(minutes / 5) * 5);

/** A case in the depot: with its requirements, without room and time. */
export const newCase = (name: string, { procedure }: Operation, surgeon: Resource): Case => ({
  ...draftCase(
    {
      procedureId: procedure.id,
      surgeonId: surgeon.id,
      minutes: toFive(durationOf(procedure, surgeon).mean),
    },
    { procedure, room: null, surgeon, settings: defaultSettings },
  ),
  id: idOf('case', name),
  number: 0,
  createdBy: creatorFor(surgeon),
});
