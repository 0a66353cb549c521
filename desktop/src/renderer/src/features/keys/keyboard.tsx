import { useEffect } from 'react';
import { useStore } from 'zustand';
import { tellChanges } from '../../services/announcements.ts';
import { keepBoardFocus } from '../../board/board-focus.ts';
import { keepCursor } from '../../actions/cursor.ts';
import { keepCut } from '../../actions/cutting.ts';
import { listenToKeys } from '../../actions/keys.ts';
import { keepPlacingOnDay } from '../../actions/moving.ts';
import { keepPlaced } from '../../stores/placing.ts';
import { speechStore } from '../../stores/toasts.ts';
import { Announcer } from '../../ui/announcer.tsx';
import { ContextMenu } from '../context-menu/context-menu.tsx';
import { Palette } from '../palette/palette.tsx';
import { DayList } from '../print/day-list.tsx';
import { Peek } from './peek.tsx';

/** All that makes the console work without a pointer and without being seen. It is there while somebody is. */
export function Keyboard() {
  useEffect(() => {
    const stops = [
      listenToKeys(),
      keepCursor(),
      keepPlacingOnDay(),
      keepCut(),
      keepPlaced(),
      keepBoardFocus(),
      tellChanges(),
    ];
    return () => stops.forEach((stop) => stop());
  }, []);
  const { polite, assertive } = useStore(speechStore);
  return (
    <>
      <Announcer polite={polite} assertive={assertive} />
      <Palette />
      <ContextMenu />
      <Peek />
      <DayList />
    </>
  );
}
