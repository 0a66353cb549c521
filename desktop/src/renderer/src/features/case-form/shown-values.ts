import { nameIn } from '../../stores/board.ts';
import type { Typed, TypedField } from '../../stores/typed.ts';
import { equipmentOf, urgencyWords } from '../../words/cases.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import type { Around } from './intended.ts';

/** What the fields say, as a person reads it. */
export function shownValues(
  {
    start,
    minutes,
    procedureId,
    title,
    surgeonId,
    patientRef,
    equipment,
    bed,
    urgency,
    dueBy,
    note,
  }: Required<Typed>,
  around: Around,
): Record<TypedField, string> {
  const nameOf = (id: string | null) => nameIn(around, id);
  return {
    start,
    minutes: words.minutes(minutes),
    procedureId: around.procedures.find(({ id }) => id === procedureId)?.name ?? '',
    title,
    surgeonId: nameOf(surgeonId),
    patientRef,
    equipment: equipmentOf(equipment, nameOf).join(', '),
    bed: bed ? words.bedNights(nameOf(bed.resourceId), bed.nights) : '',
    urgency: urgencyWords[urgency],
    dueBy: dueBy.replace('T', ' '),
    note,
  };
}
