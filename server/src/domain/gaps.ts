import { primeTime } from '@slate/shared/contract/reads';
import { Load } from '@slate/shared/capacity';
import type { Span } from '@slate/shared/capacity';
import { bedRange } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { instantAt, intersect, minuteOf, snapDown, snapUp, step } from '@slate/shared/minutes';
import type { Range, Starts } from '@slate/shared/minutes';
import { byPosition, handlingOf, noHandling } from '@slate/shared/resources';
import type { Procedure, Resource } from '@slate/shared/resources';
import type { Block, Site } from '@slate/shared/sites';
import type { Turnover } from '@slate/shared/case-draft';
import type { Calendar, LocalDay } from './calendar.ts';
import { RoomTime } from './room-time.ts';
import type { Fit } from './room-time.ts';

/** The data of a site that matters for the searched days. */
export type Schedule = {
  readonly site: Site;
  /** The database's clock. */
  readonly now: string;
  /** The candidate rooms and everything else the case needs. */
  readonly resources: readonly Resource[];
  /** Live claims by resource, including closures. */
  readonly claims: ReadonlyMap<string, readonly Span[]>;
  readonly blocks: readonly Block[];
};

/** The case to place. */
export type Needs = Pick<Case, 'service' | 'surgeonId' | 'minutes' | 'equipment' | 'bed'> & {
  readonly procedure: Procedure | null;
  /** Capabilities the room must have. */
  readonly capabilities: readonly string[];
  turnoverIn(room: Resource): Turnover;
  /** When the patient is in other cases. */
  readonly patient?: readonly Span[];
};

/** Starts on one day at which everything is free and the fit is the same. */
export type Window = Starts &
  Fit & {
    readonly day: number;
    readonly isPrime: boolean;
    /** The first start in the gap with this fit if only the room mattered. */
    readonly earliest: number;
  };

/** Free time of a room between two claims. */
export type Gap = {
  readonly room: Resource;
  readonly turnover: Turnover;
  /** The blocks of the room. */
  readonly blocks: readonly Block[];
  /** The start at which the case would end right before the next claim. */
  readonly latest: number;
  readonly windows: readonly Window[];
};

/** Starts on one of the requested days. */
export type DayStarts = Starts & {
  readonly day: number;
  /** The whole case is in working hours of a weekday. */
  readonly isPrime: boolean;
};

/** The times and weekdays at which a case may start. */
export type Hours = {
  /** Spans midnight if `to` is not after `from`; null: any time. */
  readonly times: { readonly from: string; readonly to: string } | null;
  readonly weekdays: readonly number[] | null;
};
const anyTime: Hours = { times: null, weekdays: null };

/**
 * All starts at which the case fits, by room name, gap and day. Everything needed allows certain ranges of starts; the
 * intersection is where the case fits.
 */
