import { z } from 'zod';
import { caseMinutes, reason } from './cases.ts';
import { actor, id, line } from './fields.ts';
import { version, word } from './resources.ts';
import { instant, timeZone } from './time.ts';

export const siteSettings = z.strictObject({
  /** How long a hold lasts, and how long it may last with all its extensions. */
  holdSeconds: z.int().min(5).max(3600),
  holdLimitSeconds: z.int().min(5).max(14_400),
  /** How many holds one person may have at a time: enough for several calls, too few to close a floor. */
  holdsPerPerson: z.int().min(1).max(1000),
  /** Turnover where neither room nor procedure says otherwise. */
  setupMinutes: z.int().min(0).max(240),
  cleanupMinutes: z.int().min(0).max(240),
  /** Length of a case where the procedure does not say. */
  caseMinutes,
  /** What the cards of the board show; the wall board shows neither. */
  shortNamesOnCards: z.boolean(),
  patientsOnCards: z.boolean(),
});
export type SiteSettings = z.infer<typeof siteSettings>;

/** What a hospital can begin with. */
export const defaultSettings: SiteSettings = {
  holdSeconds: 120,
  holdLimitSeconds: 600,
  holdsPerPerson: 10,
  setupMinutes: 10,
  cleanupMinutes: 15,
  caseMinutes: 60,
  shortNamesOnCards: true,
  patientsOnCards: false,
};

export const site = z.strictObject({
  id,
  name: line(120),
  timeZone,
  settings: siteSettings,
  version,
});
export type Site = z.infer<typeof site>;

/** Room time owned by a service or surgeon until it is released. With a list: places rather than free times. */
export const block = z.strictObject({
  id,
  roomId: id,
  start: instant,
  end: instant,
  service: word,
  surgeonId: id.nullable(),
  listId: id.nullable(),
  releaseAt: instant,
  releasedAt: instant.nullable(),
});
export type Block = z.infer<typeof block>;

export const isReleased = (item: Block, at: string) => item.releasedAt !== null || item.releaseAt <= at;

/** A claim on a resource for a reason: cleaning, repair, leave. */
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
