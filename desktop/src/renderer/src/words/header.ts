import { actionNames } from './actions.ts';
import { connectionWords } from './connection.ts';

/** The header, the rail and the names of the regions around the board. */
export const headerWords = {
  skipToBoard: 'Skip to the board',
  console: (site: string) => `Slate, ${site}`,
  header: 'Day, view and connection',
  areas: 'Areas',
  main: {
    day: 'Board',
    week: 'Week board',
    list: 'List',
    pools: 'Equipment and beds',
    figures: 'Figures',
    administration: 'Administration',
  },

  board: 'Board',
  list: 'List',
  pools: 'Equipment & beds',
  figures: 'Figures',
  administration: 'Administration',
  preferences: actionNames.preferences,

  dayBefore: 'Previous day',
  dayAfter: 'Next day',
  weekBefore: 'Previous week',
  weekAfter: 'Next week',
  today: actionNames.today,
  chooseDate: (date: string) => `${date}, choose another date`,
  calendar: 'Calendar',
  previousMonth: 'Previous month',
  nextMonth: 'Next month',
  chooseMonth: 'Choose a month',

  views: 'View',
  view: {
    day: 'Day',
    week: 'Week',
    list: 'List',
    pools: 'Equipment',
    figures: 'Figures',
    administration: 'Administration',
  },
  layout: 'Rooms as',
  lanes: 'Lanes',
  columns: 'Columns',

  search: 'Search or run a command…',

  presenceUnknown: 'Who’s here isn’t known while updates are slower',
  present: (names: readonly string[]) => `Here now: ${names.join(', ')}`,
  you: (name: string) => `${name} (you)`,
  more: (count: number) => `+${count}`,

  connecting: 'Connecting…',
  live: (lag: string) => `Live ${lag}`,
  seconds: (seconds: number) => (seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`),
  quiet: (seconds: number) => `Last update ${seconds} s ago`,
  liveHelp: 'The board is up to date. The number shows how long the last change took to arrive.',
  quietHelp: 'The server has been quiet for longer than usual. If this lasts, the console reconnects.',
  slower: 'Slower updates',
  slowerHelp:
    'This network blocks Slate’s live connection, so the board asks for changes every few seconds. You can do everything as usual. If this lasts, tell your IT desk.',
  connectingHelp: 'Waiting for the server. The board isn’t up to date yet.',
  /** The accessible name of a status: its text and its explanation. */
  withHelp: (text: string, help: string) => `${text.replace(/…$/, '')}. ${help}`,
  catchingUp: 'Catching up…',
  catchingUpHelp: 'Loading changes you missed. Until then the board may be a moment behind.',
  offline: connectionWords.offline,
  offlineHelp: 'The server hasn’t answered since then. The board shows how things were at that time.',
  outdated: 'Update needed',
  outdatedHelp:
    'This console and the server are different versions, so the board isn’t updating. The message at the top says what to do.',

  clock: (time: string, zone: string, site: string) => `${time} ${zone}, the time at ${site}`,

  openDepot: (count: number) =>
    count === 1 ? 'Depot, 1 case needs a time' : `Depot, ${count} cases need a time`,
  inspector: 'Inspector',

  me: (initials: string, name: string) => `${initials}, ${name}: account, lock, sign out`,
  roles: {
    wall: 'Wall board',
    viewer: 'Viewer',
    office: 'Surgeon’s office',
    coordinator: 'Coordinator',
    administrator: 'Administrator',
  },
  site: 'Site',
  about: actionNames.about,
  lock: 'Lock',
  signOut: actionNames.signOut,
};
