import { actionNames } from './actions.ts';

/** What the keyboard's work is called and how it is answered. */
export const keyWords = {
  sheet: actionNames.keys,
  search: 'Search keys',
  none: (text: string) => `No key does “${text}”.`,
  singleOff: 'Keys that are a letter or a sign alone are switched off in the preferences.',
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
    mark: 'mark more or less',
    keys: 'all keys',
    ghost: '5 min / room',
    ghostLength: '5 min longer or shorter',
    drop: 'place it here',
    dropLength: 'make it so',
    stop: 'stop',
    palette: 'search',
    board: 'board',
    paste: 'paste here',
    today: 'today',
    days: 'day before / after',
    weeks: 'week before / after',
  },

  // Why a key does nothing here.
  cannotMove: (what: string, state: string) =>
    `${what} is ${state}, so it can't be moved. Its recorded times say where it is.`,
  heldBy: (what: string, holder: string) => `${holder} holds ${what}. Take the hold over first (Shift H).`,

  // Announced.
  moving: (what: string) => `Moving ${what}. Arrows move it, Enter places it, Escape stops.`,
  resizing: (what: string) =>
    `Length of ${what}. Arrows make it longer or shorter, Enter keeps it, Escape stops.`,
  lookingForPlace: (what: string) => `Looking for the best time for ${what}…`,
  fitsNowhere: (what: string) =>
    `Nothing fits ${what} in these days. It starts at the cursor; O says why, day by day.`,
  notMoved: (what: string) => `${what} stays where it was.`,
  stands: (where: string, verdict: string) => `${where}, ${verdict}`,
  free: 'free',
  notThere: (what: string, reason: string) => `${what} cannot go there: ${reason}`,
  cut: (what: string) => `${what} is cut. It stays where it is until it is pasted; Escape forgets it.`,
  cutForgotten: (what: string) => `${what} is no longer cut.`,
  noGap: (length: string, room: string) =>
    `No ${length} free after this in ${room}. O finds openings elsewhere.`,
  nothingToUndo: 'There is nothing to undo.',
  onCases: 'Cases.',
  onFreeTime: (where: string) => `Free time. ${where}`,
  movedAway: (what: string, where: string, by: string) => `${what} moved to ${where} by ${by}`,
  gone: {
    bumped: (what: string, by: string) => `${what} was sent to the depot by ${by}`,
    cancelled: (what: string, by: string) => `${what} was cancelled by ${by}`,
    voided: (what: string, by: string) => `${what} was voided by ${by}`,
    released: (what: string, by: string) => `${what} was released by ${by}`,
    expired: (what: string) => `${what}: the hold has expired`,
    other: (what: string) => `${what} is no longer here`,
  },
  takenOver: (what: string, by: string) => `${what} was taken over by ${by}`,
  lengthened: (what: string, length: string, by: string) => `${what} is ${length} now, by ${by}`,
  expiring: (what: string) => `Your hold ${what} expires in less than 30 seconds. K keeps it, C books it.`,
  lost: 'Connection lost. The board shows what was last heard, and nothing can be changed until it is back.',
  back: 'Connected again. The board is live.',
  somebody: 'Slate',
  room: (name: string, time: string) => `${name}, ${time}`,
} as const;
