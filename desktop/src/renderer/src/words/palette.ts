import { actionNames } from './actions.ts';
import { dateWords, minutesShort, rangeOf } from './time.ts';

export const paletteWords = {
  title: actionNames.palette,
  placeholder: 'Search, or say what to do: hold or 9 12:15 90m knee haddad',
  results: 'Results',
  groups: {
    best: 'Best match',
    slots: (minutes: number) => `Free slots ${minutes} min`,
    actions: 'Actions',
    cases: 'Cases',
    places: 'Go to',
  },
  goTo: (what: string) => `Go to ${what}`,
  verb: 'Place hold',
  surgeon: (name: string) => `Dr ${name}`,
  day: (date: string) => dateWords(date),
  time: (start: string, end: string, zone: string) => rangeOf(start, end, zone),
  length: minutesShort,
  missing: {
    both: 'Say a room and a time, such as “or 9 12:15”, or take a free slot.',
    room: 'Say a room, such as “or 9”, or take a free slot.',
    time: 'Say a time, such as “12:15”, or take a free slot.',
  },
  noSuchTime: (time: string) => `${time} does not exist on that day: the clock is set forward.`,
  unknown: (words: readonly string[]) =>
    `Not understood, and left out: ${words.map((word) => `“${word}”`).join(', ')}`,
  free: '✓ no conflicts',
  taken: (reason: string) => `✕ ${reason}`,
  caution: (caution: string) => `! ${caution}`,
  otherDay: 'Another day: the server will say',
  block: { own: 'own block', open: 'open time', other: 'another’s block' },
  casesOfSurgeon: (count: number) => `${count} ${count === 1 ? 'case' : 'cases'} on the board`,
  inDepot: 'in the depot',
  searching: 'Looking for free slots…',
  noSlotsThatDay: (minutes: number) =>
    `No free ${minutes} minutes for this on that day. Leave the day out to look further ahead.`,
  noSlots: (minutes: number, days: number) =>
    `No free ${minutes} minutes for this in ${days} days. Try another surgeon, room or length.`,
  slotsFound: (count: number) => `${count} free ${count === 1 ? 'slot' : 'slots'}`,
  slotsRefused: (reason: string) => `Free slots were not searched: ${reason}`,
  slotsFailed: 'Free slots could not be searched: the server did not answer. Type on to try again.',
  nothing: (text: string) =>
    `Nothing here is called “${text}”. Try a case number, a room, a surgeon or a day.`,
  hints: { choose: 'choose', run: 'run', close: 'close' },
};
