import type { BusyTime, PlacedCase } from '@slate/shared/cases';
import { happensAt, shownIn } from '@slate/shared/reality';
import { addMinutes, overlaps } from '@slate/shared/time';
import { expectedTime } from '../preview/collisions.ts';
import type { BoardView, Lane } from '../stores/board.ts';

/** The drawn times of a case: `start` and `end` of the patient's time in the room, and the whole claim of the room around it. */
export type Drawn = {
  readonly item: PlacedCase;
  readonly start: string;
  readonly end: string;
  readonly claimed: { readonly start: string; readonly end: string };
  readonly level: number;
  readonly levels: number;
};
export type DrawnBusy = { readonly busy: BusyTime; readonly level: number; readonly levels: number };

export type Layout = { readonly cases: readonly Drawn[]; readonly busy: readonly DrawnBusy[] };
const layouts = new WeakMap<Lane, { times: string; layout: Layout }>();

type Unstacked = Omit<Drawn, 'level' | 'levels'>;

/** Returns the cases that are drawn in a room. If only the setup or cleanup of a case is on these days, that is drawn. */
function drawnIn(view: BoardView, lane: Lane, now: number): Unstacked[] {
  const { range } = view.board;
  return lane.cases.flatMap((item) => {
    const shown = shownIn(range, item, () => expectedTime(view, item, now));
    const { start, end } = shown ?? happensAt(item);
    const claimed = {
      start: addMinutes(start, -item.setupMinutes),
      end: addMinutes(end, item.cleanupMinutes),
    };
    return shown || overlaps(claimed, range) ? [{ item, start, end, claimed }] : [];
  });
}

/** Returns the layout of a room. Cached until something in the room changes or a case runs further into these days. */
export function layOut(view: BoardView, lane: Lane, now: number): Layout {
  const drawn = drawnIn(view, lane, now);
  const times = drawn.map(({ item, start, end }) => `${item.id} ${start} ${end}`).join();
  const before = layouts.get(lane);
  if (before?.times === times) return before.layout;
  const everything = [...drawn, ...lane.busy.map((busy) => ({ busy, start: busy.start, end: busy.end }))];
  const cases: Drawn[] = [];
  const busy: DrawnBusy[] = [];
  for (const { item: each, level, levels } of stack(everything)) {
    if ('busy' in each) busy.push({ busy: each.busy, level, levels });
    else cases.push({ ...each, level, levels });
  }
  const layout = { cases, busy };
  layouts.set(lane, { times, layout });
  return layout;
}

export type Stacked<Item> = { readonly item: Item; readonly level: number; readonly levels: number };

/** Stacks items that overlap in time: they share the height of the lane. */
export function stack<Item extends { start: string; end: string }>(items: readonly Item[]): Stacked<Item>[] {
  const sorted = items.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const stacked: Stacked<Item>[] = [];
  let cluster: { item: Item; level: number }[] = [];
  let ends: string[] = [];
  const close = () => {
    for (const each of cluster) stacked.push({ ...each, levels: ends.length });
    cluster = [];
    ends = [];
  };
  for (const item of sorted) {
    if (ends.every((end) => end <= item.start)) close();
    const free = ends.findIndex((end) => end <= item.start);
    const level = free < 0 ? ends.length : free;
    ends[level] = item.end;
    cluster.push({ item, level });
  }
  close();
  return stacked;
}
