import { draftCase } from '@slate/shared/case-draft';
import type { Case } from '@slate/shared/cases';
import type { Procedure, Resource } from '@slate/shared/resources';
import { defaultSettings } from '@slate/shared/sites';
import { madeBy } from './accounts.ts';
import { idOf } from './identifier.ts';
import type { Duration } from './lognormal.ts';
import type { Operation } from './operations.ts';
import { Random } from './random.ts';

/** How much longer or shorter than usual this surgeon takes for this procedure. */
const paceOf = (surgeon: Resource, procedure: Procedure) =>
  new Random(`pace ${surgeon.name} ${procedure.name}`).between(0.9, 1.1);

/** How long this surgeon's operations of this kind take. */
export function durationOf(procedure: Procedure, surgeon: Resource): Duration {
  const mean = procedure.minutes * paceOf(surgeon, procedure);
  return { mean, sd: procedure.spread, least: mean * 0.4 };
}

const toFive = (minutes: number) => Math.max(5, Math.round(minutes / 5) * 5);

/** A case that waits in the depot: what it needs is known, where it goes is not. */
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
  createdBy: madeBy(surgeon),
});
