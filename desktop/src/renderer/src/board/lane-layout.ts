import type { BusyTime, PlacedCase } from '@slate/shared/cases';
import { hasLeft } from '@slate/shared/case-state';
import { beganAt, stayOf } from '@slate/shared/reality';
import { addMinutes } from '@slate/shared/time';
import type { TimeRange } from '@slate/shared/time';
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
const layouts = new WeakMap<Lane, { carried: string; layout: Layout }>();

/** Returns the drawn time: the actual time of a started case; as planned if there is none, for example after leaving early. */
const drawnAt = (item: PlacedCase) => stayOf(item) ?? item;

/** Returns the cases of a room that would be drawn before these days but are expected to run into them. */
function carriedInto(view: BoardView, lane: Lane, now: number): ReadonlyMap<string, TimeRange> {
  const { start } = view.board.range;
  const carried = new Map<string, TimeRange>();
  for (const item of lane.cases) {
    if (hasLeft(item.state) || (beganAt(item) ?? item.start) >= start || drawnAt(item).end > start) continue;
    const expected = expectedTime(view, item, now);
    if (expected.end > start) carried.set(item.id, expected);
  }
  return carried;
}

/** Returns the layout of a room. Cached until something in the room changes or a case runs further into these days. */
export function layOut(view: BoardView, lane: Lane, now: number): Layout {
  const expected = carriedInto(view, lane, now);
  const carried = [...expected].map(([id, { start, end }]) => `${id} ${start} ${end}`).join();
  const before = layouts.get(lane);
  if (before?.carried === carried) return before.layout;
  const everything = [
    ...lane.cases.map((item) => {
      const { start, end } = expected.get(item.id) ?? drawnAt(item);
      return { item, start, end };
    }),
    ...lane.busy.map((busy) => ({ busy, start: busy.start, end: busy.end })),
  ];
  const cases: Drawn[] = [];
  const busy: DrawnBusy[] = [];
  for (const { item: each, level, levels } of stack(everything)) {
    if ('busy' in each) busy.push({ busy: each.busy, level, levels });
    else {
      const { item, start, end } = each;
      const claimed = {
        start: addMinutes(start, -item.setupMinutes),
        end: addMinutes(end, item.cleanupMinutes),
      };
      cases.push({ item, start, end, claimed, level, levels });
    }
  }
  const layout = { cases, busy };
  layouts.set(lane, { carried, layout });
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
