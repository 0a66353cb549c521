import { actionNames } from './actions.ts';
import { dateWords, minutesShort, rangeOf, timeOf } from './time.ts';

export const paletteWords = {
  title: actionNames.palette,
  placeholder: 'Search or type a command: hold or 9 12:15 knee haddad · who has the c-arm',
  results: 'Results',
  groups: {
    best: 'Best match',
    slots: (minutes: number) => `Free slots ${minutes} min`,
    actions: 'Actions',
    cases: 'Cases',
    places: 'Go to',
  },
  which: 'Which one do you mean?',
  goTo: (what: string) => `Go to ${what}`,
  nowhere: 'Type a room, a surgeon, a case or a day.',

  // Sentences that say what Enter will do.
  caseAt: (what: string, room: string, time: string) => `${what} (${room} ${time})`,
  caseWaiting: (what: string) => `${what} (in the depot)`,
  aCase: 'a case',
  aRoom: 'a room',
  does: {
    cancel: (what: string) => `Cancel ${what}`,
    bump: (what: string) => `Bump ${what} to the depot`,
    confirm: (what: string) => `Confirm ${what}`,
    edit: (what: string) => `Edit ${what}`,
    extend: (what: string) => `Extend the hold ${what}`,
    takeOver: (what: string) => `Take over the hold ${what}`,
    void: (what: string) => `Void ${what}: entered in error`,
  },
  before: {
    cancel: 'Asks for a reason first.',
    bump: 'Asks for a reason first.',
    confirm: null,
    edit: null,
    extend: null,
    takeOver: null,
    void: 'Asks for a reason first.',
  },
  records: (fact: string, what: string) => `Record “${fact}” now for ${what}`,
  moves: (what: string, where: string) => (where === '' ? `Move ${what}` : `Move ${what} to ${where}`),
  onBoard: 'Shows it on the board where it fits best; arrows move it, Enter places it.',
  showsOnBoard: 'Press Enter to show it there. Nothing moves until you place it.',
  delays: (what: string, minutes: number | null) =>
    minutes === null ? `Delay ${what}` : `Delay ${what} by ${minutesShort(minutes)}`,
  later: (what: string, from: string, to: string) => `${what} ${from} → ${to}`,
  closes: (what: string, when: string) => `Close ${what}${when === '' ? '' : ` ${when}`}`,
  /** `to` is null for the rest of the day. */
  span: (date: string | null, from: string, to: string | null, zone: string) =>
    `${date === null ? '' : `on ${dateWords(date)} `}from ${timeOf(from, zone)} to ${
      to === null ? 'midnight' : timeOf(to, zone)
    }`,
  asksWhy: 'Asks for a reason first.',
  because: (reason: string) => `Reason: “${reason}”`,
  finds: (criteria: string) => `Find an opening — ${criteria}`,
  addsOn: (criteria: string) => `Add on — ${criteria}`,
  opensSearch: 'Opens the search with this filled in.',
  addsToDepot: (what: string, urgency: string) => `Add ${what} to the depot — ${urgency}`,
  between: (from: string | null, to: string | null) =>
    from === null ? `before ${to}` : to === null ? `after ${from}` : `${from}–${to}`,
  about: (time: string) => `about ${time}`,

  // Answers
  nobodyHas: (what: string) => `No one has ${what} now`,
  inUse: (what: string, used: number, capacity: number) =>
    capacity === 1 ? `${what} is in use now` : `${what}: ${used} of ${capacity} in use now`,
  until: (_from: string, to: string) => `until ${to}`,
  nextFrom: (from: string, to: string) => `next, ${from}–${to}`,
  freeNow: (what: string, until: string | null) =>
    until === null ? `${what} is free now, for the rest of the day` : `${what} is free now, until ${until}`,
  freeFrom: (what: string, from: string, until: string | null) =>
    until === null ? `${what} is free from ${from}` : `${what} is free from ${from} to ${until}`,
  notFree: (what: string) => `${what} is not free again today`,
  freeOf: (free: number, capacity: number) => `${free} of ${capacity}`,
  whoHas: 'Who has it',
  whenFree: 'When it is free',

  // Understood, but something is missing.
  noSuchCase: 'No matching case on the board or in the depot.',
  needsCase: 'Type which case, or select it on the board first.',
  needsRoom: 'Type a room, such as “or 9”.',
  needsTime: 'Type a time, such as “12:15”.',
  needsLength: 'Type a length, such as “30 min”.',
  needsProcedure: 'Type a procedure, such as “appy”.',
  needsResource: 'Type a room, a surgeon or equipment.',
  noSuchSpan: 'It would end before it starts.',
  notPermitted: 'You don’t have permission to do this.',
  notNow: (what: string, state: string) => `${what} is ${state}, or you don’t have permission to change it.`,
  corrected: (corrections: readonly { typed: string; meaning: string }[]) =>
    corrections.map(({ typed, meaning }) => `“${typed}” is read as “${meaning}”.`).join(' '),
  verb: 'Place hold',
  surgeon: (name: string) => `Dr ${name}`,
  day: (date: string) => dateWords(date),
  weekOf: (date: string) => `week of ${dateWords(date)}`,
  time: (start: string, end: string, zone: string) => rangeOf(start, end, zone),
  length: minutesShort,
  missing: {
    both: 'Type a room and a time, such as “or 9 12:15”, or choose a free slot.',
    room: 'Type a room, such as “or 9”, or choose a free slot.',
    time: 'Type a time, such as “12:15”, or choose a free slot.',
  },
  noSuchTime: (time: string) => `${time} doesn’t exist that day: the clocks go forward.`,
  unknown: (words: readonly string[]) =>
    `Slate doesn’t understand ${words.map((word) => `“${word}”`).join(', ')}. Say it another way or leave it out.`,
  free: '✓ no conflicts',
  taken: (reason: string) => `✕ ${reason}`,
  caution: (caution: string) => `! ${caution}`,
  otherDay: 'Another day: the server will check',
  block: { own: 'own block', open: 'open time', other: 'another block' },
  casesOfSurgeon: (count: number) => `${count} ${count === 1 ? 'case' : 'cases'} on the board`,
  inDepot: 'in the depot',
  searching: 'Looking for free slots…',
  noSlotsThatDay: (minutes: number) =>
    `No free slot of ${minutes} min on that day. Leave out the day to search further ahead.`,
  noSlots: (minutes: number, days: number) =>
    `No free slot of ${minutes} min in ${days} days. Try another surgeon, room or length.`,
  noSlotsWhy: (day: string, why: string) => `${day}: ${why}.`,
  slotsFound: (count: number) => `${count} free ${count === 1 ? 'slot' : 'slots'}`,
  slotsRefused: (reason: string) => `Couldn’t search for free slots: ${reason}`,
  slotsFailed: 'Couldn’t search for free slots: no reply from the server. Keep typing to try again.',
  nothing: (text: string) => `No matches for “${text}”. Try a case number, a room, a surgeon or a day.`,
  hints: { choose: 'choose', run: 'run', close: 'close' },
};
