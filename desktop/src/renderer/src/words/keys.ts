import { actionNames } from './actions.ts';

/** Keyboard use: key hints, announcements, and why a key does nothing. */
export const keyWords = {
  sheet: actionNames.keys,
  search: 'Search keys',
  none: (text: string) => `No keys match “${text}”.`,
  singleOff: 'Single-key shortcuts are turned off in Preferences.',
  close: 'Close',
  peek: {
    where: 'Room',
    when: 'Time',
    length: 'Length',
    surgeon: 'Surgeon',
    patient: 'Patient',
    equipment: 'Equipment',
    bed: 'Bed',
    holder: 'Held by',
    note: 'Note',
  },

  // Short names for the status bar.
  now: {
    step: 'move focus',
    nudge: 'nudge 5 min / room',
    hold: 'hold',
    move: 'move',
    inspect: 'inspect',
    cases: 'cases',
    mark: 'select more or less',
    keys: 'all keys',
    ghost: '5 min / room',
    ghostLength: '5 min longer or shorter',
    drop: 'place it here',
    dropLength: 'set the length',
    stop: 'stop',
    palette: 'search',
    board: 'board',
    paste: 'paste here',
    today: 'today',
    days: 'previous / next day',
    weeks: 'previous / next week',
    searchList: 'search the list',
    addRecord: 'add',
  },

  // Why a key does nothing here.
  cannotMove: (what: string, state: string) =>
    `${what} is ${state}, so you can’t move it. Its recorded times set its place.`,
  heldBy: (what: string, holder: string) => `${holder} holds ${what}. Take the hold over first (Shift H).`,

  // Announced by screen readers.
  moving: (what: string) => `Moving ${what}. Arrows move it, Enter places it, Escape stops.`,
  resizing: (what: string) =>
    `Length of ${what}. Arrows make it longer or shorter, Enter keeps it, Escape stops.`,
  lookingForPlace: (what: string) => `Looking for the best time for ${what}…`,
  fitsNowhere: (what: string) =>
    `No opening for ${what} in these days. It starts at the cursor. Press O to see why, day by day.`,
  notMoved: (what: string) => `${what} stays where it was.`,
  placedAt: (where: string, verdict: string) => `${where}, ${verdict}`,
  free: 'free',
  notThere: (what: string, reason: string) => `${what} can’t go there: ${reason}`,
  cut: (what: string) =>
    `${what} is cut. It stays where it is until you paste it. Press Escape to undo the cut.`,
  cutForgotten: (what: string) => `${what} is no longer cut.`,
  noGap: (length: string, room: string) =>
    `No ${length} free after this in ${room}. Press O to find openings elsewhere.`,
  nothingToUndo: 'Nothing to undo.',
  onCases: 'Cases.',
  onFreeTime: (where: string) => `Free time. ${where}`,
  movedAway: (what: string, where: string, by: string) => `${by} moved ${what} to ${where}`,
  gone: {
    bumped: (what: string, by: string) => `${by} bumped ${what} to the depot`,
    cancelled: (what: string, by: string) => `${by} cancelled ${what}`,
    voided: (what: string, by: string) => `${by} voided ${what}`,
    released: (what: string, by: string) => `${by} released ${what}`,
    expired: (what: string) => `${what}: the hold has expired`,
    other: (what: string) => `${what} is no longer here`,
  },
  takenOver: (what: string, by: string) => `${by} took over ${what}`,
  lengthened: (what: string, length: string, by: string) => `${by} changed ${what} to ${length}`,
  expiring: (what: string) =>
    `Your hold ${what} expires in less than 30 seconds. Press K to extend it or C to book it.`,
  lost: 'Connection lost. The board shows the last update, and you can’t make changes until it’s back.',
  lostAtDesk:
    'Connection lost. The board shows the last update. Your changes become requests, which are sent when the server answers again.',
  back: 'Reconnected. The board is live.',
  slower: 'Connected, but the board is updated only every few seconds.',
  somebody: 'Slate',
  room: (name: string, time: string) => `${name}, ${time}`,
} as const;