export function findGaps(
  schedule: Schedule,
  needs: Needs,
  calendar: Calendar,
  days = daysAhead(schedule.now, calendar),
): Gap[] {
  const common = neededBy(schedule, needs, days).reduce(
    (starts, each) => intersect(starts, each.starts),
    [...days],
  );
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

/** The rooms that have the needed capabilities, in their order on the board. */
export const roomsFor = ({ resources }: Schedule, { capabilities }: Needs) =>
  resources
    .filter(
      ({ kind, active, attributes }) =>
        kind === 'room' && active && capabilities.every((each) => attributes.capabilities?.includes(each)),
    )
    .toSorted(byPosition);

/**
 * The requested starts of the days that are not in the past. With `primeFor` (the minutes of a case), cut where prime
 * time starts and ends.
 */
export function daysAhead(
  now: string,
  calendar: Calendar,
  { times, weekdays }: Hours = anyTime,
  primeFor: number | null = null,
): DayStarts[] {
  const soonest = snapUp(Date.parse(now) / 60_000);
  return calendar.days.flatMap(({ date, weekday, start, end }, day) => {
    if (weekdays && !weekdays.includes(weekday)) return [];
    const prime = primeIn(calendar, date, weekday, primeFor);
    return timesIn(calendar, { date, start, end }, times)
      .map((each) => ({ first: Math.max(snapUp(each.start), soonest), last: snapDown(each.end - 1) }))
      .flatMap(({ first, last }) => [
        { day, isPrime: false, first, last: Math.min(last, prime.first - step) },
        { day, isPrime: true, first: Math.max(first, prime.first), last: Math.min(last, prime.last) },
        { day, isPrime: false, first: Math.max(first, prime.last + step), last },
      ])
      .filter(({ first, last }) => first <= last);
  });
}

function timesIn(
  calendar: Calendar,
  { date, start, end }: Pick<LocalDay, 'date' | 'start' | 'end'>,
  times: Hours['times'],
): Range[] {
  if (!times) return [{ start, end }];
  const [from, to] = [calendar.at(date, times.from), calendar.at(date, times.to)];
  return times.from < times.to
    ? [{ start: from, end: to }]
    : [
        { start, end: to },
        { start: from, end },
      ];
}

/** Starts in prime time. A case longer than the working day must start with it. `Infinity`: none on this day. */
function primeIn(calendar: Calendar, date: string, weekday: number, minutes: number | null): Starts {
  const isWorkday = primeTime.weekdays.some((each) => each === weekday);
  if (!isWorkday || minutes === null) return { first: Infinity, last: Infinity };
  const first = calendar.at(date, primeTime.from);
  return { first, last: Math.max(first, snapDown(calendar.at(date, primeTime.to) - minutes)) };
}

/** A need other than the room, and the starts at which it is free. */
export type Needed = {
  readonly why: 'surgeon' | 'equipment' | 'bed' | 'patient';
  readonly resourceId: string | null;
  readonly starts: readonly Starts[];
};

export function neededBy(
  { site, resources, claims }: Schedule,
  { surgeonId, equipment, bed, minutes, patient = [] }: Needs,
  days: readonly DayStarts[],
): Needed[] {
  const capacities = new Map(resources.map(({ id, capacity, active }) => [id, active ? capacity : 0]));
  const loadOf = (id: string) => new Load(capacities.get(id) ?? 0, claims.get(id) ?? []);
  const handlings = new Map(resources.map((each) => [each.id, handlingOf(each)]));
  const free = (load: Load, quantity: number, handling = noHandling) =>
    startsIn(load.gaps(quantity), minutes, {
      setupMinutes: handling.transportMinutes,
      cleanupMinutes: handling.reprocessMinutes,
    });

  const pools = new Map<string, number>();
  for (const { resourceId, quantity } of equipment) {
    pools.set(resourceId, (pools.get(resourceId) ?? 0) + quantity);
  }
  const beds = bed && loadOf(bed.resourceId);
  const hasBed = ({ first }: DayStarts) => {
    if (!bed || !beds) return true;
    const nights = bedRange(instantAt(first), bed.nights, site.timeZone);
    return beds.fits({ start: minuteOf(nights.start), end: minuteOf(nights.end) }, 1);
  };
  return [
    { why: 'patient', resourceId: null, starts: free(new Load(1, patient), 1) },
    ...(surgeonId === null
      ? []
      : [{ why: 'surgeon' as const, resourceId: surgeonId, starts: free(loadOf(surgeonId), 1) }]),
    ...[...pools].map(([resourceId, quantity]) => ({
      why: 'equipment' as const,
      resourceId,
      starts: free(loadOf(resourceId), quantity, handlings.get(resourceId)),
    })),
    ...(bed ? [{ why: 'bed' as const, resourceId: bed.resourceId, starts: days.filter(hasBed) }] : []),
  ];
}

/** The starts at which a case of that length, with its turnover, lies within one of the free ranges. */
export function startsIn(free: readonly Range[], minutes: number, turnover?: Turnover): Starts[] {
  const before = turnover?.setupMinutes ?? 0;
  const after = minutes + (turnover?.cleanupMinutes ?? 0);
  return free
    .map(({ start, end }) => ({ first: snapUp(start + before), last: snapDown(end - after) }))
    .filter(({ first, last }) => first <= last);
}
