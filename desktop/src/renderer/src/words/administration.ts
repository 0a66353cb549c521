import { effectCounts, ruleOutcomes } from './rules.ts';
import { dateAndTimeOf, minutesShort } from './time.ts';

/** The administration area: its pages, lists and forms. */
export const adminWords = {
  pages: 'Administration pages',
  page: {
    rooms: 'Rooms',
    equipment: 'Equipment',
    beds: 'Beds',
    surgeons: 'Surgeons',
    lists: 'Lists',
    procedures: 'Procedures',
    closures: 'Closures',
    recurring: 'Recurring closures',
    reasons: 'Reasons',
    site: 'Site settings',
    blocks: 'Blocks',
    holidays: 'Holidays',
    people: 'People',
    invitations: 'Invitations',
    devices: 'Devices',
    audit: 'Audit',
    transfer: 'Set-up and export',
    import: 'Import',
  },
  unsaved: 'Not saved yet',
  times: (name: string, quantity: number) => (quantity > 1 ? `${name} × ${quantity}` : name),
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
  export: 'Export',
  manyNames: (names: readonly string[]) => `Adds ${names.length}: ${listed(names)}`,
  nameTaken: (name: string) => `${name} exists already.`,
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
  close: 'Close',
  escAgain: 'Press Esc again to discard what you typed.',
  retire: 'Retire',
  restore: 'Bring back',
  isRetired: 'Retired: it can’t be booked or closed. Its past cases stay.',
  isStale:
    'Someone changed this at the same moment. Their changes are in the form now. Check them and save again.',
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
  savedClosures: (names: readonly string[]) => `Saved the closure of ${listed(names)}`,
  closureName: (resource: string, day: string) => `${resource} on ${day}`,
  closed: (name: string) => `Closed ${name}`,
  opened: (name: string) => `Removed the closure of ${name}`,
  titles: {
    saveClosure: (name: string) => `Save the closure of ${name}`,
    removeClosure: (name: string) => `Remove the closure of ${name}`,
    close: (name: string) => `Close ${name}`,
    save: (name: string) => `Save ${name}`,
    add: (name: string) => `Add ${name}`,
    retire: (name: string) => `Retire ${name}`,
    restore: (name: string) => `Bring back ${name}`,
  },
  undo: {
    close: (name: string) => ({ label: `Open ${name} again`, undone: `${name} is open again` }),
    open: (name: string) => ({ label: `Close ${name} again`, undone: `Closed ${name} again` }),
    save: (names: readonly string[]) => ({
      label: `Change ${listed(names)} back`,
      undone: `${listed(names)} as before`,
    }),
    add: (names: readonly string[]) => ({
      label: `Retire ${listed(names)} again`,
      undone: `Retired ${listed(names)}`,
    }),
  },
  inTheWay: (count: number) => (count === 1 ? '1 case is in the way' : `${count} in the way`),
  /** For closures too. */
  anyInTheWay: (count: number) => `${count} in the way`,
  moveFirst: 'Move or cancel these first.',
  leave: 'Leave it',
  caseAt: (when: string, name: string) => `${when}: ${name}`,
  heldBy: (when: string, name: string, by: string) =>
    [`${when}: held by ${by}`, name].filter(Boolean).join(', '),
  closedFor: (when: string, reason: string) => `${when}: closed, ${reason}`,
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
  area: 'Suite',
  service: 'Service',
  capabilities: 'Capabilities',
  capabilitiesHelp: 'What the room is equipped for. Press Enter after each.',
  position: 'Order on the board',
  positionHelp:
    'Rooms with a number come first, the smallest at the top. In the list, Alt+↑ and Alt+↓ move a room.',
  order: 'Order',
  setup: 'Setup before a case, min',
  cleanup: 'Cleanup after a case, min',
  usual: 'Empty: the site’s usual time',
  hours: 'Opening hours',
  hoursHelp: 'Like 7-17, or 7-12, 13-17. Empty: closed. All empty: always open.',
  sameAsMonday: 'Use Monday’s hours until Friday',
  wrongHours: 'Enter hours like 7-17.',
  alwaysOpen: 'Always open',
  workweek: (hours: string) => `Mon–Fri ${hours}`,
  weekVaries: (monday: string) => `Mon ${monday || 'closed'}, then varies`,
  turnover: 'Turnover',
  beforeAndAfter: (setup: number | undefined, cleanup: number | undefined) =>
    `${setup ?? 'usual'} + ${cleanup ?? 'usual'} min`,
};

/** The pages of equipment, beds, surgeons and lists. */
export const resourceWords = {
  name: 'Name',
  service: 'Service',
  newOne: {
    equipment: 'New equipment',
    bed: 'New bed pool',
    surgeon: 'New surgeon',
    list: 'New list',
  },
  capacity: { equipment: 'Units', bed: 'Beds', list: 'Places', surgeon: '' },
  capacityHelp: {
    equipment: 'If some are away for a while, close that number instead.',
    bed: 'Beds are counted by night.',
    list: 'The number of turns in one session.',
    surgeon: '',
  },
  transport: 'Transport before, min',
  reprocessing: 'Reprocessing after, min',
  handling: 'Transport and reprocessing',
  handlingHelp: 'Nobody else can have a unit in these minutes before and after each case.',
  beforeAndAfter: (transport: number, reprocess: number) => `${transport} min before, ${reprocess} min after`,
  close: 'Close for a while…',
  leave: 'Add leave…',
};

