import { locale } from './time.ts';

const percent = new Intl.NumberFormat(locale, { style: 'percent' });
const tenths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** The figures of a day, each with its definition. */
export const figureWords = {
  title: 'Figures of the day',
  percent: (share: number | null) => (share === null ? '–' : percent.format(share)),
  ofCount: (some: number, all: number) => (all === 0 ? '–' : `${some}/${all}`),
  minutes: (minutes: number | null) => (minutes === null ? '–' : `${Math.round(minutes)} min`),

  primeTime: 'Prime-time use',
  primeTimeIs:
    'Minutes with a patient in a room during its usual hours, divided by those hours. Uses recorded times so far and booked times for the rest of the day. Doesn’t count holds, closed hours, or rooms open around the clock.',
  adjusted: 'With turnover',
  adjustedIs:
    'The same, but setup and cleanup minutes count as use. The rest is time another case could have used.',
  firstCases: 'First cases on time',
  firstCasesIs: (grace: number) =>
    `First case in each room during its usual hours: how many patients were in the room within ${grace} minutes of the planned start. A case counts once its patient is in the room or that time has passed. Doesn’t count holds.`,
  firstCasesShort: 'First case on time',
  turnovers: 'Turnover',
  turnoversIs: (most: number) =>
    `Median time from one patient out of a room to the next patient in, as recorded. Gaps over ${most} minutes count as empty time and are left out.`,
  turnoverCount: (count: number) => (count === 1 ? '1 turnover' : `${count} turnovers`),
  cancelled: 'Cancelled',
  cancelledIs: 'Cases cancelled, out of all cases booked for the day, with the reasons given.',
  holds: 'Holds',
  holdsIs: 'Times someone is holding right now. Holds expire unless they’re booked.',

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
  delays: 'Why cases were delayed',
  overrides: 'Why rules were overridden',
  reason: 'Reason',
  count: 'Cases',
  noReason: 'No reason given',
  noCancelled: 'No cases were cancelled on this day.',
  noRooms: 'No rooms yet. An administrator can add them.',
  loading: 'The figures are loading.',
  notPermitted:
    'Figures need every case of the day, and your role shows only yours. Ask a coordinator for them.',
};
