import { turnoverOf } from '@slate/shared/case-draft';
import type { Turnover } from '@slate/shared/case-draft';
import { busyAt } from '@slate/shared/cases';
import { stayOf } from '@slate/shared/reality';
import { addMinutes, minutesBetween } from '@slate/shared/time';
import type { TimeRange } from '@slate/shared/time';
import { expectedTime } from '../preview/collisions.ts';
import type { BoardView, Lane } from '../stores/board.ts';
import { onStep, serverInstant } from '../stores/clock.ts';

/** Cases are placed in steps of five minutes. */
export const stepMinutes = 5;
const stepMs = stepMinutes * 60_000;
export const ceilToStep = (at: string) => new Date(Math.ceil(Date.parse(at) / stepMs) * stepMs).toISOString();

/** Returns the taken times of a room, as planned and as expected (RE14), including turnover, sorted and merged. */
export function takenIn(view: BoardView, lane: Lane): TimeRange[] {
  const all: TimeRange[] = [
    ...lane.cases.flatMap((item) =>
      [stayOf(item) ?? item, expectedTime(view, item, onStep(15_000))].map(({ start, end }) => ({
        start: addMinutes(start, -item.setupMinutes),
        end: addMinutes(end, item.cleanupMinutes),
      })),
    ),
    ...lane.busy.map((busy) => busyAt(busy, serverInstant())),
    ...lane.closures,
  ].toSorted((a, b) => (a.start < b.start ? -1 : 1));
  const merged: TimeRange[] = [];
  for (const { start, end } of all) {
    const last = merged.at(-1);
    if (last && start <= last.end)
      merged[merged.length - 1] = { ...last, end: end > last.end ? end : last.end };
    else merged.push({ start, end });
  }
  return merged;
}

/** Returns the first free moment from `at` on. */
export const freeFrom = (taken: readonly TimeRange[], at: string): string =>
  ceilToStep(taken.find(({ start, end }) => start <= at && at < end)?.end ?? at);

/** Returns the turnover of a case without a procedure. */
export const usualTurnover = (view: BoardView, roomId: string): Turnover =>
  turnoverOf(view.resources.get(roomId) ?? null, null, view.board.site.settings);

/** Returns the start of the first gap between `after` and `until` that fits these minutes and the turnover; null if none. */
export function nextGap(
  taken: readonly TimeRange[],
  { after, until, minutes }: { after: string; until: string; minutes: number },
  { setupMinutes, cleanupMinutes }: Turnover,
): string | null {
  let start = ceilToStep(after);
  for (const each of taken) {
    if (each.end <= addMinutes(start, -setupMinutes)) continue;
    if (minutesBetween(start, each.start) >= minutes + cleanupMinutes) break;
    start = ceilToStep(addMinutes(each.end, setupMinutes));
  }
  return addMinutes(start, minutes) <= until ? start : null;
}
