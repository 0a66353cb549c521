import { z } from 'zod';
import { id, line } from './fields.ts';
import { localTime } from './time.ts';

/** Anything a case can claim. Rooms and surgeons have capacity 1; equipment, beds and lists can have more. */
export const resourceKind = z.enum(['room', 'surgeon', 'equipment', 'bed', 'list']);
export type ResourceKind = z.infer<typeof resourceKind>;

/** A room and a surgeon can serve one case at a time: their capacity is always 1. */
export const isSingular = (kind: ResourceKind) => kind === 'room' || kind === 'surgeon';

export const capacity = z
  .int('Must be a whole number.')
  .min(1, 'Must be at least 1.')
  .max(1000, 'Must be at most 1000.');
export const version = z.int().min(1);
export const word = line(60);

/** Opening hours on some days of the week (Monday = 1), in the site's time zone. */
export const openingHours = z
  .strictObject({
    days: z.array(z.int().min(1).max(7)).min(1).max(7),
    open: localTime,
    close: localTime,
  })
  .refine((hours) => hours.open < hours.close, { path: ['close'], error: 'Must be after the opening time.' })
  .meta({ description: '`close` is after `open`.' });

const position = z
  .int('Must be a whole number.')
  .min(1, 'Must be at least 1.')
  .max(1000, 'Must be at most 1000.');

export const resourceAttributes = z.strictObject({
  /** Of a room: the suite it belongs to. */
  area: word.optional(),
  /** Of a room: what it is equipped for. A procedure lists the capabilities it needs. */
  capabilities: z.array(word).max(20).optional(),
  /** Of a room or surgeon: the service it usually belongs to. */
  service: word.optional(),
  /** Of a room: usual hours. A case outside them needs a reason. A room without hours is always open. */
  hours: z.array(openingHours).max(14).optional(),
  /** Of a room: usual minutes before and after a case. */
  setupMinutes: z.int().min(0).max(240).optional(),
  cleanupMinutes: z.int().min(0).max(240).optional(),
  /** Of a room: its place on the board and in lists. Rooms without one come last, by name. */
  position: position.optional(),
  /** Of equipment: minutes before a case to bring it, and after a case until it can be used again. */
  transportMinutes: z.int().min(0).max(240).optional(),
  reprocessMinutes: z.int().min(0).max(240).optional(),
});
export type ResourceAttributes = z.infer<typeof resourceAttributes>;

export const resource = z.strictObject({
  id,
  kind: resourceKind,
  name: line(120),
  capacity,
  active: z.boolean(),
  attributes: resourceAttributes,
  version,
});
export type Resource = z.infer<typeof resource>;

/** Created for the first comparison, because that takes some milliseconds, which the sign-in would wait for. */
let collator: Intl.Collator | undefined;
/** Sorts OR 2 before OR 10. */
export const inNaturalOrder = (a: string, b: string) =>
  (collator ??= new Intl.Collator('en-US', { numeric: true })).compare(a, b);

type Placed = Pick<Resource, 'id' | 'name' | 'attributes'>;
export const positionOf = ({ attributes }: Placed) => attributes.position ?? Number.MAX_SAFE_INTEGER;
/** The order of resources everywhere: by position, which only rooms have, then by name, then by id. */
export const byPosition = (a: Placed, b: Placed) =>
  positionOf(a) - positionOf(b) || inNaturalOrder(a.name, b.name) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The handling of a resource around each use; only equipment has one. */
export type Handling = { readonly transportMinutes: number; readonly reprocessMinutes: number };
export const noHandling: Handling = { transportMinutes: 0, reprocessMinutes: 0 };
export function handlingOf(of: Pick<Resource, 'kind' | 'attributes'> | undefined): Handling {
  if (of?.kind !== 'equipment') return noHandling;
  const { transportMinutes = 0, reprocessMinutes = 0 } = of.attributes;
  return { transportMinutes, reprocessMinutes };
}

/** A quantity of a pool. */
export const quantityOf = z.strictObject({
  resourceId: id,
  quantity: z.int('Must be a whole number.').min(1, 'Must be at least 1.').max(1000, 'Must be at most 1000.'),
});
export const bedNights = z.strictObject({
  resourceId: id,
  nights: z.int().min(1, 'Must be at least one night.').max(60, 'Must be at most 60 nights.'),
});

/** The setup and cleanup of a procedure in one room, in place of its usual ones. */
const roomTurnover = z.strictObject({
  roomId: id,
  setupMinutes: z.int().min(0).max(240),
  cleanupMinutes: z.int().min(0).max(240),
});
export const turnoverByRoom = z
  .array(roomTurnover)
  .max(100, 'Must be at most 100 rooms.')
  .refine(
    (rooms) => new Set(rooms.map(({ roomId }) => roomId)).size === rooms.length,
    'Each room can be listed only once.',
  )
  .meta({ description: 'Each room once.', uniqueItems: true });

export const procedure = z.strictObject({
  id,
  name: line(160),
  /** The department's own shorter name, for cards and the palette. */
  shortName: line(40).nullable(),
  service: word,
  /** Usual minutes from wheels in to wheels out, and their standard deviation. */
  minutes: z.int().min(5).max(1440),
  spread: z.int().min(0).max(720),
  setupMinutes: z.int().min(0).max(240),
  cleanupMinutes: z.int().min(0).max(240),
  /** A server of an earlier version does not send it. */
  turnoverByRoom: turnoverByRoom.default([]),
  /** The capabilities that the room must have. */
  capabilities: z.array(word).max(20),
  equipment: z.array(quantityOf).max(20),
  bed: bedNights.nullable(),
  active: z.boolean(),
  version,
});
export type Procedure = z.infer<typeof procedure>;
