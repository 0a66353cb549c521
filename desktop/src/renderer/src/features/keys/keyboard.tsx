import { useEffect } from 'react';
import { useStore } from 'zustand';
import { listenToKeys } from '../../actions/keys.ts';
import { startWorkingServices } from '../../services/start.ts';
import { announcementStore } from '../../stores/announcements.ts';
import { Announcer } from '../../ui/announcer.tsx';
import { ContextMenu } from '../context-menu/context-menu.tsx';
import { Palette } from '../palette/palette.tsx';
import { DayList } from '../print/day-list.tsx';
import { Peek } from './peek.tsx';

/** The keyboard, the announcements, and everything that opens over the board: palette, menu, peek card, printed list. */
export function Keyboard() {
  useEffect(() => {
    const stops = [listenToKeys(), startWorkingServices()];
    return () => stops.forEach((stop) => stop());
  }, []);
  const { polite, assertive } = useStore(announcementStore);
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
