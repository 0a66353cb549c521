import { z } from 'zod';
import { caseState, hasLeft, isClaiming, isInRoom, milestone } from './case-state.ts';
import { actor, id, line, paragraph } from './fields.ts';
import { longestStay, happensAt, mayHappenAt, stayOf } from './reality.ts';
import { reasonCode } from './reasons.ts';
import { bedNights, handlingOf, quantityOf, version, word } from './resources.ts';
import type { Handling, Resource } from './resources.ts';
import { addDays, addMinutes, instant, instantOf, localDateOf, minutesBetween } from './time.ts';
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
    'Each pool can be listed only once.',
  )
  .meta({ description: 'Each pool once.', uniqueItems: true });

/** A place on a list: the list, and the session (its block) with its times. */
const listPlace = z.strictObject({ resourceId: id, blockId: id, start: instant, end: instant });

/** The code of a reason in the site's list. A server of an earlier version does not send it. */
const storedCode = reasonCode.nullable().default(null);

/**
 * One operation: its needs (procedure, surgeon, equipment, bed, list) and its place (room, start, end). Its claims are
 * not stored here; they follow from both through `claimsOf`.
 */
export const surgicalCase = z.strictObject({
  id,
  number: z.int(),
  version,
  state: caseState,
  roomId: id.nullable(),
  /** From patient in the room to patient out of the room. */
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
  /** When it began to wait in the depot. A hold with this value returns there when it ends without being booked. */
  depotSince: instant.nullable(),
  /** Set when it is bumped: by whom, when and why. Stays until it is booked again. */
  bumped: z.strictObject({ by: actor, at: instant, reason: reason.nullable() }).nullable(),
  note: note.nullable(),
  /** Why it was cancelled, bumped, voided or released. */
  reason: reason.nullable(),
  reasonCode: storedCode,
  /** Why it was placed against a soft rule (after hours, in another service's block). */
  overrideReason: reason.nullable(),
  overrideReasonCode: storedCode,
  /** Why it was last delayed. */
  delayReason: reason.nullable().default(null),
  delayReasonCode: storedCode,
  milestones: z.partialRecord(milestone, instant),
  createdBy: id,
});
export type Case = z.infer<typeof surgicalCase>;
type Place = { roomId: string; start: string; end: string };
export type PlacedCase = Case & Place;

export const isPlaced = <Item extends Pick<Case, keyof Place>>(item: Item): item is Item & Place =>
  item.roomId !== null && item.start !== null && item.end !== null;

/** Only a new hold may leave both open, while the caller is still on the phone. */
export const hasProcedureOrTitle = (item: {
  procedureId?: string | null | undefined;
  title?: string | null | undefined;
}) => (item.procedureId ?? item.title ?? null) !== null;
export const missingProcedure = {
  field: 'procedureId',
  reason: 'Choose a procedure or enter a title.',
};

/** A quantity of a resource during a half-open range. */
export type Claim = TimeRange & { readonly resourceId: string; readonly quantity: number };

/** A bed is claimed from noon to noon for each night, starting on the day of the operation. */
export function bedRange(start: string, nights: number, zone: string): TimeRange {
  const day = localDateOf(start, zone);
  return { start: instantOf(day, '12:00', zone), end: instantOf(addDays(day, nights), '12:00', zone) };
}

/** The claimed part of the stay: when the patient leaves, the rest is free from the next minute on. */
function claimedStay(item: PlacedCase, now?: string): TimeRange | null {
  const stay = stayOf(item, now);
  const leftAt = hasLeft(item.state) ? item.milestones.out_of_room : undefined;
  return stay && leftAt !== undefined
    ? { start: stay.start, end: addMinutes(`${leftAt.slice(0, 16)}:00.000Z`, 1) }
    : stay;
}

const withTurnover = ({ setupMinutes, cleanupMinutes }: Case, { start, end }: TimeRange): TimeRange => ({
  start: addMinutes(start, -setupMinutes),
  end: addMinutes(end, cleanupMinutes),
});

/** The whole plan, including setup and cleanup. */
export const stretchOf = (item: PlacedCase): TimeRange => withTurnover(item, item);
/** When the room is or may be in use, including setup and cleanup, independent of the current time. */
export const mayTake = (item: PlacedCase): TimeRange => withTurnover(item, mayHappenAt(item));

/**
 * Everything a case claims, except for the handling of its equipment. The server requests these claims, and `claim` in the
 * database adds the handling under its locks; everybody else uses `claimsWithHandling`. With `now`, a case under way claims
 * at least until then.
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

export type ResourceById = (id: string) => Pick<Resource, 'kind' | 'attributes'> | undefined;

/** A time of use with the transport before and the reprocessing after it. */
export const handled = <Use extends TimeRange>(
  use: Use,
  { transportMinutes, reprocessMinutes }: Handling,
): Use => ({
  ...use,
  start: addMinutes(use.start, -transportMinutes),
  end: addMinutes(use.end, reprocessMinutes),
});

/** Everything a case claims, as the database stores it (`with_handling.sql`). */
export const claimsWithHandling = (
  item: Case,
  zone: string,
  resourceOf: ResourceById,
  now?: string,
): Claim[] =>
  claimsOf(item, zone, now).map((claim) => {
    const handling = handlingOf(resourceOf(claim.resourceId));
    return handling.transportMinutes + handling.reprocessMinutes > 0 ? handled(claim, handling) : claim;
  });

/** The range in which the patient must not be elsewhere. With `now`, a patient in the room stays at least until then. */
export function patientStay(item: Case, now?: string) {
  const { patientRef: patient, state } = item;
  if (patient === null || !isClaiming(state) || hasLeft(state) || !isPlaced(item)) return null;
  const stay = stayOf(item, now);
  return stay && { case: item.id, patient, ...stay };
}

/** A case as shown to a person who may know only that the time is taken. */
export const busyTime = z.strictObject({
  id,
  roomId: id,
  start: instant,
  end: instant,
  /** While the case is under way: from then on the end moves with the clock, until a day after the start. */
  growsFrom: instant.nullable(),
});
export type BusyTime = z.infer<typeof busyTime>;

/** The claim on the room, including turnover; null without a claim. */
export function busyTimeOf(item: Case): BusyTime | null {
  if (!isClaiming(item.state) || !isPlaced(item)) return null;
  const stay = claimedStay(item);
  const growsFrom = stay && isInRoom(item.state) ? stay.end : null;
  return stay && { id: item.id, roomId: item.roomId, ...withTurnover(item, stay), growsFrom };
}

/** The busy time as expected now: a case that runs over keeps its room. */
export function busyAt({ start, end, growsFrom }: BusyTime, now: string): TimeRange {
  const isGrowing = growsFrom !== null && now > growsFrom && now < addMinutes(start, longestStay);
  return { start, end: isGrowing ? addMinutes(end, minutesBetween(growsFrom, now)) : end };
}

/** The whole time that it may take, independent of the current time. */
export function busyMayTake(busy: BusyTime): TimeRange {
  const { start, end, growsFrom } = busy;
  const last = growsFrom === null ? end : addMinutes(start, longestStay + minutesBetween(growsFrom, end));
  return { start, end: last > end ? last : end };
}

/**
 * The case as shown on a wall board in a corridor: no text that a person typed, and no name except the surgeon's. The
 * procedure shows what is done.
 */
export const onWall = (item: Case): Case => ({
  ...item,
  patientRef: null,
  title: null,
  note: null,
  reason: null,
  overrideReason: null,
  delayReason: null,
  holder: null,
  bumped: null,
});
