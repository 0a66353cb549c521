import { z } from 'zod';
import { caseState, hasLeft, isClaiming, milestone } from './case-state.ts';
import { actor, id, line, paragraph } from './fields.ts';
import { happensAt, mayHappenAt, stayOf } from './reality.ts';
import { bedNights, quantityOf, version, word } from './resources.ts';
import { addDays, addMinutes, instant, instantOf, localDateOf } from './time.ts';
import type { TimeRange } from './time.ts';

export const urgency = z.enum(['immediate', 'urgent', 'expedited', 'elective']);
export type Urgency = z.infer<typeof urgency>;

export const caseMinutes = z
  .int('Must be whole minutes.')
  .min(5, 'Must be at least 5 minutes.')
  .max(1440, 'Must be at most 24 hours.');
export const turnoverMinutes = z
  .int('Must be whole minutes.')
  .min(0, 'Must not be negative.')
  .max(240, 'Must be at most 4 hours.');
export const patientRef = line(64);
export const note = paragraph(2000);
export const reason = paragraph(300);
export const equipmentNeeds = z
  .array(quantityOf)
  .max(20, 'Must be at most 20 kinds of equipment.')
  .refine(
    (needs) => new Set(needs.map((need) => need.resourceId)).size === needs.length,
    'Names one pool twice.',
  )
  .meta({ description: 'Each pool once.', uniqueItems: true });

/** A place on a list: which list, and the session the place belongs to. */
const listPlace = z.strictObject({ resourceId: id, blockId: id, start: instant, end: instant });

/**
 * One operation. What it needs (procedure, surgeon, equipment, bed, list) stands beside where it is placed
 * (room, start, end); its claims follow from both by `claimsOf` and are never said twice.
 */
export const surgicalCase = z.strictObject({
  id,
  number: z.int(),
  version,
  state: caseState,
  roomId: id.nullable(),
  /** Patient in the room to patient out of it. */
  start: instant.nullable(),
  end: instant.nullable(),
  minutes: caseMinutes,
  setupMinutes: turnoverMinutes,
  cleanupMinutes: turnoverMinutes,
  procedureId: id.nullable(),
  title: line(160).nullable(),
  surgeonId: id.nullable(),
  service: word.nullable(),
  patientRef: patientRef.nullable(),
  equipment: equipmentNeeds,
  bed: bedNights.nullable(),
  list: listPlace.nullable(),
  urgency,
  dueBy: instant.nullable(),
  holder: actor.nullable(),
  heldSince: instant.nullable(),
  expiresAt: instant.nullable(),
  /** Since when it waits for a time. A hold that has it goes back to the depot when it ends unbooked. */
  depotSince: instant.nullable(),
  /** Who took its time from it, when and why; kept until it is booked again. */
  bumped: z.strictObject({ by: actor, at: instant, reason: reason.nullable() }).nullable(),
  note: note.nullable(),
  /** Why it was cancelled, bumped or voided. */
  reason: reason.nullable(),
  /** Why it stands where the rules would rather not have it (after hours, in another service's block). */
  overrideReason: reason.nullable(),
  milestones: z.partialRecord(milestone, instant),
  createdBy: id,
});
export type Case = z.infer<typeof surgicalCase>;
type Place = { roomId: string; start: string; end: string };
export type PlacedCase = Case & Place;

export const isPlaced = <Item extends Pick<Case, keyof Place>>(item: Item): item is Item & Place =>
  item.roomId !== null && item.start !== null && item.end !== null;

/** Whether it says what is to be done. Only a new hold may leave that open, while somebody is still on the phone. */
export const saysWhat = (item: {
  procedureId?: string | null | undefined;
  title?: string | null | undefined;
}) => (item.procedureId ?? item.title ?? null) !== null;
export const whatIsMissing = {
  field: 'procedureId',
  reason: 'Choose a procedure or enter a title.',
};

/** This much of that resource, during this half-open range. */
export type Claim = TimeRange & { readonly resourceId: string; readonly quantity: number };

/** From noon to noon: the nights a bed is claimed, beginning on the day of the operation. */
export function bedRange(start: string, nights: number, zone: string): TimeRange {
  const day = localDateOf(start, zone);
  return { start: instantOf(day, '12:00', zone), end: instantOf(addDays(day, nights), '12:00', zone) };
}

/** What is claimed of the stay: who is out of the room frees the rest from the next minute on. */
function claimedStay(item: PlacedCase, now?: string): TimeRange | null {
  const stay = stayOf(item, now);
  const left = hasLeft(item.state) ? item.milestones.out_of_room : undefined;
  return stay && left !== undefined
    ? { start: stay.start, end: addMinutes(`${left.slice(0, 16)}:00.000Z`, 1) }
    : stay;
}

const withTurnover = ({ setupMinutes, cleanupMinutes }: Case, { start, end }: TimeRange): TimeRange => ({
  start: addMinutes(start, -setupMinutes),
  end: addMinutes(end, cleanupMinutes),
});

/** All of its plan, set-up and clean-up included. */
export const stretchOf = (item: PlacedCase): TimeRange => withTurnover(item, item);
/** All the time that it takes or may still take of its room, whatever the time is now. */
export const mayTake = (item: PlacedCase): TimeRange => withTurnover(item, mayHappenAt(item));

/**
 * Everything a case claims. The server takes its claims from here and the board previews conflicts from
 * here: both must see the same. With `now`, what is under way is in use at least until then.
 */
export function claimsOf(item: Case, zone: string, now?: string): Claim[] {
  if (!isClaiming(item.state) || !isPlaced(item)) return [];
  const stay = claimedStay(item, now);
  const claims: Claim[] = [];
  if (stay) {
    claims.push({ resourceId: item.roomId, quantity: 1, ...withTurnover(item, stay) });
    if (item.surgeonId) claims.push({ resourceId: item.surgeonId, quantity: 1, ...stay });
    for (const need of item.equipment) claims.push({ ...need, ...stay });
  }
  if (item.bed) {
    claims.push({
      resourceId: item.bed.resourceId,
      quantity: 1,
      ...bedRange(happensAt(item).start, item.bed.nights, zone),
    });
  }
  if (item.list) {
    const { resourceId, start: opens, end: closes } = item.list;
    claims.push({ resourceId, quantity: 1, start: opens, end: closes });
  }
  return claims;
}

/** Where the patient is to be, until out of the room. With `now`, who is in the room is there at least until then. */
export function patientStay(item: Case, now?: string) {
  const { patientRef: patient, state } = item;
  if (patient === null || !isClaiming(state) || hasLeft(state) || !isPlaced(item)) return null;
  const stay = stayOf(item, now);
  return stay && { case: item.id, patient, ...stay };
}

/** Another's case as someone sees it who may know that the time is taken, and nothing else. */
export const busyTime = z.strictObject({ id, roomId: id, start: instant, end: instant });
export type BusyTime = z.infer<typeof busyTime>;

/** The room's claim, turnover included; nothing where there is none. */
export function busyTimeOf(item: Case): BusyTime | null {
  if (!isClaiming(item.state) || !isPlaced(item)) return null;
  const stay = claimedStay(item);
  return stay && { id: item.id, roomId: item.roomId, ...withTurnover(item, stay) };
}

/**
 * A case as a screen in a corridor gets it: nothing that a person typed, which may be anything, and nobody's name but the
 * surgeon's. What is done is said by its procedure.
 */
export const onWall = (item: Case): Case => ({
  ...item,
  patientRef: null,
  title: null,
  note: null,
  reason: null,
  overrideReason: null,
  holder: null,
  bumped: null,
});
