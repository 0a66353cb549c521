import { useStore } from 'zustand';
import { caseNow } from '../../stores/board.ts';
import { cursorStore } from '../../stores/cursor.ts';
import { cutStore } from '../../stores/cut.ts';
import { placingStore } from '../../stores/placing.ts';
import { viewStore } from '../../stores/view.ts';

export type Marks = ReturnType<typeof useMarks>;

/** What in this room is marked for whoever looks at it. Asked once per room: a card for itself would ask too often. */
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
