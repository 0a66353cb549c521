import { locale } from './time.ts';

const percent = new Intl.NumberFormat(locale, { style: 'percent' });
const tenths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Figures, each with what it means next to it. */
export const figureWords = {
  title: 'Figures of the day',
  percent: (share: number | null) => (share === null ? '–' : percent.format(share)),
  ofCount: (some: number, all: number) => (all === 0 ? '–' : `${some}/${all}`),
  minutes: (minutes: number | null) => (minutes === null ? '–' : `${Math.round(minutes)} min`),

  primeTime: 'Prime-time use',
  primeTimeIs:
    'Minutes with a patient in a room during its usual hours, divided by those hours. As it was where that is known, as booked for the rest of the day. Holds do not count; closures are taken off the hours; rooms open around the clock are left out.',
  adjusted: 'With turnover',
  adjustedIs:
    'The same with the minutes of set-up and clean-up counted as use. What is left is time in which something else could have been done.',
  firstCases: 'First cases on time',
  firstCasesIs: (grace: number) =>
    `Of the first case that each room has in its usual hours, holds left out: how many patients were in the room at most ${grace} minutes after the planned start. A case counts once its patient is in the room or that time has passed.`,
  firstCasesShort: 'First case on time',
  turnovers: 'Turnover',
  turnoversIs: (most: number) =>
    `From one patient out of a room to the next one in, as recorded: the median. Gaps above ${most} minutes are empty time and left out.`,
  turnoverCount: (count: number) => (count === 1 ? '1 turnover' : `${count} turnovers`),
  cancelled: 'Cancelled',
  cancelledIs:
    'Cases of the day that were cancelled, of all that were booked for it, with the reasons given.',
  holds: 'Holds',
  holdsIs: 'Times that somebody holds at this moment. They end by themselves unless they are booked.',

  perRoom: 'Per room',
  room: 'Room',
  open: 'Open',
  cases: 'Cases',
  use: 'In use',
  useWithTurnover: 'With turnover',
  firstCase: 'First case',
  turnover: 'Turnover',
  aroundTheClock: 'Around the clock',
  closedToday: 'Not open',
  onTime: 'On time',
  late: (minutes: number) => `${minutes} min late`,
  notYet: 'Not yet due',
  hours: (minutes: number) => `${tenths.format(minutes / 60)} h`,

  reasons: 'Why cases were cancelled',
  reason: 'Reason',
  count: 'Cases',
  noReason: 'No reason given',
  noCancelled: 'No case of this day was cancelled.',
  noRooms: 'There are no rooms here yet. An administrator adds them.',
  loading: 'The figures are loading.',
  notPermitted:
    'Figures need all cases of the day, and your role shows you your own. Ask a coordinator for them.',
};