export const closureWords = {
  new: 'New closure',
  resource: 'What is closed',
  start: 'From',
  end: 'Until',
  quantity: 'How many',
  quantityHelp: 'Empty: all of it',
  reason: 'Reason',
  by: 'Entered by',
  from: 'From',
  days: 'Days',
  daysShown: (days: number) => (days === 1 ? '1 day' : `${days} days`),
  remove: 'Remove',
  chooseResource: 'Choose what is closed.',
  failed: 'The closures couldn’t be loaded',
  incomplete: 'Enter the date and the time.',
};

export const reasonWords = {
  new: 'New reason',
  kind: 'For',
  kinds: {
    cancel: 'Cancelling a case',
    bump: 'Bumping a case',
    void: 'Voiding a case',
    delay: 'Delaying cases',
    override: 'Outside the rules',
    release: 'Releasing a hold',
  },
  text: 'Reason',
  code: 'Code',
  codeHelp: 'The figures count by this code, so it can’t change later. Empty: made from the reason.',
  codeIs: (code: string) => `Code: ${code}. The figures count by it, so it can’t change.`,
  codeTaken:
    'Another reason of this command has this code already. Bring that reason back, or choose another code.',
  place: 'Key',
  placeHelp: 'The place in the list, and the digit that chooses it. Empty: the last one.',
  isRetired: 'Retired: it isn’t offered anymore. Cases that have it keep it, and figures still count it.',
};

const closures = (count: number) => (count === 1 ? '1 closure' : `${count} closures`);

export const recurringWords = {
  new: 'New recurring closure',
  edit: (name: string) => `Edit ${name}`,
  /** Returns `Terminal cleaning of OR 1`. */
  name: (reason: string, resource: string) => `${reason} of ${resource}`,
  failed: 'The recurring closures couldn’t be loaded',
  when: 'When',
  whenText: (days: string, start: string, end: string, every: string | null) =>
    [`${days} ${start}–${end}`, ...(every === null ? [] : [every])].join(', '),
  dates: 'Dates',
  fromUntil: (from: string, until: string | null) =>
    until === null ? `from ${from}` : `${from} to ${until}`,
  timesHelp: 'Local time. If it ends before it starts, it ends on the next day.',
  skipped: (day: string) => `${day}: open`,
  counts: effectCounts(closures, 'No dated closure changes.'),
  kinds: { created: 'closed', changed: 'changed', removed: 'open again' },
  dated: (when: string, kind: string) => `${when}: ${kind}`,
  skipDates: (count: number) =>
    count === 1 ? 'Skip that date instead' : `Skip these ${count} dates instead`,
  ...ruleOutcomes,
};

export const procedureWords = {
  new: 'New procedure',
  name: 'Name',
  shortName: 'Short name',
  shortNameHelp: 'For cards and the palette. Empty: none',
  service: 'Service',
  minutes: 'Length, min',
  minutesHelp: 'Patient in the room to patient out',
  spread: 'Spread, min',
  spreadHelp: 'Standard deviation',
  setup: 'Setup, min',
  cleanup: 'Cleanup, min',
  otherRooms: 'Other setup and cleanup in',
  otherRoomsHelp: 'Rooms in which this procedure needs other minutes',
  minutesIn: {
    setupMinutes: (room: string) => `Setup in ${room}, min`,
    cleanupMinutes: (room: string) => `Cleanup in ${room}, min`,
  },
  turnoverIn: (room: string, setup: number, cleanup: number) => `${room}: ${setup}/${cleanup} min`,
  capabilities: 'The room must have',
  equipment: 'Equipment',
  quantityOf: (name: string) => `Units of ${name}`,
  bed: 'Bed afterwards',
  nights: 'Nights',
  noBed: 'No bed',
  length: (minutes: number, spread: number) => `${minutes} ± ${spread} min`,
  turnover: 'Turnover',
  bedNights: (name: string, nights: number) =>
    nights === 1 ? `${name}, 1 night` : `${name}, ${nights} nights`,
};

