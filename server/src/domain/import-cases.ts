import { draftCase, placedAt } from '@slate/shared/case-draft';
import { claimsOf, isPlaced, patientStay, reason } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { addToDepot } from '@slate/shared/contract/cases';
import type { AddToDepot } from '@slate/shared/contract/cases';
import type { Names } from '@slate/shared/lists/names';
import type { Procedure, Resource } from '@slate/shared/resources';
import { cautionsOf, impossibleTime } from '@slate/shared/rules';
import type { Block, SiteSettings } from '@slate/shared/sites';
import { addMinutes, overlaps, rangeOf } from '@slate/shared/time';
import { checked, valuesIn } from './import-lines.ts';
import type { Cells, LineError, Planned, ReadLine } from './import-lines.ts';
import type { Occupancy } from './occupancy.ts';

// How lines become cases. The claims are checked again when the cases are booked: only that decides.

export type CaseFacts = {
  names: Names;
  zone: string;
  settings: SiteSettings;
  now: string;
  createdBy: string;
  resources: ReadonlyMap<string, Resource>;
  procedures: ReadonlyMap<string, Procedure>;
  /** By room. */
  blocks: ReadonlyMap<string, readonly Block[]>;
  /** The claims by resource, and the stays of patients by reference. Planned lines are added. */
  claimed: Occupancy;
  patients: Occupancy;
  externalIds: ReadonlyMap<string, { recordId: string; cells: Cells }>;
  /** Of the ids in the file: those of cases of this site. */
  caseIds: ReadonlySet<string>;
  toDepot: boolean;
  newId: () => string;
};

const columnOf = {
  procedureId: 'procedure',
  title: 'title',
  surgeonId: 'surgeon',
  service: 'service',
  patientRef: 'patient',
  equipment: 'equipment',
  bed: 'bed',
  'bed.nights': 'nights',
  minutes: 'minutes',
  setupMinutes: 'setupMinutes',
  cleanupMinutes: 'cleanupMinutes',
  urgency: 'urgency',
  dueBy: 'due',
  note: 'note',
};
const columnOfKind = {
  room: 'room',
  surgeon: 'surgeon',
  equipment: 'equipment',
  bed: 'bed',
  list: 'room',
} as const;

const detailsOf = (values: Readonly<Record<string, unknown>>) => ({
  procedureId: values.procedure,
  title: values.title,
  surgeonId: values.surgeon,
  service: values.service,
  patientRef: values.patient,
  equipment: values.equipment,
  ...(values.bed !== undefined && { bed: { resourceId: values.bed, nights: values.nights ?? 1 } }),
  minutes: values.minutes,
  setupMinutes: values.setupMinutes,
  cleanupMinutes: values.cleanupMinutes,
  urgency: values.urgency,
  dueBy: values.due,
  note: values.note,
});

/** The case in the depot instead of its place. */
export const withoutPlace = (item: Case): Case => ({
  ...placedAt(item, null, null),
  state: 'depot',
  overrideReason: null,
});

/** Returns the function that plans the lines in order. */
export function casePlanner(facts: CaseFacts): (line: ReadLine) => Planned<Case> {
  return (line) => {
    const refuse = (errors: LineError[]): Planned<Case> => ({
      line: line.line,
      verdict: 'refuse',
      errors,
      changes: [],
      write: null,
      identity: null,
    });
    const { values, errors } = valuesIn('cases', line, facts.names);
    const { externalId } = line.cells;
    if (line.errors.length > 0 || externalId === undefined) return refuse([...line.errors, ...errors]);
    const known = facts.externalIds.get(externalId);
    if (known || facts.caseIds.has(externalId.toLowerCase())) {
      const changed = known && Object.keys(line.cells).find((id) => known.cells[id] !== line.cells[id]);
      if (changed === undefined) return { ...refuse([]), verdict: 'keep' };
      const sentence =
        'This case is on the board already, and the file says something else now. Change it on the board.';
      return refuse([{ column: changed, reason: sentence }]);
    }
    const parsed = checked<AddToDepot>(addToDepot, detailsOf(values), columnOf);
    const unreadable = new Set(errors.map(({ column }) => column));
    const wrong = [...(Array.isArray(parsed) ? parsed : []), ...halfPlaced(line.cells)];
    const allErrors = [...errors, ...wrong.filter(({ column }) => !unreadable.has(column))];
    if (Array.isArray(parsed) || allErrors.length > 0) return refuse(allErrors);

    const room = facts.resources.get(values.room as string) ?? null;
    const procedure = facts.procedures.get(parsed.procedureId ?? '') ?? null;
    const surgeon = facts.resources.get(parsed.surgeonId ?? '') ?? null;
    const draft: Case = {
      ...draftCase(parsed, { procedure, room, surgeon, settings: facts.settings }),
      id: facts.newId(),
      number: 0,
      createdBy: facts.createdBy,
    };
    const plan = (item: Case, placeErrors: LineError[]): Planned<Case> => ({
      line: line.line,
      verdict: item.state === 'depot' ? 'depot' : 'create',
      errors: placeErrors,
      changes: [],
      write: { item, isNew: true },
      identity: { externalId, recordId: item.id, cells: line.cells },
    });
    if (!room || typeof values.start !== 'string') return plan(draft, []);

    const overrideReason =
      values.overrideReason === undefined ? null : checked(reason, values.overrideReason, {});
    if (Array.isArray(overrideReason))
      return refuse(overrideReason.map((error) => ({ ...error, column: 'overrideReason' })));
    const item: Case = { ...placedAt(draft, room.id, values.start), state: 'scheduled', overrideReason };
    const impossible = impossibleOf(item, facts.now);
    if (impossible.length > 0) return refuse(impossible);
    const inTheWay = [...cautions(item, room, procedure, facts), ...takenBy(item, facts)];
    if (inTheWay.length > 0) return facts.toDepot ? plan(withoutPlace(item), inTheWay) : refuse(inTheWay);
    take(item, line.line, facts);
    return plan(item, []);
  };
}

