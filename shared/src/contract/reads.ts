import { z } from 'zod';
import { busyTime, caseMinutes, patientRef, surgicalCase, urgency } from '../cases.ts';
import type { Urgency } from '../cases.ts';
import { caseState } from '../case-state.ts';
import { caseCause, changesBatch } from '../changes.ts';
import { actor, id, queryDays, queryLimit, queryNumber } from '../fields.ts';
import { bedNights, procedure, quantityOf, resource, word } from '../resources.ts';
import { block, closure, site } from '../sites.ts';
import { instant, localDate, localTime, timeRange } from '../time.ts';
import { atCase, atSite, pageCost } from './route.ts';
import type { Route } from './route.ts';

export const boardQuery = z.strictObject({ date: localDate, days: queryDays(14).default(1) });
export type BoardQuery = z.infer<typeof boardQuery>;

/** Everything a console needs to draw these days. From there on, the changes are enough. */
export const board = z.strictObject({
  epoch: id,
  revision: z.int(),
  /** The database's clock. */
  at: instant,
  range: timeRange,
  site,
  resources: z.array(resource),
  procedures: z.array(procedure),
  blocks: z.array(block),
  closures: z.array(closure),
  cases: z.array(surgicalCase),
  busy: z.array(busyTime),
  depot: z.array(surgicalCase),
});
export type Board = z.infer<typeof board>;

export const changesQuery = z.strictObject({
  epoch: id,
  after: queryNumber(z.int().min(0)),
  limit: queryLimit(500).default(500),
});

const cursor = z.string().min(1).max(200).optional();

export const casesQuery = z.strictObject({
  date: localDate.optional(),
  days: queryDays(366).default(1),
  surgeonId: id.optional(),
  roomId: id.optional(),
  state: caseState.optional(),
  limit: queryLimit(200).default(50),
  cursor,
});

/** Like `casesQuery`, by patient. It is a request body because a URL must never name a patient. */
export const casesSearch = z.strictObject({
  patientRef,
  date: localDate.optional(),
  days: z.int().min(1).max(366).default(1),
  surgeonId: id.optional(),
  roomId: id.optional(),
  state: caseState.optional(),
  limit: z.int().min(1).max(200).default(50),
  cursor,
});
export type CasesSearch = Omit<z.infer<typeof casesSearch>, 'patientRef'> & { patientRef?: string };

export const casesPage = z.strictObject({ cases: z.array(surgicalCase), next: z.string().nullable() });

export const caseHistory = z.strictObject({
  case: surgicalCase,
  history: z.array(
    z.strictObject({
      revision: z.int(),
      at: instant,
      by: actor.nullable(),
      cause: caseCause,
      case: surgicalCase,
    }),
  ),
});

/** Start times offered for a case that can wait, unless the search names others. */
export const dayTime = { from: '06:00', to: '18:00' } as const;
/** Openings on weekdays between these times come first. */
export const primeTime = { from: '07:00', to: '17:00', weekdays: [1, 2, 3, 4, 5] } as const;

/** Such a case is offered openings at any hour, the earliest first. */
export const cannotWait = (level: Urgency | undefined) => level === 'immediate' || level === 'urgent';

/** Finds where a case would fit, best first. */
export const openingsSearch = z.strictObject({
  date: localDate,
  days: z.int().min(1).max(31, 'Must be at most 31 days.').default(1),
  minutes: caseMinutes.optional(),
  procedureId: id.optional(),
  surgeonId: id.optional(),
  service: word.optional(),
  roomIds: z.array(id).max(100).optional(),
  capabilities: z.array(word).max(20).optional(),
  equipment: z.array(quantityOf).max(20).optional(),
  bed: bedNights.nullable().optional(),
  /** `own`: only time that the service owns. `open`: only open time. */
  blocks: z.enum(['own', 'open', 'any']).default('any'),
  /** The case starts between these times of day. The range crosses midnight when `to` is not after `from`. */
  from: localTime.optional(),
  to: localTime.optional(),
  /** Monday is 1. */
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).optional(),
  urgency: urgency.optional(),
  limit: z.int().min(1).max(100).default(20),
});
export type OpeningsSearch = z.infer<typeof openingsSearch>;

export const opening = z.strictObject({
  roomId: id,
  start: instant,
  end: instant,
  setupMinutes: z.int(),
  cleanupMinutes: z.int(),
  /** `own`: a block of the searching service. `open`: released or unowned time. `other`: another service's block. */
  block: z.enum(['own', 'open', 'other']),
  /** Rules that this place breaks; booking it needs a reason. */
  cautions: z.array(z.string()),
});
export type Opening = z.infer<typeof opening>;

/** Why nothing fits on a day. */
export const obstacle = z.strictObject({
  /**
   * `over`: the day is over. `capability`: no room is equipped for it. `block`: it fits only in others' blocks. `together`:
   * everything is free at some time, but never all at once. Any other value names what is not free.
   */
  why: z.enum(['over', 'capability', 'block', 'room', 'surgeon', 'equipment', 'bed', 'patient', 'together']),
  resourceId: id.nullable(),
  /** False: it is free at some times, but not when everything else is. */
  isAllDay: z.boolean(),
});
export type DayWithout = z.infer<typeof dayWithout>;
export const dayWithout = z.strictObject({ date: localDate, obstacles: z.array(obstacle) });
export const openingsReply = z.strictObject({
  openings: z.array(opening),
  /** The requested days without an opening, and why. */
  without: z.array(dayWithout),
  at: instant,
});

export const readRoutes = {
  board: {
    method: 'get',
    path: '/sites/:site/board',
    access: 'board.read',
    limit: 'read',
    cost: ({ days }: { days: number }) => 20 + days,
    params: atSite,
    summary: 'Everything on the board for 1 to 14 days',
    query: boardQuery,
    status: 200,
    reply: board,
  },
  changes: {
    method: 'get',
    path: '/sites/:site/changes',
    access: 'board.read',
    limit: 'read',
    cost: pageCost,
    params: atSite,
    summary: 'The changes after a revision',
    query: changesQuery,
    status: 200,
    reply: changesBatch,
  },
  openings: {
    method: 'post',
    path: '/sites/:site/openings',
    access: 'openings.search',
    limit: 'read',
    cost: ({ days }: { days: number }) => 10 + days,
    params: atSite,
    summary: 'Openings for a case, best first',
    body: openingsSearch,
    status: 200,
    reply: openingsReply,
  },
  cases: {
    method: 'get',
    path: '/sites/:site/cases',
    access: 'cases.read',
    limit: 'read',
    cost: pageCost,
    params: atSite,
    summary: 'Cases by day, surgeon, room or state',
    query: casesQuery,
    status: 200,
    reply: casesPage,
  },
  searchCases: {
    method: 'post',
    path: '/sites/:site/cases/search',
    access: 'cases.read',
    limit: 'read',
    cost: pageCost,
    params: atSite,
    summary: 'The cases of a patient',
    body: casesSearch,
    status: 200,
    reply: casesPage,
  },
  case: {
    method: 'get',
    path: '/sites/:site/cases/:case',
    access: 'cases.read',
    limit: 'read',
    cost: () => 5,
    params: atCase,
    summary: 'One case and its history',
    status: 200,
    reply: caseHistory,
  },
} as const satisfies Record<string, Route>;
