import type { BlockTemplate } from '@slate/shared/block-templates';
import type { Case, Claim } from '@slate/shared/cases';
import type { Procedure, Resource } from '@slate/shared/resources';
import { isReleased, defaultSettings } from '@slate/shared/sites';
import type { Block, Closure, Site } from '@slate/shared/sites';
import { addDays, instantOf, overlaps, weekdayOf } from '@slate/shared/time';
import type { LaidBlock } from '../db/block-templates.sql.ts';
import { administrator, kraus } from './accounts.ts';
import { blocksOn, openTimesOn, weekTemplates } from './block-template.ts';
import type { OpenTime } from './block-template.ts';
import { depotAt } from './depot.ts';
import { operations } from './operations.ts';
import { Planner } from './planner.ts';
import { idOf, Random } from './random.ts';
import { resourceNamed, resources, rooms } from './resources.ts';
import { playBack } from './play-back.ts';

export type DemoHospital = {
  site: Omit<Site, 'reasons'>;
  resources: readonly Resource[];
  procedures: readonly Procedure[];
  templates: readonly BlockTemplate[];
  /** The last day with blocks. */
  laidUntil: string;
  blocks: readonly LaidBlock[];
  closures: readonly Closure[];
  cases: readonly Case[];
};

const daysBack = 7;
const weeksAhead = 5;

/** It has the default reasons. */
export const demoSite: Omit<Site, 'reasons'> = {
  id: idOf('site'),
  name: 'Slate Demo Hospital',
  timeZone: 'America/Chicago',
  settings: { ...defaultSettings, blockWeeks: weeksAhead },
  version: 1,
};

/** Below the numbers of the database's sequence. */
const firstNumber = 10_001;

type DemoMoment = { today: string; now: string; zone?: string };

/** An invented, busy hospital; always the same for the same moment. */
export function demoHospital({ today, now, zone = demoSite.timeZone }: DemoMoment): DemoHospital {
  const random = new Random(`slate demo ${today}`);
  const closures = closuresFrom(today, zone);
  const planner = new Planner(zone, random, claimsOfClosures(closures));
  const templates = weekTemplates(addDays(today, -daysBack));
  const daysAhead = 7 * weeksAhead;
  const blocks: LaidBlock[] = [];

  for (let ahead = -daysBack; ahead <= daysAhead; ahead++) {
    const date = addDays(today, ahead);
    planUrgent(planner, date, ahead, random);
    const laid = blocksOn(templates, date, zone);
    blocks.push(...laid);
    for (const { block } of laid) {
      const share = bookedShare(ahead, block);
      if (block.listId) planner.fillList(block, Math.min(1, share + 0.45));
      else if (random.chance(share * 2)) planner.fill(block, Math.max(share, 0.4));
    }
    for (const time of openTimesOn(date, zone)) {
      if (random.chance(bookedShare(ahead, time) - 0.4)) planner.fill(time, 0.6);
    }
  }

  const placed = playBack(planner.cases, now, zone, random);
  return {
    site: { ...demoSite, timeZone: zone },
    resources,
    procedures: operations.map(({ procedure }) => procedure),
    templates,
    laidUntil: addDays(today, daysAhead),
    blocks: blocks.map(({ block, ...rest }) => ({
      ...rest,
      block: { ...block, releasedAt: releasedAt(block, closures, now) },
    })),
    closures,
    cases: [...placed, ...depotAt(now)].map((item, index) => withPatient(item, firstNumber + index, random)),
  };
}

/** Days after next Monday, and a local time. */
type Moment = [number, string];

/** Closures of the coming days: a room, one of a pool, a person. */
function closuresFrom(today: string, zone: string): Closure[] {
  const monday = addDays(today, 8 - weekdayOf(today));
  const closure = (resource: string, from: Moment, to: Moment, reason: string, by = kraus): Closure => ({
    id: idOf('closure', resource, monday),
    resourceId: resourceNamed(resource).id,
    start: instantOf(addDays(monday, from[0]), from[1], zone),
    end: instantOf(addDays(monday, to[0]), to[1], zone),
    quantity: 1,
    reason,
    createdBy: { id: by.id, name: by.name },
    version: 1,
  });
  return [
    closure('C-arm', [0, '07:00'], [2, '17:00'], 'Repair: image intensifier'),
    closure('Main OR 10', [1, '13:00'], [1, '15:00'], 'Terminal cleaning'),
    closure('Main OR 7', [5, '08:00'], [5, '16:00'], 'Air handling service', administrator),
    closure('Ferrari L', [7, '00:00'], [12, '00:00'], 'Leave', administrator),
  ];
}

const claimsOfClosures = (closures: readonly Closure[]): Claim[] =>
  closures.map(({ resourceId, start, end, quantity }) => ({ resourceId, start, end, quantity }));

/** The share of the time that is booked by now: most for tomorrow, little in a month. */
function bookedShare(days: number, { roomId, service }: OpenTime & { service?: string }): number {
  // Trauma is not known weeks ahead.
  const ahead = Math.max(0, service === 'Trauma' ? days * 4 : days);
  const full = rooms.find(({ id }) => id === roomId)?.attributes.area === 'Ambulatory' ? 0.5 : 0.68;
  return Math.max(0.04, full - 0.021 * ahead);
}

/** Urgent cases are known for past days, and a few for tomorrow. */
function planUrgent(planner: Planner, date: string, ahead: number, random: Random): void {
  if (ahead === 1) planner.fillUrgent(date, 1, ['expedited']);
  if (ahead > 0) return;
  const most = weekdayOf(date) > 5 ? 3 : 4;
  planner.fillUrgent(date, random.int(2, most), ['immediate', 'urgent', 'urgent', 'expedited']);
}

/** Blocks are released when due, and at once if their surgeon is on leave. */
function releasedAt(block: Block, closures: readonly Closure[], now: string): string | null {
  if (isReleased(block, now)) return block.releaseAt;
  const onLeave = closures.some(
    ({ resourceId, ...time }) => resourceId === block.surgeonId && overlaps(time, block),
  );
  return onLeave ? `${now.slice(0, 16)}:00.000Z` : null;
}

const notes = [
  'Latex allergy',
  'Interpreter: Spanish',
  'Interpreter: Polish',
  'Difficult airway',
  'Contact precautions',
  'Pacemaker',
  'Prefers to be first',
  'Frozen section',
];

const withPatient = (item: Case, number: number, random: Random): Case => ({
  ...item,
  number,
  // Uses each number below 900,000 once, in scrambled order.
  patientRef: `DEMO-${100_000 + ((number * 7919) % 900_000)}`,
  note: item.note ?? (random.chance(0.1) ? random.pick(notes) : null),
});
