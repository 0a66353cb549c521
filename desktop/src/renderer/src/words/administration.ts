import { minutesShort } from './time.ts';

/** The administration area: its pages, lists and forms. */
export const adminWords = {
  pages: 'Administration pages',
  page: {
    rooms: 'Rooms',
  },
  unsaved: 'Not saved yet',
  notPermitted: 'Your role at this site can’t change anything here. Ask an administrator.',
  loading: 'Loading the administration',
  failed: 'This area couldn’t be loaded',
  failedHelp: 'The server didn’t send the page. Check the connection, then try again.',
  retry: 'Try again',

  /** `at`: the time of the list, such as 09:42. */
  asOf: (at: string) => `Changes need the server. The list is as of ${at}. You can still read it.`,
  search: 'Search',
  searchHint: 'Search · /',
  count: (shown: number, all: number) => (shown === all ? String(all) : `${shown} of ${all}`),
  add: 'Add',
  showRetired: 'Show retired',
  retired: 'Retired',
  empty: 'None yet. Add the first one.',
  noMatch: 'No matches.',
  clearSearch: 'Clear the search',
  select: (name: string) => `Select ${name}`,
  selectAll: 'Select all',
  editSelected: (count: number) => `Edit ${count} together`,
  clearSelection: 'Clear selection',

  several: (count: number) => `Edit ${count} together`,
  severalHelp: 'Only the fields you change are saved. A field is empty if the values differ.',
  edit: (name: string) => `Edit ${name}`,
  gone: 'This record no longer exists.',
  save: 'Save',
  saving: 'Saving…',
  close: 'Close',
  escAgain: 'Press Esc again to discard what you typed.',
  unchanged: 'Nothing has changed.',
  retire: 'Retire',
  restore: 'Bring back',
  isRetired: 'Retired: it can’t be booked or closed. Its past cases stay.',
  isStale:
    'Someone changed this at the same moment. Their changes are in the form now. Check them and save again.',
  isWaiting: 'Someone changed this at the same moment. Waiting for their change…',
  /** `by`: the name of the other person, if known. */
  theirs: (by: string | null, value: string) => `${by ?? 'Someone'} changed this to ${value}`,
  useTheirs: 'Use theirs',
  nothing: 'nothing',
  minutes: (minutes: number | '') => (minutes === '' ? '' : minutesShort(minutes)),
  yes: 'yes',
  no: 'no',

  saved: (names: readonly string[]) => `Saved ${listed(names)}`,
  added: (names: readonly string[]) => `Added ${listed(names)}`,
  retiredNow: (names: readonly string[]) => `Retired ${listed(names)}`,
  restored: (names: readonly string[]) => `Brought back ${listed(names)}`,
  toDepot: (text: string, count: number) =>
    `${text}. ${count === 1 ? '1 case went' : `${count} cases went`} to the depot.`,
  someSaved: (text: string, done: number, all: number) => `${text}, ${done} of ${all}`,
  titles: {
    save: (name: string) => `Save ${name}`,
    add: (name: string) => `Add ${name}`,
    retire: (name: string) => `Retire ${name}`,
    restore: (name: string) => `Bring back ${name}`,
  },
  undo: {
    save: (names: readonly string[]) => ({
      label: `Change ${listed(names)} back`,
      undone: `${listed(names)} as before`,
    }),
    add: (names: readonly string[]) => ({
      label: `Retire ${listed(names)} again`,
      undone: `Retired ${listed(names)}`,
    }),
  },
  cannotUndoBumped: (text: string) =>
    `${text} can’t be undone: cases went to the depot. Place them from there.`,

  inTheWay: (count: number) => (count === 1 ? '1 case is in the way' : `${count} in the way`),
  inTheWayHelp: 'Choose what happens to each one. Everything is saved in one step, or nothing.',
  caseAt: (when: string, name: string) => `${when}: ${name}`,
  heldBy: (when: string, name: string, by: string) =>
    [`${when}: held by ${by}`, name].filter(Boolean).join(', '),
  closedFor: (when: string, reason: string) => `${when}: closed, ${reason}`,
  chooseFirst: 'Choose what goes to the depot',
  bump: 'To the depot',
  release: 'Release the hold',
  leave: 'Leave it',
  cannotBump: 'It can’t be moved from here.',
  saveAndBump: (count: number) =>
    count === 1 ? 'Save and send 1 to the depot' : `Save and send ${count} to the depot`,
};

/** Returns `OR 1, OR 2 and 3 more`. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export const roomWords = {
  new: 'New room',
  name: 'Name',
  nameHelp: 'Add many at once with a range: Main OR 1–12',
  manyNames: (names: readonly string[]) => `Adds ${names.length}: ${listed(names)}`,
  nameTaken: (name: string) => `${name} exists already.`,
  area: 'Suite',
  service: 'Service',
  capabilities: 'Capabilities',
  capabilitiesHelp: 'What the room is equipped for. Press Enter after each.',
  setup: 'Set-up before a case, min',
  cleanup: 'Clean-up after a case, min',
  usual: 'Empty: the site’s usual time',
  hours: 'Opening hours',
  hoursHelp: 'Like 7-17, or 7-12, 13-17. Empty: closed. All empty: always open.',
  sameAsMonday: 'Use Monday’s hours until Friday',
  wrongHours: 'Enter hours like 7-17.',
  alwaysOpen: 'Always open',
  weekVaries: (monday: string) => `Mon ${monday || 'closed'}, then varies`,
  turnover: 'Turnover',
  beforeAndAfter: (setup: number | undefined, cleanup: number | undefined) =>
    `${setup ?? 'usual'} + ${cleanup ?? 'usual'} min`,
};
