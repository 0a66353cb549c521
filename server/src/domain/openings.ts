import type { DayWithout, Opening, OpeningsSearch } from '@slate/shared/contract/reads';
import { instantAt } from '@slate/shared/minutes';
import { cautionsOf } from '@slate/shared/rules';
import { overlaps } from '@slate/shared/time';
import { Calendar } from './calendar.ts';
import { daysWithout } from './days-without.ts';
import { daysAhead, findGaps } from './gaps.ts';
import type { Gap, Hours, Needs, Schedule, Window } from './gaps.ts';

export type Wish = Pick<OpeningsSearch, 'date' | 'days' | 'limit'> & {
  readonly hours: Hours;
  /** An urgent case: the soonest start, in any block. */
  readonly isSoonest: boolean;
  /** The kinds of time that may be offered. */
  readonly blocks: readonly Opening['block'][];
};

type Candidate = {
  readonly gap: Gap;
  readonly window: Window;
  readonly start: number;
  /** Minutes left unused on the tighter side of the case. */
  readonly waste: number;
};

/**
 * Openings for a case, best first: own block, open time, other block; then fewer cautions; prime time; earlier day; less
 * waste; earlier start; room name (the order of the gaps). Urgent cases are ranked by start first. No two openings rank
 * equally. A gap is offered by its few good starts, not by every fifth minute.
 */
export function findOpenings(
  schedule: Schedule,
  needs: Needs,
  wish: Wish,
): { openings: Opening[]; without: DayWithout[] } {
  const calendar = new Calendar(schedule.site.timeZone, wish.date, wish.days);
  const days = daysAhead(schedule.now, calendar, wish.hours, wish.isSoonest ? null : needs.minutes);
  const gaps = findGaps(schedule, needs, calendar, days);
  const rank = wish.isSoonest ? bySoonest : byFit;
  const openings = gaps
    .flatMap((gap) =>
      (wish.isSoonest ? allowed(gap, wish.blocks) : leastCautioned(gap, wish.blocks)).flatMap((window) =>
        candidatesOf(gap, window),
      ),
    )
    .toSorted(rank)
    .slice(0, wish.limit)
    .map((each) => openingOf(each, schedule, needs));
  const { hours, blocks } = wish;
  return { openings, without: daysWithout(schedule, needs, { calendar, days, gaps, hours, blocks }) };
}

const kinds: Opening['block'][] = ['own', 'open', 'other'];
const byKind = (a: Candidate, b: Candidate) =>
  kinds.indexOf(a.window.block) - kinds.indexOf(b.window.block) || a.window.cautions - b.window.cautions;

const byFit = (a: Candidate, b: Candidate) =>
  byKind(a, b) ||
  Number(b.window.isPrime) - Number(a.window.isPrime) ||
  a.window.day - b.window.day ||
  a.waste - b.waste ||
  a.start - b.start;

const bySoonest = (a: Candidate, b: Candidate) => a.start - b.start || byKind(a, b) || a.waste - b.waste;

const allowed = ({ windows }: Gap, blocks: Wish['blocks']) =>
  windows.filter(({ block }) => blocks.includes(block));

/** Per day and kind of time, only the windows with the fewest cautions, preferably in prime time. */
function leastCautioned(gap: Gap, blocks: Wish['blocks']): Window[] {
  const windows = allowed(gap, blocks);
  const least = new Map<string, number>();
  const keyOf = ({ day, block }: Window) => `${day} ${block}`;
  const penalty = ({ cautions, isPrime }: Window) => cautions * 2 + (isPrime ? 0 : 1);
  for (const window of windows) {
    least.set(keyOf(window), Math.min(penalty(window), least.get(keyOf(window)) ?? Infinity));
  }
  return windows.filter((window) => penalty(window) === least.get(keyOf(window)));
}

/** The earliest start, and the one that ends right before the room's next claim. */
function candidatesOf(gap: Gap, window: Window): Candidate[] {
  const starts = window.last === gap.latest ? [window.first, window.last] : [window.first];
  return [...new Set(starts)].map((start) => ({
    gap,
    window,
    start,
    waste: Math.min(start - window.earliest, gap.latest - start),
  }));
}

function openingOf({ gap, window, start: at }: Candidate, { site, now }: Schedule, needs: Needs): Opening {
  const { room, turnover } = gap;
  const start = instantAt(at);
  const end = instantAt(at + needs.minutes);
  const { service, surgeonId, procedure } = needs;
  const item = { start, end, service, surgeonId, list: null, ...turnover };
  const blocks = gap.blocks
    .filter((block) => overlaps(block, item))
    .toSorted((a, b) => (a.start < b.start ? -1 : 1));
  const around = { room, procedure, blocks, settings: site.settings, zone: site.timeZone, now };
  return {
    roomId: room.id,
    start,
    end,
    ...turnover,
    block: window.block,
    cautions: cautionsOf(item, around),
  };
}
