import { effectCounts, ruleOutcomes } from './rules.ts';
import { dayWords } from './time.ts';

const count = (many: number, thing: string) => `${many} ${thing}${many === 1 ? '' : 's'}`;

/** The pages of blocks and holidays. */
export const blockWords = {
  loading: 'Loading the blocks',
  failed: 'The blocks couldn’t be loaded',
  noRooms: 'There are no rooms yet. Add rooms first.',

  weekOf: (monday: string) => `Week of ${dayWords(monday)}`,
  weekBefore: 'Previous week',
  weekAfter: 'Next week',
  thisWeek: 'This week',
  gridHelp: 'Drag over free time, or press Enter, to add a block. Tab goes to the blocks of a day.',
  cell: (room: string, weekday: string, blocks: number) =>
    blocks === 0 ? `${room}, ${weekday}: open time` : `${room}, ${weekday}: ${count(blocks, 'block')}`,
  owner: (service: string, surgeonsAndList: readonly string[]) => [...surgeonsAndList, service].join(', '),
  times: (start: string, end: string, notes: readonly string[]) => [`${start}–${end}`, ...notes].join(' · '),
  exceptional: 'this date only',
  holiday: (name: string) => `Holiday: ${name}`,
  notThisWeek: 'Not in this week',
  elsewhere: (room: string, service: string, days: string) => `${room}: ${service}, ${days}`,

  new: 'New block',
  edit: (room: string, service: string) => `Edit ${service}, ${room}`,
  room: 'Room',
  start: 'From',
  end: 'To',
  timesHelp: 'Local time, also when the clocks change',
  service: 'Service',
  surgeons: 'Only for these surgeons',
  surgeonsHelp: 'Empty: any surgeon of the service',
  list: 'List with places',
  noList: 'None: free times',
  releaseDays: 'Released, days before',
  replace: 'Use the times above',
  skipped: (date: string) => `${dayWords(date)}: no block`,
  replaced: (date: string, room: string, start: string, end: string, service: string) =>
    `${dayWords(date)}: ${room} ${start}–${end}, ${service}`,
  exceptionHelp:
    'To change one date, enter its times, room and owner above, add the date here, then put the usual ones back.',

  counts: effectCounts((many) => count(many, 'block'), 'No dated block changes.'),
  kinds: { created: 'added', changed: 'changed', removed: 'removed' },
  instance: (when: string, room: string, service: string, kind: string) =>
    `${when}, ${room}, ${service}: ${kind}`,
  shifted: (many: number) =>
    `The clocks change in ${count(many, 'block')}: they begin or end when the skipped hour is over.`,

  ...ruleOutcomes,
  name: (service: string, room: string) => `the block of ${service} in ${room}`,

  newHoliday: 'New holiday',
  editHoliday: (name: string) => `Edit ${name}`,
  holidayDate: 'Date',
  holidayName: 'Name',
  holidayRooms: 'Rooms',
  allRooms: 'All rooms',
  holidaysFailed: 'The holidays couldn’t be loaded',
  holidayHelp: 'On this date, these rooms have no blocks.',
};
