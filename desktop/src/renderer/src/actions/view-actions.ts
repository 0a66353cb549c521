import { boardView, spotNow } from '../board/focus.ts';
import { reveal } from '../board/reveal.ts';
import { boardStore } from '../stores/board.ts';
import { serverInstant } from '../stores/clock.ts';
import { setPreferences, preferencesStore } from '../stores/preferences.ts';
import {
  daysOf,
  goDays,
  goToDate,
  setDepotOpen,
  setInspectorOpen,
  mayShow,
  screens,
  showScreen,
  setWallShown,
  today,
  viewStore,
} from '../stores/view.ts';
import type { Screen } from '../stores/view.ts';
import { actionNames as names } from '../words/actions.ts';
import type { Action } from './action.ts';

const inView = { group: 'views', where: 'anywhere' } as const;
const goAction = (
  id: 'dayBefore' | 'dayAfter' | 'weekBefore' | 'weekAfter',
  key: string,
  days: () => number,
): Action => ({
  ...inView,
  id,
  name: names[id],
  keys: [key],
  run: () => goDays(days()),
});
/** Returns the number of shown days, which is the step of the keys for earlier and later days. */
const shownDays = () => daysOf(viewStore.getState().screen);

function zoom(by: number) {
  const { pixelsPerHour } = preferencesStore.getState();
  setPreferences({ pixelsPerHour: Math.round(Math.min(480, Math.max(30, pixelsPerHour * by))) });
}

/** Scrolls to now, in the room of the cursor. From another day, waits until today is drawn. */
function scrollToNow() {
  const date = today();
  if (!boardView()) showScreen('day');
  if (viewStore.getState().date !== date) goToDate(date);
  const isThere = () => {
    const view = boardView();
    const roomId = spotNow()?.roomId ?? view?.rooms[0]?.id;
    if (view?.date !== date || roomId === undefined) return false;
    requestAnimationFrame(() => reveal({ roomId, at: serverInstant() }));
    return true;
  };
  if (isThere()) return;
  const stop = boardStore.subscribe(() => {
    if (isThere() || viewStore.getState().date !== date) stop();
  });
}

const screenActions = screens.map((screen: Screen, index): Action => ({
  ...inView,
  id: screen,
  name: names[screen],
  keys: [String(index + 1)],
  isPossible: () => mayShow(screen),
  run: () => showScreen(screen),
}));

export const viewActions: readonly Action[] = [
  { ...inView, id: 'today', name: names.today, keys: ['t'], run: () => goToDate(today()) },
  { ...inView, id: 'now', name: names.now, keys: ['n'], run: scrollToNow },
  goAction('dayBefore', '[', () => -shownDays()),
  goAction('dayAfter', ']', shownDays),
  goAction('weekBefore', '{', () => -7),
  goAction('weekAfter', '}', () => 7),
  ...screenActions,
  {
    ...inView,
    id: 'layout',
    name: names.layout,
    keys: ['v'],
    run: () => {
      setPreferences({ layout: preferencesStore.getState().layout === 'lanes' ? 'columns' : 'lanes' });
    },
  },
  { ...inView, id: 'wall', name: names.wall, keys: [], run: () => setWallShown(true) },
  { ...inView, id: 'zoomIn', name: names.zoomIn, keys: ['+', '='], run: () => zoom(1.2) },
  { ...inView, id: 'zoomOut', name: names.zoomOut, keys: ['-'], run: () => zoom(1 / 1.2) },
  {
    ...inView,
    id: 'depot',
    name: names.depot,
    keys: ['g'],
    run: () => setDepotOpen(!viewStore.getState().isDepotOpen),
  },
  {
    ...inView,
    id: 'inspector',
    name: names.inspector,
    keys: ['i'],
    run: () => setInspectorOpen(!viewStore.getState().isInspectorOpen),
  },
];
