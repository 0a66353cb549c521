import { isInRoom } from '@slate/shared/case-state';
import { expectedAt } from '@slate/shared/reality';
import { useStore } from 'zustand';
import { layOut } from '../../../board/lane-layout.ts';
import type { Drawn, Layout } from '../../../board/lane-layout.ts';
import { blockedIn, expectedEnd } from '../../../preview/collisions.ts';
import { boardStore, caseNow } from '../../../stores/board.ts';
import type { Lane } from '../../../stores/board.ts';
import { useClock } from '../../../stores/clock.ts';
import { cursorStore } from '../../../stores/cursor.ts';
import { cutStore } from '../../../stores/cut.ts';
import { placingStore } from '../../../stores/placing.ts';
import { viewStore } from '../../../stores/view.ts';
import { lookOf } from '../../../ui/case-look.ts';
import type { Look } from '../../../ui/case-look.ts';

/** Returns the current layout of a room. */
export const useLayout = (lane: Lane): Layout =>
  useClock(15_000, (now) => {
    const { view } = boardStore.getState();
    return view ? layOut(view, lane, now) : emptyLayout;
  });
const emptyLayout: Layout = { cases: [], busy: [] };

const looksOfCases = new WeakMap<readonly Drawn[], readonly Look[]>();

/** Returns the current looks of the cases; the same array while nothing changes. */
export function looksOf(cases: readonly Drawn[], blocked: readonly string[], now: number): readonly Look[] {
  const looks = cases.map(({ item }) => (blocked.includes(item.id) ? 'conflict' : lookOf(item, now)));
  const before = looksOfCases.get(cases);
  if (before && looks.every((look, nth) => look === before[nth])) return before;
  looksOfCases.set(cases, looks);
  return looks;
}

/** Returns selection, cursor and cut in this room. Subscribes once per room, because once per card would be too many. */
export function useMarks(roomId: string) {
  const ifHere = (id: string | null | undefined) => (id && caseNow(id)?.roomId === roomId ? id : null);
  return {
    selectedId: useStore(viewStore, ({ selectedId }) => ifHere(selectedId)),
    liftedId: useStore(placingStore, ({ placing }) => ifHere(placing?.caseId)),
    cutId: useStore(cutStore, ({ item }) => ifHere(item?.id)),
    cursorId: useStore(cursorStore, (cursor) => (cursor.roomId === roomId ? cursor.caseId : null)),
    isOnCase: useStore(cursorStore, ({ mode }) => mode === 'case'),
  };
}

/** Returns the ids of cases that cannot start as planned because a case in any room runs over. */
export function useBlocked(roomId: string): readonly string[] {
  const read = (now: number) => {
    const { view } = boardStore.getState();
    return view ? blockedIn(view, roomId, now) : '';
  };
  return useClock(15_000, read, boardStore).split(',');
}

/** Returns the expected ends of the cases of a room; empty for a case that keeps to its plan. Subscribes once per room. */
export function useExpectedEnds(cases: readonly Drawn[]): readonly string[] {
  const read = (now: number) => {
    const { view } = boardStore.getState();
    const ends = cases.map(({ item }) => {
      const changed = view && expectedEnd(view, item.id, now);
      if (changed) return changed;
      return isInRoom(item.state) ? expectedAt(item, new Date(now).toISOString()).end : '';
    });
    return ends.join();
  };
  return useClock(15_000, read, boardStore).split(',');
}
