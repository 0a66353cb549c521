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

/** Keyboard use, and what screen readers announce. */
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
