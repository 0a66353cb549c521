import { Load } from '@slate/shared/capacity';
import type { Span } from '@slate/shared/capacity';
import { bedRange } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { instantAt, intersect, minuteOf, snapDown, snapUp } from '@slate/shared/minutes';
import type { Range, Starts } from '@slate/shared/minutes';
import type { Procedure, Resource } from '@slate/shared/resources';
import type { Block, Site } from '@slate/shared/sites';
import type { Turnover } from '@slate/shared/turnover';
import type { Calendar } from './calendar.ts';
import { RoomTime } from './room-time.ts';
import type { Standing } from './room-time.ts';

/** What is known of a site, as far as it bears on the days in question. */
export type Schedule = {
  readonly site: Site;
  /** The database's clock. */
  readonly now: string;
  /** The rooms that come into question, and whatever else the case needs. */
  readonly resources: readonly Resource[];
  /** Live claims by resource, closures among them. */
  readonly claims: ReadonlyMap<string, readonly Span[]>;
  readonly blocks: readonly Block[];
};

/** The case that wants a time. */
export type Needs = Pick<Case, 'service' | 'surgeonId' | 'minutes' | 'equipment' | 'bed'> & {
  readonly procedure: Procedure | null;
  /** What the room must be able to do. */
  readonly capabilities: readonly string[];
  turnoverIn(room: Resource): Turnover;
  /** When the patient is elsewhere. */
  readonly patient?: readonly Span[];
};

/** Starts on one day at which everything is free and at which the case stands equally well. */
export type Window = Starts &
  Standing & {
    readonly day: number;
    /** The first start in the gap with this standing, were only the room needed. */
    readonly earliest: number;
  };

/** Time in which a room is free for the case, from one claim to the next. */
export type Gap = {
  readonly room: Resource;
  readonly turnover: Turnover;
  /** The blocks of the room. */
  readonly blocks: readonly Block[];
  /** The start with which the case would end right before the next claim. */
  readonly latest: number;
  readonly windows: readonly Window[];
};

type DayStarts = Starts & { readonly day: number };

/**
 * Every start at which the case would fit, by name of the room, gap and day. Each thing that is needed allows
 * some stretches of starts; what all of them have in common is where everything fits.
 */
export function findGaps(schedule: Schedule, needs: Needs, calendar: Calendar): Gap[] {
  const days = daysAhead(schedule.now, calendar);
  const common = commonStarts(schedule, needs, days);
  const [first, last] = [days[0]?.first, days.at(-1)?.last];
  if (common.length === 0 || first === undefined || last === undefined) return [];

  const blocksByRoom = Map.groupBy(schedule.blocks, (block) => block.roomId);
  return roomsFor(schedule, needs).flatMap((room) => {
    const turnover = needs.turnoverIn(room);
    const blocks = blocksByRoom.get(room.id) ?? [];
    const time = new RoomTime(room, blocks, needs, schedule.now, calendar);
    const free = new Load(room.capacity, schedule.claims.get(room.id) ?? []).gaps(1);
    return startsIn(free, needs.minutes, turnover).map((starts) => {
      const ahead = intersect([starts], [{ first, last }]);
      const pieces = ahead.flatMap((each) => time.cut(each));
      const windows = intersect(
        pieces.map((piece) => ({ ...piece, earliest: piece.first })),
        common,
      );
      return { room, turnover, blocks, latest: starts.last, windows };
    });
  });
}

const { compare } = new Intl.Collator('en', { numeric: true });

/** "OR 2" before "OR 10"; rooms of the same name by id. */
const roomsFor = ({ resources }: Schedule, { capabilities }: Needs) =>
  resources
    .filter(
      ({ kind, active, attributes }) =>
        kind === 'room' && active && capabilities.every((each) => attributes.capabilities?.includes(each)),
    )
    .toSorted((a, b) => compare(a.name, b.name) || (a.id < b.id ? -1 : 1));

/** The days, without what is over already. */
function daysAhead(now: string, { days }: Calendar): DayStarts[] {
  const soonest = snapUp(Date.parse(now) / 60_000);
  return days
    .map(({ start, end }, day) => ({
      day,
      first: Math.max(snapUp(start), soonest),
      last: snapDown(end - 1),
    }))
    .filter(({ first, last }) => first <= last);
}

/** The starts at which everything but the room is free. */
function commonStarts(
  { site, resources, claims }: Schedule,
  { surgeonId, equipment, bed, minutes, patient = [] }: Needs,
  days: readonly DayStarts[],
): DayStarts[] {
  const capacities = new Map(resources.map(({ id, capacity, active }) => [id, active ? capacity : 0]));
  const loadOf = (id: string) => new Load(capacities.get(id) ?? 0, claims.get(id) ?? []);

  let starts = startsIn(new Load(1, patient).gaps(1), minutes);
  const wanted = new Map(surgeonId === null ? [] : [[surgeonId, 1]]);
  for (const { resourceId, quantity } of equipment) {
    wanted.set(resourceId, (wanted.get(resourceId) ?? 0) + quantity);
  }
  for (const [id, quantity] of wanted) {
    starts = intersect(starts, startsIn(loadOf(id).gaps(quantity), minutes));
  }

  const beds = bed && loadOf(bed.resourceId);
  const hasBed = ({ first }: DayStarts) => {
    if (!bed || !beds) return true;
    const nights = bedRange(instantAt(first), bed.nights, site.timeZone);
    return beds.fits({ start: minuteOf(nights.start), end: minuteOf(nights.end) }, 1);
  };
  return intersect(starts, days.filter(hasBed));
}

/** In which stretches a case of that length can start so that it lies within one of the ranges. */
function startsIn(free: readonly Range[], minutes: number, turnover?: Turnover): Starts[] {
  const before = turnover?.setupMinutes ?? 0;
  const after = minutes + (turnover?.cleanupMinutes ?? 0);
  return free
    .map(({ start, end }) => ({ first: snapUp(start + before), last: snapDown(end - after) }))
    .filter(({ first, last }) => first <= last);
}
