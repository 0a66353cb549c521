import { actionNames } from './actions.ts';
import { connectionWords } from './connection.ts';

/** The frame around the board: header, rail, and the names of the regions. */
export const headerWords = {
  skipToBoard: 'Skip to the board',
  console: (site: string) => `Slate, ${site}`,
  header: 'Day, view and connection',
  areas: 'Areas',
  main: {
    day: 'Board',
    week: 'Board of the week',
    list: 'List',
    pools: 'Equipment and beds',
    figures: 'Figures',
  },

  board: 'Board',
  list: 'List',
  pools: 'Equipment & beds',
  figures: 'Figures',
  preferences: actionNames.preferences,

  dayBefore: 'Day before',
  dayAfter: 'Day after',
  weekBefore: 'Week before',
  weekAfter: 'Week after',
  today: actionNames.today,
  chooseDate: (date: string) => `${date}, choose another date`,
  calendar: 'Calendar',
  previousMonth: 'Month before',
  nextMonth: 'Month after',
  chooseMonth: 'Choose a month',

  views: 'View',
  view: { day: 'Day', week: 'Week', list: 'List', pools: 'Equipment', figures: 'Figures' },
  layout: 'Rooms as',
  lanes: 'Lanes',
  columns: 'Columns',

  search: 'Search or run a command…',

  present: (names: readonly string[]) => `Here now: ${names.join(', ')}`,
  you: (name: string) => `${name} (you)`,
  more: (count: number) => `+${count}`,

  connecting: 'Connecting…',
  live: (lag: string) => `Live ${lag}`,
  seconds: (seconds: number) => (seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`),
  quiet: (seconds: number) => `Last heard ${seconds} s ago`,
  liveHelp: 'What you see is what the server has. The figure says how long the last change took to get here.',
  quietHelp:
    'The server has said nothing for longer than usual. If this goes on, the console connects anew by itself.',
  connectingHelp:
    'Waiting for the first answer of the server. Nothing is known yet about how things stand now.',
  /** What is seen and what it means, in one. */
  told: (text: string, help: string) => `${text.replace(/…$/, '')}. ${help}`,
  catchingUp: 'Catching up…',
  catchingUpHelp: 'Changes were missed and are being fetched. Until then the board may be a moment behind.',
  offline: connectionWords.offline,
  offlineHelp: 'Nothing was heard from the server since then. The board shows what was so at that time.',
  outdated: 'Update needed',
  outdatedHelp:
    'This console is of another version than the server, so the board is not kept up to date. The line at the top says what to do.',

  clock: (time: string, zone: string, site: string) => `${time} ${zone}, the time at ${site}`,

  openDepot: (count: number) =>
    count === 1 ? 'Depot, 1 case needs a time' : `Depot, ${count} cases need a time`,
  inspector: 'Inspector',

  me: (initials: string, name: string) => `${initials}, ${name}: who you are, lock, sign out`,
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
