import type { Opening, OpeningsSearch } from '@slate/shared/board';
import { instantAt } from '@slate/shared/minutes';
import { cautionsOf } from '@slate/shared/rules';
import { overlaps } from '@slate/shared/time';
import { Calendar } from './calendar.ts';
import { findGaps } from './gaps.ts';
import type { Gap, Needs, Schedule, Window } from './gaps.ts';

export type Wish = Pick<OpeningsSearch, 'date' | 'days' | 'limit'> & {
  /** Whose time may be offered. */
  readonly blocks: readonly Opening['block'][];
};

type Candidate = {
  readonly gap: Gap;
  readonly window: Window;
  readonly start: number;
  /** Minutes that the case would leave unused on its tighter side. */
  readonly waste: number;
};

/**
 * Where a case would fit, best first: in its own block before open time before somebody else's block; then
 * with fewer cautions; then on an earlier day; then with less waste; then earlier; then by the name of the
 * room, in which order the gaps come. No two openings rank alike. A gap is offered by its few good starts, not
 * by every fifth minute.
 */
export function findOpenings(schedule: Schedule, needs: Needs, wish: Wish): Opening[] {
  const calendar = new Calendar(schedule.site.timeZone, wish.date, wish.days);
  return findGaps(schedule, needs, calendar)
    .flatMap((gap) => leastCautioned(gap, wish.blocks).flatMap((window) => candidatesOf(gap, window)))
    .toSorted(
      (a, b) =>
        kinds.indexOf(a.window.block) - kinds.indexOf(b.window.block) ||
        a.window.cautions - b.window.cautions ||
        a.window.day - b.window.day ||
        a.waste - b.waste ||
        a.start - b.start,
    )
    .slice(0, wish.limit)
    .map((each) => openingOf(each, schedule, needs));
}

const kinds: Opening['block'][] = ['own', 'open', 'other'];

/** Of each day of the gap and each kind of time, only where there is least to be said against it. */
function leastCautioned({ windows }: Gap, blocks: Wish['blocks']): Window[] {
  const least = new Map<string, number>();
  const keyOf = ({ day, block }: Window) => `${day} ${block}`;
  for (const window of windows) {
    least.set(keyOf(window), Math.min(window.cautions, least.get(keyOf(window)) ?? Infinity));
  }
  return windows.filter(
    (window) => blocks.includes(window.block) && window.cautions === least.get(keyOf(window)),
  );
}

/** As early as everything is free, and right before the next claim of the room. */
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
