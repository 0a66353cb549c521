import type { PlacedCase } from './cases.ts';
import type { Procedure, Resource } from './resources.ts';
import { isReleased, surgeonsOf } from './sites.ts';
import type { Block, SiteSettings } from './sites.ts';
import {
  addDays,
  covers,
  dayAndTimeOf,
  instantOf,
  localDateOf,
  minutesBetween,
  minutesOf,
  overlaps,
  timeOf,
  weekdayOf,
} from './time.ts';
import type { TimeRange } from './time.ts';
import { turnoverOf } from './case-draft.ts';

// The soft rules: breaking one needs a reason. The server decides by them, and the console previews them. Capacity (two
// cases at once) is not here: only the database decides that.

export type Surroundings = {
  room: Resource;
  procedure: Procedure | null;
  /** The blocks of the room around the case. */
  blocks: readonly Block[];
  settings: SiteSettings;
  zone: string;
  /** Decides which blocks are released. */
  now: string;
};

/** How many days ahead something can be planned. */
export const longestAhead = 800;

/** Why nothing can be placed at this time, or null. A reason cannot override it. */
export function impossibleTime({ start, end }: TimeRange, now: string): string | null {
  if (end <= now) return 'This time has passed. Choose a later one.';
  return start > addDays(now.slice(0, 10), longestAhead)
    ? `This is more than ${longestAhead} days ahead. Choose an earlier time.`
    : null;
}

/**
 * A block of a surgeon or a group is not for the others of the service. A case of the service without a surgeon may still get
 * one of them.
 */
export const ownsBlock = (block: Block, who: { service: string | null; surgeonId: string | null }) =>
  block.surgeonId === null || who.surgeonId === null
    ? block.service === who.service
    : surgeonsOf(block).includes(who.surgeonId);

/** Others' unreleased blocks that overlap the range. The block of a list accepts only places on that list. */
export function foreignBlocks(
  range: TimeRange,
  who: { service: string | null; surgeonId: string | null; listId?: string | null },
  blocks: readonly Block[],
  now: string,
): Block[] {
  // A case without service and surgeon is not in a wrong block yet.
  if (who.service === null && who.surgeonId === null) return [];
  return blocks.filter(
    (block) =>
      overlaps(block, range) &&
      !isReleased(block, now) &&
      (block.listId === null ? !ownsBlock(block, who) : block.listId !== who.listId),
  );
}

export const othersBlock = ({ service, surgeonId, releaseAt }: Block, zone: string) => {
  const whose = surgeonId === null ? `${service}'s block` : `a block of certain surgeons of ${service}`;
  return `This is ${whose} until it is released at ${dayAndTimeOf(releaseAt, zone)}.`;
};

/** The fields that the rules need; the case may not exist yet. */
type Placed = Pick<
  PlacedCase,
  'start' | 'end' | 'service' | 'surgeonId' | 'list' | 'setupMinutes' | 'cleanupMinutes'
>;

export function cautionsOf(item: Placed, around: Surroundings): string[] {
  return [
    ...unsuitable(item, around),
    ...inForeignBlock(item, around),
    ...pastBlockEdge(item, around),
    ...afterHours(item, around.room, around.zone),
    ...shortTurnover(item, around),
  ];
}

function unsuitable(_item: Placed, { room, procedure }: Surroundings): string[] {
  const missing = (procedure?.capabilities ?? []).filter(
    (need) => !room.attributes.capabilities?.includes(need),
  );
  return missing.length > 0
    ? [`${room.name} is not equipped for this procedure, which needs ${missing.join(', ')}.`]
    : [];
}

function inForeignBlock(item: Placed, { blocks, zone, now }: Surroundings): string[] {
  const who = { service: item.service, surgeonId: item.surgeonId, listId: item.list?.resourceId ?? null };
  return foreignBlocks(item, who, blocks, now).map((block) =>
    block.listId === null
      ? othersBlock(block, zone)
      : `This time belongs to a list of ${block.service} until it is released at ${dayAndTimeOf(block.releaseAt, zone)}.`,
  );
}

function pastBlockEdge(item: Placed, { blocks, zone }: Surroundings): string[] {
  const own = blocks.find(
    (block) =>
      block.listId === null &&
      ownsBlock(block, item) &&
      covers(block, { start: item.start, end: item.start }),
  );
  return own && item.start < own.end && item.end > own.end
    ? [
        `It runs ${minutesOf(minutesBetween(own.end, item.end))} past the end of the block at ${timeOf(own.end, zone)}.`,
      ]
    : [];
}

/** Adjacent hours count as one: a room that is open around the clock does not close at midnight. */
export function afterHours(range: TimeRange, room: Resource, zone: string): string[] {
  const { hours } = room.attributes;
  if (!hours?.length) return [];
  const last = localDateOf(range.end, zone);
  let openUntil = range.start;
  for (let date = localDateOf(range.start, zone); date <= last; date = addDays(date, 1)) {
    const weekday = weekdayOf(date);
    for (const { days, open, close } of hours.toSorted((a, b) => (a.open < b.open ? -1 : 1))) {
      if (!days.includes(weekday) || instantOf(date, open, zone) > openUntil) continue;
      const closes = instantOf(date, close, zone);
      if (closes > openUntil) openUntil = closes;
    }
  }
  if (openUntil >= range.end) return [];
  return openUntil > range.start
    ? [`After hours: ${room.name} usually closes at ${timeOf(openUntil, zone)}.`]
    : [`After hours: ${room.name} is usually closed at ${timeOf(range.start, zone)}.`];
}

function shortTurnover(item: Placed, { room, procedure, settings }: Surroundings): string[] {
  const usual = turnoverOf(room, procedure, settings);
  const short = usual.setupMinutes + usual.cleanupMinutes - item.setupMinutes - item.cleanupMinutes;
  return short > 0 && item.list === null
    ? [`Turnover is ${minutesOf(short)} shorter than the usual ${usual.setupMinutes + usual.cleanupMinutes}.`]
    : [];
}
