import { addDays, localDateOf } from '@slate/shared/time';
import { createStore } from 'zustand/vanilla';
import { serverInstant } from './clock.ts';
import { sessionStore } from './session.ts';

export const screens = ['day', 'week', 'list', 'pools', 'figures'] as const;
export type Screen = (typeof screens)[number];

/** What of the board is looked at. Kept over a lock, so that whoever comes back is where they were. */
export type View = {
  screen: Screen;
  date: string;
  /** The case in the inspector. */
  selectedId: string | null;
  isInspectorOpen: boolean;
  isDepotOpen: boolean;
  /** The wall board in place of the console, to see what the corridor sees. */
  isWallShown: boolean;
};

export const zoneNow = (): string => {
  const session = sessionStore.getState();
  return session.status === 'signed_in' ? session.site.timeZone : 'UTC';
};
export const today = () => localDateOf(serverInstant(), zoneNow());

export const viewStore = createStore<View>(() => ({
  screen: 'day',
  date: '',
  selectedId: null,
  isInspectorOpen: true,
  isDepotOpen: true,
  isWallShown: false,
}));

/** The days that the screen needs: a week begins on the day that is looked at. */
export const daysOf = (screen: Screen) => (screen === 'week' ? 7 : 1);

export const goToDate = (date: string) => viewStore.setState({ date });
export const goToToday = () => goToDate(today());
export const goDays = (days: number) => goToDate(addDays(viewStore.getState().date, days));
export const showScreen = (screen: Screen) => viewStore.setState({ screen });
export const select = (caseId: string | null) => viewStore.setState({ selectedId: caseId });
export const openInspector = (isInspectorOpen: boolean) => viewStore.setState({ isInspectorOpen });
export const showWall = (isWallShown: boolean) => viewStore.setState({ isWallShown });
export const openDepot = (isDepotOpen: boolean) => viewStore.setState({ isDepotOpen });