export const siteWords = {
  parts: {
    site: 'Site',
    holds: 'Holds',
    cases: 'Cases',
    board: 'Board',
    wall: 'Wall board',
    offline: 'Working without the server',
    updates: 'Updates of the desktop program',
  },
  name: 'Name',
  timeZone: 'Time zone',
  timeZoneHelp: 'Changes only while nothing is planned from now on',
  holdSeconds: 'A hold lasts, seconds',
  holdLimitSeconds: 'At most, with extensions, seconds',
  holdsPerPerson: 'Holds of one person at a time',
  caseMinutes: 'Length of a case without a procedure, min',
  setupMinutes: 'Setup, min',
  cleanupMinutes: 'Cleanup, min',
  turnoverHelp: 'If neither the room nor the procedure says it',
  shortNamesOnCards: 'Short names of procedures on cards',
  patientsOnCards: 'Patient references on cards',
  wallProcedures: 'Procedures on the wall board',
  wallSurgeons: 'Surgeons on the wall board',
  wallNumbers: 'Case numbers on the wall board',
  offlineHours: 'A desk opens without the server for, hours',
  offlineHoursHelp: 'After the last sign-in there. 0: not at all',
  queueHours: 'Requests expire after, hours',
  blockWeeks: 'Blocks are laid out ahead, weeks',
  updateChannel: 'Channel',
  updatePercent: 'Share of workstations, %',
  updatesPaused: 'Pause all updates',
};

export const peopleWords = {
  name: 'Name',
  email: 'Email',
  role: 'Role',
  roleHelp: 'What the person may do at this site.',
  noRole: 'No access here',
  chooseRole: 'Choose a role.',
  surgeons: 'Surgeons',
  surgeonsHelp: 'The office books for these surgeons and sees their cases.',
  chooseSurgeons: 'Choose at least one surgeon.',
  status: 'Status',
  statuses: { pending: 'Waiting for approval', active: 'Active', disabled: 'Disabled' },
  showDisabled: 'Show disabled',
  disabled: 'Disabled',
  isDisabled: 'Disabled: this person can’t sign in.',
  isPending: 'This person registered and waits for approval. Check who it is, choose a role, then approve.',
  approve: 'Approve',
  empty: 'Nobody yet. People register on the sign-in screen and appear here.',
  failed: 'The list of people couldn’t be loaded',
  waiting: (count: number) => (count === 1 ? '1 waits for approval' : `${count} wait for approval`),

  account: 'Account',
  isMe: 'This is your account. Change your own password in the account menu.',
  reset: 'Reset the password…',
  disable: 'Disable…',
  deny: 'Deny…',
  enable: 'Enable',
  lastSeen: 'Last seen',
  seen: (at: string | null, zone: string) => (at === null ? 'Never' : dateAndTimeOf(at, zone)),
  sessions: 'Signed in',
  noSessions: 'Not signed in anywhere.',
  loadingSessions: 'Loading the sessions of this person',
  sessionsFailed: 'The sessions of this person couldn’t be loaded.',
  /** `seen`, `started`: times such as Nov 20, 2026, 07:30. */
  session: ({ seen, started, address }: { seen: string; started: string; address: string | null }) =>
    `Last used ${seen}. Signed in ${started}${address === null ? '' : ` from ${address}`}.`,
  currentSession: 'This is the session you use now.',
  end: 'Sign out',
  endAll: 'Sign out everywhere…',
  endOf: (started: string) => `Sign out the session of ${started}`,

  confirm: {
    end: (name: string) =>
      `${name} has to sign in again there. Entries in open forms are lost; requests in the queue stay.`,
    endAll: (name: string) =>
      `${name} has to sign in again everywhere. Entries in open forms are lost; requests in the queue stay.`,
    reset: (name: string) =>
      `${name} is signed out everywhere and needs the new temporary password. The old password no longer works.`,
    disable: (name: string) =>
      `${name} is signed out everywhere and can’t sign in until someone enables the account. You can’t undo the sign-out.`,
    deny: (name: string) => `${name} gets no access. You can enable the account later.`,
  },
  confirmed: {
    end: (name: string) => `Sign ${name} out there`,
    endAll: (name: string) => `Sign ${name} out everywhere`,
    reset: 'Reset the password',
    disable: (name: string) => `Disable ${name}`,
    deny: (name: string) => `Deny ${name}`,
  },
  titles: {
    endSessions: (name: string) => `Sign ${name} out`,
    approve: (name: string) => `Approve ${name}`,
    disable: (name: string) => `Disable ${name}`,
    enable: (name: string) => `Enable ${name}`,
    reset: (name: string) => `Reset the password of ${name}`,
  },
  ended: (name: string, count: number) =>
    count === 0
      ? `${name} was signed out already`
      : count === 1
        ? `Signed ${name} out`
        : `Signed ${name} out of ${count} sessions`,
  done: {
    approve: (name: string) => `Approved ${name}`,
    disable: (name: string) => `Disabled ${name}`,
    enable: (name: string) => `Enabled ${name}`,
    reset: (name: string) => `Reset the password of ${name}`,
  },
  cannotUndo: (title: string) => `${title} can’t be undone.`,

  temporary: (name: string) => `Temporary password for ${name}`,
  temporaryHelp:
    'Give it to the person in private. It works for 24 hours, and only to choose a new password. It is shown only once.',
  temporaryLost: 'If it gets lost, reset the password again.',
  copy: 'Copy',
  copied: 'Copied.',
  notCopied: 'Copying failed. Select the text and copy it.',
  close: 'Close',
};
