import { z } from 'zod';
import { caseMinutes, reason } from './cases.ts';
import { actor, id, line } from './fields.ts';
import { reasonList } from './reasons.ts';
import { version, word } from './resources.ts';
import { instant, timeZone } from './time.ts';
import { updateChannel } from './updates.ts';

export const siteSettings = z.strictObject({
  /** The length of a hold, and its limit including all extensions. */
  holdSeconds: z.int().min(5).max(3600),
  holdLimitSeconds: z.int().min(5).max(14_400),
  /** How many holds one person may have at a time: enough for several calls, too few to block a floor. */
  holdsPerPerson: z.int().min(1).max(1000),
  /** The turnover if neither the room nor the procedure has one. */
  setupMinutes: z.int().min(0).max(240),
  cleanupMinutes: z.int().min(0).max(240),
  /** The length of a case without a procedure. */
  caseMinutes,
  /** For how many weeks ahead templates are laid out as dated blocks. */
  blockWeeks: z.int().min(4).max(104),
  /** Optional texts on the cards of the board. The wall board never shows patients. */
  shortNamesOnCards: z.boolean(),
  patientsOnCards: z.boolean(),
  /** Details of cases that the server sends to wall boards. */
  wallProcedures: z.boolean(),
  wallSurgeons: z.boolean(),
  wallNumbers: z.boolean(),
  /** For how many hours after the last sign-in a desk can be unlocked without the server. 0: not at all. */
  offlineHours: z.int().min(0).max(168),
  /** After how many hours a queued request is not sent any more. The server keeps keys for 72 hours. */
  queueHours: z.int().min(1).max(72),
  /** Updates of the desktop program: the channel, how many of a hundred workstations get the update of that channel, and a stop for all. */
  updateChannel,
  updatePercent: z.int().min(0).max(100),
  updatesPaused: z.boolean(),
});
export type SiteSettings = z.infer<typeof siteSettings>;

/** Decide what a wall board gets of a case. Not strict: the database may have settings of a later version. */
export const wallSettings = z.object(
  siteSettings.pick({ wallProcedures: true, wallSurgeons: true, wallNumbers: true }).shape,
);
export type WallSettings = z.infer<typeof wallSettings>;

/** Must equal the defaults in `settings_json.sql`. */
export const defaultSettings: SiteSettings = {
  holdSeconds: 120,
  holdLimitSeconds: 600,
  holdsPerPerson: 10,
  setupMinutes: 10,
  cleanupMinutes: 15,
  caseMinutes: 60,
  blockWeeks: 26,
  shortNamesOnCards: true,
  patientsOnCards: false,
  wallProcedures: true,
  wallSurgeons: true,
  wallNumbers: true,
  offlineHours: 72,
  queueHours: 24,
  updateChannel: 'stable',
  updatePercent: 100,
  updatesPaused: false,
};

export const site = z.strictObject({
  id,
  name: line(120),
  timeZone,
  // A server of an earlier version does not send these settings or `reasons`.
  settings: siteSettings.extend({
    blockWeeks: siteSettings.shape.blockWeeks.default(defaultSettings.blockWeeks),
    wallProcedures: siteSettings.shape.wallProcedures.default(defaultSettings.wallProcedures),
    wallSurgeons: siteSettings.shape.wallSurgeons.default(defaultSettings.wallSurgeons),
    wallNumbers: siteSettings.shape.wallNumbers.default(defaultSettings.wallNumbers),
  }),
  reasons: reasonList.default([]),
  version,
});
export type Site = z.infer<typeof site>;

/** Room time that a service or surgeon owns until it is released. With a list: places instead of free times. */
/** With `surgeonId`, the group that a block belongs to. */
export const alsoSurgeonIds = z.array(id).max(40).optional();
export const block = z.strictObject({
  id,
  roomId: id,
  start: instant,
  end: instant,
  service: word,
  surgeonId: id.nullable(),
  alsoSurgeonIds,
  listId: id.nullable(),
  releaseAt: instant,
  releasedAt: instant.nullable(),
});
export type Block = z.infer<typeof block>;

/** The surgeons that a block belongs to; none: to everyone of its service. */
export const surgeonsOf = ({
  surgeonId,
  alsoSurgeonIds: others = [],
}: Pick<Block, 'surgeonId' | 'alsoSurgeonIds'>) => (surgeonId === null ? [] : [surgeonId, ...others]);

export const isReleased = (item: Block, at: string) => item.releasedAt !== null || item.releaseAt <= at;

/** Closes a resource, for example for cleaning, repair or leave. */
export const closure = z.strictObject({
  id,
  resourceId: id,
  start: instant,
  end: instant,
  quantity: z.int().min(1).max(1000),
  reason,
  createdBy: actor,
  version,
});
export type Closure = z.infer<typeof closure>;
