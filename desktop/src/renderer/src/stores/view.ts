import { addDays, localDateOf } from '@slate/shared/time';
import { createStore } from 'zustand/vanilla';
import { mayAdminister } from './administration.ts';
import { serverInstant } from './clock.ts';
import { sessionStore } from './session.ts';

export const screens = ['day', 'week', 'list', 'pools', 'figures', 'administration'] as const;
export type Screen = (typeof screens)[number];

/** The state of the screen. It survives a lock. */
export type View = {
  screen: Screen;
  date: string;
  /** The selected case; the inspector shows it. */
  selectedId: string | null;
  isInspectorOpen: boolean;
  isDepotOpen: boolean;
  /** Shows the wall board instead of the console. */
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

/** The administration area is hidden from people who may do nothing there. */
export const mayShow = (screen: Screen) => screen !== 'administration' || mayAdminister();

/** Returns how many days the screen shows, from the selected date. */
export const daysOf = (screen: Screen) => (screen === 'week' ? 7 : 1);

export const goToDate = (date: string) => viewStore.setState({ date });
export const goToToday = () => goToDate(today());
export const goDays = (days: number) => goToDate(addDays(viewStore.getState().date, days));
export const showScreen = (screen: Screen) => viewStore.setState({ screen });

/** Shows a screen with the cases of days, unless one is shown. */
export function showDays() {
  if (!['day', 'week', 'list'].includes(viewStore.getState().screen)) showScreen('day');
}
export function isDayShown(at: string): boolean {
  const { screen, date } = viewStore.getState();
  const day = localDateOf(at, zoneNow());
  return date <= day && day < addDays(date, daysOf(screen));
}
/** Shows the day of this moment, unless it is shown. */
export function showDayOf(at: string) {
  showDays();
  if (!isDayShown(at)) goToDate(localDateOf(at, zoneNow()));
}
export const select = (caseId: string | null) => viewStore.setState({ selectedId: caseId });
export const setInspectorOpen = (isInspectorOpen: boolean) => viewStore.setState({ isInspectorOpen });
export const setWallShown = (isWallShown: boolean) => viewStore.setState({ isWallShown });
export const setDepotOpen = (isDepotOpen: boolean) => viewStore.setState({ isDepotOpen });
