import { milestone } from '@slate/shared/case-state';
import { isPlaced, urgency } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { byPosition } from '@slate/shared/resources';
import { reasonOfCase } from '@slate/shared/reasons';
import { blockedAt, shownTime } from '../../preview/collisions.ts';
import { nameIn } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { hasWords } from '../../ui/by-words.ts';
import { lookOf } from '../../ui/case-look.ts';
import type { Look } from '../../ui/case-look.ts';
import { milestoneWords, numberOf } from '../../words/cases.ts';
import { depotWords } from '../../words/depot.ts';
import { listWords as words } from '../../words/list.ts';
import { lookWords } from '../../words/states.ts';
import { timeOf } from '../../words/time.ts';

/** A row of the list: a case. */
export type Row = {
  readonly item: PlacedCase;
  /** As planned until the case starts, then as recorded; on the day after its plan, as expected. */
  readonly start: string;
  readonly end: string;
  readonly room: string;
  /** The place of the room among the rooms. */
  readonly roomAt: number;
  readonly title: string;
  readonly surgeon: string;
  readonly service: string;
  readonly look: Look;
  readonly state: string;
  readonly urgency: string;
  readonly urgencyRank: number;
  /** The last milestone, and its time. */
  readonly milestone: string;
  readonly milestoneAt: string;
};

/** Returns the rows of all cases of these days, including cancelled ones. */
export function rowsOf(view: BoardView, now: number): Row[] {
  const { board } = view;
  const zone = board.site.timeZone;
  const blocked = blockedAt(view, now);
  const rooms = board.resources.filter(({ kind }) => kind === 'room').toSorted(byPosition);
  const placeOf = new Map(rooms.map(({ id }, at) => [id, at]));
  return board.cases
    .filter(isPlaced)
    .flatMap((item) => {
      const shown = shownTime(view, item, now);
      if (!shown) return [];
      const look = blocked.has(item.id) ? 'conflict' : lookOf(item, now);
      const last = milestone.options.findLast((fact) => item.milestones[fact] !== undefined);
      const at = (last && item.milestones[last]) ?? '';
      return {
        item,
        ...shown,
        room: nameIn(view, item.roomId),
        roomAt: placeOf.get(item.roomId) ?? rooms.length,
        title: item.title ?? words.untitled,
        surgeon: nameIn(view, item.surgeonId),
        service: item.service ?? '',
        look,
        state:
          item.state === 'cancelled'
            ? words.stateWithReason(words.cancelled, reasonOfCase(item, board.site.reasons))
            : lookWords[look],
        urgency: depotWords.urgency[item.urgency],
        urgencyRank: urgency.options.indexOf(item.urgency),
        milestone: last ? words.recorded(milestoneWords[last], timeOf(at, zone)) : '',
        milestoneAt: at,
      };
    })
    .toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

export function filterRows(rows: readonly Row[], typed: string): Row[] {
  const isFound = hasWords(typed);
  return rows.filter(({ item, title, room, surgeon, service, state, urgency: need }) =>
    isFound([title, room, surgeon, service, state, need, numberOf(item)].join(' ')),
  );
}

export type Line = { kind: 'room'; name: string; count: number } | { kind: 'case'; row: Row };

/** Returns the lines in the order of the rows; grouped by room, the rooms in their order on the board. */
export function linesOf(rows: readonly Row[], isByRoom: boolean): Line[] {
  const lines = (some: readonly Row[]) => some.map((row) => ({ kind: 'case', row }) as const);
  if (!isByRoom) return lines(rows);
  return [...Map.groupBy(rows, ({ room }) => room)]
    .toSorted(([, [a]], [, [b]]) => (a?.roomAt ?? 0) - (b?.roomAt ?? 0))
    .flatMap(([name, some]) => [{ kind: 'room', name, count: some.length } as const, ...lines(some)]);
}