function halfPlaced({ room, start, surgeon }: Cells): LineError[] {
  if (room === undefined && start === undefined) return [];
  return [
    ...(room === undefined ? [{ column: 'room', reason: 'A case with a start needs a room.' }] : []),
    ...(start === undefined ? [{ column: 'start', reason: 'A case with a room needs a start.' }] : []),
    ...(surgeon === undefined ? [{ column: 'surgeon', reason: 'A booked case needs a surgeon.' }] : []),
  ];
}

function impossibleOf(item: Case, now: string): LineError[] {
  if (!isPlaced(item)) return [];
  if (!item.start.endsWith(':00.000Z')) return [{ column: 'start', reason: 'Must be a whole minute.' }];
  const impossible = impossibleTime(item, now);
  return impossible === null ? [] : [{ column: 'start', reason: impossible }];
}

function cautions(item: Case, room: Resource, procedure: Procedure | null, facts: CaseFacts): LineError[] {
  if (!isPlaced(item) || item.overrideReason !== null) return [];
  const around = { start: item.start, end: addMinutes(item.start, 24 * 60) };
  const blocks = (facts.blocks.get(room.id) ?? []).filter((block) => overlaps(block, around));
  const { settings, zone, now } = facts;
  return cautionsOf(item, { room, procedure, blocks, settings, zone, now }).map((sentence) => ({
    column: 'overrideReason',
    reason: `${sentence} Give a reason, or choose another time.`,
  }));
}

const milliseconds = ({ start, end }: { start: string; end: string }) => ({
  start: Date.parse(start),
  end: Date.parse(end),
});

function takenBy(item: Case, { resources, claimed, patients, zone }: CaseFacts): LineError[] {
  const sentenceFor = (name: string, inTheWay: ReturnType<Occupancy['inTheWay']>) => {
    const [first, ...more] = inTheWay;
    if (!first) return `${name} has no free unit.`;
    const when = rangeOf(new Date(first.start).toISOString(), new Date(first.end).toISOString(), zone);
    return `${name} is taken ${when} by ${first.by}${more.length > 0 ? ` and ${more.length} more` : ''}.`;
  };
  const errors = claimsOf(item, zone).flatMap((claim): LineError[] => {
    const found = resources.get(claim.resourceId);
    if (!found) return [];
    const column = columnOfKind[found.kind];
    if (!found.active)
      return [{ column, reason: `${found.name} is retired. Bring it back, or choose another one.` }];
    const wanted = { ...milliseconds(claim), quantity: claim.quantity };
    if (claim.quantity > found.capacity)
      return [{ column, reason: `There are only ${found.capacity} of ${found.name}.` }];
    const inTheWay = claimed.inTheWay(found.id, found.capacity, wanted);
    return inTheWay.length > 0 ? [{ column, reason: sentenceFor(found.name, inTheWay) }] : [];
  });
  const stay = patientStay(item);
  const elsewhere = stay ? patients.inTheWay(stay.patient, 1, { ...milliseconds(stay), quantity: 1 }) : [];
  return elsewhere.length > 0
    ? [...errors, { column: 'patient', reason: sentenceFor('The patient', elsewhere) }]
    : errors;
}

function take(item: Case, line: number, { claimed, patients, zone }: CaseFacts) {
  const by = `line ${line}`;
  for (const claim of claimsOf(item, zone))
    claimed.add(claim.resourceId, { ...milliseconds(claim), quantity: claim.quantity, by });
  const stay = patientStay(item);
  if (stay) patients.add(stay.patient, { ...milliseconds(stay), quantity: 1, by });
}
